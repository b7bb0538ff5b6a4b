//! Proposing: a proposal becomes a change, or the next revision of a waiting one.
//! Called by the router with what a tool returned, and by the worker for a superseded change.
//! Must never plan here: planning can take long and belongs to the worker.

use crate::{Engine, entries, transition::wrong_state};
use chopmark_domain::calendar::Start;
use chopmark_domain::change::{Change, Language, Place, RevisionRecord};
use chopmark_domain::component::ComponentId;
use chopmark_domain::component::ComponentVersion;
use chopmark_domain::digest::Fields;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::{ChangeId, Epoch, PersonId, Revision};
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Proposal};
use chopmark_domain::rights::Right;
use std::collections::BTreeSet;
use std::path::Path;

/// How often a fresh id is tried before giving up on chance.
const ID_TRIES: usize = 8;

/// Who asked, where and in which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The person.
    pub person: PersonId,
    /// The sentence.
    pub text: String,
    /// Where.
    pub place: Place,
    /// In which language.
    pub language: Language,
    /// What makes it the same request where it may be served again after a crash: then it makes no second change.
    pub once: Option<String>,
}

impl Asked {
    /// The id of the change that this very request makes; of others where that one is taken.
    fn change_id(&self, attempt: usize) -> Option<ChangeId> {
        let mut fields = Fields::new("chopmark/change-id/v1");
        fields.text(self.once.as_deref()?).json(&attempt);
        let mut six = [0; 6];
        six.copy_from_slice(&fields.finish().bytes()[..6]);
        Some(ChangeId::from_random(six))
    }
}

impl Engine {
    /// Makes a change from a proposal, or the next revision of the waiting change it revises.
    ///
    /// # Errors
    /// A drafting problem; [`Code::WrongState`] when the change it revises no longer waits.
    pub async fn propose(&self, proposal: Proposal, asked: &Asked) -> Answer<ChangeId> {
        self.may_propose(&proposal, asked).await?;
        match proposal.revises.clone() {
            Some(id) => self.revise(id, proposal, asked).await,
            None => {
                self.few_enough_wait(&asked.person).await?;
                self.insert(proposal, asked, None, Start::AtOnce).await
            }
        }
    }

    /// Whether a waiting change could be edited by somebody now, for surfaces that show a form first.
    ///
    /// # Errors
    /// [`Code::WrongState`]; [`Code::NoRight`], which is in the ledger.
    pub async fn may_edit(&self, file: &ChangeFile, person: &PersonId) -> Answer<()> {
        let change = &file.change;
        if !matches!(change.state, State::AwaitingApproval | State::Approved) {
            return Err(wrong_state(change));
        }
        let subject = Subject::of(&file.record.draft, &*self.ports.drafter);
        self.allow(person, Right::Propose, &subject.target(), &change.component.to_string()).await
    }

    /// Nobody buries the others under what they asked for.
    async fn few_enough_wait(&self, person: &PersonId) -> Answer<()> {
        let limit = self.ports.settings.policy()?.limits.waiting_per_person;
        let filter = ChangeFilter {
            states: vec![State::Draft, State::Planning, State::AwaitingApproval, State::Approved],
            requester: Some(person.clone()),
            limit,
            ..ChangeFilter::default()
        };
        let waiting = self.ports.records.changes(&filter).await?.len();
        if waiting < usize::try_from(limit).unwrap_or(usize::MAX) {
            return Ok(());
        }
        Err(Problem::new(Code::TooManyWaiting).with("limit", limit))
    }

    /// A draft of what the person may not even propose is not made.
    pub(super) async fn may_propose(&self, proposal: &Proposal, asked: &Asked) -> Answer<()> {
        let template = match &proposal.intent {
            Intent::Create { template, .. } => Some(template.clone()),
            Intent::Patch { .. } | Intent::Root { .. } => None,
            Intent::Edit { .. }
            | Intent::Restart { .. }
            | Intent::Delete
            | Intent::Restore { .. }
            | Intent::Reconcile => {
                let environment = self.environment(&proposal.component.environment)?;
                let current = self.ports.components.read(&environment, &proposal.component.path).await?;
                current.map(|version| version.template.name)
            }
        };
        let subject = Subject::new(&proposal.component, template.as_ref(), &*self.ports.drafter);
        self.allow(&asked.person, Right::Propose, &subject.target(), &proposal.component.to_string()).await
    }

