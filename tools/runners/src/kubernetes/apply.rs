//! Apply: sends a countersigned step's objects in order, then its deletes, and stops at the first failure.
//! Called by the runner in the exec child, with the acting identity.
//! Must never send an object to another cluster, or over another object, than the step names.

use super::Patience;
use super::instructions::{Deletion, FieldPatch, Instructions};
use super::patch::held;
use super::secret::Vault;
use super::server::{Refused, Server, TRIES, Write, stale};
use chopmark_domain::ports::{Progress, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_sources::json;
use serde_json::Value;
use std::time::Duration;

/// How often a cluster is asked again while something goes away.
const POLL: Duration = Duration::from_millis(250);

/// One execution.
struct Hand<'a> {
    server: &'a Server,
    vault: &'a Vault,
    instructions: Instructions,
    environment: &'a str,
    patience: Patience,
    progress: &'a dyn Progress,
}

/// Executes a step.
pub(super) async fn apply(
    server: &Server,
    vault: &Vault,
    work: Work<'_>,
    patience: Patience,
    progress: &dyn Progress,
) -> Result<(), StepFailed> {
    let mut done = Vec::new();
    let result = async {
        let instructions = Instructions::of(work.step)?;
        if server.connection().identity().await? != instructions.cluster {
            let reason = "another cluster answers under this context";
            return Err(Problem::new(Code::PlanStale).with("about", &work.step.target).with("reason", reason));
        }
        let environment = work.environment.name.as_str();
        Hand { server, vault, instructions, environment, patience, progress }.run(&mut done).await
    };
    result.await.map_err(|problem| StepFailed { problem, done })
}

impl Hand<'_> {
    async fn run(&self, done: &mut Vec<String>) -> Result<(), Problem> {
        // Secrets are read before anything is sent: a value that cannot be had must not stop the run half way.
        let objects: Vec<_> =
            self.instructions.objects.iter().map(|object| self.vault.filled(object)).collect::<Result<_, _>>()?;
        for object in &objects {
            let reference = json::reference(object);
            self.progress.report("progress-applying", &reference.to_string());
            self.send(&reference, object).await?;
            done.push(reference.to_string());
        }
        if let Some(patch) = &self.instructions.patch {
            self.progress.report("progress-applying", &patch.object.to_string());
            self.patch(patch).await?;
            done.push(patch.object.to_string());
        }
        for deletion in &self.instructions.deletes {
            self.progress.report("progress-deleting", &deletion.object.to_string());
            self.delete(deletion).await?;
            done.push(deletion.object.to_string());
        }
        Ok(())
    }

    async fn send(&self, reference: &ObjectReference, object: &Value) -> Result<(), Problem> {
        let address = reference.to_string();
        if self.instructions.replaced.contains(&address) {
            return self.replace(reference, object).await;
        }
        for _ in 0..TRIES {
            let live = self.server.live(reference).await?;
            let version = self.known_version(reference, live.as_ref())?;
            let mut sent = object.clone();
            if let Some(version) = version {
                sent["metadata"]["resourceVersion"] = version.into();
            }
            let outcome = match self.server.apply(&sent, Write::Real, false).await {
                // Only the fields and owners that were countersigned are taken over, and no others.
                Err(Refused::Conflict(conflicts)) => {
                    let agreed = self.instructions.forced.get(&address);
                    if agreed.is_some_and(|agreed| conflicts.iter().all(|conflict| agreed.contains(conflict))) {
                        self.server.apply(&sent, Write::Real, true).await
                    } else {
                        Err(Refused::Conflict(conflicts))
                    }
                }
                outcome => outcome,
            };
            match outcome {
                Ok(_) => return Ok(()),
                // A status write moved the version between our read and our write. Somebody who edits a field of
                // ours becomes its owner, so that a second try with the new version meets a conflict; where fields
                // are taken over, such an edit would be lost unseen.
                Err(Refused::Moved) if !self.instructions.forced.contains_key(&address) => {}
                Err(refused) => return Err(refused.problem(reference, self.environment)),
            }
        }
        Err(stale(reference, "others keep writing to it"))
    }

    /// The version just read, if the object is the one that was planned on.
    fn known_version(&self, reference: &ObjectReference, live: Option<&Value>) -> Result<Option<String>, Problem> {
        match (self.instructions.known.get(&reference.to_string()), live) {
            (None, None) => Ok(None),
            (Some(uid), Some(live)) if json::text(live, "/metadata/uid") == uid => {
                Ok(Some(json::text(live, "/metadata/resourceVersion").to_owned()))
            }
            (None, Some(_)) => Err(stale(reference, "it is there now, and was not when it was planned")),
            (Some(_), None) => Err(stale(reference, "it is gone")),
            (Some(_), Some(_)) => Err(stale(reference, "it is another object of the same name")),
        }
    }

    async fn replace(&self, reference: &ObjectReference, object: &Value) -> Result<(), Problem> {
        let Some(uid) = self.instructions.known.get(&reference.to_string()) else {
            return Err(Problem::new(Code::DigestMismatch));
        };
        let live = self.server.live(reference).await?;
        self.known_version(reference, live.as_ref())?;
        self.delete(&Deletion { object: reference.clone(), uid: uid.clone() }).await?;
        let sent = self.server.apply(object, Write::Real, false).await;
        sent.map(|_| ()).map_err(|refused| refused.problem(reference, self.environment))
    }

    async fn patch(&self, patch: &FieldPatch) -> Result<(), Problem> {
        let object = &patch.object;
        for _ in 0..TRIES {
            let Some(live) = self.server.live(object).await? else { return Err(stale(object, "it is gone")) };
            if json::text(&live, "/metadata/uid") != patch.uid {
                return Err(stale(object, "it is another object of the same name"));
            }
            let version = json::text(&live, "/metadata/resourceVersion");
            match self.server.patch(object, &held(patch, version), Write::Real).await {
                Ok(_) => return Ok(()),
                Err(Refused::Moved) => {}
                Err(refused) => return Err(refused.problem(object, self.environment)),
            }
        }
        Err(stale(object, "others keep writing to it"))
    }

    /// Deletes and waits until it is gone: what follows may need the name. Namespaces take their time and are
    /// waited for by verify.
    async fn delete(&self, deletion: &Deletion) -> Result<(), Problem> {
        let Deletion { object, uid } = deletion;
        let there = self.server.delete(object, uid, Write::Real).await;
        if !there.map_err(|refused| refused.problem(object, self.environment))? || object.kind == "Namespace" {
            return Ok(());
        }
        let deadline = tokio::time::Instant::now() + self.patience.deadline;
        while self.server.live(object).await?.is_some_and(|live| json::text(&live, "/metadata/uid") == uid) {
            if tokio::time::Instant::now() >= deadline {
                return Err(Problem::new(Code::VerifyMismatch)
                    .with("about", object)
                    .with("reason", "it does not go away"));
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }
}
