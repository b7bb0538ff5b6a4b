//! Instructions: exactly what the Terraform runner executes, as canonical JSON inside a plan's step.
//! Written by plan; read by apply, verify, observe and discard.
//! Must never hold a secret's value, only the keyed digest of it.

use chopmark_domain::canonical;
use chopmark_domain::digest::Digest;
use chopmark_domain::plan::Step;
use chopmark_domain::problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instructions {
    /// Name of the scratch folder below `terraform/scratch` of the data folder. Empty where nothing was kept.
    pub(crate) scratch: String,
    /// SHA-256 of the plan file.
    pub(crate) plan: Digest,
    /// Digest of the files that were planned.
    pub(crate) bundle: Digest,
    /// Whether the component goes as a whole.
    pub(crate) destroys: bool,
    /// The program.
    pub(crate) program: PathBuf,
    /// Every provider that takes part, sorted by source.
    pub(crate) providers: Vec<ProviderPin>,
    /// Variables that the apply gives the program, by name.
    pub(crate) credentials: BTreeMap<String, CredentialPin>,
    /// Where the state is.
    pub(crate) state: StatePlace,
    /// The workspace.
    pub(crate) workspace: String,
    /// TCP ports that may be connected to.
    pub(crate) ports: Vec<u16>,
    /// Seconds that the apply may take.
    pub(crate) apply_seconds: u64,
    /// Every file of the bundle by name, the lock file included.
    pub(crate) files: Vec<(String, Digest)>,
}

/// A provider as it was initialised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ProviderPin {
    /// Its source, such as `hashicorp/aws` behind its host.
    pub(crate) source: String,
    /// Its version.
    pub(crate) version: String,
    /// SHA-256 of its binary.
    pub(crate) digest: Digest,
}

/// A credential by reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CredentialPin {
    /// `env:NAME` or `file:/path`.
    pub(crate) reference: String,
    /// Keyed hash of the value at plan: another value at apply is another plan.
    pub(crate) hash: String,
}

/// Where a state is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "place")]
pub(crate) enum StatePlace {
    /// A file of ours, or one that an existing root keeps beside itself.
    Local {
        /// The file.
        path: PathBuf,
    },
    /// A backend that the environment names.
    Backend {
        /// Terraform's name of it.
        kind: String,
        /// Its settings, canonical.
        address: String,
    },
    /// The backend that an existing root names itself.
    Root {
        /// Terraform's name of it.
        kind: String,
    },
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
