//! Verify: it worked when a second plan of the same files finds nothing to do.
//! Called by the engine after the apply.
//! Must never change anything.

use super::Terraform;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::Environment;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::{Answer, Progress};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Record, Verification};

/// Plans a second time.
pub(super) async fn verify(
    _terraform: &Terraform,
    _environment: &Environment,
    _draft: &Draft,
    _step: &Step,
    _record: &Record,
    _progress: &dyn Progress,
) -> Answer<Verification> {
    Err(Problem::new(Code::Internal).with("reason", "not yet"))
}
