//! The house assembled: every room made once and handed to those who may use it.
//! Called by the roles. What a role may not do it is not given: tools get no writing port and no runner.
//! Must never start work by itself.

use crate::checkpoints::Checkpoints;
use crate::config::FileSettings;
use crate::directory::InstallDirectory;
use crate::keys::{DecisionKey, secret_hash_key};
use crate::models;
use crate::prepared::Prepared;
use crate::spools;
use crate::system::{SystemChance, SystemClock};
use chopmark_assistant::Assistant;
use chopmark_catalog::Catalog;
use chopmark_checks::Checks;
use chopmark_domain::facts::{ChangeFile, Facts};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, Clock, Records, Runner, Seals, Settings};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use chopmark_engine::worker::Worker;
use chopmark_engine::{Engine, Ports};
use chopmark_functions::Toolbox;
use chopmark_runners::confine::{self, Confiner, Interrupt};
use chopmark_runners::exec::SpoolExecutor;
use chopmark_runners::git::{Author, Git};
use chopmark_runners::kubernetes::Kubernetes;
use chopmark_runners::liveness::ProcLiveness;
use chopmark_runners::terraform::Terraform;
use chopmark_sources::cluster::Clusters;
use chopmark_sources::folder::HclFolders;
use chopmark_store::SqliteStore;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The database's name in the data folder.
pub const DATABASE: &str = "chopmark.db";

/// What the exec child needs, and nothing that talks.
pub struct Hands {
    /// What is recorded.
    pub store: SqliteStore,
    /// Configuration as it is now.
    pub settings: FileSettings,
    /// The decision key.
    pub seals: Arc<DecisionKey>,
    /// Who is who now.
    pub directory: InstallDirectory,
    /// Templates.
    pub catalog: Arc<Catalog>,
    /// The runners.
    pub runners: Vec<Arc<dyn Runner>>,
    /// How far programs are confined.
    pub isolation: String,
    git: Git,
    clusters: Clusters,
}

/// Everything, assembled.
pub struct House {
    /// Makes changes move.
    pub engine: Engine,
    /// What is recorded.
    pub store: SqliteStore,
    /// Configuration as it is now.
    pub settings: FileSettings,
    /// What may be read.
    pub toolbox: Toolbox,
    /// Who understands words.
    pub assistant: Assistant,
    /// The data folder.
    pub data: PathBuf,
}

impl Hands {
    /// Opens the store and makes the runners. `interrupt` asks the programs of a run to stop.
    ///
    /// # Errors
    /// The data folder, a key or the database can't be used, or git is missing.
    pub async fn open(settings: FileSettings, catalog: Arc<Catalog>, interrupt: Option<Interrupt>) -> Answer<Self> {
        let data = settings.config()?.data.clone();
        make_folder(&data)?;
        let store = SqliteStore::open(&data.join(DATABASE), Arc::new(SystemClock)).await?;
        let seals = Arc::new(DecisionKey::open(&data)?);
        let search = std::env::var_os("PATH").unwrap_or_default();
        let mut confiner = Confiner::new(this_program()?);
        if let Some(interrupt) = interrupt {
            confiner = confiner.interrupted_by(interrupt);
        }
        let isolation = confiner.isolation().to_owned();
        let author = Author { name: "Chopmark".to_owned(), email: "chopmark@localhost".to_owned() };
        let program = confine::find("git", &search)?;
        let internal = |error| Problem::new(Code::Internal).with("what", error);
        let key = secret_hash_key(&data)?;
        let terraform = Terraform::new(confiner.clone(), data.clone(), key, search);
        let git = Git::new(program, confiner, author, std::env::vars().collect()).map_err(internal)?;
        let clusters = Clusters::default();
        let kubernetes = Kubernetes::new(clusters.clone(), key);
        let runners: Vec<Arc<dyn Runner>> = vec![Arc::new(git.clone()), Arc::new(kubernetes), Arc::new(terraform)];
        let identities = Arc::new(store.clone());
        let directory = InstallDirectory::new(settings.clone(), identities, seals.clone(), store.clock());
        Ok(Self { store, settings, seals, directory, catalog, runners, isolation, git, clusters })
    }
}

