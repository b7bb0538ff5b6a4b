//! What every test here needs: an environment in a folder of its own, drafts, countersigned work, and the runner.
//! Used by the test modules.
//! Must never leave anything outside the test's folder.

use crate::paper;
use chopmark_domain::component::{ComponentFile, ComponentId, ComponentVersion, TemplatePin};
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{ClusterAddress, Environment, Providers, TerraformAddress};
use chopmark_domain::ids::{Epoch, RunId};
use chopmark_domain::lease::{LeaseRow, LiveLease};
use chopmark_domain::plan::{ResourceAction, Step};
use chopmark_domain::ports::{PlanPurpose, PlanRequest, Progress, Runner, StepFailed, Work};
use chopmark_domain::problem::Problem;
use chopmark_domain::run::{Record, Verification};
use chopmark_domain::time::Timestamp;
use chopmark_runners::confine::{Confiner, find};
use chopmark_runners::terraform::Terraform;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Names programs, separated by spaces.
const PROGRAMS: &str = "CHOPMARK_TEST_TERRAFORM";
/// Names a filesystem mirror of providers.
const PROVIDERS: &str = "CHOPMARK_TEST_PROVIDERS";

/// Says where an AWS is that belongs to nobody.
const CLOUD: &str = "CHOPMARK_TEST_MOTO";

/// Every program the tests run with: those named, else `terraform` and `tofu` as far as they are installed.
pub(crate) fn programs() -> Vec<PathBuf> {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let found: Vec<PathBuf> = match std::env::var(PROGRAMS) {
        Ok(named) => named.split_whitespace().map(PathBuf::from).collect(),
        Err(_) => ["terraform", "tofu"].iter().filter_map(|name| find(name, &search).ok()).collect(),
    };
    if found.is_empty() {
        left_out(&format!("neither terraform nor tofu is installed, and {PROGRAMS} names none"));
    }
    found
}

/// The mirror of providers; none, with a word why, where there is none.
pub(crate) fn mirror() -> Option<PathBuf> {
    let mirror = std::env::var_os(PROVIDERS).map(PathBuf::from);
    if mirror.is_none() {
        left_out(&format!("{PROVIDERS} names no mirror; tests/peers/terraform/mirror builds one"));
    }
    mirror
}

/// Where the cloud is; none, with a word why, where there is none.
pub(crate) fn cloud() -> Option<String> {
    let cloud = std::env::var(CLOUD).ok();
    if cloud.is_none() {
        left_out(&format!("{CLOUD} names no AWS; tests/peers/moto/up starts one"));
    }
    cloud
}

/// In CI nothing may be left out.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was left out")]
fn left_out(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
    eprintln!("left out: {why}");
}

/// A scene: one program, one environment, one runner.
pub(crate) struct Scene {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) environment: Environment,
    pub(crate) runner: Terraform,
    /// What the runner reported.
    pub(crate) reports: Reports,
}

/// Progress as it was reported.
#[derive(Default)]
pub(crate) struct Reports(pub(crate) Mutex<Vec<(String, String)>>);

impl Progress for Reports {
    fn report(&self, key: &str, about: &str) {
        self.0.lock().unwrap().push((key.to_owned(), about.to_owned()));
    }
}

impl Scene {
    /// A scene for each program, with nothing but what is built into it.
    pub(crate) fn each() -> Vec<Self> {
        programs().iter().map(|program| Self::begin(program, Providers::BuiltIn)).collect()
    }

    /// A scene for each program, with the mirror of providers.
    pub(crate) fn each_with_providers() -> Vec<Self> {
        let Some(mirror) = mirror() else { return Vec::new() };
        programs().iter().map(|program| Self::begin(program, Providers::Mirror(mirror.clone()))).collect()
    }

