//! Secrets on their way into this install: read from a file or a prompt without echo, kept in a file of the owner alone.
//! Used by `chopmark init discord` and `chopmark init slack`.
//! Must never quote what it was given: what is no token of the one kind may be one of another.

use super::Say;
use crate::config::Config;
use crate::secrets;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use inquire::validator::Validation;
use inquire::{InquireError, Password, PasswordDisplayMode};
use secrecy::{ExposeSecret as _, SecretString};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// A secret that a platform gives out.
pub(super) struct Secret<'a> {
    /// Its option in the platform's section.
    pub key: &'static str,
    /// Its flag.
    pub flag: &'static str,
    /// Its file in the folder of the configuration.
    pub file: &'static str,
    /// Key of the words that ask for it.
    pub question: &'static str,
    /// What one looks like, in a notation that needs no language.
    pub like: &'static str,
    /// Whether a text may be one.
    pub fits: fn(&str) -> bool,
    /// The file that a flag names.
    pub given: Option<PathBuf>,
    /// The reference that the configuration has.
    pub written: &'a dyn Fn(&Config) -> Option<String>,
}

impl Secret<'_> {
    fn wrong(&self) -> Problem {
        let said = Problem::new(Code::ConfigValue).with("key", format!("--{}", self.flag));
        said.with("value", "•••").with("expected", self.like)
    }

    fn judged(&self, value: SecretString) -> Answer<SecretString> {
        if (self.fits)(value.expose_secret()) { Ok(value) } else { Err(self.wrong()) }
    }
}

/// The secret that stands in a file, without the line break that editors leave.
///
/// # Errors
/// The file can't be read, or holds something else.
pub(super) fn from_file(wanted: &Secret<'_>, path: &Path) -> Answer<SecretString> {
    wanted.judged(secrets::read(&format!("file:{}", path.display()))?)
}

/// The secret that is typed, unseen; a path stands for the file behind it. None when the person leaves.
///
/// # Errors
/// There is no terminal any more, or the file holds something else.
pub(super) fn asked(wanted: &Secret<'_>, say: Say<'_>) -> Answer<Option<SecretString>> {
    let (fits, no) = (wanted.fits, say("init-connect-wrong", &[("like", wanted.like.into())]));
    let judge = move |text: &str| {
        let good = fits(text.trim()) || is_path(text.trim());
        Ok(if good { Validation::Valid } else { Validation::Invalid(no.clone().into()) })
    };
    let (question, help) = (say(wanted.question, &[]), say("init-connect-unseen", &[]));
    let prompt = Password::new(&question).without_confirmation().with_help_message(&help).with_validator(judge);
    match prompt.with_display_mode(PasswordDisplayMode::Hidden).prompt() {
        Ok(typed) if is_path(typed.trim()) => {
            let path = crate::config::reader::resolve(Path::new("/"), typed.trim());
            from_file(wanted, &path).map(Some)
        }
        Ok(typed) => Ok(Some(SecretString::from(typed.trim()))),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => Ok(None),
        Err(error) => Err(Problem::new(Code::Internal).with("what", error)),
    }
}

/// No token begins like a path.
fn is_path(text: &str) -> bool {
    text.starts_with('/') || text.starts_with("~/")
}

/// Writes a secret beside its place, for nobody but the owner, and renames: whoever reads finds the old one or the new.
pub(super) fn write(path: &Path, value: &SecretString) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file
        .write_all(format!("{}\n", value.expose_secret()).as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        drop(std::fs::remove_file(&beside));
    }
    written
}
