//! Reading what is recorded.
//! Called by tools, surfaces and engine through the port.
//! Must never write, or mix rows of two moments in one answer.

use crate::words::{from_body, from_word, unreadable};
use crate::{SqliteStore, failure, statements};
use async_trait::async_trait;
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::{ChangeId, Revision, RunId};
use chopmark_domain::ledger::Entry;
use chopmark_domain::note::Note;
use chopmark_domain::ports::{Answer, ChangeFilter, LedgerFilter, Records, SentPrompt};
use chopmark_domain::run::Run;
use chopmark_domain::time::Timestamp;

#[async_trait]
impl Records for SqliteStore {
    async fn change(&self, id: &ChangeId) -> Answer<Option<ChangeFile>> {
        let failed = |error| failure::problem("read a change", &error);
        let mut snapshot = self.snapshot("read a change").await?;
        let Some(row) = statements::changes::by_id(&mut *snapshot, id.as_str()).await.map_err(failed)? else {
            return Ok(None);
        };
        let change = row.into_change()?;
        let record = statements::revisions::by_number(&mut *snapshot, id.as_str(), change.revision.0);
        let record = record.await.map_err(failed)?;
        let decisions = statements::decisions::of_change(&mut *snapshot, id.as_str()).await.map_err(failed)?;
        let run = statements::runs::latest_of(&mut *snapshot, id.as_str()).await.map_err(failed)?;
        let record = record.ok_or_else(|| unreadable("a revision", &format!("{id} has lost its revision")))?;
        Ok(Some(ChangeFile {
            change,
            record: from_body("a revision", &record)?,
            decisions: decisions.iter().map(|body| from_body("a decision", body)).collect::<Answer<_>>()?,
            run: run.map(|body| from_body("a run", &body)).transpose()?,
            waits: None,
        }))
    }

    async fn revision(&self, id: &ChangeId, revision: Revision) -> Answer<Option<RevisionRecord>> {
        let body = statements::revisions::by_number(self.readers(), id.as_str(), revision.0).await;
        let body = body.map_err(|error| failure::problem("read a revision", &error))?;
        body.map(|body| from_body("a revision", &body)).transpose()
    }

    async fn changes(&self, filter: &ChangeFilter) -> Answer<Vec<Change>> {
        let states = statements::changes::state_words(&filter.states)?;
        let rows = statements::changes::filtered(self.readers(), filter, &states).await;
        let rows = rows.map_err(|error| failure::problem("list changes", &error))?;
        rows.into_iter().map(statements::changes::Row::into_change).collect()
    }

    async fn run(&self, id: &RunId) -> Answer<Option<Run>> {
        let body = statements::runs::by_id(self.readers(), id.as_str()).await;
        let body = body.map_err(|error| failure::problem("read a run", &error))?;
        body.map(|body| from_body("a run", &body)).transpose()
    }

    async fn notes_after(&self, sequence: i64, limit: u32) -> Answer<Vec<Note>> {
        let rows = statements::notes::after(self.readers(), sequence, limit).await;
        let rows = rows.map_err(|error| failure::problem("read notes", &error))?;
        let note = |(sequence, change, at, body): statements::notes::Row| {
            let change = from_word("a note's change", &change)?;
            Ok(Note { sequence, change, at: Timestamp(at), body: from_body("a note", &body)? })
        };
        rows.into_iter().map(note).collect()
    }

    async fn last_note(&self) -> Answer<i64> {
        let last = statements::notes::last(self.readers()).await;
        last.map_err(|error| failure::problem("read notes", &error))
    }

    async fn prompts(&self, change: &ChangeId) -> Answer<Vec<SentPrompt>> {
        let rows = statements::prompts::of_change(self.readers(), change.as_str()).await;
        let rows = rows.map_err(|error| failure::problem("read prompts", &error))?;
        Ok(rows.into_iter().map(|(model, at, body)| SentPrompt { model, at: Timestamp(at), body }).collect())
    }

    async fn ledger(&self, filter: &LedgerFilter) -> Answer<Vec<Entry>> {
        let rows = match &filter.change {
            Some(change) => {
                statements::ledger::of_change(self.readers(), change.as_str(), filter.after, filter.limit).await
            }
            None => statements::ledger::after(self.readers(), filter.after, filter.limit).await,
        };
        let rows = rows.map_err(|error| failure::problem("read the ledger", &error))?;
        let entry = |(sequence, bytes, previous, hash): statements::ledger::RawEntry| {
            Ok(Entry { sequence, bytes, previous: digest(&previous)?, hash: digest(&hash)? })
        };
        rows.into_iter().map(entry).collect()
    }

    async fn halt(&self) -> Answer<Option<Halt>> {
        let row = statements::halt::read(self.readers()).await;
        let row = row.map_err(|error| failure::problem("read the stop switch", &error))?;
        row.map(|text| from_body("the stop switch", &text)).transpose()
    }

    async fn ledger_head(&self) -> Answer<(i64, Digest)> {
        let head = statements::ledger::read_head(self.readers()).await;
        let head = head.map_err(|error| failure::problem("read the ledger", &error))?;
        let head = head.ok_or_else(|| unreadable("the ledger", "its head row is gone"))?;
        Ok((head.sequence, digest(&head.hash)?))
    }
}

/// A digest of the ledger's columns.
pub(crate) fn digest(text: &str) -> Answer<Digest> {
    from_word("a digest", text)
}
