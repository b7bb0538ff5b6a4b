//! Sight: what one person may see, which is what they may ask about.
//! Put over the toolbox for every request and every command that reads; models of that request read through it.
//! Must never tell a thing that somebody may not see from one that is not there.

mod ports;

use crate::toolbox::Toolbox;
use chopmark_domain::change::Change;
use chopmark_domain::component::{ComponentId, ComponentPath};
use chopmark_domain::environment::Environments;
use chopmark_domain::facts::{ChangeFile, Facts};
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::{EnvironmentName, PersonId, TemplateName};
use chopmark_domain::person::Person;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::{Directory, Drafter, Records, Settings};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Grant, Pattern, Right, Rights, Target, TemplateOf};
use std::sync::Arc;

/// What one person may see.
#[derive(Clone)]
pub struct Sight {
    /// Whose it is, as they were asked about.
    whose: PersonId,
    person: Person,
    policy: Arc<Policy>,
    drafter: Arc<dyn Drafter>,
    everything: bool,
}

impl Sight {
    /// Looks up what somebody may see now.
    ///
    /// # Errors
    /// [`Code::NoRight`] for people without any role, with who administers; the configuration does not parse.
    pub async fn of(toolbox: &Toolbox, whose: &PersonId) -> Result<Self, Problem> {
        Self::look(&*toolbox.settings, &*toolbox.directory, toolbox.catalog.clone(), whose).await
    }

    /// The same, where there is no toolbox.
    ///
    /// # Errors
    /// As [`Sight::of`].
    pub async fn look(
        settings: &dyn Settings,
        directory: &dyn Directory,
        drafter: Arc<dyn Drafter>,
        whose: &PersonId,
    ) -> Result<Self, Problem> {
        let policy = settings.policy()?;
        let known = directory.person(whose).await?.filter(|person| !person.roles.is_empty());
        let Some(person) = known else { return Err(nobody(directory, &policy, whose, "role").await?) };
        let own = |grant: &Grant| Rights { grants: vec![grant.clone()] };
        let all = |patterns: &[Pattern]| patterns.contains(&Pattern::all());
        let everything = policy.rights.grants.iter().any(|grant| {
            own(grant).check(&person, Right::Ask, &Target::INSTALL).is_allowed()
                && all(&grant.templates)
                && all(&grant.components)
        });
        let sight = Self { whose: whose.clone(), person, policy, drafter, everything };
        let environments = settings.environments()?;
        if !everything && !environments.all.keys().any(|name| sight.sees_environment(name)) {
            return Err(nobody(directory, &sight.policy, whose, "anything").await?);
        }
        Ok(sight)
    }

    /// What is made of everybody's changes, such as a check of the whole chain, is for those who see everything.
    ///
    /// # Errors
    /// [`Code::NoRight`].
    pub fn needs_everything(&self) -> Result<(), Problem> {
        if self.everything {
            return Ok(());
        }
        Err(Problem::new(Code::NoRight)
            .with("person", &self.whose)
            .with("action", Right::Ask.word())
            .with("about", "the whole ledger")
            .with("missing", "whole")
            .with("allowed", "")
            .with("administrators", ""))
    }

    /// That the chain verifies is everybody's to know; how long it is, only theirs who see all of it.
    pub fn verified(&self, facts: Facts) -> Facts {
        match facts {
            Facts::LedgerVerified { against, .. } if !self.everything => {
                Facts::LedgerVerified { entries: 0, head: String::new(), against }
            }
            facts => facts,
        }
    }

    /// Whose sight it is.
    pub fn whose(&self) -> &PersonId {
        &self.whose
    }

    /// Whether nothing is hidden from them.
    pub fn sees_everything(&self) -> bool {
        self.everything
    }

    /// Grants by which they may ask, each alone: what one grant narrows, another does not widen by half.
    fn asking(&self) -> impl Iterator<Item = &Grant> {
        let may = |grant: &&Grant| {
            grant.actions.contains(&Right::Ask)
                && match &grant.holders {
                    chopmark_domain::rights::Holders::AnyRole => true,
                    chopmark_domain::rights::Holders::Roles(roles) => !roles.is_disjoint(&self.person.roles),
                }
        };
        self.policy.rights.grants.iter().filter(may)
    }

    /// Whether there may be anything in an environment that they see.
    pub fn sees_environment(&self, name: &EnvironmentName) -> bool {
        let first = |pattern: &Pattern| {
            let head = pattern.as_str().split('/').next().unwrap_or_default();
            Pattern::parse(head).is_ok_and(|head| head.matches(name.as_str()))
        };
        self.everything
            || self.asking().any(|grant| {
                grant.environments.iter().any(|pattern| pattern.matches(name.as_str()))
                    && grant.components.iter().any(first)
                    && !grant.templates.is_empty()
            })
    }

    /// Whether they see a template anywhere.
    pub fn sees_template(&self, family: &str, name: &TemplateName) -> bool {
        let full = format!("{family}/{name}");
        let sees = |grant: &Grant| {
            !grant.environments.is_empty() && grant.templates.iter().any(|pattern| pattern.matches(&full))
        };
        self.everything || self.asking().any(sees)
    }

