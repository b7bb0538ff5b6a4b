//! Examines the database and the ledger.
//! Called by the doctor.
//! Must never make a database: one that is not there yet is made at the first start.

use super::check::{Check, Standing};
use chopmark_domain::calendar::Zone;
use chopmark_domain::ports::{Clock, LedgerFilter, Records};
use chopmark_domain::problem::Problem;
use chopmark_domain::time::Timestamp;
use chopmark_store::{SqliteStore, audit};
use std::path::Path;
use std::sync::Arc;

/// The lines about the records, and the moment of the newest entry.
pub(super) async fn examine(file: &Path, clock: Arc<dyn Clock>) -> (Vec<Check>, Option<Timestamp>) {
    if !file.exists() {
        return (vec![Check::new("database", Standing::Ok, "doctor-database-new")], None);
    }
    let store = match SqliteStore::open(file, clock).await {
        Ok(store) => store,
        Err(problem) => return (vec![Check::problem("database", problem)], None),
    };
    let database = Check::new("database", Standing::Ok, "doctor-database-good").with("file", file.display());
    let ledger = match audit::verify(&store, None).await {
        Ok(report) => Check::new("ledger", Standing::Ok, "doctor-ledger-good")
            .with("entries", report.entries)
            .with("head", report.head),
        Err(failure) => Check::problem("ledger", Problem::from(failure)),
    };
    let switch = match store.halt().await {
        Ok(None) => Check::new("stop-switch", Standing::Ok, "doctor-not-stopped"),
        Ok(Some(halt)) => Check::new("stop-switch", Standing::Warn, "doctor-stopped")
            .with("by", &halt.by)
            .with("at", Zone::utc().written(halt.at))
            .with("why", halt.why.unwrap_or_default()),
        Err(problem) => Check::problem("stop-switch", problem),
    };
    let newest = newest(&store).await;
    store.close().await;
    (vec![database, ledger, switch], newest)
}

async fn newest(store: &SqliteStore) -> Option<Timestamp> {
    let (head, _) = store.ledger_head().await.ok()?;
    let filter = LedgerFilter { after: head.checked_sub(1)?, change: None, limit: 1 };
    Some(store.ledger(&filter).await.ok()?.first()?.content().ok()?.at)
}
