//! What reading values promises: places counted from one, references instead of secrets, whole durations.
//! Run by cargo.
//! Must never read a file.

use super::*;

#[test]
fn durations_are_whole_numbers_with_a_unit() {
    for (text, seconds) in [("30s", Some(30)), ("4h", Some(14_400)), ("7d", Some(604_800))] {
        assert_eq!(duration_seconds(text), seconds, "{text}");
    }
    for bad in ["", "h", "4", "-4h", "4 h", "0h", "1e3s", "99999999999999999999d", "4000d", "四h", "4時"] {
        assert_eq!(duration_seconds(bad), None, "{bad}");
    }
}

#[test]
fn a_secret_stands_by_reference_or_not_at_all() {
    let base = Path::new("/etc/chopmark");
    assert_eq!(reference(base, "env:AWS_SECRET"), Some("env:AWS_SECRET".to_owned()));
    assert_eq!(reference(base, "file:key"), Some("file:/etc/chopmark/key".to_owned()));
    assert_eq!(reference(base, "file:/run/key"), Some("file:/run/key".to_owned()));
    for bad in ["", "s3cr3t", "env:", "env:1A", "env:A B", "env:A=B", "file:", "file:/a\nb", "vault:x", "ENV:A"] {
        assert_eq!(reference(base, bad), None, "{bad}");
    }
}

#[test]
fn a_position_counts_lines_and_characters_from_one() {
    let text = Text { name: "config.toml", base: Path::new("/"), text: "a = 1\n文 = 2\n" };
    assert_eq!(text.position(0), (1, 1));
    assert_eq!(text.position("a = 1\n文".len()), (2, 2));
}

#[test]
fn a_tilde_is_the_home_folder_and_other_paths_begin_at_the_file() {
    assert_eq!(resolve(Path::new("/etc/chopmark"), "repo"), Path::new("/etc/chopmark/repo"));
    assert_eq!(resolve(Path::new("/etc/chopmark"), "/srv/repo"), Path::new("/srv/repo"));
    assert_eq!(std::env::home_dir().map(|home| home.join("x")), Some(resolve(Path::new("/"), "~/x")));
}