    pub(crate) async fn insert(
        &self,
        proposal: Proposal,
        asked: &Asked,
        replaces: Option<&ChangeFile>,
        wish: Start,
    ) -> Answer<ChangeId> {
        let draft = self.draft(&proposal).await?;
        for attempt in 0..ID_TRIES {
            let id = asked.change_id(attempt);
            let id = id.unwrap_or_else(|| ChangeId::from_random(self.ports.chance.six()));
            if let Some(found) = self.ports.records.change(&id).await? {
                let same = found.change.place == asked.place && found.change.request == asked.text;
                if asked.once.is_some() && same && replaces.is_none() {
                    return Ok(id);
                }
                continue;
            }
            let now = self.ports.clock.now();
            let change = Change {
                id: id.clone(),
                component: proposal.component.clone(),
                requester: asked.person.clone(),
                request: asked.text.clone(),
                place: asked.place.clone(),
                language: asked.language,
                state: State::Draft,
                epoch: Epoch::ZERO,
                revision: Revision::FIRST,
                replaces: replaces.map(|file| file.change.id.clone()),
                problem: None,
                wish: wish.clone(),
                voided: BTreeSet::new(),
                verification: None,
                passes: vec![],
                previous_version: None,
                commit: None,
                created_at: now,
                updated_at: now,
            };
            let mut record = revision_record(&change, Revision::FIRST, &asked.person, proposal, draft);
            // What comes out of a row that nobody of us wrote stays without a seal, and so for people to approve.
            if replaces.is_none_or(|file| self.is_ours(&file.change, &file.record)) {
                record.seal = Some(self.seal(&change, &record));
            }
            let entries = vec![entries::proposed(&change, &record)];
            self.commit(self.insertion(change, record, entries)).await?;
            return Ok(id);
        }
        Err(Problem::new(Code::Internal).with("what", "no free change id"))
    }

    async fn revise(&self, id: ChangeId, edit: Proposal, asked: &Asked) -> Answer<ChangeId> {
        let file = self.file(&id).await?;
        if !matches!(file.change.state, State::AwaitingApproval | State::Approved) {
            return Err(wrong_state(&file.change));
        }
        let merged = self.ports.drafter.revise(&file.record.proposal, &edit)?;
        self.next_revision(&file, merged, &asked.person, None).await?;
        Ok(id)
    }

    /// The next revision of a waiting change, planned anew: with another wish when it is to start, or the same.
    pub(super) async fn next_revision(
        &self,
        file: &ChangeFile,
        proposal: Proposal,
        author: &PersonId,
        wish: Option<Start>,
    ) -> Answer<()> {
        let draft = self.draft(&proposal).await?;
        let revision = file.change.revision.next();
        let wish = wish.unwrap_or_else(|| file.change.wish.clone());
        let mut record = revision_record(&file.change, revision, author, proposal, draft);
        if self.is_ours(&file.change, &file.record) {
            record.seal = Some(self.seal(&file.change, &record));
        }
        let entries = vec![entries::proposed(&Change { wish: wish.clone(), ..file.change.clone() }, &record)];
        let mut commit = self.transition(&file.change, &file.record, Event::Edited, entries, |change| {
            change.revision = revision;
            change.wish = wish;
            change.voided = BTreeSet::new();
            change.passes = vec![];
        })?;
        commit.record = Some(record);
        self.commit(commit).await
    }

    /// Renders a proposal on what is committed now.
    async fn draft(&self, proposal: &Proposal) -> Answer<Draft> {
        let component = &proposal.component;
        let environment = self.environment(&component.environment)?;
        if let Intent::Root { folder } = &proposal.intent {
            return self.root(component, folder).await;
        }
        let components = &self.ports.components;
        let current = components.read(&environment, &component.path).await?;
        let restored: Option<ComponentVersion> = match &proposal.intent {
            Intent::Restore { version: Some(commit), .. } => {
                let found = components.at(&environment, &component.path, commit).await?;
                Some(found.ok_or_else(|| {
                    Problem::new(Code::UnknownVersion).with("component", component).with("version", commit)
                })?)
            }
            Intent::Create { .. }
            | Intent::Edit { .. }
            | Intent::Restart { .. }
            | Intent::Delete
            | Intent::Restore { version: None, .. }
            | Intent::Reconcile
            | Intent::Root { .. }
            | Intent::Patch { .. } => None,
        };
        self.ports.drafter.draft(proposal, &environment, current.as_ref(), restored.as_ref())
    }
}

impl Engine {
    pub(crate) fn seal(&self, change: &Change, record: &RevisionRecord) -> String {
        self.ports.seals.seal_revision(&record.sealed_bytes(&change.requester))
    }

    /// Whether a revision is as the engine wrote it.
    pub(crate) fn is_ours(&self, change: &Change, record: &RevisionRecord) -> bool {
        let bytes = record.sealed_bytes(&change.requester);
        record.seal.as_ref().is_some_and(|seal| self.ports.seals.holds_revision(&bytes, seal))
    }

    /// A folder of HCL that is not ours, as it stands now.
    pub(crate) async fn root(&self, component: &ComponentId, folder: &Path) -> Answer<Draft> {
        let (folder, files) = self.ports.folders.read(folder).await?;
        Ok(Draft {
            component: component.clone(),
            action: Action::Root,
            content: Content::Root { folder, files },
            verify: Verify::SecondPlan,
            way_back: WayBack::NotEverything("root".to_owned()),
        })
    }
}

fn revision_record(
    change: &Change,
    revision: Revision,
    author: &PersonId,
    proposal: Proposal,
    draft: Draft,
) -> RevisionRecord {
    let proposal = Proposal { revises: None, ..proposal };
    RevisionRecord {
        change: change.id.clone(),
        revision,
        author: author.clone(),
        proposal,
        draft,
        planned: None,
        differences: vec![],
        seal: None,
    }
}
