//! The message of a commit: what was done, what was asked, and who answers for it.
//! Used by apply.
//! Must never let a person's words pass for a trailer.

use chopmark_domain::countersigned::Countersigned;
use chopmark_domain::draft::{Action, Content};
use chopmark_domain::ids::RunId;

/// The trailer that names the run: the mark by which a second try finds that the first one worked.
pub(super) const RUN_TRAILER: &str = "Chopmark-Run";

/// The whole message.
pub(super) fn message(countersigned: &Countersigned, run: &RunId) -> String {
    let mut lines = vec![title(countersigned), String::new()];
    let said: String = countersigned.request().chars().filter(|c| !c.is_control()).take(200).collect();
    if !said.is_empty() {
        // Quoted, in a paragraph of its own: only the last paragraph can hold trailers.
        lines.extend([format!("> {said}"), String::new()]);
    }
    lines.push(format!("Chopmark-Change: {}", countersigned.change()));
    lines.push(format!("Chopmark-Revision: {}", countersigned.revision()));
    lines.push(format!("Chopmark-Digest: {}", countersigned.digest()));
    lines.push(format!("{RUN_TRAILER}: {run}"));
    lines.push(format!("Requested-by: {}", countersigned.requester()));
    lines.extend(countersigned.approved_by().names().into_iter().map(|name| format!("Approved-by: {name}")));
    lines.join("\n") + "\n"
}

fn title(countersigned: &Countersigned) -> String {
    let draft = countersigned.draft();
    let verb = match draft.action {
        Action::Create => "Create",
        Action::Edit => "Edit",
        Action::Restart => "Restart",
        Action::Delete => "Delete",
        Action::Restore => "Restore",
        Action::Reconcile => "Reconcile",
        Action::Root => "Apply",
        Action::Patch => "Patch",
    };
    match &draft.content {
        Content::Component { template, .. } => format!("{verb} {} ({})", draft.component, template.name),
        Content::Removed { template } => format!("{verb} {} ({template})", draft.component),
        Content::Root { .. } => format!("{verb} {}", draft.component),
        Content::Fields { object, .. } => format!("{verb} {object}"),
    }
}
