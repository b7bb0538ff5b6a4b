//! What people have used: requests of the last minute, tokens of the day.
//! Asked by the router before anything else, through the port.
//! Must never let a refused request cost a write: a flood would wait in everybody's way.

use crate::{SqliteStore, failure, statements};
use async_trait::async_trait;
use chopmark_domain::ids::PersonId;
use chopmark_domain::ports::{Answer, Metered, Usage};
use chopmark_domain::time::Timestamp;

/// What a limit is counted over.
const MINUTE: i64 = 60 * 1000;
/// The day of a moment, in UTC.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Days whose tokens are kept: today's are asked for, the others are for people who look.
const KEPT_DAYS: i64 = 40;

fn key(whose: &Metered) -> String {
    match whose {
        Metered::Person(person) => format!("person {person}"),
        Metered::Urgent(person) => format!("urgent {person}"),
        Metered::Channel(channel) => format!("channel {channel}"),
    }
}

/// Seconds until another request fits: when as many are too old as there are too many.
fn seconds(oldest: i64, now: i64) -> u64 {
    let wait = (oldest + MINUTE - now).clamp(1, MINUTE);
    u64::try_from((wait + 999) / 1000).unwrap_or(1)
}

#[async_trait]
impl Usage for SqliteStore {
    async fn request(&self, whose: &Metered, limit: u32, now: Timestamp) -> Answer<Result<(), u64>> {
        let attempt = "count a request";
        let failed = |error| failure::problem(attempt, &error);
        let (key, since) = (key(whose), now.0.saturating_sub(MINUTE));
        let full = statements::usage::last_but(self.readers(), &key, since, limit).await.map_err(failed)?;
        if let Some(oldest) = full {
            return Ok(Err(seconds(oldest, now.0)));
        }
        // Again where nobody can come in between.
        let mut transaction = self.write(attempt).await?;
        if let Some(oldest) =
            statements::usage::last_but(&mut *transaction, &key, since, limit).await.map_err(failed)?
        {
            return Ok(Err(seconds(oldest, now.0)));
        }
        statements::usage::forget_requests(&mut transaction, since).await.map_err(failed)?;
        statements::usage::made(&mut transaction, &key, now.0).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(Ok(()))
    }

    async fn spend(&self, person: &PersonId, tokens: u64, at: Timestamp) -> Answer<()> {
        let attempt = "count tokens";
        let failed = |error| failure::problem(attempt, &error);
        let day = at.0.div_euclid(DAY);
        let tokens = i64::try_from(tokens).unwrap_or(i64::MAX);
        let mut transaction = self.write(attempt).await?;
        statements::usage::forget_tokens(&mut transaction, day - KEPT_DAYS).await.map_err(failed)?;
        statements::usage::spent(&mut transaction, person.as_str(), day, tokens).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn spent(&self, person: &PersonId, now: Timestamp) -> Answer<u64> {
        let sum = statements::usage::tokens(self.readers(), person.as_str(), now.0.div_euclid(DAY)).await;
        let sum = sum.map_err(|error| failure::problem("read tokens", &error))?;
        Ok(sum.and_then(|sum| u64::try_from(sum).ok()).unwrap_or_default())
    }
}
