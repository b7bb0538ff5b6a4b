//! The toolbox: everything tools may read, and the one way to call them.
//! Made by the app; called by the assistant's loop and by commands that read.
//! Must never hold a writing port, a runner or a credential.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::sight::Sight;
use crate::tool::{Tool, ToolKind};
use crate::{clean, list, nearest, provenance};
use chopmark_catalog::Catalog;
use chopmark_domain::ports::{Clock, Components, Directory, Drifts, Records, Settings};
use chopmark_domain::problem::{Code, Problem};
use chopmark_sources::cluster::Clusters;
use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Everything tools may read. Clones are cheap.
#[derive(Clone)]
pub struct Toolbox {
    /// What is recorded.
    pub records: Arc<dyn Records>,
    /// What is desired.
    pub components: Arc<dyn Components>,
    /// Configuration as it is now.
    pub settings: Arc<dyn Settings>,
    /// Who is who now.
    pub directory: Arc<dyn Directory>,
    /// Templates.
    pub catalog: Arc<Catalog>,
    /// Clusters, read only.
    pub clusters: Clusters,
    /// Sees what drifted.
    pub drifts: Arc<dyn Drifts>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Whose eyes it is seen through; none for what nobody sees yet.
    pub sight: Option<Arc<Sight>>,
}

/// Compiled once: a schema is checked at every call, and none of them changes.
static VALIDATORS: LazyLock<BTreeMap<&'static str, Validator>> = LazyLock::new(|| {
    list::list()
        .iter()
        .filter_map(|tool| Some((tool.name(), jsonschema::validator_for(&tool.schema()).ok()?)))
        .collect()
});

impl Toolbox {
    /// Calls a tool: finds it, checks the arguments against its schema, and cleans what it found.
    ///
    /// # Errors
    /// [`Code::UnknownTool`], [`Code::InvalidArguments`] with the fault, or the tool's own problem.
    #[tracing::instrument(skip_all, fields(tool = name))]
    pub async fn call(&self, asker: &Asker, name: &str, arguments: Value) -> Result<ToolOutcome, Problem> {
        let tool = list::find(name).ok_or_else(|| unknown(name))?;
        check(tool, &arguments)?;
        if tool.kind() == ToolKind::Propose {
            provenance::refuse_foreign_choices(asker, &self.catalog, &arguments)?;
        }
        // Whoever made the toolbox may have forgotten whose it is.
        let seen = self.seen_by(&asker.person).await?;
        match tool.call(&seen, asker, arguments).await? {
            ToolOutcome::Facts(facts) => Ok(ToolOutcome::Facts(clean::facts(facts))),
            ToolOutcome::Proposal(mut proposal) => {
                provenance::label(asker, &mut proposal);
                Ok(ToolOutcome::Proposal(proposal))
            }
            question @ ToolOutcome::Question(_) => Ok(question),
        }
    }
}

fn unknown(name: &str) -> Problem {
    let names = list::list().iter().map(|tool| tool.name());
    Problem::new(Code::UnknownTool)
        .with("tool", clean::text(name, 80))
        .with("nearest", nearest::nearest(name, names).join(", "))
}

/// The first fault of the arguments, named by its place.
fn check(tool: &dyn Tool, arguments: &Value) -> Result<(), Problem> {
    let invalid = |fault: String| {
        Problem::new(Code::InvalidArguments).with("tool", tool.name()).with("fault", clean::text(&fault, 500))
    };
    let Some(validator) = VALIDATORS.get(tool.name()) else {
        return Err(invalid("its schema does not compile".to_owned()));
    };
    validator.validate(arguments).map_err(|error| {
        let place = error.instance_path().to_string();
        invalid(if place.is_empty() { error.to_string() } else { format!("{place}: {error}") })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_schema_compiles() {
        assert_eq!(VALIDATORS.len(), list::list().len());
    }

    #[test]
    fn a_fault_is_named_with_its_place() {
        let Some(tool) = list::find("read_logs") else { unreachable!() };
        let problem = check(tool, &json!({"component": "cart", "lines": "many"})).err();
        let fault = problem.and_then(|problem| problem.facts.get("fault").cloned()).unwrap_or_default();
        assert!(fault.starts_with("/lines: "), "{fault}");
        assert!(check(tool, &json!({"component": "cart", "force": true})).is_err());
        assert!(check(tool, &json!([])).is_err());
    }

    #[test]
    fn a_tool_that_does_not_exist_is_refused_with_the_nearest_names() {
        let problem = unknown("propose_creat");
        assert_eq!(problem.code, Code::UnknownTool);
        assert!(problem.facts["nearest"].starts_with("propose_create"));
    }
}
