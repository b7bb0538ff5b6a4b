//! Where a repository is: branch, folder, path and remote, checked before any program sees them.
//! Used by every operation of the git runner, on the configuration's text.
//! Must never let through what git could read as an option, a command or a way out of the folder.

use chopmark_domain::component::ComponentPath;
use chopmark_domain::environment::RepositoryAddress;
use chopmark_domain::problem::{Code, Problem};
use std::path::PathBuf;

/// A repository's address whose every part has been checked.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) path: PathBuf,
    pub(super) branch: String,
    pub(super) folder: String,
    pub(super) remote: Option<Remote>,
}

/// A remote that may be spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remote {
    /// As git gets it.
    pub(super) url: String,
    pub(super) transport: Transport,
}

/// How a remote is reached; nothing else is allowed to git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Transport {
    /// `https://`, at that port.
    Https(u16),
    /// `ssh://` or `user@host:path`.
    Ssh,
    /// A folder of this machine that is a repository.
    Local(PathBuf),
}

impl Address {
    /// Checks a configured address.
    ///
    /// # Errors
    /// [`Code::RepositoryUnusable`] with the facts `path` and `reason`.
    pub(super) fn check(address: &RepositoryAddress) -> Result<Self, Problem> {
        let refuse = |reason: String| unusable(&address.path.display().to_string(), reason);
        if !address.path.is_absolute() || address.path.to_str().is_none() {
            return Err(refuse("the path must be absolute and plain text".to_owned()));
        }
        if !is_branch(&address.branch) {
            return Err(refuse(format!("{:?} cannot be a branch", cut(&address.branch))));
        }
        if !is_folder(&address.folder) {
            return Err(refuse(format!("{:?} cannot be a folder in a repository", cut(&address.folder))));
        }
        let remote = match &address.remote {
            None => None,
            Some(url) => Some(Remote::check(url).map_err(|reason| refuse(format!("the remote {reason}")))?),
        };
        // A link in the path must not make one repository look like two.
        let path = address.path.canonicalize().unwrap_or_else(|_| address.path.clone());
        Ok(Self { path, branch: address.branch.clone(), folder: address.folder.clone(), remote })
    }

    /// The full name of the branch.
    pub(super) fn branch_ref(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// Where we note what the remote's branch was when last seen. Outside of what a person's git uses.
    pub(super) fn seen_ref(&self) -> String {
        format!("refs/chopmark/remote/{}", self.branch)
    }

    /// A component's folder within the repository.
    pub(super) fn component(&self, path: &ComponentPath) -> String {
        if self.folder.is_empty() { path.to_string() } else { format!("{}/{path}", self.folder) }
    }
}

/// Why a text can be no remote, whoever is about to use it; none when it can. The text itself may hold a password, so
/// that the reason never repeats it.
pub fn remote_fault(url: &str) -> Option<String> {
    Remote::read(url).err()
}

impl Remote {
    /// Checks a configured remote. A relative path, `file:`, `ext:` and every other scheme is refused.
    fn check(url: &str) -> Result<Self, String> {
        let remote = Self::read(url)?;
        let Transport::Local(path) = &remote.transport else { return Ok(remote) };
        let path = path.canonicalize().map_err(|error| format!("{url}: {error}"))?;
        let is_repository = |path: &std::path::Path| path.join("HEAD").is_file() && path.join("objects").is_dir();
        if path.to_str().is_none() || !(is_repository(&path) || is_repository(&path.join(".git"))) {
            return Err(format!("{url} is no repository"));
        }
        Ok(Self { url: path.display().to_string(), transport: Transport::Local(path) })
    }

    /// What the text says, without a look at the machine.
    fn read(url: &str) -> Result<Self, String> {
        if url.len() > 500 || url.chars().any(|c| c.is_control() || c.is_whitespace()) || url.starts_with('-') {
            return Err("has characters that no address has".to_owned());
        }
        if let Some(rest) = url.strip_prefix("https://") {
            let (host, port) = host_and_port(rest, 443)?;
            if host.contains('@') {
                return Err("holds a name or password; put it into ~/.netrc".to_owned());
            }
            return Ok(Self { url: url.to_owned(), transport: Transport::Https(port) });
        }
        if let Some(rest) = url.strip_prefix("ssh://") {
            host_and_port(rest, 22)?;
            return Ok(Self { url: url.to_owned(), transport: Transport::Ssh });
        }
        if url.starts_with('/') {
            return Ok(Self { url: url.to_owned(), transport: Transport::Local(url.into()) });
        }
        match url.split_once(':') {
            Some((host, path))
                if is_host(host) && host.contains('@') && !path.is_empty() && !path.starts_with([':', '-']) =>
            {
                Ok(Self { url: url.to_owned(), transport: Transport::Ssh })
            }
            _ => Err("must be https://…, ssh://…, user@host:path or the absolute path of a repository".to_owned()),
        }
    }
}

fn host_and_port(rest: &str, default: u16) -> Result<(&str, u16), String> {
    let host = rest.split('/').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, port.parse().map_err(|_| "has a port that is no number".to_owned())?),
        None => (host, default),
    };
    if is_host(name) { Ok((name, port)) } else { Err("has no host name".to_owned()) }
}

