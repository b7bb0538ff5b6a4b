//! Rules of approval: which rule a plan falls under, by its environment, risk, kinds, deletes and component.
//! Read from configuration with each environment; chosen by the engine after planning and again at every start.
//! Must never choose by what a person or a model says.

use crate::approval::{ApprovalRule, DecidedBy};
use crate::component::ComponentPath;
use crate::ids::EnvironmentName;
use crate::plan::Plan;
use crate::rights::Pattern;
use crate::risk::Risk;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which plans a rule is for. What is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Only plans of one of these classes; empty for every class.
    pub risks: BTreeSet<Risk>,
    /// Only plans that act on a kind of one of these patterns, such as `aws_db_*`; empty for all.
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
        let fits = |rule: &&ConditionalRule| rule.when.fit(about) && rule.rule.decided_by.admits(about);
        self.special.iter().find(fits).map_or(&self.usual, |found| &found.rule)
    }

    /// Every rule, the usual one last.
    pub fn all(&self) -> impl Iterator<Item = &ApprovalRule> {
        self.special.iter().map(|special| &special.rule).chain(std::iter::once(&self.usual))
    }
}

impl Conditions {
    /// Whether the plan is one of those meant.
    pub fn fit(&self, about: &About<'_>) -> bool {
        let counts = about.plan.counts();
        let deletes = u32::try_from(counts.delete + counts.replace).unwrap_or(u32::MAX);
        let full = format!("{}/{}", about.environment, about.component);
        let named = |patterns: &[Pattern], name: Option<&str>| {
            patterns.is_empty() || name.is_some_and(|name| patterns.iter().any(|pattern| pattern.matches(name)))
        };
        let kinds = || {
            let mut actions = about.plan.actions().iter();
            self.kinds.is_empty()
                || actions.any(|action| self.kinds.iter().any(|pattern| pattern.matches(&action.kind)))
        };
        (self.risks.is_empty() || self.risks.contains(&about.risk))
            && self.at_least_deletes.is_none_or(|least| deletes >= least)
            && self.at_most_deletes.is_none_or(|most| deletes <= most)
            && named(&self.components, Some(&full))
            && named(&self.templates, about.template)
            && kinds()
    }
}

impl DecidedBy {
    /// A rule alone never approves what is severe, or deletes or replaces anything, whatever it says of itself.
    pub fn admits(self, about: &About<'_>) -> bool {
        let counts = about.plan.counts();
        match self {
            Self::People => true,
            Self::TheRule => about.risk < Risk::Severe && counts.delete == 0 && counts.replace == 0,
        }
    }
}
