//! Instructions: exactly what the Kubernetes runner executes, as canonical JSON inside a plan's step.
//! Written by plan; read by apply, verify and observe.
//! Must never hold a secret's value, only the keyed digest of it.

use chopmark_domain::canonical;
use chopmark_domain::plan::Step;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is executed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instructions {
    /// UID of the cluster's namespace `kube-system`.
    pub(crate) cluster: String,
    /// Whole objects, in the order in which they are sent.
    pub(crate) objects: Vec<Value>,
    /// UIDs of objects that are there, by address; whatever is not named here must be absent.
    pub(crate) known: BTreeMap<String, String>,
    /// Objects that are destroyed and made anew because a field of theirs cannot change.
    pub(crate) replaced: Vec<String>,
    /// Fields that are taken over from their owners, by address.
    pub(crate) forced: BTreeMap<String, Vec<Conflict>>,
    /// Objects that go, in the order in which they go.
    pub(crate) deletes: Vec<Deletion>,
    /// A patch of single fields of an object that is not ours.
    pub(crate) patch: Option<FieldPatch>,
}

/// A field that somebody else owns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Conflict {
    /// The owner, as the server names it.
    pub(crate) owner: String,
    /// The field, as the server names it, such as `.spec.replicas`.
    pub(crate) field: String,
}

/// An object that goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deletion {
    /// Which.
    pub(crate) object: ObjectReference,
    /// Its UID: another object of that name stays.
    pub(crate) uid: String,
}

/// A patch of single fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FieldPatch {
    /// The object.
    pub(crate) object: ObjectReference,
    /// Its UID.
    pub(crate) uid: String,
    /// JSON Patch operations (RFC 6902), without the tests that are added when they are sent.
    pub(crate) operations: Vec<Value>,
}

impl Instructions {
    /// The text that stands in a step.
    pub(crate) fn to_text(&self) -> String {
        canonical::to_string(self)
    }

    /// Reads them from a step.
    ///
    /// # Errors
    /// [`Code::DigestMismatch`]: a step of ours always reads back, so this one was written by somebody else.
    pub(crate) fn of(step: &Step) -> Result<Self, Problem> {
        serde_json::from_str(&step.instructions).map_err(|_| Problem::new(Code::DigestMismatch))
    }
}
