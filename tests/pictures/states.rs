//! A change in every state that its card can show.
//! Drawn by the recording beside it.
//! Must never use chance or the clock: what is drawn is compared.

use super::kit::{self, PLANNED_AT, action, field, json, number, person, planned, rule, step, waiting};
use chopmark_domain::approval::{Decision, SealedDecision, SelfApproval, Verdict};
use chopmark_domain::draft::Action;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::ids::{Epoch, RunId};
use chopmark_domain::lifecycle::State;
use chopmark_domain::plan::Verb;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Outcome, Record, Run};
use chopmark_protocol::chat::Content;

/// What is drawn.
pub(super) struct Scene {
    /// Its name, and that of its pictures.
    pub(super) name: &'static str,
    /// The change.
    pub(super) file: ChangeFile,
    /// Key of the progress's words, with what they are about.
    pub(super) progress: Option<(&'static str, &'static str)>,
    /// Whether everything was delivered.
    pub(super) content: Content,
}

/// Every scene, in the order of a change's life.
pub(super) fn all() -> Vec<Scene> {
    let mut scenes: Vec<Scene> = [
        ("planning", planning()),
        ("awaiting-low", kit::edit()),
        ("awaiting-moderate", moderate()),
        ("awaiting-severe", kit::severe()),
        ("content-missing", kit::vast()),
        ("scheduled", kit::scheduled()),
        ("approved", decided(kit::edit(), State::Approved, Verdict::Approve, None)),
        ("queued", decided(kit::queued(), State::Approved, Verdict::Approve, None)),
        ("executing", executing()),
        ("succeeded", decided(kit::succeeded(), State::Succeeded, Verdict::Approve, None)),
        ("degraded", decided(kit::degraded(), State::Degraded, Verdict::Approve, None)),
        ("failed", failed()),
        ("needs-attention", attention()),
        ("denied", denied()),
        ("plan-failed", plan_failed()),
        ("no-changes", no_changes()),
        ("rejected", decided(kit::edit(), State::Rejected, Verdict::Reject, Some("not before the sale is over"))),
        ("expired", in_state(kit::edit(), State::Expired)),
        ("superseded", in_state(kit::edit(), State::Superseded)),
        ("cancelled", in_state(kit::edit(), State::Cancelled)),
    ]
    .map(|(name, file)| Scene { name, file, progress: None, content: Content::Delivered })
    .into();
    for scene in &mut scenes {
        match scene.name {
            "executing" => scene.progress = Some(("progress-waiting", "Deployment/shop/cart 2/3")),
            "content-missing" => scene.content = Content::Missing,
            _ => {}
        }
    }
    scenes
}

fn in_state(mut file: ChangeFile, state: State) -> ChangeFile {
    file.change.state = state;
    file
}

/// What other people use is taken over and changed.
fn moderate() -> ChangeFile {
    let mut taken = action(
        Verb::TakeOver,
        "Deployment",
        "Deployment/shop/cart",
        vec![field(
            "/spec/template/spec/containers/0/image",
            Some(json("localhost/web:1")),
            Some(json("localhost/web:2")),
        )],
    );
    taken.because = Some("kubectl".into());
    let mut file = waiting(Action::Edit, vec![step("kubernetes", "uid/shop", vec![taken])]);
    file.change.request = "set cart's image to localhost/web:2".into();
    file
}

/// Something small and new.
fn small() -> ChangeFile {
    let fields = vec![field("/data/greeting", Some(json("hello")), Some(json("good morning")))];
    let actions = vec![action(Verb::Create, "ConfigMap", "ConfigMap/shop/greeting", fields)];
    let mut file = waiting(Action::Create, vec![step("kubernetes", "uid/shop", actions)]);
    file.change.request = "add a config map greeting with greeting=good morning in shop".into();
    file
}

fn planning() -> ChangeFile {
    let mut file = in_state(small(), State::Planning);
    file.record.planned = None;
    file
}

fn no_changes() -> ChangeFile {
    let actions = vec![action(Verb::Keep, "Deployment", "Deployment/shop/cart", vec![])];
    in_state(waiting(Action::Edit, vec![step("kubernetes", "uid/shop", actions)]), State::NoChanges)
}

fn decided(mut file: ChangeFile, state: State, verdict: Verdict, why: Option<&str>) -> ChangeFile {
    let digest = planned(&mut file).digest;
    file.decisions.push(SealedDecision {
        decision: Decision {
            change: file.change.id.clone(),
            revision: file.record.revision,
            digest,
            person: person("terminal:1001"),
            identity: None,
            verdict,
            surface: "discord".into(),
            reason: why.map(str::to_owned),
            at: PLANNED_AT.plus_seconds(60),
        },
        seal: "00".into(),
    });
    in_state(file, state)
}

fn run(file: &mut ChangeFile, outcome: Option<Outcome>) -> Run {
    Run {
        id: RunId::parse("run-9k9k9k").unwrap(),
        change: file.change.id.clone(),
        revision: file.record.revision,
        digest: planned(file).digest,
        lease: "target:uid/shop".into(),
        epoch: Epoch(1),
        started_at: PLANNED_AT.plus_seconds(100),
        ended_at: outcome.as_ref().map(|_| PLANNED_AT.plus_seconds(165)),
        outcome,
    }
}

fn executing() -> ChangeFile {
    let mut file = decided(kit::edit(), State::Executing, Verdict::Approve, None);
    file.run = Some(run(&mut file, None));
    file
}

fn failed() -> ChangeFile {
    let mut file = decided(kit::edit(), State::Failed, Verdict::Approve, None);
    let problem = Problem::new(Code::ClusterRefused)
        .with("cluster", "kind-dev")
        .with("about", "Deployment/shop/cart")
        .with("reason", "exceeded quota: pods=10");
    let done = vec!["shop/cart/deployment.yaml".to_owned()];
    let outcome = Outcome::Failed { problem: problem.clone(), done, record: Record::default() };
    file.run = Some(run(&mut file, Some(outcome)));
    file.change.problem = Some(problem);
    file
}

fn attention() -> ChangeFile {
    let mut file = decided(kit::edit(), State::NeedsAttention, Verdict::Approve, None);
    file.run = Some(run(&mut file, None));
    file.change.problem = Some(Problem::new(Code::OutcomeUnknown).with("run", "run-9k9k9k"));
    file
}

fn denied() -> ChangeFile {
    let ports = vec![field("/spec/ports/0/nodePort", None, Some(number(31_000)))];
    let actions = vec![action(Verb::Create, "Service", "Service/shop/cart", ports)];
    let mut file = waiting(Action::Create, vec![step("kubernetes", "uid/shop", actions)]);
    planned(&mut file).findings.push(Finding {
        id: "node-access".into(),
        severity: Severity::Deny,
        about: "Service/shop/cart".into(),
        facts: [("field".to_owned(), "/spec/ports/0/nodePort".to_owned())].into(),
    });
    planned(&mut file).rule = rule(1, SelfApproval::Forbidden);
    in_state(file, State::PolicyDenied)
}

fn plan_failed() -> ChangeFile {
    let mut file = in_state(small(), State::PlanFailed);
    file.record.planned = None;
    let problem =
        Problem::new(Code::ClusterUnreachable).with("cluster", "kind-dev").with("reason", "connection refused");
    file.change.problem = Some(problem);
    file
}
