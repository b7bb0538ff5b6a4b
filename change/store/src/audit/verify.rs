//! Verifying the chain from the first entry to the head row, and against a checkpoint.
//! Called by `chopmark audit verify` and before a start.
//! Must never stop at a row that cannot be read: that is a break with a number.

use crate::audit::Checkpoint;
use crate::{SqliteStore, failure, statements};
use chopmark_domain::digest::Digest;
use chopmark_domain::ledger::{Break, Entry, Verifier, genesis};
use chopmark_domain::problem::{Code, Problem};
use futures::TryStreamExt as _;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

/// A chain that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many entries.
    pub entries: i64,
    /// Hash of the newest.
    pub head: Digest,
    /// Size of the checkpoint it was also held against.
    pub checkpoint: Option<i64>,
}

/// A chain that is not whole, or could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyFailure {
    /// It is broken, and where.
    #[error(transparent)]
    Broken(#[from] Break),
    /// The database could not be read.
    #[error(transparent)]
    Unreadable(#[from] Problem),
}

impl From<VerifyFailure> for Problem {
    fn from(failure: VerifyFailure) -> Self {
        match failure {
            VerifyFailure::Unreadable(problem) => problem,
            VerifyFailure::Broken(at) => {
                let (kind, entry) = match at {
                    Break::Edited(entry) => ("edited", entry),
                    Break::Gap { expected, .. } => ("gap", expected),
                    Break::Order(entry) => ("order", entry),
                    Break::Fork(entry) => ("fork", entry),
                    Break::Truncated { found, .. } => ("truncated", found.saturating_add(1)),
                };
                Self::new(Code::LedgerBroken).with("entry", entry).with("kind", kind).with("reason", at)
            }
        }
    }
}

/// Reads every entry once and checks its bytes, its hash, its number and what it follows; then the
/// head row; then the checkpoint, whose signature the caller has verified.
///
/// # Errors
/// [`VerifyFailure::Broken`] names the first broken entry and the kind of break.
pub async fn verify(store: &SqliteStore, checkpoint: Option<&Checkpoint>) -> Result<VerifyReport, VerifyFailure> {
    let failed = |error| failure::problem("verify the ledger", &error);
    let mut snapshot = store.snapshot("verify the ledger").await?;
    let head = statements::ledger::read_head(&mut *snapshot).await.map_err(failed)?;
    let mut verifier = Verifier::default();
    {
        let mut rows = statements::ledger::everything(&mut snapshot);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let entry = entry(&row)?;
            verifier.check(&entry)?;
            if let Some(signed) = checkpoint
                && signed.size == entry.sequence
                && signed.head != entry.hash
            {
                return Err(Break::Fork(entry.sequence).into());
            }
        }
    }
    let found = verifier.count();
    if let Some(signed) = checkpoint {
        if signed.size > found {
            return Err(Break::Truncated { expected: signed.size, found }.into());
        }
        if signed.size == 0 && signed.head != genesis() {
            return Err(Break::Fork(0).into());
        }
    }
    let recorded = head.as_ref().map_or(0, |head| head.sequence);
    if recorded > found {
        return Err(Break::Truncated { expected: recorded, found }.into());
    }
    if recorded < found {
        return Err(Break::Order(recorded.saturating_add(1)).into());
    }
    if head.is_none_or(|head| head.hash != verifier.head().to_string()) {
        return Err(Break::Fork(found).into());
    }
    Ok(VerifyReport { entries: found, head: verifier.head(), checkpoint: checkpoint.map(|signed| signed.size) })
}

/// A row as an entry. A column that holds no text, or a hash that is none, was edited.
pub(crate) fn entry(row: &SqliteRow) -> Result<Entry, Break> {
    let sequence: i64 = row.try_get_unchecked(0).map_err(|_| Break::Order(0))?;
    let text = |column: usize| {
        let bytes: Option<&[u8]> = row.try_get_unchecked(column).map_err(|_| Break::Edited(sequence))?;
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or(Break::Edited(sequence))
    };
    let digest = |column: usize| text(column)?.parse().map_err(|_| Break::Edited(sequence));
    Ok(Entry { sequence, bytes: text(1)?.to_owned(), previous: digest(2)?, hash: digest(3)? })
}
