//! A small world around the real engine and the real store: a clock moved by hand, people whose roles go.
//! Used by the tests of this folder.
//! Must never decide anything that the engine or the store decides.

mod fakes;
pub(crate) mod memory;

use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::calendar::{Freeze, Windows};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{ChangeId, Identity, PersonId, RunId};
use chopmark_domain::lifecycle::State;
use chopmark_domain::plan::Verb;
use chopmark_domain::policy::Effects;
use chopmark_domain::ports::{Execution, Identities, Journal, Leases, Records, Sharing};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::rights::Rights;
use chopmark_domain::rules::Rules;
use chopmark_domain::run::{Outcome, Run};
use chopmark_domain::time::Timestamp;
use chopmark_engine::commands::Asked;
use chopmark_engine::worker::Worker;
use chopmark_engine::{Engine, Ports};
use chopmark_store::SqliteStore;
use fakes::Fake;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// What the outside looks like, and what was done to it.
pub(crate) struct Outside {
    /// The value that is really there.
    pub(crate) value: Mutex<String>,
    /// How often an effect happened.
    pub(crate) effects: AtomicU64,
    /// What the next execution looks like; none for a child that does its work.
    pub(crate) execution: Mutex<Option<Execution>>,
    /// What an execution becomes when it is asked to stop; none for one that does not hear.
    pub(crate) when_stopped: Mutex<Option<Execution>>,
    /// Runs that were asked to stop, as often as they were.
    pub(crate) stops: Mutex<Vec<RunId>>,
    /// Who may share the target.
    pub(crate) sharing: Mutex<Sharing>,
    /// Whether the check passes.
    pub(crate) healthy: Mutex<bool>,
    now: AtomicI64,
    counter: AtomicU64,
    roles: Mutex<BTreeMap<PersonId, BTreeSet<String>>>,
    rules: Mutex<Rules>,
    /// When changes start.
    pub(crate) windows: Mutex<Windows>,
    /// When none does.
    pub(crate) freezes: Mutex<Vec<Freeze>>,
    /// Whether anything takes effect: everywhere, and in the environment.
    pub(crate) takes_effect: Mutex<(Effects, Effects)>,
    /// Who may do what.
    pub(crate) rights: Mutex<Rights>,
    /// Whose identities are, where they are not people of their own; none for a token that is over.
    pub(crate) owners: Mutex<BTreeMap<Identity, Option<PersonId>>>,
    /// The kind of thing that changes, and what happens to it.
    acts: Mutex<(String, Verb)>,
    /// What somebody else does while a plan is compared before its start.
    meanwhile: Mutex<Option<Meanwhile>>,
    /// Every run that began, with the configuration at that moment.
    begun: Mutex<Vec<Begun>>,
    policy: Mutex<String>,
    template: AtomicU32,
    finished: Mutex<BTreeMap<RunId, Outcome>>,
}

type Meanwhile = Box<dyn FnOnce(&Outside) + Send>;

/// A run that began, and what held at that moment.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    pub(crate) run: Run,
    pub(crate) roles: BTreeMap<PersonId, BTreeSet<String>>,
    pub(crate) rights: Rights,
    pub(crate) rules: Rules,
    pub(crate) now: i64,
}

impl Outside {
    fn new(rule: ApprovalRule) -> Arc<Self> {
        Arc::new(Self {
            value: Mutex::new("one".into()),
            effects: AtomicU64::new(0),
            execution: Mutex::new(None),
            when_stopped: Mutex::new(None),
            stops: Mutex::default(),
            sharing: Mutex::new(Sharing::ByComponent),
            healthy: Mutex::new(true),
            now: AtomicI64::new(1_800_000_000_000),
            counter: AtomicU64::new(1),
            roles: Mutex::default(),
            rules: Mutex::new(rule.into()),
            windows: Mutex::default(),
            freezes: Mutex::default(),
            takes_effect: Mutex::default(),
            rights: Mutex::new(Rights::of_any_role("config.toml:1")),
            owners: Mutex::default(),
            acts: Mutex::new(("file".to_owned(), Verb::Update)),
            meanwhile: Mutex::default(),
            begun: Mutex::default(),
            policy: Mutex::new("v1".into()),
            template: AtomicU32::new(1),
            finished: Mutex::default(),
        })
    }
    pub(crate) fn set_rules(&self, rules: Rules) {
        *self.rules.lock().unwrap() = rules;
    }
    pub(crate) fn set_rights(&self, rights: Rights) {
        *self.rights.lock().unwrap() = rights;
    }
    pub(crate) fn set_acts(&self, kind: &str, verb: Verb) {
        *self.acts.lock().unwrap() = (kind.to_owned(), verb);
    }
    pub(crate) fn set_template(&self, version: u32) {
        self.template.store(version, Ordering::SeqCst);
    }
    pub(crate) fn meanwhile(&self, what: impl FnOnce(&Outside) + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(what));
    }
    pub(crate) fn begun(&self) -> Vec<Begun> {
        self.begun.lock().unwrap().clone()
    }
    pub(crate) fn forward(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }
    pub(crate) fn set_roles(&self, person: &str, roles: &[&str]) {
        self.roles.lock().unwrap().insert(who(person), roles.iter().map(ToString::to_string).collect());
    }
    pub(crate) fn set_policy(&self, version: &str) {
        *self.policy.lock().unwrap() = version.to_owned();
    }
    pub(crate) fn set_rule(&self, edit: impl FnOnce(&mut ApprovalRule)) {
        edit(&mut self.rules.lock().unwrap().usual);
    }
    pub(crate) fn move_by_hand(&self, value: &str) {
        *self.value.lock().unwrap() = value.to_owned();
    }
    pub(crate) fn effects(&self) -> u64 {
        self.effects.load(Ordering::SeqCst)
    }
}

