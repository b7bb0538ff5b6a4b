//! The install's keys: one seals decisions, one signs checkpoints, one makes keyed hashes of secrets. Files in the data
//! folder, readable by their owner only, made on first start; never in the database.
//! Used by assemble.rs. Must never be logged, shown or sent anywhere.

use chopmark_domain::approval::{Decision, SealedDecision};
use chopmark_domain::digest::Digest;
use chopmark_domain::ports::{Answer, Link, SealedLink, Seals};
use chopmark_domain::problem::{Code, Problem};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Seals decisions with Ed25519.
pub struct DecisionKey {
    pair: Ed25519KeyPair,
}

impl DecisionKey {
    /// Reads the key from the data folder, or makes it.
    ///
    /// # Errors
    /// The folder can't be written, or the file is no key.
    pub fn open(data: &Path) -> Answer<Self> {
        let path = data.join("keys").join("decision.pk8");
        let bytes = signing_key(&path)?;
        let pair = Ed25519KeyPair::from_pkcs8(&bytes).map_err(|_| unusable(&path))?;
        Ok(Self { pair })
    }
}

impl DecisionKey {
    fn fits(&self, bytes: &Digest, seal: &str) -> bool {
        let Some(signature) = from_hex(seal) else { return false };
        let public = UnparsedPublicKey::new(&ED25519, self.pair.public_key().as_ref());
        public.verify(bytes.bytes(), &signature).is_ok()
    }
}

impl Seals for DecisionKey {
    fn seal(&self, decision: Decision) -> SealedDecision {
        let signature = self.pair.sign(decision.sealed_bytes().bytes());
        SealedDecision { decision, seal: to_hex(signature.as_ref()) }
    }

    fn holds(&self, sealed: &SealedDecision) -> bool {
        self.fits(&sealed.decision.sealed_bytes(), &sealed.seal)
    }

    fn seal_revision(&self, bytes: &Digest) -> String {
        to_hex(self.pair.sign(bytes.bytes()).as_ref())
    }

    fn holds_revision(&self, bytes: &Digest, seal: &str) -> bool {
        self.fits(bytes, seal)
    }

    fn seal_link(&self, link: Link) -> SealedLink {
        let signature = self.pair.sign(link.sealed_bytes().bytes());
        SealedLink { link, seal: to_hex(signature.as_ref()) }
    }

    fn holds_link(&self, sealed: &SealedLink) -> bool {
        self.fits(&sealed.link.sealed_bytes(), &sealed.seal)
    }
}

/// The key that signs the ledger's checkpoints, as PKCS#8, read from the data folder or made.
///
/// # Errors
/// The folder can't be written.
pub fn checkpoint_key(data: &Path) -> Answer<Vec<u8>> {
    signing_key(&data.join("keys").join("checkpoint.pk8"))
}

fn signing_key(path: &Path) -> Answer<Vec<u8>> {
    read_or_make(path, || {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        made.map(|document| document.as_ref().to_vec()).map_err(|_| unusable(path))
    })
}

/// Thirty-two random bytes for keyed hashes of secrets, read from the data folder or made.
///
/// # Errors
/// The folder can't be written, or the file is no key.
pub fn secret_hash_key(data: &Path) -> Answer<[u8; 32]> {
    let path = data.join("keys").join("secret-hash.key");
    let bytes = read_or_make(&path, || {
        let mut fresh = [0; 32];
        SystemRandom::new().fill(&mut fresh).map_err(|_| unusable(&path))?;
        Ok(fresh.to_vec())
    })?;
    bytes.try_into().map_err(|_| unusable(&path))
}

/// Two processes may start at once: the file is made complete under another name and then linked,
/// and whoever comes second reads the first one's.
fn read_or_make(path: &Path, make: impl FnOnce() -> Answer<Vec<u8>>) -> Answer<Vec<u8>> {
    match fs::read(path) {
        Ok(bytes) => return Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(not_writable(path, &error)),
    }
    let folder = path.parent().unwrap_or(path);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| not_writable(path, &error))?;
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let bytes = make()?;
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        match fs::hard_link(&fresh, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => fs::remove_file(&fresh),
        }
    };
    write().map_err(|error| not_writable(path, &error))?;
    fs::read(path).map_err(|error| not_writable(path, &error))
}

fn not_writable(path: &Path, error: &std::io::Error) -> Problem {
    let code = if error.kind() == ErrorKind::StorageFull { Code::DiskFull } else { Code::DataNotWritable };
    Problem::new(code).with("path", path.display()).with("reason", error)
}

fn unusable(path: &Path) -> Problem {
    Problem::new(Code::DataNotWritable).with("path", path.display()).with("reason", "not a key that Chopmark made")
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use chopmark_domain::approval::Verdict;
    use chopmark_domain::digest::Digest;
    use chopmark_domain::ids::{ChangeId, PersonId, Revision};
    use chopmark_domain::time::Timestamp;

    fn decision() -> Decision {
        Decision {
            change: ChangeId::parse("chg-7f3k").unwrap(),
            revision: Revision::FIRST,
            digest: Digest::of(b"plan"),
            person: PersonId::parse("terminal:1000").unwrap(),
            identity: None,
            verdict: Verdict::Approve,
            surface: "terminal".into(),
            reason: None,
            at: Timestamp(1),
        }
    }

    #[test]
    fn a_seal_holds_for_its_decision_and_install_only() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = DecisionKey::open(one.path()).unwrap();
        let sealed = key.seal(decision());
        assert!(DecisionKey::open(one.path()).unwrap().holds(&sealed));
        assert!(!DecisionKey::open(other.path()).unwrap().holds(&sealed));

        let mut widened = sealed.clone();
        widened.decision.digest = Digest::of(b"another plan");
        assert!(!key.holds(&widened));
        assert!(!key.holds(&SealedDecision { seal: "zz".into(), ..sealed.clone() }));
        assert!(!key.holds(&SealedDecision { seal: "é1".into(), ..sealed }));
    }

    #[test]
    fn keys_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let key = secret_hash_key(data.path()).unwrap();
        assert_eq!(secret_hash_key(data.path()).unwrap(), key);
        let mode = fs::metadata(data.path().join("keys/secret-hash.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
