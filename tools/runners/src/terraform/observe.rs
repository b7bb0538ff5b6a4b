//! Observe: what of a step is there, asked of the real system after a crash.
//! Called by the engine.
//! Must never change anything.

use super::Tool;
use chopmark_domain::environment::Environment;
use chopmark_domain::plan::Step;
use chopmark_domain::run::Observed;

/// Looks.
pub(super) async fn observe(_tool: &Tool, _environment: &Environment, _step: &Step) -> Observed {
    Observed::Unknown("not yet".to_owned())
}