impl House {
    /// Assembles everything.
    ///
    /// # Errors
    /// As [`Hands::open`].
    pub async fn open(settings: FileSettings, catalog: Arc<Catalog>) -> Answer<Self> {
        let hands = Hands::open(settings.clone(), catalog.clone(), None).await?;
        Checkpoints::open(&settings.config()?.data)?.check(&hands.store).await?;
        let config = settings.config()?;
        let data = config.data.clone();
        let store = Arc::new(hands.store.clone());
        let components = Arc::new(Prepared::new(hands.git.clone()));
        let shared: Arc<dyn Settings> = Arc::new(settings.clone());
        // A file that nobody named is found by the child where it was found by us, or is as absent.
        let file = settings.place().file.clone().filter(|_| settings.place().named);
        let executor = SpoolExecutor::new(this_program()?, data.clone(), file);
        let engine = Engine::new(Ports {
            records: store.clone(),
            journal: store.clone(),
            leases: store.clone(),
            components: components.clone(),
            folders: Arc::new(HclFolders),
            drafter: catalog.clone(),
            judges: Arc::new(Checks::shipped()),
            runners: hands.runners,
            executor: Arc::new(executor),
            settings: shared.clone(),
            directory: Arc::new(hands.directory.clone()),
            identities: store.clone(),
            seals: hands.seals,
            liveness: Arc::new(ProcLiveness::new()),
            clock: hands.store.clock(),
            chance: Arc::new(SystemChance::default()),
        });
        let toolbox = Toolbox {
            records: store,
            components,
            settings: shared,
            directory: Arc::new(hands.directory),
            catalog,
            clusters: hands.clusters,
            clock: hands.store.clock(),
            drifts: Arc::new(engine.clone()),
            sight: None,
        };
        let models = models::chain(&config, toolbox.catalog.clone());
        let assistant = Assistant { models, toolbox: toolbox.clone() };
        Ok(Self { engine, store: hands.store, settings, toolbox, assistant, data })
    }

    /// Starts a worker in this process; it works while no other process does.
    ///
    /// # Errors
    /// The key of the checkpoints can't be read or made.
    pub fn work(&self) -> Answer<Working> {
        let (stop, stopped) = watch::channel(false);
        let (data, store, now) = (self.data.clone(), self.store.clone(), self.now());
        tokio::spawn(async move { spools::clean(&data, &store, now).await });
        let worker = tokio::spawn(Worker::new(self.engine.clone()).run(stopped.clone()));
        let signer = tokio::spawn(Checkpoints::open(&self.data)?.keep_writing(self.store.clone(), stopped));
        Ok(Working { stop, tasks: [worker, signer] })
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// One change with everything known about it.
    ///
    /// # Errors
    /// [`Code::UnknownChange`].
    pub async fn file(&self, id: &ChangeId) -> Answer<ChangeFile> {
        let found = self.store.change(id).await?;
        found.ok_or_else(|| Problem::new(Code::UnknownChange).with("change", id))
    }

    /// Number of the newest note: what follows is news.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn store_notes(&self) -> Answer<i64> {
        self.store.last_note().await
    }

    /// Checks the ledger's chain.
    ///
    /// # Errors
    /// [`Code::LedgerBroken`] names the first broken entry.
    pub async fn audit_verified(&self) -> Answer<Facts> {
        Checkpoints::open(&self.data)?.verify(&self.store).await
    }
}

/// A worker that runs in this process.
pub struct Working {
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 2],
}

impl Working {
    /// Lets go of the lease and ends. What an exec child does goes on.
    pub async fn stop(self) {
        // The worker is gone already when nobody listens.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the worker ended badly");
            }
        }
    }
}

impl Hands {
    /// The seal of a decision, checked with this install's key.
    pub fn holds(&self, sealed: &chopmark_domain::approval::SealedDecision) -> bool {
        self.seals.holds(sealed)
    }
}

/// The folder with its parents, readable by its owner alone.
fn make_folder(data: &Path) -> Answer<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map_err(|error| Problem::new(Code::DataNotWritable).with("path", data.display()).with("reason", error))
}

fn this_program() -> Answer<PathBuf> {
    std::env::current_exe().map_err(|error| Problem::new(Code::ExecFailed).with("reason", error))
}
