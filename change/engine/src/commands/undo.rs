//! Undoing: the previous version of a component, proposed as a change like any other.
//! Called by the router.
//! Must never act: it proposes.

use crate::Engine;
use crate::commands::Asked;
use crate::transition::wrong_state;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::Shown;
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use std::collections::BTreeMap;

/// States in which a change's effect may be there.
const TOOK_EFFECT: [State; 4] = [State::Succeeded, State::Degraded, State::Failed, State::Resolved];

impl Engine {
    /// Proposes to return the component to what it was before a change; without an id, before the
    /// newest change of the same place that took effect and is not itself an undo.
    ///
    /// # Errors
    /// [`Code::NothingToActOn`] when there is none; [`Code::WrongState`] when it took no effect.
    pub async fn undo(&self, id: Option<ChangeId>, asked: &Asked) -> Answer<ChangeId> {
        let file = match id {
            Some(id) => self.file(&id).await?,
            None => self.newest_effect(asked).await?,
        };
        if !TOOK_EFFECT.contains(&file.change.state) {
            return Err(wrong_state(&file.change));
        }
        let intent = match &file.record.proposal.intent {
            Intent::Patch { object, .. } => Intent::Patch { object: object.clone(), fields: fields_before(&file) },
            Intent::Reconcile => return Err(Problem::new(Code::NothingToActOn).with("what", "undo")),
            Intent::Root { .. } => {
                return Err(Problem::new(Code::NotOurs).with("component", &file.change.component));
            }
            Intent::Create { .. }
            | Intent::Edit { .. }
            | Intent::Restart { .. }
            | Intent::Delete
            | Intent::Restore { .. } => {
                Intent::Restore { version: file.change.previous_version.clone(), undoes: Some(file.change.id.clone()) }
            }
        };
        let proposal = Proposal {
            component: file.change.component.clone(),
            environment_origin: Origin::Said,
            group_origin: Origin::Said,
            intent,
            revises: None,
        };
        self.propose(proposal, asked).await
    }

    async fn newest_effect(&self, asked: &Asked) -> Answer<ChangeFile> {
        let filter = ChangeFilter {
            states: TOOK_EFFECT.to_vec(),
            place: Some(asked.place.clone()),
            limit: 20,
            ..ChangeFilter::default()
        };
        for change in self.ports.records.changes(&filter).await? {
            let file = self.file(&change.id).await?;
            if !matches!(file.record.proposal.intent, Intent::Restore { .. }) {
                return Ok(file);
            }
        }
        Err(Problem::new(Code::NothingToActOn).with("what", "undo"))
    }
}

/// The values that a field patch replaced; what it added goes again.
fn fields_before(file: &ChangeFile) -> BTreeMap<String, Option<Literal>> {
    let steps = file.record.planned.iter().flat_map(|planned| &planned.plan.steps);
    let fields = steps.flat_map(|step| &step.actions).flat_map(|action| &action.fields);
    fields
        .map(|field| {
            let before = field.before.as_ref().and_then(|shown| match shown {
                Shown::Value(json) => serde_json::from_str(json).ok(),
                Shown::Hidden(_) => None,
            });
            (field.path.clone(), before)
        })
        .collect()
}