    /// A scene for one program.
    pub(crate) fn begin(program: &Path, providers: Providers) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = ClusterAddress { kubeconfig: None, context: None, plan_context: None };
        let terraform = TerraformAddress {
            program: Some(program.display().to_string()),
            providers,
            majors: BTreeMap::new(),
            settings: BTreeMap::new(),
            backend: None,
            plan_credentials: BTreeMap::new(),
            credentials: BTreeMap::new(),
            ports: Vec::new(),
            apply_seconds: 120,
            roots: BTreeMap::new(),
        };
        let environment = Environment { cluster: None, terraform: Some(terraform), ..paper::environment(nowhere) };
        let runner = runner(&folder.path().join("data"));
        Self { folder, environment, runner, reports: Reports::default() }
    }

    /// How the scene's environment uses Terraform.
    pub(crate) fn terraform(&mut self) -> &mut TerraformAddress {
        self.environment.terraform.as_mut().unwrap()
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The local state of a component of group `main`.
    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.data().join("terraform/states/dev/main").join(name).join("terraform.tfstate")
    }

    /// A draft of component `dev/main/NAME` with these files.
    pub(crate) fn draft(&self, name: &str, all: &[(&str, &str)]) -> Draft {
        Draft {
            component: component(name),
            action: Action::Edit,
            content: Content::Component { template: template(), values: BTreeMap::new(), files: files(all) },
            verify: Verify::SecondPlan,
            way_back: WayBack::PreviousVersion,
        }
    }

    /// The draft that removes it.
    pub(crate) fn removal(&self, name: &str) -> Draft {
        let content = Content::Removed { template: template().name };
        Draft { action: Action::Delete, content, ..self.draft(name, &[]) }
    }

    /// A draft of an existing root at `folder` with these files, which are written there too.
    pub(crate) fn root(&self, name: &str, folder: &Path, all: &[(&str, &str)]) -> Draft {
        for (name, text) in all {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Draft {
            component: format!("dev/roots/{name}").parse().unwrap(),
            action: Action::Root,
            content: Content::Root { folder: folder.to_owned(), files: files(all) },
            ..self.draft("root", &[])
        }
    }

    /// The committed version that held these files.
    pub(crate) fn version(&self, name: &str, all: &[(&str, &str)]) -> ComponentVersion {
        ComponentVersion {
            component: component(name),
            template: template(),
            values: BTreeMap::new(),
            files: files(all),
            commit: "0".repeat(40).parse().unwrap(),
            change: None,
            at: Timestamp(0),
        }
    }

    pub(crate) async fn plan(&self, draft: &Draft) -> Result<Step, Problem> {
        self.plan_after(draft, None, PlanPurpose::Execute).await
    }

    pub(crate) async fn plan_after(
        &self,
        draft: &Draft,
        previous: Option<&ComponentVersion>,
        purpose: PlanPurpose,
    ) -> Result<Step, Problem> {
        self.runner.plan(PlanRequest { purpose, environment: &self.environment, draft, previous }).await
    }

    /// Countersigns and applies a step.
    pub(crate) async fn apply(&self, draft: &Draft, step: &Step) -> Result<Record, StepFailed> {
        let (outcome, record) = self.attempt(&self.runner, draft, step).await;
        outcome.map(|()| record)
    }

    /// The same with another runner; what was recorded is told however it ends.
    pub(crate) async fn attempt(
        &self,
        runner: &Terraform,
        draft: &Draft,
        step: &Step,
    ) -> (Result<(), StepFailed>, Record) {
        let countersigned = paper::countersigned(draft, step);
        let run: RunId = "run-7f3k".parse().unwrap();
        let row = LeaseRow { name: "target:x".into(), holder: run.to_string(), epoch: Epoch(1), expires_at: None };
        let lease = LiveLease::confirm(row, run.as_str(), Epoch(1), Timestamp(0)).unwrap();
        let work =
            Work { countersigned: &countersigned, lease: &lease, environment: &self.environment, step, run: &run };
        let mut record = Record::default();
        (runner.apply(work, &self.reports, &mut record).await, record)
    }

    pub(crate) async fn verify(&self, draft: &Draft, step: &Step) -> Verification {
        self.runner.verify(&self.environment, draft, step, &Record::default(), &self.reports).await.unwrap()
    }

    /// Whether the scene's program is OpenTofu.
    pub(crate) fn is_tofu(&self) -> bool {
        let program = self.environment.terraform.as_ref().and_then(|terraform| terraform.program.as_deref());
        program.is_some_and(|program| program.ends_with("tofu"))
    }

    /// Whether the runner reported that.
    pub(crate) fn reported(&self, key: &str, about: &str) -> bool {
        self.reports.0.lock().unwrap().iter().any(|(k, a)| k == key && a == about)
    }

    /// Plans, applies and verifies, all of which must work.
    pub(crate) async fn make(&self, draft: &Draft) -> Step {
        let step = self.plan(draft).await.unwrap();
        self.apply(draft, &step).await.unwrap();
        let verification = self.verify(draft, &step).await;
        assert!(matches!(verification, Verification::Passed { .. }), "{verification:?}");
        step
    }
}

