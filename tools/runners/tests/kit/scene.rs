//! An environment with a real repository, people who countersign, and changes that run.
//! Used by the tests of the git runner.
//! Must never make a `Countersigned` in another way than the house does.

use super::confiner;
use chopmark_domain::approval::{ApprovalRule, Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::change::{Change, Language, Place, Planned, RevisionRecord};
use chopmark_domain::component::{ComponentFile, ComponentId, TemplatePin};
use chopmark_domain::countersigned::Countersigned;
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Mode, RepositoryAddress};
use chopmark_domain::ids::{ChangeId, EnvironmentName, Epoch, PersonId, Revision, Role, RunId, TemplateName};
use chopmark_domain::lease::{LeaseRow, LiveLease};
use chopmark_domain::lifecycle::State;
use chopmark_domain::manifest::{MANIFEST_NAME, Manifest};
use chopmark_domain::person::Person;
use chopmark_domain::plan::{Plan, Step};
use chopmark_domain::ports::{Components as _, PlanRequest, Progress, Runner as _, StepFailed, Work};
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use chopmark_domain::risk::Risk;
use chopmark_domain::run::{Observed, Record, Verification};
use chopmark_domain::time::Timestamp;
use chopmark_runners::confine::find;
use chopmark_runners::git::{Author, Git};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Progress that nobody reads.
pub(crate) struct Silent;

impl Progress for Silent {
    fn report(&self, _key: &str, _about: &str) {}
}

/// A folder with everything of one test in it.
pub(crate) struct Scene {
    pub(crate) git: Git,
    pub(crate) environment: Environment,
    pub(crate) folder: tempfile::TempDir,
}

/// The runner with the installed git.
pub(crate) fn runner() -> Git {
    let program = find("git", &std::env::var_os("PATH").unwrap()).unwrap();
    let author = Author { name: "Chopmark <x>".to_owned(), email: "chopmark@localhost".to_owned() };
    Git::new(program, confiner(), author, BTreeMap::new()).unwrap()
}

/// Runs git by hand, as a person with plain settings.
pub(crate) fn by_hand(folder: &Path, arguments: &[&str]) -> String {
    let done = Command::new("git")
        .args(["-c", "user.name=Hand", "-c", "user.email=hand@localhost"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
}

fn environment(path: &Path, mode: Mode, remote: Option<String>) -> Environment {
    Environment {
        name: EnvironmentName::parse("dev").unwrap(),
        mode,
        repository: RepositoryAddress {
            path: path.to_owned(),
            branch: "main".to_owned(),
            folder: "environments/dev".to_owned(),
            remote,
        },
        cluster: None,
        terraform: None,
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: rule().into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: Vec::new(),
    }
}

fn rule() -> ApprovalRule {
    ApprovalRule {
        approvers: BTreeSet::from([Role::parse("operator").unwrap()]),
        needed: 1,
        self_approval: SelfApproval::Allowed,
        expires_after_seconds: 60,
        written_at: "test".to_owned(),
        ..ApprovalRule::default()
    }
}

impl Scene {
    /// A gitops environment on a new local repository.
    pub(crate) async fn local() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scene = Self {
            git: runner(),
            environment: environment(&folder.path().join("desired"), Mode::Gitops, None),
            folder,
        };
        scene.git.prepare(&scene.environment).await.unwrap();
        scene
    }

    /// An environment whose repository has a remote: a bare repository beside it.
    pub(crate) async fn with_remote(mode: Mode) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let remote = folder.path().join("remote.git");
        by_hand(folder.path(), &["init", "-q", "--bare", "--initial-branch=main", "remote.git"]);
        let seed = folder.path().join("seed");
        by_hand(folder.path(), &["init", "-q", "--initial-branch=main", "seed"]);
        by_hand(&seed, &["commit", "-q", "--allow-empty", "-m", "Begin"]);
        by_hand(&seed, &["push", "-q", "../remote.git", "main"]);
        let environment = environment(&folder.path().join("desired"), mode, Some(remote.display().to_string()));
        let scene = Self { git: runner(), environment, folder };
        scene.git.prepare(&scene.environment).await.unwrap();
        scene
    }

    pub(crate) fn path(&self) -> &Path {
        &self.environment.repository.path
    }

    pub(crate) fn hand(&self, arguments: &[&str]) -> String {
        by_hand(self.path(), arguments)
    }

    /// A file of component `shop/cart`, where it lies in the work tree.
    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.path().join("environments/dev/shop/cart").join(name)
    }

    pub(crate) async fn plan(&self, draft: &Draft) -> Result<Step, Problem> {
        let previous = self.git.read(&self.environment, &draft.component.path).await?;
        let request = PlanRequest {
            purpose: chopmark_domain::ports::PlanPurpose::Execute,
            environment: &self.environment,
            draft,
            previous: previous.as_ref(),
        };
        self.git.plan(request).await
    }

    pub(crate) async fn apply(&self, draft: &Draft, step: &Step, run: &str) -> Result<Record, StepFailed> {
        let countersigned = countersign(draft, step);
        let row = LeaseRow {
            name: "target:x".to_owned(),
            holder: run.to_owned(),
            epoch: Epoch::ZERO.next(),
            expires_at: None,
        };
        let lease = LiveLease::confirm(row, run, Epoch::ZERO.next(), Timestamp(0)).unwrap();
        let run = RunId::parse(run).unwrap();
        let work =
            Work { countersigned: &countersigned, lease: &lease, environment: &self.environment, step, run: &run };
        let mut record = Record::default();
        self.git.apply(work, &Silent, &mut record).await.map(|()| record)
    }

    /// Plans, applies, and checks that verifying and observing agree.
    pub(crate) async fn change(&self, draft: &Draft, run: &str) -> Record {
        let step = self.plan(draft).await.unwrap();
        assert_eq!(self.git.observe(&self.environment, &step).await, Observed::NotStarted);
        let record = self.apply(draft, &step, run).await.unwrap();
        let verified = self.git.verify(&self.environment, draft, &step, &record, &Silent).await.unwrap();
        assert!(matches!(verified, Verification::Passed { .. }), "{verified:?}");
        assert_eq!(self.git.observe(&self.environment, &step).await, Observed::Applied);
        record
    }
}

