//! Plan: what the real program would do with a draft's files, in a confined scratch folder.
//! Called before approval and again at the start; what it keeps is what apply executes.
//! Must never change anything outside its scratch folder, nor let a refused configuration reach the program.

use super::Tool;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::PlanRequest;
use chopmark_domain::problem::{Code, Problem};

/// Plans a draft.
pub(super) async fn plan(_tool: &Tool, _request: PlanRequest<'_>) -> Result<Step, Problem> {
    Err(Problem::new(Code::Internal).with("reason", "not yet"))
}
