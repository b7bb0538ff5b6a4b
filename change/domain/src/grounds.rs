//! Grounds: everything that decisions on a change are counted with, gathered anew.
//! Gathered by the engine at every decision and start, and by the exec child from the same ports.
//! Must never be kept for a later question: people lose roles.

use crate::approval::{ApprovalRule, Authority, SealedDecision};
use crate::component::{ComponentId, TemplatePin};
use crate::draft::Draft;
use crate::environment::Environment;
use crate::facts::ChangeFile;
use crate::ids::{Identity, PersonId, TemplateName};
use crate::person::Person;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::ports::{Answer, Directory, Drafter, Seals, Settings};
use crate::rights::{Target, TemplateOf};
use crate::risk::Risk;
use crate::rules::About;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where it is gathered from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Configuration.
    pub settings: &'a dyn Settings,
    /// People.
    pub directory: &'a dyn Directory,
    /// Families of templates.
    pub drafter: &'a dyn Drafter,
    /// The decision key; none where it is asked who may decide, and nothing counted.
    pub seals: Option<&'a dyn Seals>,
}

/// What a change acts on, as rights and rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The component.
    pub component: ComponentId,
    /// Its template and that template's family; none for what no template made.
    pub template: Option<(String, TemplateName)>,
}

impl Subject {
    /// The subject of a draft.
    pub fn of(draft: &Draft, drafter: &dyn Drafter) -> Self {
        Self::new(&draft.component, draft.template(), drafter)
    }

    /// A component made by a template. A template that is gone has no family, so that only grants for every template
    /// reach it.
    pub fn new(component: &ComponentId, template: Option<&TemplateName>, drafter: &dyn Drafter) -> Self {
        let family = template.and_then(|name| Some((drafter.family(name)?, name.clone())));
        Self { component: component.clone(), template: family }
    }

    /// For rights.
    pub fn target(&self) -> Target<'_> {
        let template = match &self.template {
            Some((family, name)) => TemplateOf::Known { family, name },
            None => TemplateOf::Outside,
        };
        Target {
            environment: Some(&self.component.environment),
            template: Some(template),
            component: Some(&self.component.path),
        }
    }

    /// The rule that a plan falls under in the environment of its component.
    pub fn rule_in<'e>(&self, environment: &'e Environment, risk: Risk, plan: &Plan) -> &'e ApprovalRule {
        let template = self.template_path();
        environment.rules.rule_for(&About {
            environment: &environment.name,
            component: &self.component.path,
            template: template.as_deref(),
            risk,
            plan,
        })
    }

    /// The template as `family/name`.
    pub fn template_path(&self) -> Option<String> {
        self.template.as_ref().map(|(family, name)| format!("{family}/{name}"))
    }
}

/// Everything that decisions on a change are counted with.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// Who asked, edited or decided, and is also asked about, as known now.
    pub people: BTreeMap<PersonId, Person>,
    /// Whose each identity is now through which somebody decided.
    pub identities: BTreeMap<Identity, PersonId>,
    /// People whose decisions a start found void.
    pub voided: BTreeSet<PersonId>,
    /// Rights, freezes, read-only mode.
    pub policy: Arc<Policy>,
    /// What the change acts on.
    pub subject: Subject,
    /// The rule the plan falls under now; none without a plan, or where the environment is gone.
    pub rule: Option<ApprovalRule>,
    /// Whether the revision is as the engine wrote it.
    pub sealed: bool,
    /// The template as the catalogue has it now; none where no template is involved, or it is gone.
    pub template: Option<TemplatePin>,
    /// Now.
    pub now: Timestamp,
}

impl Grounds {
    /// Gathers them for a change; `also` are people it is about to be asked of.
    ///
    /// # Errors
    /// The configuration does not parse, or the directory cannot be read: then nobody decides.
    pub async fn gather(file: &ChangeFile, also: &[PersonId], sources: Sources<'_>, now: Timestamp) -> Answer<Self> {
        let policy = sources.settings.policy()?;
        let environments = sources.settings.environments()?;
        let subject = Subject::of(&file.record.draft, sources.drafter);
        let planned = file.record.planned.as_ref();
        let rule = planned.and_then(|planned| {
            let environment = environments.get(&subject.component.environment)?;
            Some(subject.rule_in(environment, planned.risk, &planned.plan).clone())
        });
        let mut asked: BTreeSet<&PersonId> = also.iter().collect();
        asked.extend(file.decisions.iter().map(|sealed| &sealed.decision.person));
        asked.extend([&file.change.requester, &file.record.author]);
        asked.extend(planned.iter().flat_map(|planned| &planned.authors));
        let mut people = BTreeMap::new();
        for id in asked {
            if let Some(person) = sources.directory.person(id).await? {
                people.insert(id.clone(), person);
            }
        }
        let mut identities = BTreeMap::new();
        for identity in file.decisions.iter().filter_map(|sealed| sealed.decision.identity.as_ref()) {
            // A token that is over is nobody's: what was decided with it counts for nothing, and nothing else fails.
            if let Some(person) = sources.directory.holder(identity).await? {
                identities.insert(identity.clone(), person);
            }
        }
        let voided = file.change.voided.clone();
        let record = &file.record;
        let bytes = record.sealed_bytes(&file.change.requester);
        let sealed =
            sources.seals.zip(record.seal.as_ref()).is_some_and(|(seals, seal)| seals.holds_revision(&bytes, seal));
        let template = record.draft.template().and_then(|name| sources.drafter.pin(name));
        Ok(Self { people, identities, voided, policy, subject, rule, sealed, template, now })
    }

    /// To count decisions with.
    pub fn authority<'a>(&'a self, seal_holds: &'a (dyn Fn(&SealedDecision) -> bool + Send + Sync)) -> Authority<'a> {
        Authority {
            people: &self.people,
            identities: &self.identities,
            voided: &self.voided,
            rights: &self.policy.rights,
            target: self.subject.target(),
            rule: self.rule.as_ref(),
            sealed: self.sealed,
            seal_holds,
            now: self.now,
        }
    }
}
