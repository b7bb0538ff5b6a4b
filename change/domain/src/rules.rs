//! Rules of approval: which rule a plan falls under, by its environment, risk, kinds, deletes and component.
//! Read from configuration with each environment; chosen by the engine after planning and again at every start.
//! Must never choose by what a person or a model says.

use crate::approval::{ApprovalRule, DecidedBy};
use crate::component::ComponentPath;
use crate::environment::{Environment, Mode};
use crate::ids::EnvironmentName;
use crate::plan::{Plan, ResourceAction, Verb};
use crate::rights::Pattern;
use crate::risk::Risk;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which plans a rule is for. What is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Only plans of one of these classes; empty for every class.
    pub risks: BTreeSet<Risk>,
    /// Only plans that act on a kind of one of these patterns, such as `aws_db_*`; empty for all. For a rule that
    /// itself approves: only plans that act on nothing else.
    pub kinds: Vec<Pattern>,
    /// Only plans that delete or replace at least so many resources.
    pub at_least_deletes: Option<u32>,
    /// Only plans that delete or replace at most so many.
    pub at_most_deletes: Option<u32>,
    /// Only components of one of these patterns over `environment/group/name`; empty for all.
    pub components: Vec<Pattern>,
    /// Only templates of one of these patterns over `family/name`; empty for all.
    pub templates: Vec<Pattern>,
}

/// A rule with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionalRule {
    /// For which plans.
    pub when: Conditions,
    /// What they need.
    pub rule: ApprovalRule,
}

/// The rules of one environment: the first whose conditions fit, else the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// In the order written.
    pub special: Vec<ConditionalRule>,
    /// For every other plan.
    pub usual: ApprovalRule,
}

impl From<ApprovalRule> for Rules {
    fn from(usual: ApprovalRule) -> Self {
        Self { special: vec![], usual }
    }
}

/// What rules look at.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The environment.
    pub environment: &'a EnvironmentName,
    /// The component.
    pub component: &'a ComponentPath,
    /// Its template as `family/name`; none for what no template made.
    pub template: Option<&'a str>,
    /// The plan's class.
    pub risk: Risk,
    /// The plan.
    pub plan: &'a Plan,
}

impl Rules {
    /// The rule a plan falls under.
    pub fn rule_for(&self, about: &About<'_>) -> &ApprovalRule {
        self.special.iter().find(|rule| rule.fits(about)).map_or(&self.usual, |found| &found.rule)
    }

    /// Rules that no plan of the environment can fall under, each with the one that always comes before it; none for
    /// one whose conditions no plan there meets.
    pub fn never_met<'a>(&'a self, environment: &Environment) -> Vec<NeverMet<'a>> {
        let mut found = Vec::new();
        for (at, rule) in self.special.iter().enumerate() {
            let before = self.special[..at].iter().find(|earlier| earlier.takes_all_of(rule));
            if before.is_some() || !rule.when.possible(environment) {
                found.push(NeverMet { rule: &rule.rule, before: before.map(|earlier| &earlier.rule) });
            }
        }
        found
    }

    /// Every rule, the usual one last.
    pub fn all(&self) -> impl Iterator<Item = &ApprovalRule> {
        self.special.iter().map(|special| &special.rule).chain(std::iter::once(&self.usual))
    }
}

/// A rule that no plan can fall under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeverMet<'a> {
    /// The rule.
    pub rule: &'a ApprovalRule,
    /// The one that takes all that would fall under it.
    pub before: Option<&'a ApprovalRule>,
}

impl ConditionalRule {
    /// Whether a plan falls under it. A rule asks more of people as soon as one action is of its kinds; a rule that
    /// itself approves does so only when every action is, for the others would go through unseen beside it.
    pub fn fits(&self, about: &About<'_>) -> bool {
        let mut acting = about.plan.actions().iter().filter(|action| action.verb != Verb::Keep);
        let meant = |action: &ResourceAction| self.when.kinds.iter().any(|pattern| pattern.matches(&action.kind));
        let kinds = match self.rule.decided_by {
            _ if self.when.kinds.is_empty() => true,
            DecidedBy::People => acting.any(meant),
            DecidedBy::TheRule => acting.all(meant),
        };
        kinds && self.when.fit(about) && self.rule.decided_by.admits(about.risk, about.plan)
    }

    /// Whether all that a later rule is for falls under this one.
    fn takes_all_of(&self, later: &Self) -> bool {
        let (own, other) = (&self.when, &later.when);
        let covered = |wide: &[Pattern], narrow: &[Pattern]| {
            let within = |pattern: &Pattern| wide.iter().any(|wide| wide.covers(pattern));
            wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(within))
        };
        // Kinds of a rule that approves itself are those of every action, so that only such another one is within them.
        let kinds = self.rule.decided_by == DecidedBy::People || later.rule.decided_by == DecidedBy::TheRule;
        (own.risks.is_empty() || (!other.risks.is_empty() && other.risks.is_subset(&own.risks)))
            && own.at_least_deletes.is_none_or(|least| other.at_least_deletes.is_some_and(|other| other >= least))
            && own.at_most_deletes.is_none_or(|most| other.at_most_deletes.is_some_and(|other| other <= most))
            && covered(&own.components, &other.components)
            && covered(&own.templates, &other.templates)
            && covered(&own.kinds, &other.kinds)
            && (own.kinds.is_empty() || kinds)
    }
}

impl Conditions {
    /// Whether a plan of the environment can meet them at all.
    fn possible(&self, environment: &Environment) -> bool {
        let first = |pattern: &Pattern| Pattern::parse(pattern.as_str().split('/').next().unwrap_or_default());
        let here = |pattern: &Pattern| first(pattern).is_ok_and(|first| first.matches(environment.name.as_str()));
        // Where the commit is the effect, a plan is of files: what they hold is for another system to plan.
        let roots = environment.terraform.as_ref().is_some_and(|terraform| !terraform.roots.is_empty());
        let objects = environment.mode == Mode::Apply || roots;
        let kinds = objects || self.kinds.is_empty() || self.kinds.iter().any(|kind| kind.matches("file"));
        kinds && (self.components.is_empty() || self.components.iter().any(here))
    }

    /// Whether the plan is one of those meant, its kinds apart: see [`ConditionalRule::fits`].
    fn fit(&self, about: &About<'_>) -> bool {
        let deletes = u32::try_from(about.plan.counts().losses()).unwrap_or(u32::MAX);
        let full = format!("{}/{}", about.environment, about.component);
        (self.risks.is_empty() || self.risks.contains(&about.risk))
            && self.at_least_deletes.is_none_or(|least| deletes >= least)
            && self.at_most_deletes.is_none_or(|most| deletes <= most)
            && Pattern::none_or_some_match(&self.components, Some(&full))
            && Pattern::none_or_some_match(&self.templates, about.template)
    }
}

impl DecidedBy {
    /// A rule alone never approves what is severe, or deletes or replaces anything, whatever it says of itself.
    pub fn admits(self, risk: Risk, plan: &Plan) -> bool {
        match self {
            Self::People => true,
            Self::TheRule => risk < Risk::Severe && plan.counts().losses() == 0,
        }
    }
}
