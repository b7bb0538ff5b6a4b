//! Joined identities: codes that work once, links with their seals, and the groups that platforms told of.
//! Called by the engine and the directory through the port.
//! Must never say why a code was refused, nor join an identity that is joined.

use crate::failure::conflict;
use crate::journal::append;
use crate::words::{body, from_body, from_word};
use crate::{SqliteStore, failure, statements};
use async_trait::async_trait;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Identity;
use chopmark_domain::ledger::EntryDraft;
use chopmark_domain::ports::{
    Answer, Clock as _, Identities, LINK_SECONDS, LINK_TRIES, LinkCode, Redeemed, SealedLink,
};
use chopmark_domain::time::Timestamp;
use std::collections::BTreeSet;

/// The moment before which a try no longer counts.
fn still_counted(now: i64) -> i64 {
    now.saturating_sub(i64::try_from(LINK_SECONDS * 1000).unwrap_or(i64::MAX))
}

#[async_trait]
impl Identities for SqliteStore {
    async fn offer(&self, code: LinkCode, entry: EntryDraft) -> Answer<()> {
        let attempt = "keep a code for joining";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        statements::links::sweep(&mut transaction, head.seen_at, still_counted(head.seen_at)).await.map_err(failed)?;
        let digest = code.digest.to_string();
        let kept = statements::links::offer(&mut transaction, code.person.as_str(), &digest, code.expires_at.0).await;
        kept.map_err(failed)?;
        append(&mut transaction, &head, vec![entry]).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn redeem(&self, code: &Digest, identity: &Identity, now: Timestamp) -> Answer<Redeemed> {
        let attempt = "use a code for joining";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        let tries = statements::links::tries(&mut transaction, identity.as_str(), still_counted(now.0)).await;
        let closed = tries.map_err(failed)? >= i64::from(LINK_TRIES);
        let person = if closed {
            None
        } else {
            statements::links::redeem(&mut transaction, &code.to_string(), now.0).await.map_err(failed)?
        };
        let redeemed = match person {
            Some(person) => Redeemed::By(from_word("a code's person", &person)?),
            None => Redeemed::Refused,
        };
        // A try that found every code closed is not kept: nobody fills the table by guessing on.
        if redeemed == Redeemed::Refused && !closed {
            statements::links::tried(&mut transaction, identity.as_str(), now.0).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(redeemed)
    }

    async fn join(&self, link: SealedLink, entry: EntryDraft) -> Answer<()> {
        let attempt = "join an identity";
        let failed = |error| failure::problem(attempt, &error);
        let text = body("a link", &link.link)?;
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        let pair = (link.link.identity.as_str(), link.link.person.as_str());
        let rows = statements::links::join(&mut transaction, pair, &text, &link.seal).await.map_err(failed)?;
        if rows == 0 {
            return Err(conflict("link", pair.0));
        }
        append(&mut transaction, &head, vec![entry]).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn part(&self, identity: &Identity, entry: EntryDraft) -> Answer<bool> {
        let attempt = "part an identity";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        if statements::links::part(&mut transaction, identity.as_str()).await.map_err(failed)? == 0 {
            return Ok(false);
        }
        append(&mut transaction, &head, vec![entry]).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn links(&self) -> Answer<Vec<SealedLink>> {
        let rows = statements::links::all(self.readers()).await;
        let rows = rows.map_err(|error| failure::problem("read links", &error))?;
        rows.into_iter().map(|(link, seal)| Ok(SealedLink { link: from_body("a link", &link)?, seal })).collect()
    }

    async fn saw_groups(&self, identity: &Identity, groups: &BTreeSet<Identity>, at: Timestamp) -> Answer<()> {
        let text = body("groups", groups)?;
        let done = statements::groups::saw(self.writer(), identity.as_str(), &text, at.0).await;
        done.map_err(|error| failure::problem("keep groups", &error))
    }

    async fn groups(&self, identity: &Identity) -> Answer<Option<(BTreeSet<Identity>, Timestamp)>> {
        let row = statements::groups::of(self.readers(), identity.as_str()).await;
        let row = row.map_err(|error| failure::problem("read groups", &error))?;
        row.map(|(groups, at)| Ok((from_body("groups", &groups)?, Timestamp(at)))).transpose()
    }
}
