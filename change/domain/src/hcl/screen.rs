//! The rules that hold in both lanes: what runs a command, and what hands the work to another place.
//! Used by the two lanes.
//! Must never depend on where a block stands: a rule that only looks at the top is walked around.

use super::block::Block;
use super::lists;
use super::{Refusal, modules::Part};

/// A refusal at a block.
pub(super) fn at(part: &Part<'_>, line: usize, what: impl Into<String>, rule: &'static str) -> Refusal {
    Refusal { file: part.file.name.clone(), line, what: what.into(), rule }
}

/// What no configuration may hold.
pub(super) fn everywhere(part: &Part<'_>) -> Vec<Refusal> {
    let mut found: Vec<Refusal> =
        part.broken.iter().map(|line| at(part, *line, "a text that is no template", "syntax")).collect();
    for top in &part.blocks {
        for block in top.all() {
            found.extend(command(top, block).map(|rule| at(part, block.line, block.shown(), rule)));
            if block.kind == "data" || (block.kind == "ephemeral" && !block.labels.is_empty()) {
                let outside = lists::is_outside_data(block.label(0));
                found.extend(outside.then(|| at(part, block.line, block.shown(), "outside-data")));
            }
        }
    }
    found
}

/// The rule that a block breaks by running something, or by having it run elsewhere.
fn command(top: &Block, block: &Block) -> Option<&'static str> {
    let inner = top.inner.iter().any(|inner| std::ptr::eq(inner, block));
    let direct = |kind: &str| inner && block.kind == kind;
    let dynamic = block.kind == "dynamic" && ["provisioner", "connection"].contains(&block.label(0));
    // security.md §1.3: a plan does not freeze the scripts that a provisioner runs, and no view of it shows them.
    if block.kind == "provisioner" || dynamic {
        return Some("provisioner");
    }
    // Only provisioners use connections; elsewhere the word may be a provider's own.
    if ["resource", "removed", "data"].contains(&top.kind.as_str()) && direct("connection") {
        return Some("connection");
    }
    // A provider that runs a command for its credentials runs it during the plan.
    if top.kind == "provider" && (block.kind == "exec" || (block.kind == "dynamic" && block.label(0) == "exec")) {
        return Some("provider-exec");
    }
    // The plan would be worked out and kept by another system, so its bytes could not be countersigned.
    if top.kind == "terraform" && (direct("cloud") || (direct("backend") && block.label(0) == "remote")) {
        return Some("cloud");
    }
    // OpenTofu: keys and methods of state encryption that are commands.
    let keys = ["key_provider", "method"].contains(&block.kind.as_str());
    if top.kind == "terraform" && keys && block.label(0) == "external" {
        return Some("encryption");
    }
    if top.kind == "resource" && std::ptr::eq(top, block) && lists::is_command(block.label(0)) {
        return Some("command-resource");
    }
    None
}
