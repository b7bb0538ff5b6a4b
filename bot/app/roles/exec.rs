//! The exec child: verifies once more from the stored rows, then carries out exactly one run.
//! Started by the worker as `chopmark exec RUN`, entered by `main` before any runtime or thread.
//! Must never act on what its parent says: the rows, the seals and the lease decide.

use crate::assemble::Hands;
use crate::cli::{Exit, Global};
use crate::config::FileSettings;
use chopmark_catalog::Catalog;
use chopmark_domain::approval::SealedDecision;
use chopmark_domain::countersigned::Countersigned;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::{Grounds, Sources};
use chopmark_domain::ids::RunId;
use chopmark_domain::lease::LiveLease;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, Leases as _, Progress, Records as _, Settings as _, StepFailed, Work};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Outcome, Record, Run};
use chopmark_engine::crash;
use chopmark_runners::confine::Interrupt;
use chopmark_runners::exec::{self, child};
use std::sync::Arc;

/// Enters the run's spool, carries the run out, and leaves its outcome there.
///
/// # Errors
/// The run was begun before, or its outcome can't be written.
pub fn enter(global: &Global, run: &str) -> Answer<Exit> {
    let run = RunId::parse(run).map_err(|error| Problem::new(Code::TicketUsed).with("run", error.text))?;
    let catalog = Catalog::shipped()?;
    let settings = FileSettings::open(crate::whereabouts(global, &catalog))?;
    let config = settings.config()?;
    crash::point("child-before-lock");
    let spool = child::enter(&config.data, &run)?;
    crate::telemetry::start(&config.data, &config.log, crate::telemetry::Reader::File);
    // The only caller of TLS that asks is kube.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Problem::new(Code::ExecFailed).with("reason", error))?;
    let (progress, interrupt) = (spool.progress(), spool.interrupt());
    let outcome = runtime.block_on(async {
        let work = async {
            match Hands::open(settings, Arc::new(catalog), Some(interrupt.clone())).await {
                Ok(hands) => carry_out(&hands, &run, &progress, &interrupt).await,
                Err(problem) => Outcome::Failed { problem, done: vec![], record: Record::default() },
            }
        };
        tokio::select! {
            outcome = work => Some(outcome),
            () = exec::broken_off(&interrupt) => None,
        }
    });
    drop(runtime);
    // What was broken off in the middle is nobody's to tell from here: who watches asks the real systems.
    let outcome = outcome.ok_or_else(|| cancelled(&run))?;
    crash::point("child-before-outcome");
    spool.finish(&outcome)?;
    Ok(Exit::Done)
}

fn cancelled(run: &RunId) -> Problem {
    Problem::new(Code::Cancelled).with("person", "-").with("run", run)
}

/// Carries out the run, and says what came of it.
async fn carry_out(hands: &Hands, run: &RunId, progress: &dyn Progress, interrupt: &Interrupt) -> Outcome {
    let mut record = Record { isolation: hands.isolation.clone(), ..Record::default() };
    match steps(hands, run, progress, interrupt, &mut record).await {
        Ok(()) => Outcome::Applied { record },
        Err(StepFailed { problem, done }) => Outcome::Failed { problem, done, record },
    }
}

async fn steps(
    hands: &Hands,
    id: &RunId,
    progress: &dyn Progress,
    interrupt: &Interrupt,
    record: &mut Record,
) -> Result<(), StepFailed> {
    let (run, file) = executing(hands, id).await.map_err(untouched)?;
    let signed = countersigned(hands, &file).await.map_err(untouched)?;
    let lease = live_lease(hands, &run, &file).await.map_err(untouched)?;
    let environments = hands.settings.environments().map_err(untouched)?;
    let name = &file.change.component.environment;
    let environment = environments
        .get(name)
        .ok_or_else(|| untouched(Problem::new(Code::UnknownEnvironment).with("environment", name)))?;
    for step in &signed.plan().steps {
        let runner = hands.runners.iter().find(|runner| runner.name() == step.runner);
        let runner = runner.ok_or_else(|| untouched(Problem::new(Code::Internal).with("what", &step.runner)))?;
        // The switch may have been pulled after the ticket was used and before anybody watched.
        if interrupt.is_asked() || hands.store.halt().await.map_err(untouched)?.is_some() {
            return Err(untouched(cancelled(id)));
        }
        let work = Work { countersigned: &signed, lease: &lease, environment, step, run: id };
        runner.apply(work, progress, record).await?;
        crash::point("child-mid-apply");
    }
    crash::point("child-after-effect");
    Ok(())
}

/// The run and its change, if this run is what the change is executing now.
async fn executing(hands: &Hands, id: &RunId) -> Answer<(Run, ChangeFile)> {
    let unknown = || Problem::new(Code::TicketUsed).with("run", id);
    let run = hands.store.run(id).await?.ok_or_else(unknown)?;
    let file = hands.store.change(&run.change).await?.ok_or_else(unknown)?;
    let current =
        file.change.state == State::Executing && run.outcome.is_none() && run.revision == file.change.revision;
    if current { Ok((run, file)) } else { Err(unknown()) }
}

async fn countersigned(hands: &Hands, file: &ChangeFile) -> Answer<Countersigned> {
    let sources = Sources {
        settings: &hands.settings,
        directory: &hands.directory,
        drafter: &*hands.catalog,
        seals: Some(&*hands.seals),
    };
    let grounds = Grounds::gather(file, &[], sources, hands.store.clock().now()).await?;
    let holds = |sealed: &SealedDecision| hands.holds(sealed);
    Countersigned::verify(&file.change, &file.record, &file.decisions, &grounds.authority(&holds))
        .map_err(|error| Problem::new(Code::RuleNotMet).with("change", &file.change.id).with("why", error))
}

async fn live_lease(hands: &Hands, run: &Run, file: &ChangeFile) -> Answer<LiveLease> {
    let busy =
        |why: &dyn std::fmt::Display| Problem::new(Code::TargetBusy).with("change", &run.change).with("holder", why);
    let row = hands.store.read(&run.lease).await?.ok_or_else(|| busy(&"-"))?;
    let holder = format!("{}/{}", file.change.id, file.change.revision);
    LiveLease::confirm(row, &holder, run.epoch, hands.store.clock().now()).map_err(|error| busy(&error))
}

fn untouched(problem: Problem) -> StepFailed {
    StepFailed { problem, done: vec![] }
}
