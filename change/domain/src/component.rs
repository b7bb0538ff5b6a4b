//! A component: a named thing in an environment, one folder in the environment's repository.
//! Read from the repository by the git runner; rendered by the catalogue.
//! Must never hold a path outside its own folder.

use crate::ids::{EnvironmentName, InvalidName, ObjectHash, TemplateName, invalid, is_dns_label};
use crate::literal::Literal;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The group of components that belong to no namespace, such as namespaces themselves.
pub const CLUSTER_GROUP: &str = "cluster";

/// The group of existing Terraform roots: `dev/roots/network` is the folder that environment `dev` names `network`.
pub const ROOT_GROUP: &str = "roots";

/// The group of components that are no Kubernetes objects and that nobody put into another group.
pub const MAIN_GROUP: &str = "main";

/// A component's place within its environment: a group (a namespace, or `cluster`) and a name, as in `shop/cart`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ComponentPath {
    group: String,
    name: String,
}

impl ComponentPath {
    /// Both parts must be RFC 1123 labels.
    ///
    /// # Errors
    /// [`InvalidName`] when one is not.
    pub fn new(group: &str, name: &str) -> Result<Self, InvalidName> {
        let rule = crate::ids::DNS_LABEL_RULE;
        for part in [group, name] {
            if !is_dns_label(part) {
                return Err(invalid("component", part, rule));
            }
        }
        Ok(Self { group: group.to_owned(), name: name.to_owned() })
    }
    /// The namespace, or [`CLUSTER_GROUP`].
    pub fn group(&self) -> &str {
        &self.group
    }
    /// The component's own name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for ComponentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.group, self.name)
    }
}

impl TryFrom<String> for ComponentPath {
    type Error = InvalidName;
    fn try_from(text: String) -> Result<Self, InvalidName> {
        let rule = "two names joined by a slash, such as shop/cart";
        let (group, name) = text.split_once('/').ok_or_else(|| invalid("component", &text, rule))?;
        Self::new(group, name)
    }
}

impl From<ComponentPath> for String {
    fn from(path: ComponentPath) -> String {
        path.to_string()
    }
}

/// A component with its environment, as in `dev/shop/cart`: the unit of locking, undo, drift and cost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ComponentId {
    /// The environment it lives in.
    pub environment: EnvironmentName,
    /// Its place there.
    pub path: ComponentPath,
}

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.environment, self.path)
    }
}

impl std::str::FromStr for ComponentId {
    type Err = InvalidName;
    /// Parses `environment/group/name`.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let rule = "an environment, a group and a name joined by slashes, such as dev/shop/cart";
        let (environment, path) = text.split_once('/').ok_or_else(|| invalid("component", text, rule))?;
        Ok(Self { environment: EnvironmentName::parse(environment)?, path: ComponentPath::try_from(path.to_owned())? })
    }
}

/// Which template made a component, pinned so that a later edit of the template changes nothing unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePin {
    /// The template's name.
    pub name: TemplateName,
    /// The template's own version.
    pub version: u32,
    /// SHA-256 of the template's metadata and files, in hexadecimal.
    pub digest: String,
}

/// One file of a component's folder or of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentFile {
    /// Name within the component's folder: letters, digits, dots, dashes, underscores; no folders.
    pub name: String,
    /// The exact text.
    pub text: String,
}

impl ComponentFile {
    /// Whether Terraform reads it as part of a configuration.
    pub fn is_terraform(&self) -> bool {
        [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|ending| self.name.ends_with(ending))
    }
}

/// What a component's folder held at one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentVersion {
    /// The component.
    pub component: ComponentId,
    /// The template that rendered it.
    pub template: TemplatePin,
    /// The values it was rendered with.
    pub values: BTreeMap<String, Literal>,
    /// Every file of the folder, sorted by name, `component.toml` included.
    pub files: Vec<ComponentFile>,
    /// The commit that made this version.
    pub commit: ObjectHash,
    /// The change that made it, from the commit's trailer; none when a person committed by hand.
    pub change: Option<crate::ids::ChangeId>,
    /// When it was committed.
    pub at: Timestamp,
}
