//! A draft: the exact files a change would put into a component's folder.
//! Made by the catalogue from a proposal; planned by a runner.
//! Must never be changed once made: an edit is a new draft.

use crate::component::{ComponentFile, ComponentId, TemplatePin};
use crate::digest::{Digest, Fields};
use crate::ids::TemplateName;
use crate::literal::Literal;
use crate::proposal::{ObjectReference, Sourced};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a change does to its component, for the card's first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A new component.
    Create,
    /// New values.
    Edit,
    /// New pods, same values.
    Restart,
    /// The component goes.
    Delete,
    /// Back to an earlier version.
    Restore,
    /// Single fields of an object that is not ours.
    Patch,
}

/// Whether the previous version brings everything back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "way", content = "what")]
pub enum WayBack {
    /// The previous version of the component restores it fully.
    PreviousVersion,
    /// Creating it again restores its form, but not what is named here (a key of the card's messages, such as `data`).
    NotEverything(String),
}

/// How to tell that it worked, from the template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verify {
    /// Workloads rolled out, pods ready.
    Rollout,
    /// Objects exist as applied.
    Exists,
    /// A job ran to completion.
    Completion,
}

/// What a draft holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "content")]
pub enum Content {
    /// The component's whole folder.
    Component {
        /// The template that rendered it.
        template: TemplatePin,
        /// Every value with its origin.
        values: BTreeMap<String, Sourced>,
        /// Files sorted by name, `component.toml` included.
        files: Vec<ComponentFile>,
    },
    /// Nothing is left: the folder goes.
    Removed {
        /// The template that had made it.
        template: TemplateName,
    },
    /// Fields of one object that is not ours.
    Fields {
        /// The object.
        object: ObjectReference,
        /// JSON pointer to new value; none removes.
        fields: BTreeMap<String, Option<Literal>>,
    },
}

/// The rendered files of a change with the values used and where each came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The component.
    pub component: ComponentId,
    /// What happens to it.
    pub action: Action,
    /// The bytes.
    pub content: Content,
    /// How to tell that it worked.
    pub verify: Verify,
    /// What undo can bring back.
    pub way_back: WayBack,
}

impl Draft {
    /// The files of the folder; none for removals and field patches.
    pub fn files(&self) -> &[ComponentFile] {
        match &self.content {
            Content::Component { files, .. } => files,
            Content::Removed { .. } | Content::Fields { .. } => &[],
        }
    }

    /// Digest of the bundle: every file name and byte, or the patch.
    pub fn bundle_digest(&self) -> Digest {
        let mut fields = Fields::new("chopmark/bundle/v1");
        fields.text(&self.component.to_string());
        match &self.content {
            Content::Component { files, .. } => {
                fields.text("component");
                for file in files {
                    fields.text(&file.name).text(&file.text);
                }
            }
            Content::Removed { template } => {
                fields.text("removed").text(template.as_str());
            }
            Content::Fields { object, fields: patch } => {
                fields.text("fields").text(&object.to_string()).json(patch);
            }
        }
        fields.finish()
    }
}
