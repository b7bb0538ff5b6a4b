//! HCL as this house reads it: the strict parse, the screen over the parsed tree, the resources in it, its plain tree.
//! Used by the catalogue on what it renders and by the Terraform runner before any program sees a file.
//! Must never let a program decide what a configuration may do: planning already runs what stands in it.

mod block;
mod functions;
mod json;
mod lists;
mod modules;
mod paths;
mod read;
mod root;
mod screen;
mod template;
mod tree;

pub use read::{InvalidHcl, LONGEST_BUNDLE, LONGEST_FILE};
pub use tree::Tree;

use crate::component::ComponentFile;

/// What a configuration is screened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane<'a> {
    /// It was rendered from a template: only what templates are made of.
    Template {
        /// The resource types it may hold, as `terraform/aws_s3_bucket` or `aws_s3_bucket`.
        kinds: &'a [String],
        /// The sources of the providers it may use, such as `hashicorp/aws`.
        providers: &'a [String],
    },
    /// A folder that a team keeps: everything but what runs, reads or fetches something outside it while planning.
    Root,
}

/// Something that may not stand in a configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there, as a person would name it: `provisioner "local-exec"`.
    pub what: String,
    /// A stable key of the rule.
    pub rule: &'static str,
}

/// A resource that a configuration declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its address, such as `aws_s3_bucket.this` or `module.vpc.aws_subnet.a`.
    pub address: String,
    /// Its type.
    pub kind: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// Looks through every file that Terraform or OpenTofu would read, and through what those name.
///
/// # Errors
/// Everything that may not stand there, by file and line; what does not parse has the rule `syntax`.
pub fn screen(files: &[ComponentFile], lane: Lane<'_>) -> Result<(), Vec<Refusal>> {
    let mut refusals = match lane {
        Lane::Template { kinds, providers } => template::screen(files, kinds, providers),
        Lane::Root => root::screen(files),
    };
    refusals.sort();
    refusals.dedup();
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// The tree of a file in HCL's own syntax.
///
/// # Errors
/// [`InvalidHcl`] when it does not parse, or could be read differently by another parser.
pub fn parse(file: &ComponentFile) -> Result<Tree, InvalidHcl> {
    read::body(file).map(|body| tree::tree(&body))
}

/// Every managed resource, also those of modules in the bundle, in the files' order.
///
/// # Errors
/// [`InvalidHcl`] for the first file that does not parse.
pub fn resources(files: &[ComponentFile]) -> Result<Vec<Resource>, InvalidHcl> {
    modules::resources(files)
}
