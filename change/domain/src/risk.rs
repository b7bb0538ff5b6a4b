//! Risk: the class of a plan, from the parsed plan alone.
//! Computed by the engine after planning; shown on the card; part of the digest.
//! Must never look at what a person or a model says, and treats what it does not know as severe.

mod kinds;

use crate::plan::{Plan, ResourceAction, Verb};
use serde::{Deserialize, Serialize};

/// The class of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Creates or edits that the previous version brings back.
    Low,
    /// Edits of shared or exposed things, take-overs, replacements of stateless things.
    Moderate,
    /// Deletes, replacements, and kinds we don't know.
    Severe,
}

/// Why a plan has its class; key of a message, with the address it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskReason {
    /// The class this reason alone asks for.
    pub risk: Risk,
    /// Key of the message, such as `risk-delete`.
    pub key: String,
    /// The resource's address.
    pub about: String,
}

/// The class of a plan with every reason above low, worst first. Looked at is what people decide on
/// (see [`Plan::actions`]): a commit that only records the same content adds no danger to it.
pub fn classify(plan: &Plan) -> (Risk, Vec<RiskReason>) {
    let mut reasons: Vec<_> = plan.actions().iter().filter_map(reason).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.risk));
    (reasons.first().map_or(Risk::Low, |reason| reason.risk), reasons)
}

fn reason(action: &ResourceAction) -> Option<RiskReason> {
    let known = kinds::classes(&action.kind);
    let (risk, key) = match (action.verb, known) {
        (Verb::Keep, _) => return None,
        (Verb::Delete, _) => (Risk::Severe, "risk-delete"),
        (Verb::Replace, _) => (Risk::Severe, "risk-replace"),
        (Verb::TakeOver, _) => (Risk::Moderate, "risk-take-over"),
        (Verb::Create | Verb::Update, None) => (Risk::Severe, "risk-unknown-kind"),
        (Verb::Create, Some(classes)) => (classes.create, "risk-shared-kind"),
        (Verb::Update, Some(classes)) if classes.create == Risk::Low => (classes.edit, "risk-in-use"),
        (Verb::Update, Some(classes)) => (classes.edit, "risk-shared-kind"),
    };
    (risk > Risk::Low).then(|| RiskReason { risk, key: key.to_owned(), about: action.address.clone() })
}
