//! Settings, records, components and drift as one person may see them.
//! Put in the place of the real ones by the sight.
//! Must never answer otherwise for a hidden thing than for one that is not there.

use super::Sight;
use async_trait::async_trait;
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::component::{ComponentPath, ComponentVersion, ROOT_GROUP};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::{Environment, Environments};
use chopmark_domain::facts::{ChangeFile, Drift, VersionSummary};
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::{ChangeId, ObjectHash, Revision, RunId};
use chopmark_domain::ledger::{Entry, EntryContent, EntryKind};
use chopmark_domain::note::Note;
use chopmark_domain::person::Actor;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::{self, Answer, ChangeFilter, LedgerFilter, Records, SentPrompt};
use chopmark_domain::run::Run;
use std::collections::BTreeMap;
use std::sync::Arc;

/// More changes than are looked through for those that somebody sees.
const MOST_CHANGES: u32 = 20_000;
/// The same for entries of the ledger.
const MOST_ENTRIES: u32 = 20_000;

/// Settings with the environments that are seen.
pub(super) struct Settings {
    pub(super) all: Arc<dyn ports::Settings>,
    pub(super) sight: Arc<Sight>,
}

impl ports::Settings for Settings {
    fn environments(&self) -> Answer<Arc<Environments>> {
        Ok(Arc::new(self.sight.environments(&*self.all.environments()?)))
    }

    fn policy(&self) -> Answer<Arc<Policy>> {
        self.all.policy()
    }
}

/// Components that are seen.
pub(super) struct Components {
    pub(super) all: Arc<dyn ports::Components>,
    pub(super) sight: Arc<Sight>,
}

impl Components {
    fn sees(&self, version: &ComponentVersion) -> bool {
        self.sight.sees(&version.component, Some(&version.template.name))
    }
}

#[async_trait]
impl ports::Components for Components {
    async fn list(&self, environment: &Environment) -> Answer<Vec<ComponentVersion>> {
        let mut versions = self.all.list(environment).await?;
        versions.retain(|version| self.sees(version));
        Ok(versions)
    }

    async fn read(&self, environment: &Environment, path: &ComponentPath) -> Answer<Option<ComponentVersion>> {
        Ok(self.all.read(environment, path).await?.filter(|version| self.sees(version)))
    }

    async fn at(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        commit: &ObjectHash,
    ) -> Answer<Option<ComponentVersion>> {
        Ok(self.all.at(environment, path, commit).await?.filter(|version| self.sees(version)))
    }

    async fn conventions(&self, environment: &Environment) -> Answer<Option<String>> {
        self.all.conventions(environment).await
    }

    async fn history(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        limit: u32,
    ) -> Answer<Vec<VersionSummary>> {
        let sees = match self.all.read(environment, path).await? {
            Some(version) => self.sees(&version),
            None => self.sight.sees_path(&environment.name, path),
        };
        if sees { self.all.history(environment, path, limit).await } else { Ok(vec![]) }
    }
}

/// What drifted, as far as it is seen.
pub(super) struct Drifts {
    pub(super) all: Arc<dyn ports::Drifts>,
    /// Those that are seen.
    pub(super) components: Arc<dyn ports::Components>,
    pub(super) sight: Arc<Sight>,
}

#[async_trait]
impl ports::Drifts for Drifts {
    async fn drift(&self, environment: &Environment, only: Option<&ComponentPath>) -> Answer<Vec<Drift>> {
        let known = self.components.list(environment).await?;
        let mut drifts = self.all.drift(environment, only).await?;
        drifts.retain(|drift| match drift.component.path.group() {
            ROOT_GROUP => self.sight.sees(&drift.component, None),
            _ => known.iter().any(|version| version.component == drift.component),
        });
        Ok(drifts)
    }
}

/// Records that are seen.
pub(super) struct Seen {
    pub(super) all: Arc<dyn Records>,
    pub(super) sight: Arc<Sight>,
}

