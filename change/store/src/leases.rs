//! Leases with fencing epochs, compared on the store's clock.
//! Called by the worker and the exec child through the port.
//! Must never give a lease that another live holder has: on any doubt the answer is no.

use crate::{SqliteStore, failure, statements};
use async_trait::async_trait;
use chopmark_domain::ids::Epoch;
use chopmark_domain::lease::LeaseRow;
use chopmark_domain::ports::{Answer, Clock as _, Leases};
use chopmark_domain::time::Timestamp;

#[async_trait]
impl Leases for SqliteStore {
    async fn acquire(
        &self,
        name: &str,
        holder: &str,
        seconds: Option<u64>,
        is_gone: &(dyn for<'h> Fn(&'h str) -> bool + Send + Sync),
    ) -> Answer<Option<LeaseRow>> {
        let failed = |error| failure::problem("take a lease", &error);
        let mut transaction = self.write("take a lease").await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        let end = seconds.map(|seconds| Timestamp(head.seen_at).plus_seconds(seconds));
        let end_at = end.map(|end| end.0);
        let present = statements::leases::by_name(&mut *transaction, name).await.map_err(failed)?;
        let epoch = match present {
            Some(row) if row.holder.as_deref() == Some(holder) => {
                statements::leases::renew(&mut *transaction, name, holder, end_at).await.map_err(failed)?;
                row.epoch
            }
            Some(row) if is_held(&row, head.seen_at, is_gone) => return Ok(None),
            Some(_) | None => {
                statements::leases::give(&mut *transaction, name, holder, end_at).await.map_err(failed)?
            }
        };
        transaction.commit().await.map_err(failed)?;
        Ok(Some(LeaseRow { name: name.to_owned(), holder: holder.to_owned(), epoch: Epoch(epoch), expires_at: end }))
    }

    async fn read(&self, name: &str) -> Answer<Option<LeaseRow>> {
        let row = statements::leases::by_name(self.readers(), name).await;
        let row = row.map_err(|error| failure::problem("read a lease", &error))?;
        Ok(row.and_then(|row| {
            Some(LeaseRow {
                name: name.to_owned(),
                holder: row.holder?,
                epoch: Epoch(row.epoch),
                expires_at: row.expires_at.map(Timestamp),
            })
        }))
    }

    async fn release(&self, name: &str, holder: &str) -> Answer<()> {
        let done = statements::leases::free(self.writer(), name, holder).await;
        done.map_err(|error| failure::problem("free a lease", &error))
    }
}

/// Whether a lease with that end is over; one without an end never is.
pub(crate) fn is_over(expires_at: Option<i64>, now: i64) -> bool {
    expires_at.is_some_and(|end| now >= end)
}

/// Whether somebody has it: named, not over, and not known to be gone.
fn is_held(row: &statements::leases::Row, now: i64, is_gone: &(dyn Fn(&str) -> bool + Send + Sync)) -> bool {
    match row.holder.as_deref() {
        Some(other) => !is_over(row.expires_at, now) && !is_gone(other),
        None => false,
    }
}
