//! The engine makes changes move: commands from people, effects by the worker.
//! Called by bot/app; knows only the domain and its ports.
//! Must never decide what may follow what (domain/lifecycle does), nor act on a state column alone.

mod access;
pub mod commands;
pub mod crash;
mod drift;
mod effects;
mod entries;
mod holds;
mod overview;
mod transition;
pub mod worker;

pub use overview::Approvers;

use chopmark_domain::environment::Environment;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::{Grounds, Sources};
use chopmark_domain::ids::{ChangeId, EnvironmentName, PersonId};
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{
    Answer, Chance, Clock, Components, Directory, Drafter, Executor, Folders, Identities, Journal, Judges, Leases,
    Liveness, Records, Runner, Seals, Settings,
};
use chopmark_domain::problem::{Code, Problem};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// Everything the engine needs of the outside.
pub struct Ports {
    /// Reads what is recorded.
    pub records: Arc<dyn Records>,
    /// Writes it.
    pub journal: Arc<dyn Journal>,
    /// Leases.
    pub leases: Arc<dyn Leases>,
    /// Reads components.
    pub components: Arc<dyn Components>,
    /// Reads folders of HCL that are not ours.
    pub folders: Arc<dyn Folders>,
    /// Renders proposals.
    pub drafter: Arc<dyn Drafter>,
    /// Judges plans.
    pub judges: Arc<dyn Judges>,
    /// The hands: `git` and those of the environments' targets.
    pub runners: Vec<Arc<dyn Runner>>,
    /// Starts and watches exec children.
    pub executor: Arc<dyn Executor>,
    /// Configuration as it is now.
    pub settings: Arc<dyn Settings>,
    /// Who is who now.
    pub directory: Arc<dyn Directory>,
    /// What joins identities.
    pub identities: Arc<dyn Identities>,
    /// The decision key.
    pub seals: Arc<dyn Seals>,
    /// Which processes live.
    pub liveness: Arc<dyn Liveness>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub chance: Arc<dyn Chance>,
}

/// A cheap handle on the engine.
#[derive(Clone)]
pub struct Engine {
    ports: Arc<Ports>,
    /// Wakes the worker of this process without waiting for its poll.
    nudge: Arc<Notify>,
    /// Warnings this process has given, so that trying again is not saying again.
    warned: Arc<Mutex<HashSet<(ChangeId, Code)>>>,
    /// Changes this process has said to be held by a pull of the stop switch.
    held: Arc<Mutex<HashSet<(ChangeId, String)>>>,
}

impl Engine {
    /// An engine on these ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports: Arc::new(ports), nudge: Arc::new(Notify::new()), warned: Arc::default(), held: Arc::default() }
    }

    /// What is recorded, for those who only read.
    pub fn records(&self) -> &Arc<dyn Records> {
        &self.ports.records
    }

    async fn file(&self, id: &ChangeId) -> Answer<ChangeFile> {
        let found = self.ports.records.change(id).await?;
        found.ok_or_else(|| Problem::new(Code::UnknownChange).with("change", id))
    }

    /// Everything decisions on a change are counted with, read anew; `also` are people it is about to be asked of.
    pub(crate) async fn grounds(&self, file: &ChangeFile, also: &[PersonId]) -> Answer<Grounds> {
        let ports = &self.ports;
        let sources = Sources {
            settings: &*ports.settings,
            directory: &*ports.directory,
            drafter: &*ports.drafter,
            seals: Some(&*ports.seals),
        };
        Grounds::gather(file, also, sources, ports.clock.now()).await
    }

    /// Tells people of a problem with a change, once.
    async fn warn_once(&self, change: &ChangeId, problem: Problem) -> Answer<()> {
        let first = self.warned.lock().is_ok_and(|mut warned| warned.insert((change.clone(), problem.code)));
        if first { self.ports.journal.tell(change, NoteBody::Warning { problem }).await } else { Ok(()) }
    }

    fn environment(&self, name: &EnvironmentName) -> Answer<Environment> {
        let environments = self.ports.settings.environments()?;
        environments.get(name).cloned().ok_or_else(|| {
            let known: Vec<_> = environments.all.keys().map(EnvironmentName::as_str).collect();
            Problem::new(Code::UnknownEnvironment).with("environment", name).with("known", known.join(", "))
        })
    }
}