/// Countersigned by the one operator there is.
fn countersign(draft: &Draft, step: &Step) -> Countersigned {
    let id = ChangeId::parse("chg-7f3k").unwrap();
    let person = PersonId::parse("terminal:1000").unwrap();
    let change = Change {
        id: id.clone(),
        component: draft.component.clone(),
        requester: person.clone(),
        request: "deploy it\nChopmark-Run: run-fake".to_owned(),
        place: Place { surface: "terminal".to_owned(), channel: String::new(), thread: String::new() },
        language: Language::En,
        state: State::Executing,
        epoch: Epoch::ZERO,
        revision: Revision::FIRST,
        replaces: None,
        wish: chopmark_domain::calendar::Start::AtOnce,
        voided: std::collections::BTreeSet::new(),
        problem: None,
        verification: None,
        passes: vec![],
        previous_version: None,
        commit: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    };
    let mut planned = Planned {
        plan: Plan { mode: Mode::Gitops, steps: vec![step.clone()] },
        findings: Vec::new(),
        risk: Risk::Low,
        risk_reasons: Vec::new(),
        rule: rule(),
        authors: std::collections::BTreeSet::from([person.clone()]),
        policy_version: String::new(),
        template: None,
        planned_at: Timestamp(0),
        start: chopmark_domain::calendar::Start::AtOnce,
        expires_at: Timestamp(1000),
        digest: Digest::of(b""),
    };
    planned.digest = planned.compute_digest(&id, Revision::FIRST, draft);
    let decision = Decision {
        change: id.clone(),
        revision: Revision::FIRST,
        digest: planned.digest,
        person: person.clone(),
        identity: None,
        verdict: Verdict::Approve,
        surface: "terminal".to_owned(),
        reason: None,
        at: Timestamp(1),
    };
    let record = RevisionRecord {
        change: id,
        revision: Revision::FIRST,
        author: person.clone(),
        proposal: Proposal {
            component: draft.component.clone(),
            environment_origin: Origin::Said,
            group_origin: Origin::Said,
            intent: Intent::Delete,
            revises: None,
        },
        draft: draft.clone(),
        planned: Some(planned),
        differences: Vec::new(),
        seal: None,
    };
    let roles = BTreeSet::from([Role::parse("operator").unwrap()]);
    let somebody = Person { id: person, name: String::new(), roles };
    let grounds = super::grounds::grounds(somebody, &change, &record);
    let sealed = [SealedDecision { decision, seal: String::new() }];
    Countersigned::verify(&change, &record, &sealed, &grounds.authority(&|_| true)).unwrap()
}

/// A draft of a component with these files beside its manifest.
pub(crate) fn draft_of(component: &str, files: &[(&str, &str)]) -> Draft {
    let template =
        TemplatePin { name: TemplateName::parse("web-service").unwrap(), version: 1, digest: "00".to_owned() };
    let manifest = Manifest { template: template.clone(), values: BTreeMap::new() }.to_text().unwrap();
    let mut all: Vec<ComponentFile> = files
        .iter()
        .copied()
        .chain([(MANIFEST_NAME, manifest.as_str())])
        .map(|(name, text)| ComponentFile { name: name.to_owned(), text: text.to_owned() })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Draft {
        component: component.parse::<ComponentId>().unwrap(),
        action: Action::Create,
        content: Content::Component { template, values: BTreeMap::new(), files: all },
        verify: Verify::Exists,
        way_back: WayBack::PreviousVersion,
    }
}

/// A draft of `dev/shop/cart` with one deployment.
pub(crate) fn cart(text: &str) -> Draft {
    draft_of("dev/shop/cart", &[("deployment.yaml", text)])
}

/// The draft that removes `dev/shop/cart`.
pub(crate) fn no_cart() -> Draft {
    let template = TemplateName::parse("web-service").unwrap();
    Draft { action: Action::Delete, content: Content::Removed { template }, ..cart("") }
}
