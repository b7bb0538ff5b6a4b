//! Environments: named places to change.
//! Read from configuration by the app; passed to runners, tools and the card.
//! Must never hold a credential, only references to one.

use crate::approval::ApprovalRule;
use crate::ids::{EnvironmentName, TemplateName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Chopmark applies to the target itself; the commit is part of the run.
    Apply,
    /// The commit is the effect; another system applies it.
    Gitops,
}

/// The git repository that holds an environment's desired state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryAddress {
    /// The local repository (with a work tree).
    pub path: PathBuf,
    /// The branch that is the desired state.
    pub branch: String,
    /// Folder inside the repository that holds the components; empty for its root.
    pub folder: String,
    /// Where to push, if anywhere.
    pub remote: Option<String>,
}

/// A Kubernetes cluster, by reference to credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterAddress {
    /// The kubeconfig file; none for in-cluster credentials or the default file.
    pub kubeconfig: Option<PathBuf>,
    /// The context within it; none for the current one.
    pub context: Option<String>,
    /// The context used for plans, when reads and dry runs have their own identity.
    pub plan_context: Option<String>,
}

/// A named place to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// How changes take effect.
    pub mode: Mode,
    /// Where its desired state lives.
    pub repository: RepositoryAddress,
    /// The cluster behind it, if it has one.
    pub cluster: Option<ClusterAddress>,
    /// Who may approve, how many, until when.
    pub rule: ApprovalRule,
    /// Templates that may be used here; empty means none, absent in configuration means every shipped one.
    pub templates: Vec<TemplateName>,
}

/// Every configured environment; the default is the one used when nobody says another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environments {
    /// By name.
    pub all: BTreeMap<EnvironmentName, Environment>,
    /// Used when neither the sentence nor the conversation names one.
    pub default: EnvironmentName,
}

impl Environments {
    /// The environment of that name.
    pub fn get(&self, name: &EnvironmentName) -> Option<&Environment> {
        self.all.get(name)
    }
}
