//! Where the configuration and the data are, and who runs the program.
//! Made once at the start from flags, environment variables and XDG folders.
//! Must never read a file's content.

use super::reader::resolve;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{PersonId, TemplateName};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the configuration is read with: flags and the surroundings of the program.
#[derive(Debug, Clone)]
pub struct Whereabouts {
    /// The user's file; it need not be there unless [`Whereabouts::named`].
    pub file: Option<PathBuf>,
    /// Whether `--config` or `CHOPMARK_CONFIG` named the file: then it must be there.
    pub named: bool,
    /// The data folder, when `--data` or `CHOPMARK_DATA` names it.
    pub data: Option<PathBuf>,
    /// The environment that `--env` names.
    pub environment: Option<String>,
    /// Every template there is.
    pub templates: Vec<TemplateName>,
    /// Who runs the program, without roles.
    pub me: Person,
    /// The hash of the token that whoever speaks presented.
    pub token: Option<Digest>,
}

impl Whereabouts {
    /// From the flags of the command line; clap has already filled them from the environment.
    pub fn find(
        config: Option<PathBuf>,
        data: Option<PathBuf>,
        environment: Option<String>,
        templates: Vec<TemplateName>,
    ) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let absolute = |path: PathBuf| path.to_str().map_or_else(|| here.join(&path), |text| resolve(&here, text));
        let named = config.is_some();
        let file = config.map(absolute).or_else(|| Some(folder("XDG_CONFIG_HOME", ".config")?.join("config.toml")));
        Self { file, named, data: data.map(absolute), environment, templates, me: me(), token: None }
    }

    /// Where relative paths of the file begin.
    pub fn base(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new("/"))
    }

    /// How the file is called where a line of it is quoted.
    pub fn file_name(&self) -> String {
        let name = self.file.as_deref().and_then(Path::file_name);
        name.map_or_else(|| "config.toml".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// The data folder when nobody names one.
    ///
    /// # Errors
    /// [`Code::DataMissing`] when there is no home folder.
    pub fn default_data(&self) -> Result<PathBuf, Problem> {
        folder("XDG_DATA_HOME", ".local/share").ok_or_else(|| Problem::new(Code::DataMissing).with("path", "$HOME"))
    }
}

/// Our folder in an XDG base folder (XDG Base Directory Specification 0.8: relative values are ignored).
fn folder(variable: &str, fallback: &str) -> Option<PathBuf> {
    let base = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    Some(base.or_else(|| Some(std::env::home_dir()?.join(fallback)))?.join("chopmark"))
}

/// Whoever runs the program: the operating system's user id is the identity, the name is only shown.
pub fn me() -> Person {
    let uid = rustix::process::getuid().as_raw();
    let name = std::fs::read_to_string("/etc/passwd").ok().and_then(|users| name_of(&users, uid));
    let name = name.or_else(|| std::env::var("USER").ok()).unwrap_or_else(|| uid.to_string());
    let roles = BTreeSet::new();
    match PersonId::parse(&format!("terminal:{uid}")) {
        Ok(id) => Person { id, name, roles },
        Err(error) => unreachable!("a number is a valid id: {error}"),
    }
}

/// The login name of a user id in the text of passwd(5).
fn name_of(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_user_comes_from_the_number_not_the_other_way_round() {
        let users = "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n";
        assert_eq!(name_of(users, 1000).as_deref(), Some("alice"));
        assert_eq!(name_of(users, 7), None);
        assert!(me().roles.is_empty());
    }
}
