//! A small world around the real engine and the real store: runners that count their effects, a
//! clock that is moved by hand, people whose roles can be taken away.
//! Used by the tests of this folder.

use async_trait::async_trait;
use chopmark_domain::approval::{ApprovalRule, Decision, SealedDecision, SelfApproval};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::component::{ComponentFile, ComponentPath, ComponentVersion, TemplatePin};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Environments, Mode, RepositoryAddress};
use chopmark_domain::facts::{ChangeFile, VersionSummary};
use chopmark_domain::finding::Finding;
use chopmark_domain::ids::{ChangeId, ObjectHash, PersonId, RunId, RunnerName, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::person::Person;
use chopmark_domain::plan::{FieldChange, Plan, Program, ResourceAction, Shown, Step, Verb};
use chopmark_domain::ports::{
    Answer, Chance, Clock, Components, Drafter, Execution, Executor, Judges, Liveness, PlanRequest, Progress, Records,
    Runner, Seals, Settings, StepFailed, Work,
};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::run::{Observed, Outcome, Record, Run, Verification};
use chopmark_domain::time::Timestamp;
use chopmark_engine::commands::Asked;
use chopmark_engine::worker::Worker;
use chopmark_engine::{Engine, Ports};
use chopmark_store::SqliteStore;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
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
    /// Whether the check passes.
    pub(crate) healthy: Mutex<bool>,
    now: AtomicI64,
    counter: AtomicU64,
    roles: Mutex<BTreeMap<PersonId, BTreeSet<String>>>,
    rule: Mutex<ApprovalRule>,
    policy: Mutex<String>,
    finished: Mutex<BTreeMap<RunId, Outcome>>,
}

