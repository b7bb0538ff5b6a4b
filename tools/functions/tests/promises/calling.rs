//! Calling one tool in a small world.
//! Used by the promises about tools.
//! Must never swallow another outcome than the one that was asked for.

use super::kit::World;
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::Proposal;
use chopmark_functions::{Asker, ToolOutcome};
use serde_json::Value;

pub(super) fn call(world: World, asker: &Asker, tool: &str, arguments: Value) -> Result<ToolOutcome, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(world.toolbox().call(asker, tool, arguments))
}

pub(super) fn proposal(world: World, asker: &Asker, tool: &str, arguments: Value) -> Proposal {
    match call(world, asker, tool, arguments) {
        Ok(ToolOutcome::Proposal(proposal)) => *proposal,
        other => panic!("no proposal: {other:?}"),
    }
}

pub(super) fn problem(world: World, asker: &Asker, tool: &str, arguments: Value) -> Problem {
    call(world, asker, tool, arguments).expect_err("a problem")
}