/// `host` or `user@host`, where neither part can be read as an option.
fn is_host(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    match text.split_once('@') {
        Some((user, host)) => part(user) && part(host),
        None => part(text),
    }
}

/// Stricter than `git check-ref-format --branch`: words of letters, digits, dots, dashes and underscores, in
/// any script, joined by slashes; the first character is a letter.
pub(super) fn is_branch(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(char::is_alphabetic)
        && text.split('/').all(|word| {
            word.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
                && !word.contains("..")
                && !word.ends_with('.')
                && !word.ends_with(".lock")
        })
        && text != "HEAD"
}

/// Empty, or folders joined by slashes, none of which leads out, hides or is git's own.
pub(super) fn is_folder(text: &str) -> bool {
    text.is_empty()
        || text.len() <= 200
            && text.split('/').all(|part| {
                part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                    && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
                    && !part.to_ascii_lowercase().starts_with("git~")
            })
}

/// A file's name within a component's folder: no folders, nothing hidden, nothing that git reads.
pub(super) fn is_file_name(text: &str) -> bool {
    text.len() <= 100 && !text.is_empty() && !text.contains('/') && is_folder(text)
}

/// A repository that cannot be used, with the reason.
pub(super) fn unusable(path: &str, reason: impl std::fmt::Display) -> Problem {
    Problem::new(Code::RepositoryUnusable).with("path", path).with("reason", reason)
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_that_is_a_command_an_option_or_a_file_is_refused() {
        for bad in [
            "--upload-pack=touch PWNED;false",
            "ext::sh -c id",
            "file:///etc",
            "/etc",
            "etc",
            "./x",
            "-evil",
            "http://host/x",
            "git://host/x",
            "fd::17",
            "https://user:secret@host/x",
            "https://-x/y",
            "ssh://-oProxyCommand=id/x",
            "-oProxyCommand=id:x",
            "a@-oProxyCommand=id:x",
            "https:///x",
            "https://host:99999/x",
            "a@host:-x",
            "a@host::x",
            "",
            "https://host/x\n--upload-pack=id",
            "https://host/a b",
            "host:path",
        ] {
            assert!(Remote::check(bad).is_err(), "{bad}");
        }
        for (good, transport) in [
            ("https://host/a.git", Transport::Https(443)),
            ("https://host:8443/a.git", Transport::Https(8443)),
            ("ssh://git@host:2222/a.git", Transport::Ssh),
            ("git@host:a/b.git", Transport::Ssh),
        ] {
            assert_eq!(Remote::check(good).map(|remote| remote.transport), Ok(transport), "{good}");
        }
    }

    #[test]
    fn a_branch_or_folder_cannot_be_an_option_or_a_way_out() {
        let long = "a".repeat(300);
        for bad in [
            "",
            "-evil",
            "prod;id",
            "a$(id)",
            "~root",
            "../x",
            "a b",
            "a..b",
            "a/",
            "/a",
            "a//b",
            "a.lock",
            "a/.b",
            "a^",
            "a:b",
            "@{u}",
            "HEAD",
            "a\n",
            "a\\b",
            "a.",
            long.as_str(),
        ] {
            assert!(!is_branch(bad), "{bad}");
        }
        for good in ["main", "master", "feature/x-1.2", "trunk_2", "主干", "release/2026.01"] {
            assert!(is_branch(good), "{good}");
        }
        for bad in [
            "/etc",
            "..",
            "a/../../b",
            "a/..",
            ".git",
            "a/.git",
            "GIT~1",
            "a//b",
            "a/",
            "-x",
            "a b",
            "a\\b",
            long.as_str(),
        ] {
            assert!(!is_folder(bad), "{bad}");
        }
        for good in ["", "environments/dev", "a_b/c.d"] {
            assert!(is_folder(good), "{good}");
        }
        for bad in ["", "a/b", "../x", ".gitattributes", "/x", "-x"] {
            assert!(!is_file_name(bad), "{bad}");
        }
        assert!(is_file_name("deployment.yaml"));
    }
}