impl Outside {
    pub(crate) fn forward(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
    pub(crate) fn set_roles(&self, person: &str, roles: &[&str]) {
        self.roles.lock().unwrap().insert(who(person), roles.iter().map(ToString::to_string).collect());
    }
    pub(crate) fn set_policy(&self, version: &str) {
        *self.policy.lock().unwrap() = version.to_owned();
    }
    pub(crate) fn set_rule(&self, edit: impl FnOnce(&mut ApprovalRule)) {
        edit(&mut self.rule.lock().unwrap());
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
        let rule = ApprovalRule {
            approvers: BTreeSet::from(["operator".parse().unwrap()]),
            needed: 1,
            self_approval: SelfApproval::Forbidden,
            expires_after_seconds: 3600,
            written_at: "config.toml:1".into(),
        };
        let outside = Arc::new(Outside {
            value: Mutex::new("one".into()),
            effects: AtomicU64::new(0),
            execution: Mutex::new(None),
            healthy: Mutex::new(true),
            now: AtomicI64::new(1_800_000_000_000),
            counter: AtomicU64::new(1),
            roles: Mutex::default(),
            rule: Mutex::new(rule),
            policy: Mutex::new("v1".into()),
            finished: Mutex::default(),
        });
        for name in ["alice", "bob", "carol"] {
            outside.set_roles(name, &["operator"]);
        }
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

fn engine(outside: &Arc<Outside>, store: &SqliteStore) -> Engine {
    let fake = Arc::new(Fake(outside.clone()));
    Engine::new(Ports {
        records: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        leases: Arc::new(store.clone()),
        components: fake.clone(),
        drafter: fake.clone(),
        judges: fake.clone(),
        runners: vec![fake.clone()],
        executor: fake.clone(),
        settings: fake.clone(),
        seals: fake.clone(),
        liveness: fake.clone(),
        clock: fake.clone(),
        chance: fake,
    })
}

struct Fake(Arc<Outside>);

impl Clock for Fake {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now.load(Ordering::SeqCst))
    }
}

impl Chance for Fake {
    fn six(&self) -> [u8; 6] {
        let mut n = self.0.counter.fetch_add(1, Ordering::SeqCst);
        std::array::from_fn(|_| {
            let digit = u8::try_from(n % 31).unwrap();
            n /= 31;
            digit
        })
    }
}

impl Settings for Fake {
    fn environments(&self) -> Answer<Arc<Environments>> {
        let name: chopmark_domain::ids::EnvironmentName = "dev".parse().unwrap();
        let environment = Environment {
            name: name.clone(),
            mode: Mode::Gitops,
            repository: RepositoryAddress {
                path: "/".into(),
                branch: "main".into(),
                folder: String::new(),
                remote: None,
            },
            cluster: None,
            rule: self.0.rule.lock().unwrap().clone(),
            templates: vec![],
        };
        Ok(Arc::new(Environments { all: BTreeMap::from([(name.clone(), environment)]), default: name }))
    }
    fn person(&self, id: &PersonId) -> Option<Person> {
        self.people().into_iter().find(|person| person.id == *id)
    }
    fn people(&self) -> Vec<Person> {
        let roles = self.0.roles.lock().unwrap();
        let person = |(id, roles): (&PersonId, &BTreeSet<String>)| Person {
            id: id.clone(),
            name: id.to_string(),
            roles: roles.iter().map(|role| role.parse().unwrap()).collect(),
        };
        roles.iter().map(person).collect()
    }
}

impl Seals for Fake {
    fn seal(&self, decision: Decision) -> SealedDecision {
        let seal = Digest::of(format!("key {}", decision.sealed_bytes()).as_bytes()).to_string();
        SealedDecision { decision, seal }
    }
    fn holds(&self, sealed: &SealedDecision) -> bool {
        self.seal(sealed.decision.clone()).seal == sealed.seal
    }
}

impl Liveness for Fake {
    fn me(&self) -> String {
        "test".into()
    }
    fn is_gone(&self, _holder: &str) -> bool {
        false
    }
}

#[async_trait]
impl Components for Fake {
    async fn list(&self, _: &Environment) -> Answer<Vec<ComponentVersion>> {
        Ok(vec![])
    }
    async fn read(&self, environment: &Environment, path: &ComponentPath) -> Answer<Option<ComponentVersion>> {
        Ok(Some(ComponentVersion {
            component: format!("{}/{path}", environment.name).parse().unwrap(),
            template: pin(),
            values: BTreeMap::from([("value".into(), self.0.value.lock().unwrap().as_str().into())]),
            files: vec![],
            commit: ObjectHash::parse(&"a".repeat(40)).unwrap(),
            change: None,
            at: Timestamp(0),
        }))
    }
    async fn at(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        _: &ObjectHash,
    ) -> Answer<Option<ComponentVersion>> {
        self.read(environment, path).await
    }
    async fn history(&self, _: &Environment, _: &ComponentPath, _: u32) -> Answer<Vec<VersionSummary>> {
        Ok(vec![])
    }
}

fn pin() -> TemplatePin {
    TemplatePin { name: TemplateName::parse("thing").unwrap(), version: 1, digest: "00".into() }
}

impl Drafter for Fake {
    fn draft(
        &self,
        proposal: &Proposal,
        _: &Environment,
        _: Option<&ComponentVersion>,
        _: Option<&ComponentVersion>,
    ) -> Answer<Draft> {
        let Intent::Edit { values } = &proposal.intent else { return Err(Problem::new(Code::NothingToActOn)) };
        Ok(Draft {
            component: proposal.component.clone(),
            action: Action::Edit,
            content: Content::Component {
                template: pin(),
                values: values.clone(),
                files: vec![ComponentFile { name: "value".into(), text: values["value"].value.to_string() }],
            },
            verify: Verify::Exists,
            way_back: WayBack::PreviousVersion,
        })
    }
    fn revise(&self, _: &Proposal, edit: &Proposal) -> Answer<Proposal> {
        Ok(edit.clone())
    }
}

impl Judges for Fake {
    fn version(&self) -> String {
        self.0.policy.lock().unwrap().clone()
    }
    fn judge(&self, _: &Environment, _: &Draft, _: &Plan) -> Vec<Finding> {
        vec![]
    }
}

#[async_trait]
impl Runner for Fake {
    fn name(&self) -> RunnerName {
        "git".parse().unwrap()
    }
    async fn plan(&self, request: PlanRequest<'_>) -> Answer<Step> {
        let before = self.0.value.lock().unwrap().clone();
        let after = request.draft.files()[0].text.clone();
        let verb = if before == after { Verb::Keep } else { Verb::Update };
        let field = FieldChange {
            path: "value".into(),
            before: Some(Shown::Value(before)),
            after: Some(Shown::Value(after.clone())),
        };
        let action =
            ResourceAction { address: "value".into(), kind: "file".into(), verb, fields: vec![field], because: None };
        Ok(Step {
            runner: "git".parse().unwrap(),
            target: "the world".into(),
            preconditions: vec![],
            instructions: after,
            program: Program { name: "test".into(), version: "1".into(), digest: None },
            actions: vec![action],
            caveats: vec![],
        })
    }
    async fn apply(&self, _: Work<'_>, _: &dyn Progress, _: &mut Record) -> Result<(), StepFailed> {
        unreachable!("the engine starts a child instead")
    }
    async fn publish(&self, _: &Environment, _: &Step) -> Answer<()> {
        Ok(())
    }
    async fn verify(&self, _: &Environment, _: &Draft, _: &Step, _: &Record, _: &dyn Progress) -> Answer<Verification> {
        if *self.0.healthy.lock().unwrap() {
            return Ok(Verification::Passed { checks: vec![] });
        }
        Ok(Verification::Failed { problem: Problem::new(Code::VerifyMismatch), evidence: vec!["it is red".into()] })
    }
    async fn observe(&self, _: &Environment, step: &Step) -> Observed {
        if *self.0.value.lock().unwrap() == step.instructions { Observed::Applied } else { Observed::NotStarted }
    }
}

#[async_trait]
impl Executor for Fake {
    async fn start(&self, run: &Run) -> Answer<()> {
        if self.0.execution.lock().unwrap().is_some() {
            return Ok(());
        }
        let value = format!("applied by {}", run.change);
        *self.0.value.lock().unwrap() = value;
        self.0.effects.fetch_add(1, Ordering::SeqCst);
        self.0.finished.lock().unwrap().insert(run.id.clone(), Outcome::Applied { record: Record::default() });
        Ok(())
    }
    async fn look(&self, run: &RunId) -> Answer<Execution> {
        if let Some(execution) = self.0.execution.lock().unwrap().clone() {
            return Ok(execution);
        }
        let finished = self.0.finished.lock().unwrap().get(run).cloned();
        Ok(finished.map_or(Execution::NeverBegan, Execution::Finished))
    }
    async fn progress(&self, _: &RunId, _: usize) -> Answer<Vec<(String, String)>> {
        Ok(vec![])
    }
    async fn stop(&self, _: &RunId) -> Answer<()> {
        Ok(())
    }
}