/// A runner on a data folder, with a key of its own.
pub(crate) fn runner(data: &Path) -> Terraform {
    let search = std::env::var_os("PATH").unwrap_or_default();
    Terraform::new(Confiner::new(hands()), data.to_owned(), [7; 32], search)
}

/// The stand-in program, built by cargo beside the tests.
pub(crate) fn hands() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let hands = tests.parent().unwrap().parent().unwrap().join("examples").join("hands");
    assert!(hands.is_file(), "{} is missing: run the whole `cargo test`, which builds it", hands.display());
    hands
}

/// Every action as one line: verb, address, changed fields.
pub(crate) fn lines(actions: &[ResourceAction]) -> Vec<String> {
    let line = |action: &ResourceAction| {
        let fields: Vec<_> = action.fields.iter().map(|field| field.path.as_str()).collect();
        format!("{:?} {} {}", action.verb, action.address, fields.join(" ")).trim().to_owned()
    };
    actions.iter().map(line).collect()
}

pub(crate) fn component(name: &str) -> ComponentId {
    format!("dev/main/{name}").parse().unwrap()
}

fn template() -> TemplatePin {
    TemplatePin { name: "thing".parse().unwrap(), version: 1, digest: String::new() }
}

fn files(all: &[(&str, &str)]) -> Vec<ComponentFile> {
    let mut files: Vec<_> =
        all.iter().map(|(name, text)| ComponentFile { name: (*name).into(), text: (*text).into() }).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// The scratch folder that a step's plan kept.
pub(crate) fn scratch(scene: &Scene, step: &Step) -> PathBuf {
    let instructions: serde_json::Value = serde_json::from_str(&step.instructions).unwrap();
    scene.data().join("terraform/scratch").join(instructions["scratch"].as_str().unwrap())
}

/// Every kept version of the state of a component of group `main`.
pub(crate) fn versions(scene: &Scene, name: &str) -> Vec<PathBuf> {
    let folder = scene.state(name).with_file_name("versions");
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    entries.unwrap_or_default()
}

/// Waits until something holds, at most thirty seconds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(30), "still not: {what}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Every process among whose words one is that, with all of them.
pub(crate) fn processes(word: &str) -> Vec<(String, Vec<String>)> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let words = numbers.filter_map(|pid| {
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        Some((pid, line.split('\0').map(ToOwned::to_owned).collect::<Vec<_>>()))
    });
    words.filter(|(_, words)| words.iter().any(|other| other == word)).collect()
}

/// Processes of a step that still run: whatever works in its scratch folder.
pub(crate) fn left_behind(scene: &Scene, step: &Step) -> Vec<String> {
    let folder = scratch(scene, step);
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let here =
        entries.filter(|entry| std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(&folder)));
    here.map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default()).collect()
}
