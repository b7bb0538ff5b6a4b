//! Settings and records as a model outside the program may read them: without hidden environments.
//! Put in the place of the real ones by the veil.
//! Must never tell a hidden thing from one that is not there.

use async_trait::async_trait;
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::Environments;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::{ChangeId, EnvironmentName, Revision, RunId};
use chopmark_domain::ledger::Entry;
use chopmark_domain::note::Note;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::{Answer, ChangeFilter, LedgerFilter, Records, SentPrompt, Settings};
use chopmark_domain::run::Run;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Settings with few environments.
pub(super) struct Few {
    pub(super) all: Arc<dyn Settings>,
    pub(super) hidden: Arc<BTreeSet<EnvironmentName>>,
}

impl Settings for Few {
    fn environments(&self) -> Answer<Arc<Environments>> {
        let mut few = Environments::clone(&*self.all.environments()?);
        few.all.retain(|name, _| !self.hidden.contains(name));
        Ok(Arc::new(few))
    }

    fn policy(&self) -> Answer<Arc<Policy>> {
        self.all.policy()
    }
}

/// Records that may be seen.
pub(super) struct Seen {
    pub(super) all: Arc<dyn Records>,
    pub(super) hidden: Arc<BTreeSet<EnvironmentName>>,
}

impl Seen {
    fn shows(&self, change: &Change) -> bool {
        !self.hidden.contains(&change.component.environment)
    }

    async fn may_see(&self, id: &ChangeId) -> Answer<bool> {
        Ok(self.all.change(id).await?.is_some_and(|file| self.shows(&file.change)))
    }
}

#[async_trait]
impl Records for Seen {
    async fn change(&self, id: &ChangeId) -> Answer<Option<ChangeFile>> {
        Ok(self.all.change(id).await?.filter(|file| self.shows(&file.change)))
    }

    async fn revision(&self, id: &ChangeId, revision: Revision) -> Answer<Option<RevisionRecord>> {
        if self.may_see(id).await? { self.all.revision(id, revision).await } else { Ok(None) }
    }

    async fn changes(&self, filter: &ChangeFilter) -> Answer<Vec<Change>> {
        let mut changes = self.all.changes(filter).await?;
        changes.retain(|change| self.shows(change));
        Ok(changes)
    }

    async fn run(&self, id: &RunId) -> Answer<Option<Run>> {
        match self.all.run(id).await? {
            Some(run) if self.may_see(&run.change).await? => Ok(Some(run)),
            _ => Ok(None),
        }
    }

    async fn notes_after(&self, sequence: i64, limit: u32) -> Answer<Vec<Note>> {
        let mut notes = Vec::new();
        for note in self.all.notes_after(sequence, limit).await? {
            if self.may_see(&note.change).await? {
                notes.push(note);
            }
        }
        Ok(notes)
    }

    async fn last_note(&self) -> Answer<i64> {
        self.all.last_note().await
    }

    async fn prompts(&self, change: &ChangeId) -> Answer<Vec<SentPrompt>> {
        if self.may_see(change).await? { self.all.prompts(change).await } else { Ok(Vec::new()) }
    }

    /// Entries about changes that may be seen. What is about no change may speak of anything.
    async fn ledger(&self, filter: &LedgerFilter) -> Answer<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in self.all.ledger(filter).await? {
            let about = entry.content().ok().and_then(|content| content.change);
            if let Some(change) = about
                && self.may_see(&change).await?
            {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    async fn halt(&self) -> Answer<Option<Halt>> {
        self.all.halt().await
    }

    async fn ledger_head(&self) -> Answer<(i64, Digest)> {
        self.all.ledger_head().await
    }
}
