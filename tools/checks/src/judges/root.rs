//! Judge of roots: an existing folder of HCL is applied only where the environment names it.
//! One of the list in `judges`.
//! Must never take a folder for a named one because of its name: the whole path counts.

use crate::case::Case;
use crate::finding;
use chopmark_domain::draft::Content;
use chopmark_domain::finding::{Finding, Severity};

/// Denies a folder that the environment does not name as this root.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let Content::Root { folder, .. } = case.content else { return vec![] };
    let name = case.component.path.name();
    let roots = case.environment.terraform.as_ref().map(|terraform| &terraform.roots);
    if roots.and_then(|roots| roots.get(name)) == Some(folder) {
        return vec![];
    }
    let environment = case.environment.name.as_str();
    let folder = folder.to_string_lossy();
    let facts = [("folder", folder.as_ref()), ("environment", environment), ("name", name)];
    vec![finding("root-unnamed", Severity::Deny, &folder, &facts)]
}
