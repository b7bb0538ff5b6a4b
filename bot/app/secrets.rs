//! Reads a secret of this program's own by its reference: a model's key.
//! Called when the models are assembled and by the doctor. What runs in environments has its own reader, in the runners.
//! Must never let a value into an error or a log.

use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use secrecy::SecretString;
use std::io::Read as _;

/// Longest secret: no key or token comes near it.
const LONGEST: u64 = 64 * 1024;

/// The value behind `env:NAME` or `file:/path`, without the line break that editors leave.
///
/// # Errors
/// [`Code::SecretUnreadable`].
pub fn read(reference: &str) -> Answer<SecretString> {
    let unreadable = |reason: &dyn std::fmt::Display| {
        Problem::new(Code::SecretUnreadable).with("reference", reference).with("reason", reason)
    };
    let value = match reference.split_once(':') {
        Some(("env", name)) => std::env::var(name).map_err(|_| unreadable(&"the variable is not set"))?,
        Some(("file", path)) => {
            let file = std::fs::File::open(path).map_err(|error| unreadable(&error.kind()))?;
            let mut text = String::new();
            file.take(LONGEST).read_to_string(&mut text).map_err(|error| unreadable(&error.kind()))?;
            text
        }
        _ => return Err(Problem::new(Code::InvalidSecretReference).with("reference", reference)),
    };
    let value = value.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        return Err(unreadable(&"it is empty"));
    }
    Ok(SecretString::from(value))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_file_s_line_break_is_no_part_of_the_key_and_an_empty_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let reference = format!("file:{}", file.display());
        assert_eq!(read(&reference).unwrap_err().code, Code::SecretUnreadable);
        std::fs::write(&file, "sk-1\n").unwrap();
        assert_eq!(read(&reference).unwrap().expose_secret(), "sk-1");
        std::fs::write(&file, "\n").unwrap();
        assert_eq!(read(&reference).unwrap_err().code, Code::SecretUnreadable);
        assert_eq!(read("env:CHOPMARK_NO_SUCH_VARIABLE").unwrap_err().code, Code::SecretUnreadable);
    }
}