pub(crate) fn who(name: &str) -> PersonId {
    PersonId::parse(&format!("terminal:{name}")).unwrap()
}

pub(crate) fn asked(name: &str) -> Asked {
    Asked {
        person: who(name),
        text: "set it".into(),
        place: Place { surface: "terminal".into(), channel: "local".into(), thread: "main".into() },
        language: Language::En,
        once: None,
    }
}

pub(crate) fn set(value: &str) -> Proposal {
    let sourced = Sourced { value: value.into(), origin: Origin::Said };
    Proposal {
        component: "dev/shop/cart".parse().unwrap(),
        environment_origin: Origin::Default,
        group_origin: Origin::Said,
        intent: Intent::Edit { values: BTreeMap::from([("value".into(), sourced)]) },
        revises: None,
    }
}

/// An outside with three operators, one of whom has to approve what another asked for.
pub(crate) fn outside() -> Arc<Outside> {
    let outside = Outside::new(ApprovalRule {
        approvers: BTreeSet::from(["operator".parse().unwrap()]),
        needed: 1,
        self_approval: SelfApproval::Forbidden,
        expires_after_seconds: 3600,
        written_at: "config.toml:1".into(),
        ..ApprovalRule::default()
    });
    for name in ["alice", "bob", "carol"] {
        outside.set_roles(name, &["operator"]);
    }
    outside
}

/// The engine with a worker that can be stopped as a crash would stop it.
pub(crate) struct World {
    pub(crate) outside: Arc<Outside>,
    pub(crate) engine: Engine,
    pub(crate) store: SqliteStore,
    pub(crate) path: std::path::PathBuf,
    stop: Option<(watch::Sender<bool>, tokio::task::JoinHandle<()>)>,
    _folder: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = outside();
        let path = folder.path().join("chopmark.db");
        let store = SqliteStore::open(&path, Arc::new(Fake(outside.clone()))).await.unwrap();
        let engine = engine(&outside, &store);
        let mut world = Self { outside, engine, store, path, stop: None, _folder: folder };
        world.start_worker();
        world
    }

    pub(crate) fn start_worker(&mut self) {
        let (stop, stopped) = watch::channel(false);
        // A fresh engine, as a fresh process would have.
        self.engine = engine(&self.outside, &self.store);
        let task = tokio::spawn(Worker::new(self.engine.clone()).run(stopped));
        self.stop = Some((stop, task));
    }

    pub(crate) async fn stop_worker(&mut self) {
        if let Some((stop, task)) = self.stop.take() {
            stop.send(true).unwrap();
            task.await.unwrap();
        }
    }

    pub(crate) async fn file(&self, id: &ChangeId) -> ChangeFile {
        self.store.change(id).await.unwrap().unwrap()
    }

    /// Waits for a state; the bound only ends a test that would wait for ever.
    pub(crate) async fn reaches(&self, id: &ChangeId, state: State) -> ChangeFile {
        for _ in 0..2000 {
            let file = self.file(id).await;
            if file.change.state == state {
                return file;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!(
            "{id} is {:?}, not {state:?}: {:?}",
            self.file(id).await.change.state,
            self.file(id).await.change.problem
        );
    }
}

/// An engine of its own, as another process would have.
pub(crate) fn engine<S: Records + Journal + Leases + Identities + Clone + 'static>(
    outside: &Arc<Outside>,
    store: &S,
) -> Engine {
    let fake = Arc::new(Fake(outside.clone()));
    Engine::new(Ports {
        records: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        leases: Arc::new(store.clone()),
        components: fake.clone(),
        folders: fake.clone(),
        drafter: fake.clone(),
        judges: fake.clone(),
        runners: vec![fake.clone()],
        executor: fake.clone(),
        settings: fake.clone(),
        directory: fake.clone(),
        identities: Arc::new(store.clone()),
        seals: fake.clone(),
        liveness: fake.clone(),
        clock: fake.clone(),
        chance: fake,
    })
}
