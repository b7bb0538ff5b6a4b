//! The ports of the small world: a runner that counts its effects, and everything around it.
//! Used by the kit.
//! Must never act unless the engine says so.

use super::{Begun, Outside};
use async_trait::async_trait;
use chopmark_domain::approval::{Decision, SealedDecision};
use chopmark_domain::component::{ComponentFile, ComponentPath, ComponentVersion, TemplatePin};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Environments, Mode, RepositoryAddress};
use chopmark_domain::facts::VersionSummary;
use chopmark_domain::finding::Finding;
use chopmark_domain::ids::{Identity, ObjectHash, PersonId, RunId, RunnerName, TemplateName};
use chopmark_domain::person::Person;
use chopmark_domain::plan::{FieldChange, Plan, Program, ResourceAction, Shown, Step, Verb};
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::{
    Answer, Chance, Clock, Components, Drafter, Execution, Executor, Folders, Judges, Liveness, PlanPurpose,
    PlanRequest, Progress, Runner, Seals, Settings, Sharing, StepFailed, Work,
};
use chopmark_domain::ports::{Directory, Link, SealedLink};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Proposal};
use chopmark_domain::run::{Observed, Outcome, Record, Run, Verification};
use chopmark_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub(super) struct Fake(pub(super) Arc<Outside>);

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
    fn secret(&self) -> Answer<[u8; 32]> {
        let n = self.0.counter.fetch_add(1, Ordering::SeqCst);
        Ok(*Digest::of(&n.to_le_bytes()).bytes())
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
            terraform: None,
            disclosure: chopmark_domain::environment::Disclosure::Allowed,
            rules: self.0.rules.lock().unwrap().clone(),
            windows: self.0.windows.lock().unwrap().clone(),
            effects: self.0.takes_effect.lock().unwrap().1,
            templates: vec![],
        };
        Ok(Arc::new(Environments { all: BTreeMap::from([(name.clone(), environment)]), default: name }))
    }
    fn policy(&self) -> Answer<Arc<Policy>> {
        Ok(Arc::new(Policy {
            rights: self.0.rights.lock().unwrap().clone(),
            freezes: self.0.freezes.lock().unwrap().clone(),
            effects: self.0.takes_effect.lock().unwrap().0,
            ..Policy::default()
        }))
    }
}

#[async_trait]
impl Directory for Fake {
    async fn identify(&self, identity: &Identity) -> Answer<PersonId> {
        match self.0.owners.lock().unwrap().get(identity) {
            Some(Some(person)) => Ok(person.clone()),
            Some(None) => Err(Problem::new(Code::TokenRefused).with("reason", "expired")),
            None => Ok(identity.clone().into()),
        }
    }
    async fn person(&self, id: &PersonId) -> Answer<Option<Person>> {
        let id = self.current(id).await?;
        Ok(self.people().await?.into_iter().find(|person| person.id == id))
    }
    async fn people(&self) -> Answer<Vec<Person>> {
        let roles = self.0.roles.lock().unwrap();
        let person = |(id, roles): (&PersonId, &BTreeSet<String>)| Person {
            id: id.clone(),
            name: id.to_string(),
            roles: roles.iter().map(|role| role.parse().unwrap()).collect(),
        };
        Ok(roles.iter().map(person).collect())
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
    fn seal_revision(&self, bytes: &Digest) -> String {
        Digest::of(format!("key {bytes}").as_bytes()).to_string()
    }
    fn holds_revision(&self, bytes: &Digest, seal: &str) -> bool {
        self.seal_revision(bytes) == seal
    }
    fn seal_link(&self, link: Link) -> SealedLink {
        SealedLink { seal: link.sealed_bytes().to_string(), link }
    }
    fn holds_link(&self, sealed: &SealedLink) -> bool {
        sealed.link.sealed_bytes().to_string() == sealed.seal
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
        Components::read(self, environment, path).await
    }
    async fn conventions(&self, _: &Environment) -> Answer<Option<String>> {
        Ok(None)
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
    fn family(&self, _: &TemplateName) -> Option<String> {
        Some("tests".to_owned())
    }
    fn pin(&self, _: &TemplateName) -> Option<TemplatePin> {
        Some(TemplatePin { version: self.0.template.load(Ordering::SeqCst), ..pin() })
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
impl Folders for Fake {
    async fn read(&self, _: &Path) -> Answer<(PathBuf, Vec<ComponentFile>)> {
        Err(Problem::new(Code::RootUnreadable))
    }
}

#[async_trait]
impl Runner for Fake {
    fn name(&self) -> RunnerName {
        "git".parse().unwrap()
    }
    fn sharing(&self) -> Sharing {
        *self.0.sharing.lock().unwrap()
    }
    async fn plan(&self, request: PlanRequest<'_>) -> Answer<Step> {
        if request.purpose == PlanPurpose::Compare {
            let meanwhile = self.0.meanwhile.lock().unwrap().take();
            if let Some(meanwhile) = meanwhile {
                meanwhile(&self.0);
            }
        }
        // A real program takes its time, and others go on.
        tokio::task::yield_now().await;
        let before = self.0.value.lock().unwrap().clone();
        let after = request.draft.files()[0].text.clone();
        let (kind, verb) = self.0.acts.lock().unwrap().clone();
        let verb = if before == after { Verb::Keep } else { verb };
        let field = FieldChange {
            path: "value".into(),
            before: Some(Shown::Value(before)),
            after: Some(Shown::Value(after.clone())),
        };
        let action = ResourceAction { address: "value".into(), kind, verb, fields: vec![field], because: None };
        Ok(Step {
            runner: "git".parse().unwrap(),
            target: "the world".into(),
            preconditions: vec![],
            instructions: after,
            program: Program { name: "test".into(), version: "1".into(), digest: None },
            actions: vec![action],
            outputs: vec![],
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
        let begun = Begun {
            run: run.clone(),
            roles: self.0.roles.lock().unwrap().clone(),
            rights: self.0.rights.lock().unwrap().clone(),
            rules: self.0.rules.lock().unwrap().clone(),
            now: self.0.now.load(Ordering::SeqCst),
        };
        self.0.begun.lock().unwrap().push(begun);
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
    async fn stop(&self, run: &RunId) -> Answer<()> {
        self.0.stops.lock().unwrap().push(run.clone());
        if let Some(end) = self.0.when_stopped.lock().unwrap().clone() {
            *self.0.execution.lock().unwrap() = Some(end);
        }
        Ok(())
    }
}
