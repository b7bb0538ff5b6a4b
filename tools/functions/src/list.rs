//! The one list of everything a model may call.
//! Read by the toolbox, the prompt and the tests.
//! Must never hold a tool that acts.

use crate::propose::{create, delete, edit, patch, plan_root, reconcile, restart, restore};
use crate::read::{
    check_health, list_changes, list_components, list_objects, list_templates, read_drift, read_events, read_ledger,
    read_logs, show_change, show_component, who_may_approve,
};
use crate::tool::Tool;

/// Every tool; reading ones first.
pub fn list() -> &'static [&'static dyn Tool] {
    &[
        &list_components::ListComponents,
        &show_component::ShowComponent,
        &list_changes::ListChanges,
        &show_change::ShowChange,
        &read_ledger::ReadLedger,
        &list_objects::ListObjects,
        &read_events::ReadEvents,
        &read_logs::ReadLogs,
        &check_health::CheckHealth,
        &read_drift::ReadDrift,
        &list_templates::ListTemplates,
        &who_may_approve::WhoMayApprove,
        &create::ProposeCreate,
        &edit::ProposeEdit,
        &restart::ProposeRestart,
        &delete::ProposeDelete,
        &patch::ProposePatch,
        &restore::ProposeRestore,
        &reconcile::ProposeReconcile,
        &plan_root::ProposeRoot,
    ]
}

/// The tool of that name.
pub fn find(name: &str) -> Option<&'static dyn Tool> {
    list().iter().copied().find(|tool| tool.name() == name)
}