impl Seen {
    async fn sees(&self, id: &ChangeId) -> Answer<bool> {
        Ok(self.all.change(id).await?.is_some_and(|file| self.sight.sees_change(&file)))
    }

    /// Whether an entry is theirs to read: of a change they see, of themselves, or of the switch.
    async fn reads(&self, content: &EntryContent, known: &mut BTreeMap<ChangeId, bool>) -> Answer<bool> {
        if let Some(change) = &content.change {
            return Ok(match known.get(change) {
                Some(seen) => *seen,
                None => {
                    let seen = self.sees(change).await?;
                    known.insert(change.clone(), seen);
                    seen
                }
            });
        }
        let own = matches!(&content.actor, Actor::Person(person) if *person == self.sight.whose);
        Ok(own || matches!(content.kind, EntryKind::Halted | EntryKind::Lifted))
    }
}

#[async_trait]
impl Records for Seen {
    async fn change(&self, id: &ChangeId) -> Answer<Option<ChangeFile>> {
        Ok(self.all.change(id).await?.filter(|file| self.sight.sees_change(file)))
    }

    async fn revision(&self, id: &ChangeId, revision: Revision) -> Answer<Option<RevisionRecord>> {
        if self.sees(id).await? { self.all.revision(id, revision).await } else { Ok(None) }
    }

    /// As many as were asked for, however many hidden ones lie between them.
    async fn changes(&self, filter: &ChangeFilter) -> Answer<Vec<Change>> {
        let wanted = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let mut limit = filter.limit.max(1);
        loop {
            let found = self.all.changes(&ChangeFilter { limit, ..filter.clone() }).await?;
            let all = u32::try_from(found.len()).unwrap_or(u32::MAX) < limit;
            let mut seen = Vec::new();
            for change in found {
                if seen.len() < wanted && self.sight.may_see(&change) && self.sees(&change.id).await? {
                    seen.push(change);
                }
            }
            if all || seen.len() >= wanted || limit >= MOST_CHANGES {
                return Ok(seen);
            }
            limit = limit.saturating_mul(8).min(MOST_CHANGES);
        }
    }

    async fn run(&self, id: &RunId) -> Answer<Option<Run>> {
        match self.all.run(id).await? {
            Some(run) if self.sees(&run.change).await? => Ok(Some(run)),
            _ => Ok(None),
        }
    }

    async fn notes_after(&self, sequence: i64, limit: u32) -> Answer<Vec<Note>> {
        let mut notes = Vec::new();
        for note in self.all.notes_after(sequence, limit).await? {
            if self.sees(&note.change).await? {
                notes.push(note);
            }
        }
        Ok(notes)
    }

    async fn last_note(&self) -> Answer<i64> {
        self.all.last_note().await
    }

    async fn prompts(&self, change: &ChangeId) -> Answer<Vec<SentPrompt>> {
        if self.sees(change).await? { self.all.prompts(change).await } else { Ok(vec![]) }
    }

    /// The newest that are seen of those after the number, oldest first. Numbers of hidden ones are missing between
    /// them: a chain has numbers.
    async fn ledger(&self, filter: &LedgerFilter) -> Answer<Vec<Entry>> {
        let mut known = BTreeMap::new();
        let mut entries = Vec::new();
        let after = if filter.change.is_some() { filter.after } else { 0 };
        let (head, _) = self.all.ledger_head().await?;
        let after = after.max(head.saturating_sub(i64::from(MOST_ENTRIES)));
        let limit = if filter.change.is_some() { filter.limit } else { MOST_ENTRIES };
        for entry in self.all.ledger(&LedgerFilter { after, limit, ..filter.clone() }).await? {
            if let Ok(content) = entry.content()
                && self.reads(&content, &mut known).await?
            {
                entries.push(entry);
            }
        }
        let wanted = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let newest = entries.len().saturating_sub(wanted);
        Ok(entries.split_off(newest))
    }

    async fn halt(&self) -> Answer<Option<Halt>> {
        self.all.halt().await
    }

    async fn ledger_head(&self) -> Answer<(i64, Digest)> {
        self.all.ledger_head().await
    }
}
