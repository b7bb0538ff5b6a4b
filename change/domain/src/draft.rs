//! A draft: the exact files a change would put into a component's folder.
//! Made by the catalogue from a proposal; planned by a runner.
//! Must never be changed once made: an edit is a new draft.

use crate::component::{ComponentFile, ComponentId, ComponentVersion, TemplatePin};
use crate::digest::{Digest, Fields};
use crate::ids::TemplateName;
use crate::literal::Literal;
use crate::proposal::{ObjectReference, Sourced};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

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
    /// What drifted goes back to what is committed.
    Reconcile,
    /// A folder of HCL that is there already is applied as it stands.
    Root,
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
    /// A second plan finds nothing to do.
    SecondPlan,
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
    /// A folder of HCL that is not ours, as it stood when it was drafted.
    Root {
        /// The folder.
        folder: PathBuf,
        /// Every file that takes part, sorted by name; names may hold folders (`modules/vpc/main.tf`).
        files: Vec<ComponentFile>,
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
    /// The template that made the component; none for what no template made.
    pub fn template(&self) -> Option<&TemplateName> {
        match &self.content {
            Content::Component { template, .. } => Some(&template.name),
            Content::Removed { template } => Some(template),
            Content::Root { .. } | Content::Fields { .. } => None,
        }
    }

    /// Whether it has a folder in the environment's repository, in which the git runner records it.
    pub fn is_recorded(&self) -> bool {
        match &self.content {
            Content::Component { .. } | Content::Removed { .. } => true,
            Content::Root { .. } | Content::Fields { .. } => false,
        }
    }

    /// The runner whose work it is, told by the files: those of the draft, and for a removal those of the version
    /// that goes.
    pub fn runner(&self, previous: Option<&ComponentVersion>) -> &'static str {
        let files: &[ComponentFile] = match &self.content {
            Content::Component { files, .. } | Content::Root { files, .. } => files,
            Content::Removed { .. } => previous.map_or(&[], |version| version.files.as_slice()),
            Content::Fields { .. } => &[],
        };
        let terraform = matches!(self.content, Content::Root { .. }) || files.iter().any(ComponentFile::is_terraform);
        if terraform { "terraform" } else { "kubernetes" }
    }

    /// The files of the folder; none for removals and field patches.
    pub fn files(&self) -> &[ComponentFile] {
        match &self.content {
            Content::Component { files, .. } | Content::Root { files, .. } => files,
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
            Content::Root { folder, files } => {
                fields.text("root").text(&folder.to_string_lossy());
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
