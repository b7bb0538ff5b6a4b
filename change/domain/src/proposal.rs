//! A proposal: what a tool hands to the engine instead of acting.
//! Made by tools/functions from checked arguments; turned into a draft by the catalogue.
//! Must never hold rendered text: the catalogue alone renders.

use crate::component::ComponentId;
use crate::ids::{ChangeId, ObjectHash, TemplateName};
use crate::literal::Literal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where a value came from; shown on the card when nobody said it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from", content = "source")]
pub enum Origin {
    /// The person said it.
    Said,
    /// The template's default.
    Default,
    /// The environment's configuration.
    Environment,
    /// Last used in this conversation.
    Memory,
    /// The component's present version.
    Kept,
    /// A language model chose it: nobody said it and no default has it.
    Model,
    /// What was found there: a value that drifted and is taken over.
    Found,
    /// Text from outside (a log, an annotation, an alert); names its source. May not choose environment or template.
    OutsideText(String),
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    /// The value.
    pub value: Literal,
    /// Where it came from.
    pub origin: Origin,
}

/// One object of a cluster, named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectReference {
    /// Group and version, such as `apps/v1`.
    pub api_version: String,
    /// Kind, such as `Deployment`.
    pub kind: String,
    /// Namespace; none for cluster-scoped kinds.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl std::fmt::Display for ObjectReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{}/{}", self.kind, namespace, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}

/// What is to happen to a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "intent")]
pub enum Intent {
    /// Make a new component from a template.
    Create {
        /// The template.
        template: TemplateName,
        /// Values given; the catalogue adds defaults.
        values: BTreeMap<String, Sourced>,
    },
    /// Change some values of a component that is there.
    Edit {
        /// Only the values that change.
        values: BTreeMap<String, Sourced>,
    },
    /// Start the component's pods anew without changing a value.
    Restart {
        /// When it was asked, in milliseconds: written into the pod template, so that the restart is a difference.
        asked_at: i64,
    },
    /// Delete the component and everything it made.
    Delete,
    /// Return to an earlier version; undo is this.
    Restore {
        /// The commit to return to; none means that the component did not exist, so restoring deletes it.
        version: Option<ObjectHash>,
        /// The change that is undone.
        undoes: Option<ChangeId>,
    },
    /// Bring what is there back to what is committed, without changing what is committed.
    Reconcile,
    /// Apply a folder of HCL that is there already, as it stands: see [`crate::component::ROOT_GROUP`].
    Root {
        /// The folder, absolute and without symbolic links.
        folder: PathBuf,
    },
    /// Change single fields of an object that is not ours.
    Patch {
        /// The object.
        object: ObjectReference,
        /// JSON pointer (RFC 6901) to new value; none removes the field.
        fields: BTreeMap<String, Option<Literal>>,
    },
}

/// What a tool proposes. It changes nothing: the engine makes a change from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The component it is about. For a patch: group is the object's namespace, name its name.
    pub component: ComponentId,
    /// Where the environment came from.
    pub environment_origin: Origin,
    /// Where the component's group came from.
    pub group_origin: Origin,
    /// What is to happen.
    pub intent: Intent,
    /// The waiting change this replaces by a next revision, if any.
    pub revises: Option<ChangeId>,
}
