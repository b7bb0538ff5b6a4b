//! Observe: what of a step is there, asked of the cluster after a crash.
//! Called by the engine when a run began and left no outcome.
//! Must never change anything, nor call something done that it could not see.

use super::fields;
use super::instructions::{FieldPatch, Instructions};
use super::secret::masked;
use super::server::Server;
use chopmark_domain::plan::{Step, Verb};
use chopmark_domain::problem::Problem;
use chopmark_domain::run::Observed;
use chopmark_sources::json;
use serde_json::Value;

/// What is there.
pub(super) async fn observe(server: &Server, step: &Step) -> Observed {
    match look(server, step).await {
        Ok((done, open)) => match (done.is_empty(), open) {
            (_, 0) => Observed::Applied,
            (true, _) => Observed::NotStarted,
            (false, _) => Observed::Partial(done),
        },
        Err(problem) => Observed::Unknown(problem.to_string()),
    }
}

/// Addresses whose change is there, and how many are not.
async fn look(server: &Server, step: &Step) -> Result<(Vec<String>, usize), Problem> {
    let instructions = Instructions::of(step)?;
    let cluster = server.connection().identity().await?;
    if cluster != instructions.cluster {
        return Err(Problem::new(chopmark_domain::problem::Code::PlanStale)
            .with("about", &step.target)
            .with("reason", "another cluster answers under this context"));
    }
    let mut found = Vec::new();
    for object in instructions.objects.iter().filter(|object| changes(step, &json::reference(object).to_string())) {
        let is_there = is_there(server, &instructions, object).await?;
        found.push((json::reference(object).to_string(), is_there));
    }
    if let Some(patch) = &instructions.patch {
        found.push((patch.object.to_string(), is_patched(server, patch).await?));
    }
    for deletion in &instructions.deletes {
        let live = server.live(&deletion.object).await?;
        let gone = live.is_none_or(|live| json::text(&live, "/metadata/uid") != deletion.uid);
        found.push((deletion.object.to_string(), gone));
    }
    let open = found.iter().filter(|(_, there)| !there).count();
    Ok((found.into_iter().filter(|(_, there)| *there).map(|(address, _)| address).collect(), open))
}

/// Whether the plan changes that object: an object that was to stay as it is says nothing about a start.
fn changes(step: &Step, address: &str) -> bool {
    step.actions.iter().any(|action| {
        let taken = action.address.strip_prefix(address).is_some_and(|rest| rest.starts_with('@'));
        action.verb != Verb::Keep && (action.address == address || taken)
    })
}

/// Whether applying the object once more would change nothing. What was to be made anew must be another object.
async fn is_there(server: &Server, instructions: &Instructions, object: &Value) -> Result<bool, Problem> {
    let reference = json::reference(object);
    let address = reference.to_string();
    let (Some(live), outcome) = server.try_out(&masked(object), false).await? else { return Ok(false) };
    let same = instructions.known.get(&address).is_some_and(|uid| json::text(&live, "/metadata/uid") == uid);
    if instructions.replaced.contains(&address) && same {
        return Ok(false);
    }
    // A secret's values are told apart by their keyed digest, which is written with them.
    if json::annotation(object, super::secret::DIGEST) != json::annotation(&live, super::secret::DIGEST) {
        return Ok(false);
    }
    Ok(outcome.is_ok_and(|result| fields::differences(&live, &result).is_empty()))
}

async fn is_patched(server: &Server, patch: &FieldPatch) -> Result<bool, Problem> {
    let Some(live) = server.live(&patch.object).await? else { return Ok(false) };
    Ok(patch.operations.iter().all(|operation| {
        let there = live.pointer(json::text(operation, "/path"));
        match json::text(operation, "/op") {
            "remove" => there.is_none(),
            // A map made on the way is there as soon as something is in it.
            _ if operation.pointer("/value") == Some(&serde_json::json!({})) => there.is_some(),
            _ => there == operation.get("value"),
        }
    }))
}
