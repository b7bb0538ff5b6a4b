//! Which major version of each provider a filesystem mirror holds.
//! Read with the section `[environments.<name>.terraform]`; templates choose their variant by it.
//! Must never read more than names, and never fail: what is missing is told when something is planned.

use std::collections::BTreeMap;
use std::path::Path;

/// The newest major version of each provider below `mirror`, by its source without registry, such as `hashicorp/aws`.
/// Both layouts are known: `HOST/NAMESPACE/TYPE/VERSION/OS_ARCH` and archives named
/// `HOST/NAMESPACE/TYPE/terraform-provider-TYPE_VERSION_OS_ARCH.zip`.
pub(super) fn majors(mirror: &Path) -> BTreeMap<String, u32> {
    let mut all = BTreeMap::new();
    for host in names(mirror) {
        for namespace in names(&mirror.join(&host)) {
            let folder = mirror.join(&host).join(&namespace);
            for kind in names(&folder) {
                let newest = names(&folder.join(&kind)).iter().filter_map(|entry| major(&kind, entry)).max();
                if let Some(newest) = newest {
                    let known = all.entry(format!("{namespace}/{kind}")).or_insert(newest);
                    *known = newest.max(*known);
                }
            }
        }
    }
    all
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| !name.starts_with('.')).collect()
}

fn major(kind: &str, entry: &str) -> Option<u32> {
    let packed = entry.strip_prefix("terraform-provider-").and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('_'));
    let version = match packed {
        Some(rest) => rest.split('_').next()?,
        None => entry,
    };
    let (major, rest) = version.split_once('.')?;
    rest.starts_with(|c: char| c.is_ascii_digit()).then(|| major.parse().ok())?
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn both_layouts_tell_the_newest_major_and_other_files_tell_nothing() {
        let mirror = tempfile::tempdir().unwrap();
        let host = mirror.path().join("registry.terraform.io/hashicorp");
        for folder in ["aws/3.40.0/linux_amd64", "aws/5.1.0/linux_amd64", "tls"] {
            std::fs::create_dir_all(host.join(folder)).unwrap();
        }
        std::fs::write(host.join("tls/terraform-provider-tls_4.0.6_linux_amd64.zip"), "").unwrap();
        for other in ["tls/index.json", "tls/4.0.6.json", "aws/notes.txt"] {
            std::fs::write(host.join(other), "").unwrap();
        }
        let found = majors(mirror.path());
        let expected = [("hashicorp/aws", 5), ("hashicorp/tls", 4)].map(|(name, major)| (name.to_owned(), major));
        assert_eq!(found, BTreeMap::from(expected));
        assert_eq!(majors(Path::new("/nowhere")), BTreeMap::new());
    }
}
