//! What a countersignature in these tests is counted with: one person, who may everything.
//! Used by the scene, and by the papers of changes.
//! Must never let anybody count whom the rule does not name.

use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::grounds::{Grounds, Subject};
use chopmark_domain::person::Person;
use chopmark_domain::policy::Policy;
use chopmark_domain::rights::Rights;
use chopmark_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The grounds on which `somebody` decides.
pub(crate) fn grounds(somebody: Person, change: &Change, record: &RevisionRecord) -> Grounds {
    Grounds {
        people: BTreeMap::from([(somebody.id.clone(), somebody)]),
        identities: BTreeMap::new(),
        voided: BTreeSet::new(),
        policy: Arc::new(Policy { rights: Rights::of_any_role("test"), ..Policy::default() }),
        subject: Subject { component: change.component.clone(), template: None },
        rule: record.planned.as_ref().map(|planned| planned.rule.clone()),
        sealed: false,
        template: None,
        now: Timestamp(2),
    }
}
