//! Tokens: the file that somebody speaks with instead of the operating system's user, and making one.
//! Read once at the start, when --approver-token-file names it.
//! Must never keep, show or log a token: what stays is its hash.

use crate::config::{FileSettings, tokens};
use crate::system::SystemChance;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::{Answer, Chance as _};
use chopmark_domain::problem::{Code, Problem};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Longest file that is read.
const LONGEST: u64 = 1024;
/// Fewer characters are no token that a machine made.
const SHORTEST: usize = 20;

fn refused(reason: &str) -> Problem {
    Problem::new(Code::TokenRefused).with("reason", reason)
}

/// The hash of the token in a file that nobody but its owner can read.
///
/// # Errors
/// [`Code::TokenRefused`].
pub fn read(path: &Path) -> Answer<Digest> {
    let file = File::open(path).map_err(|_| refused("unreadable"))?;
    // Of the file that is open: another one may stand at the path by now.
    let about = file.metadata().map_err(|_| refused("unreadable"))?;
    if !about.is_file() {
        return Err(refused("unreadable"));
    }
    if about.permissions().mode() & 0o077 != 0 {
        return Err(refused("readable"));
    }
    let mut text = String::new();
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(|_| refused("form"))?;
    let token = text.strip_suffix('\n').unwrap_or(&text);
    let well = token.bytes().all(|b| b.is_ascii_graphic()) && token.len() >= SHORTEST && text.len() as u64 <= LONGEST;
    if well { Ok(Digest::of(token.as_bytes())) } else { Err(refused("form")) }
}

/// Who speaks in this process: whoever holds the token that was read, else the operating system's user.
///
/// # Errors
/// [`Code::TokenRefused`]; the configuration does not parse.
pub fn speaker(settings: &FileSettings) -> Answer<Identity> {
    let place = settings.place();
    let Some(presented) = &place.token else {
        return place.me.id.identity().ok_or_else(|| Problem::new(Code::Internal).with("what", &place.me.id));
    };
    let config = settings.config()?;
    let found = tokens::find(&config.joined.tokens, presented);
    found.and_then(|(name, _)| tokens::identity(name)).ok_or_else(|| refused("unknown"))
}

/// Makes a token in a new file that nobody but its owner can read; its hash.
///
/// # Errors
/// The file is there already or can't be written.
pub fn make(path: &Path) -> Answer<Digest> {
    let failed = |error: std::io::Error| {
        Problem::new(Code::DataNotWritable).with("path", path.display()).with("reason", error.kind())
    };
    let secret = SystemChance::default().secret()?;
    let token: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(format!("{token}\n").as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(Digest::of(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn reason(path: &Path) -> String {
        read(path).unwrap_err().facts["reason"].clone()
    }

    #[test]
    fn a_token_is_one_line_in_a_file_of_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("laptop.token");
        let digest = make(&path).unwrap();
        assert_eq!(read(&path).unwrap(), digest);
        assert!(make(&path).is_err(), "an older token is never written over");
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(reason(&path), "readable", "{mode:o}");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let long = "a".repeat(2000);
        for text in [
            "",
            "short",
            "two lines of\ntext in one file",
            "a token with spaces in it",
            "\u{feff}abcdefghijklmnopqrstuv",
            &long,
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(reason(&path), "form", "{text}");
        }
        assert_eq!(reason(folder.path()), "unreadable");
        assert_eq!(reason(&folder.path().join("none")), "unreadable");
    }
}
