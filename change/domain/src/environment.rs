//! Environments: named places to change.
//! Read from configuration by the app; passed to runners, tools and the card.
//! Must never hold a credential, only references to one.

use crate::calendar::Windows;
use crate::ids::{EnvironmentName, TemplateName};
use crate::literal::Literal;
use crate::policy::Effects;
use crate::rules::Rules;
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

/// Where Terraform's providers come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from", content = "folder")]
pub enum Providers {
    /// Nowhere: only what is built into the program (`terraform_data`).
    BuiltIn,
    /// A filesystem mirror; nothing is fetched.
    Mirror(PathBuf),
    /// The registries, kept in a plugin cache.
    Network {
        /// The cache.
        cache: PathBuf,
    },
}

/// Where Terraform's states are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// Terraform's name of it, such as `s3`.
    pub kind: String,
    /// Its settings, without credentials. In each text `{component}` stands for the component's `group/name`.
    pub settings: BTreeMap<String, Literal>,
}

/// How Terraform is used in an environment. Credentials stand here by reference only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerraformAddress {
    /// The program: a name looked up on PATH (`terraform`, `tofu`) or an absolute path. None: `terraform`, else `tofu`.
    pub program: Option<String>,
    /// Where providers come from.
    pub providers: Providers,
    /// The major version of each provider that is there, by its source without registry (`hashicorp/aws`): read from the
    /// mirror, or said in the configuration. Templates choose their variant by it; without an entry, their newest.
    #[serde(default)]
    pub majors: BTreeMap<String, u32>,
    /// Settings of each provider, by its local name, written into the components' `providers.tf`. A map directly below a
    /// provider is a nested block, deeper ones are maps.
    pub settings: BTreeMap<String, BTreeMap<String, Literal>>,
    /// Where states are kept; none for a local state per component in the data folder.
    pub backend: Option<Backend>,
    /// Environment variables for plans, by name, each a reference (`env:NAME`, `file:/path`).
    pub plan_credentials: BTreeMap<String, String>,
    /// Environment variables for applies, the same way. Used for plans too where `plan_credentials` is empty.
    pub credentials: BTreeMap<String, String>,
    /// TCP ports its providers and backend may connect to.
    pub ports: Vec<u16>,
    /// Seconds that an apply may take.
    pub apply_seconds: u64,
    /// Folders of HCL that are there already, by the name people call them.
    pub roots: BTreeMap<String, PathBuf>,
}

/// Whether anything of an environment may be sent to a model outside this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disclosure {
    /// It may.
    Allowed,
    /// Never: sentences about it are understood by the planner inside the program.
    Never,
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
    /// How Terraform is used, if it is.
    pub terraform: Option<TerraformAddress>,
    /// Whether it may be spoken of to models outside this program.
    pub disclosure: Disclosure,
    /// Who may approve, how many, until when, by kind of plan.
    pub rules: Rules,
    /// When changes start.
    pub windows: Windows,
    /// Whether anything may take effect here.
    pub effects: Effects,
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
