//! Checkpoints of the ledger: size and head, signed with a key of this install, kept outside the database.
//! Written by every process that works; held against the ledger by `audit verify` and before anything starts.
//! Must never be written for a ledger that is shorter than an earlier checkpoint.

use crate::keys;
use chopmark_domain::facts::Facts;
use chopmark_domain::ports::{Answer, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_store::SqliteStore;
use chopmark_store::audit::{self, Checkpoint, Signer};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;

/// The newest checkpoint, a signed note; copy it elsewhere to be able to prove what it says.
pub const NOTE: &str = "ledger.checkpoint";
/// The public key that checks it, in the signed note's form.
pub const KEY: &str = "ledger.pub";
/// The name in notes and key.
const ORIGIN: &str = "chopmark";
/// How often a ledger that grew gets a new checkpoint (security.md §5.7 asks for 60 seconds at most).
const EVERY: Duration = Duration::from_secs(1);

/// The checkpoints of a data folder.
pub struct Checkpoints {
    data: PathBuf,
    signer: Signer,
}

impl Checkpoints {
    /// Reads the key, or makes it, and leaves its public half beside the notes.
    ///
    /// # Errors
    /// The data folder can't be written, or the key is none.
    pub fn open(data: &Path) -> Answer<Self> {
        let bytes = keys::checkpoint_key(data)?;
        let unusable =
            |error| Problem::new(Code::DataNotWritable).with("path", "keys/checkpoint.pk8").with("reason", error);
        let signer = Signer::new(ORIGIN, &bytes).map_err(unusable)?;
        let checkpoints = Self { data: data.to_owned(), signer };
        if !data.join(KEY).exists() {
            checkpoints.put(KEY, &format!("{}\n", checkpoints.signer.key()))?;
        }
        Ok(checkpoints)
    }

    /// The newest checkpoint, if one was ever written.
    ///
    /// # Errors
    /// [`Code::LedgerBroken`] when the note is not signed by this install.
    pub fn newest(&self) -> Answer<Option<Checkpoint>> {
        let note = match fs::read_to_string(self.data.join(NOTE)) {
            Ok(note) => note,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unwritable(NOTE, &error)),
        };
        let broken = |error| {
            let problem = Problem::new(Code::LedgerBroken).with("entry", 0).with("kind", "checkpoint");
            problem.with("reason", error)
        };
        Checkpoint::verify(&note, &self.signer.key()).map(Some).map_err(broken)
    }

    /// Refuses a ledger that is shorter than what was signed.
    ///
    /// # Errors
    /// [`Code::LedgerBroken`] when entries are missing.
    pub async fn check(&self, store: &SqliteStore) -> Answer<()> {
        let (size, _) = store.ledger_head().await?;
        match self.newest()? {
            Some(signed) if signed.size > size => {
                let problem = Problem::new(Code::LedgerBroken).with("entry", size + 1).with("kind", "truncated");
                Err(problem.with("reason", format!("{size} entries, but {} were signed", signed.size)))
            }
            _ => Ok(()),
        }
    }

    /// The whole chain, held against the newest checkpoint.
    ///
    /// # Errors
    /// [`Code::LedgerBroken`] names the first broken entry.
    pub async fn verify(&self, store: &SqliteStore) -> Answer<Facts> {
        let report = audit::verify(store, self.newest()?.as_ref()).await?;
        let against = if report.checkpoint.is_some() { "checkpoint" } else { "internal" };
        Ok(Facts::LedgerVerified {
            entries: report.entries,
            head: report.head.to_string(),
            against: against.to_owned(),
        })
    }

    /// Signs the ledger as it is now.
    ///
    /// # Errors
    /// The ledger can't be read, is shorter than before, or the note can't be written.
    pub async fn write(&self, store: &SqliteStore) -> Answer<()> {
        self.check(store).await?;
        let (size, head) = store.ledger_head().await?;
        if size == 0 || self.newest()?.is_some_and(|signed| signed.size == size) {
            return Ok(());
        }
        self.put(NOTE, &self.signer.checkpoint(size, &head))
    }

    /// Signs a growing ledger until told to stop, and once more then.
    pub async fn keep_writing(self, store: SqliteStore, mut stop: watch::Receiver<bool>) {
        loop {
            let stopped = tokio::time::timeout(EVERY, stop.changed()).await.is_ok();
            if let Err(problem) = self.write(&store).await {
                tracing::error!(code = %problem.code, %problem, "no checkpoint was written");
            }
            if stopped {
                return;
            }
        }
    }

    /// Replaces a file whole: a reader sees the old note or the new one.
    fn put(&self, name: &str, text: &str) -> Answer<()> {
        let fresh = self.data.join(format!("{name}.new-{}", std::process::id()));
        let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, self.data.join(name)));
        written.map_err(|error| self.unwritable(name, &error))
    }

    fn unwritable(&self, name: &str, error: &std::io::Error) -> Problem {
        Problem::new(Code::DataNotWritable).with("path", self.data.join(name).display()).with("reason", error)
    }
}
