//! Exporting the ledger as JSON lines, for checking by others: see docs/ledger.md.
//! Called by `chopmark audit export`.
//! Must never write anything but the stored bytes and hashes.

use crate::audit::VerifyFailure;
use crate::audit::verify::entry;
use crate::{SqliteStore, failure, statements};
use chopmark_domain::canonical;
use chopmark_domain::problem::{Code, Problem};
use futures::TryStreamExt as _;
use std::io::{self, Write};

/// Writes one line per entry, oldest first, and returns how many. It does not verify: an export of a
/// broken ledger is evidence.
///
/// # Errors
/// The database cannot be read, the writer fails, or an entry holds no text at all.
pub async fn export<W: Write + Send>(store: &SqliteStore, writer: &mut W) -> Result<i64, Problem> {
    let mut snapshot = store.snapshot("export the ledger").await?;
    let mut rows = statements::ledger::everything(&mut snapshot);
    let mut count = 0;
    while let Some(row) = rows.try_next().await.map_err(|error| failure::problem("export the ledger", &error))? {
        let entry = entry(&row).map_err(VerifyFailure::from)?;
        writeln!(writer, "{}", canonical::to_string(&entry)).map_err(|error| unwritable(&error))?;
        count += 1;
    }
    writer.flush().map_err(|error| unwritable(&error))?;
    Ok(count)
}

fn unwritable(error: &io::Error) -> Problem {
    let code = if error.kind() == io::ErrorKind::StorageFull { Code::DiskFull } else { Code::DataNotWritable };
    Problem::new(code).with("attempt", "export the ledger").with("reason", error)
}
