//! Drift: what is committed, planned again, shows what differs from it out there.
//! Asked by tools through domain's port; changes nothing.
//! Must never call a component unchanged because nobody could tell.

use crate::Engine;
use async_trait::async_trait;
use chopmark_domain::component::{ComponentId, ComponentPath, ComponentVersion, ROOT_GROUP};
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Mode};
use chopmark_domain::facts::Drift;
use chopmark_domain::plan::Verb;
use chopmark_domain::ports::{Answer, Drifts, PlanPurpose, PlanRequest};
use chopmark_domain::proposal::{Origin, Sourced};
use futures::StreamExt as _;

/// How many components are looked at side by side: each may start a program.
const SIDE_BY_SIDE: usize = 2;

#[async_trait]
impl Drifts for Engine {
    async fn drift(&self, environment: &Environment, only: Option<&ComponentPath>) -> Answer<Vec<Drift>> {
        let wanted = |path: &ComponentPath| only.is_none_or(|only| only == path);
        let mut drafts: Vec<(ComponentId, Answer<Draft>)> = vec![];
        // Where others apply, nothing of ours can be planned against the target.
        if environment.mode == Mode::Apply {
            let versions = self.ports.components.list(environment).await?;
            let own = versions.into_iter().filter(|version| wanted(&version.component.path));
            drafts.extend(own.map(|version| (version.component.clone(), Ok(as_committed(&version)))));
        }
        for (name, folder) in environment.terraform.iter().flat_map(|terraform| &terraform.roots) {
            let Ok(path) = ComponentPath::new(ROOT_GROUP, name) else { continue };
            if wanted(&path) {
                let component = ComponentId { environment: environment.name.clone(), path };
                let draft = self.root(&component, folder).await;
                drafts.push((component, draft));
            }
        }
        let looking = drafts.into_iter().map(|(component, draft)| self.drift_of(environment, component, draft));
        let mut found: Vec<Drift> = futures::stream::iter(looking).buffered(SIDE_BY_SIDE).collect().await;
        found.sort_by_key(|drift| (drift.actions.is_empty(), drift.problem.is_none()));
        Ok(found)
    }
}

impl Engine {
    async fn drift_of(&self, environment: &Environment, component: ComponentId, draft: Answer<Draft>) -> Drift {
        let looked = async {
            let draft = draft?;
            // What is committed is compared with the target alone: the repository has nothing to say about it.
            let request = PlanRequest { purpose: PlanPurpose::Compare, environment, draft: &draft, previous: None };
            let step = self.runner(draft.runner(None))?.plan(request).await?;
            Answer::Ok(step.actions.into_iter().filter(|action| action.verb != Verb::Keep).collect())
        };
        match looked.await {
            Ok(actions) => Drift { component, actions, problem: None },
            Err(problem) => Drift { component, actions: vec![], problem: Some(problem) },
        }
    }
}

/// A draft of exactly what is committed.
pub(crate) fn as_committed(version: &ComponentVersion) -> Draft {
    let kept = |value: &chopmark_domain::literal::Literal| Sourced { value: value.clone(), origin: Origin::Kept };
    let values = version.values.iter().map(|(name, value)| (name.clone(), kept(value))).collect();
    Draft {
        component: version.component.clone(),
        action: Action::Reconcile,
        content: Content::Component { template: version.template.clone(), values, files: version.files.clone() },
        verify: Verify::Exists,
        way_back: WayBack::PreviousVersion,
    }
}
