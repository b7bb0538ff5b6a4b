//! Examines the models: the planner inside the program, and each one outside it that is asked.
//! Called by the doctor.
//! Must never ask a model anything, and never show a key.

use super::check::{Check, Standing};
use crate::config::{ModelEntry, Models, is_here};
use chopmark_assistant::models::reach;
use chopmark_domain::problem::Problem;

/// A line for each model in the order they are asked.
pub(super) async fn examine(models: &Models) -> Vec<Check> {
    let mut checks = Vec::new();
    for entry in models.chain() {
        checks.push(one(entry).await);
    }
    checks.push(Check::new("model", Standing::Ok, "doctor-model-offline"));
    checks
}

async fn one(entry: &ModelEntry) -> Check {
    let address = entry.address();
    let name = format!("models.{}", address.name);
    let reached = async { reach(&entry.resolved()?).await };
    let reached: Result<(), Problem> = reached.await;
    match reached {
        Err(problem) => Check::problem(name, problem),
        Ok(()) => {
            let plain = entry.key.is_some() && address.base_url.starts_with("http://") && !is_here(&address.base_url);
            let (standing, key) = match plain {
                true => (Standing::Warn, "doctor-model-plain"),
                false => (Standing::Ok, "doctor-model-good"),
            };
            let check = Check::new(name, standing, key).with("model", &address.name);
            check.with("name", &address.model).with("address", &address.base_url)
        }
    }
}
