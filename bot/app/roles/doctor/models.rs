//! Examines the models: the planner inside the program, and each one outside it that is asked.
//! Called by the doctor.
//! Must never ask a model anything, and never show a key.

use super::check::{Check, Standing};
use crate::config::{ModelEntry, Models};
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

/// Whether an address is this machine: nothing can be read on the way.
fn is_here(address: &str) -> bool {
    let host = address.trim_start_matches("http://").split('/').next().unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| host == *here || host.starts_with(&format!("{here}:")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_on_the_wire_is_only_safe_on_this_machine() {
        assert!(is_here("http://127.0.0.1:11434/v1") && is_here("http://localhost/v1") && is_here("http://[::1]:8/v1"));
        assert!(!is_here("http://127.0.0.1.example.org/v1") && !is_here("http://10.0.0.1/v1"));
    }
}
