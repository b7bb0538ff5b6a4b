//! Apply: exactly the countersigned plan file, in the exec child, with progress for each resource.
//! Called by the runner under a countersigned plan and a live lease.
//! Must never plan anew, nor start a second time.

use super::Tool;
use chopmark_domain::ports::{Progress, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Record;

/// Applies the step.
pub(super) async fn apply(
    _tool: &Tool,
    _work: Work<'_>,
    _progress: &dyn Progress,
    _record: &mut Record,
) -> Result<(), StepFailed> {
    Err(StepFailed { problem: Problem::new(Code::Internal).with("reason", "not yet"), done: Vec::new() })
}
