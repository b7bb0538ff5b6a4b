//! Superseding: a plan that no longer holds ends, and the same proposal is drafted on what is there now.
//! Used when rule, judges, target or component moved.
//! Must never refresh a plan in place: the new one is a new change with a decision of its own.

use super::Served;
use crate::commands::Asked;
use crate::{Engine, entries};
use chopmark_domain::change::{Change, Planned};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::Grounds;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_domain::problem::{Code, Problem};

impl Engine {
    /// What moved since the plan was made, of the things that need no program to be asked.
    pub(crate) fn moved_since(&self, planned: &Planned, grounds: &Grounds) -> Option<String> {
        match &grounds.rule {
            None => Some("environment".to_owned()),
            Some(rule) if !rule.asks_the_same_as(&planned.rule) => Some("rule".to_owned()),
            Some(_) if self.ports.judges.version() != planned.policy_version => Some("policy".to_owned()),
            Some(_) => None,
        }
    }

    /// Ends a waiting change because `what` moved.
    pub(crate) async fn supersede(&self, file: &ChangeFile, what: &str) -> Answer<()> {
        let problem = Problem::new(Code::PlanStale).with("change", &file.change.id).with("what", what);
        let entry = entries::ended(&file.change, entries::worker(), "superseded", Some(&problem));
        let commit = self.transition(&file.change, &file.record, Event::WentStale, vec![entry], |change| {
            change.problem = Some(problem);
        })?;
        self.commit(commit).await
    }

    /// Ends every other waiting plan of a component whose version just moved.
    pub(super) async fn supersede_others(&self, moved: &Change) -> Answer<()> {
        let filter = ChangeFilter {
            states: vec![State::AwaitingApproval, State::Approved],
            component: Some(moved.component.clone()),
            limit: 1000,
            ..ChangeFilter::default()
        };
        for waiting in self.ports.records.changes(&filter).await? {
            if waiting.id == moved.id {
                continue;
            }
            let file = self.file(&waiting.id).await?;
            match self.supersede(&file, moved.id.as_str()).await {
                // Somebody decided or cancelled meanwhile; its own start finds out that it is stale.
                Err(problem) if matches!(problem.code, Code::Conflict | Code::WrongState) => {}
                other => other?,
            }
        }
        Ok(())
    }

    pub(super) async fn draft_again(&self, file: ChangeFile) -> Answer<Served> {
        if !self.successors(&file.change).await?.is_empty() {
            return Ok(Served::Yes);
        }
        let asked = Asked {
            person: file.record.author.clone(),
            text: file.change.request.clone(),
            place: file.change.place.clone(),
            language: file.change.language,
        };
        let (proposal, wish) = (file.record.proposal.clone(), file.change.wish.clone());
        match self.insert(proposal, &asked, Some(file.change.id.clone()), wish).await {
            Ok(_) => {}
            Err(problem) if problem.code == Code::Conflict => return Err(problem),
            // What was asked no longer makes sense on what is there now; people are told why.
            Err(problem) => self.ports.journal.tell(&file.change.id, NoteBody::Warning { problem }).await?,
        }
        Ok(Served::Yes)
    }
}