    /// Whether they see a template in an environment.
    fn sees_template_in(&self, environment: &EnvironmentName, name: &TemplateName) -> bool {
        let Some(family) = self.drafter.family(name) else { return self.everything };
        let template = Some(TemplateOf::Known { family: &family, name });
        self.may(&Target { template, ..Target::environment(environment) })
    }

    /// Whether they see a component made by a template; none for what no template made.
    pub fn sees(&self, component: &ComponentId, template: Option<&TemplateName>) -> bool {
        self.everything || self.may(&Subject::new(component, template, &*self.drafter).target())
    }

    /// Whether they see a change.
    pub fn sees_change(&self, file: &ChangeFile) -> bool {
        self.everything || self.may(&Subject::of(&file.record.draft, &*self.drafter).target())
    }

    /// Whether they see something of which only the place is known, such as an object of a cluster.
    pub fn sees_path(&self, environment: &EnvironmentName, path: &ComponentPath) -> bool {
        self.everything || self.may(&Target { component: Some(path), ..Target::environment(environment) })
    }

    /// Whether they see an object by namespace and name, whatever made it.
    pub fn sees_object(&self, environment: &EnvironmentName, namespace: Option<&str>, name: &str) -> bool {
        let group = namespace.unwrap_or(chopmark_domain::component::CLUSTER_GROUP);
        // A name that no component could have is judged by the patterns that mean all of its namespace.
        let path = ComponentPath::new(group, name).or_else(|_| ComponentPath::new(group, "any-other-name"));
        self.everything || path.is_ok_and(|path| self.sees_path(environment, &path))
    }

    /// Whether the row of a change could be seen at all, before its draft is read.
    fn may_see(&self, change: &Change) -> bool {
        self.sees_path(&change.component.environment, &change.component.path)
    }

    fn may(&self, target: &Target<'_>) -> bool {
        self.policy.rights.check(&self.person, Right::Ask, target).is_allowed()
    }

    /// Environments as this person sees them. Without the usual one, the first they see is usual.
    fn environments(&self, all: &Environments) -> Environments {
        let mut few = all.clone();
        few.all.retain(|name, _| self.sees_environment(name));
        for environment in few.all.values_mut() {
            let name = environment.name.clone();
            environment.templates.retain(|template| self.sees_template_in(&name, template));
            if let Some(terraform) = &mut environment.terraform {
                terraform.roots.retain(|root, _| {
                    let path = ComponentPath::new(chopmark_domain::component::ROOT_GROUP, root);
                    path.is_ok_and(|path| self.sees(&ComponentId { environment: name.clone(), path }, None))
                });
            }
        }
        if !few.all.contains_key(&few.default)
            && let Some(first) = few.all.keys().next()
        {
            few.default = first.clone();
        }
        few
    }

    /// The toolbox in which nothing exists that this person may not see.
    pub fn over(self, toolbox: &Toolbox) -> Toolbox {
        let sight = Arc::new(self);
        if sight.everything {
            return Toolbox { sight: Some(sight), ..toolbox.clone() };
        }
        let components = Arc::new(ports::Components { all: toolbox.components.clone(), sight: sight.clone() });
        let catalog = toolbox.catalog.only(|template| sight.sees_template(&template.family, &template.name));
        Toolbox {
            settings: Arc::new(ports::Settings { all: toolbox.settings.clone(), sight: sight.clone() }),
            records: Arc::new(ports::Seen { all: toolbox.records.clone(), sight: sight.clone() }),
            drifts: Arc::new(ports::Drifts {
                all: toolbox.drifts.clone(),
                components: components.clone(),
                sight: sight.clone(),
            }),
            components,
            catalog: Arc::new(catalog),
            sight: Some(sight),
            ..toolbox.clone()
        }
    }

    /// Records as this person sees them.
    pub fn records(self: &Arc<Self>, all: Arc<dyn Records>) -> Arc<dyn Records> {
        if self.everything { all } else { Arc::new(ports::Seen { all, sight: self.clone() }) }
    }
}

/// What people are told who see nothing: who could change that.
async fn nobody(
    directory: &dyn Directory,
    policy: &Policy,
    whose: &PersonId,
    missing: &str,
) -> Result<Problem, Problem> {
    let people = directory.people().await?.into_iter();
    let administer =
        people.filter(|person| policy.rights.check(person, Right::Administer, &Target::INSTALL).is_allowed());
    let names: Vec<_> = administer.map(|person| person.name).collect();
    Ok(Problem::new(Code::NoRight)
        .with("person", whose)
        .with("action", Right::Ask.word())
        .with("about", "chopmark")
        .with("missing", missing)
        .with("allowed", "")
        .with("administrators", names.join(", ")))
}

impl Toolbox {
    /// The toolbox as a person sees it.
    ///
    /// # Errors
    /// As [`Sight::of`].
    pub async fn seen_by(&self, person: &PersonId) -> Result<Self, Problem> {
        match &self.sight {
            Some(sight) if sight.whose == *person => Ok(self.clone()),
            // Whoever sees through somebody else's eyes sees less than both: it never happens, and shows nothing more.
            _ => Ok(Sight::of(self, person).await?.over(self)),
        }
    }

    /// Whether an object of a cluster is seen by whoever asks.
    pub(crate) fn sees_object(&self, environment: &EnvironmentName, namespace: Option<&str>, name: &str) -> bool {
        self.sight.as_ref().is_none_or(|sight| sight.sees_object(environment, namespace, name))
    }
}
