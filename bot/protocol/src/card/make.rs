//! How a card is made from a change's file.
//! Called by bot/app through [`Card::of`].
//! Must never compute anything a person decides on: it only selects and orders what is stored.

use super::{Assumption, Card, Control, Mark, Resource, Rule, RunView};
use chopmark_domain::approval::{ApprovalRule, DecidedBy, Verdict};
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::draft::{Action, Content};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::Verb;
use chopmark_domain::proposal::Origin;
use chopmark_domain::risk::Risk;
use chopmark_domain::run::{Outcome, Run};

impl Card {
    /// The card of a change.
    pub fn of(file: &ChangeFile) -> Self {
        let ChangeFile { change, record, decisions, run, waits } = file;
        let planned = record.planned.as_ref();
        let plan = planned.map(|planned| &planned.plan);
        let shown = plan.map(|plan| plan.actions()).unwrap_or_default();
        let mut resources: Vec<Resource> =
            shown.iter().filter(|action| action.verb != Verb::Keep).map(Resource::from).collect();
        // A stable sort: within each rank the plan's own order stays.
        resources.sort_by_key(|resource| rank(resource.action));
        let steps = plan.map(|plan| plan.steps.as_slice()).unwrap_or_default();
        let commit_files = steps.split_last().map(|(_, before)| before).unwrap_or_default();
        let mut findings = planned.map(|planned| planned.findings.clone()).unwrap_or_default();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let mut risk_reasons = planned.map(|planned| planned.risk_reasons.clone()).unwrap_or_default();
        risk_reasons.sort_by_key(|reason| std::cmp::Reverse(reason.risk));
        let digest = planned.map(|planned| planned.digest);
        let mut card = Self {
            change: change.id.clone(),
            revision: record.revision,
            action: record.draft.action,
            component: change.component.to_string(),
            group: change.component.path.group().to_owned(),
            name: change.component.path.name().to_owned(),
            environment: change.component.environment.clone(),
            template: match &record.draft.content {
                Content::Component { template, .. } => Some(template.name.clone()),
                Content::Removed { template } => Some(template.clone()),
                Content::Root { .. } | Content::Fields { .. } => None,
            },
            mode: plan.map(|plan| plan.mode),
            state: change.state,
            counts: plan.map(|plan| plan.counts()).unwrap_or_default(),
            kept: shown.iter().filter(|action| action.verb == Verb::Keep).count(),
            resources,
            outputs: steps.last().map(|step| step.outputs.clone()).unwrap_or_default(),
            folder: match &record.draft.content {
                Content::Root { folder, .. } => Some(folder.clone()),
                Content::Component { .. } | Content::Removed { .. } | Content::Fields { .. } => None,
            },
            bundle: matches!(record.draft.content, Content::Root { .. }).then(|| record.draft.bundle_digest()),
            commit_files: commit_files
                .iter()
                .flat_map(|step| &step.actions)
                .filter(|action| action.verb != Verb::Keep)
                .map(Resource::from)
                .collect(),
            differences: record.differences.clone(),
            replaces: change.replaces.clone(),
            findings,
            risk: planned.map(|planned| planned.risk),
            risk_reasons,
            assumptions: assumptions(change, record),
            way_back: record.draft.way_back.clone(),
            request: change.request.clone(),
            requester: change.requester.clone(),
            author: record.author.clone(),
            authors: planned.map(|planned| planned.authors.iter().cloned().collect()).unwrap_or_default(),
            rule: planned.map(|planned| Rule::from(&planned.rule)),
            approved_by_rule: approved_by_rule(file),
            decisions: decisions
                .iter()
                .map(|sealed| &sealed.decision)
                .filter(|decision| Some(decision.digest) == digest)
                .map(|decision| Mark {
                    person: decision.person.clone(),
                    verdict: decision.verdict,
                    reason: decision.reason.clone(),
                    at: decision.at,
                    void: decision.verdict == Verdict::Approve && change.voided.contains(&decision.person),
                })
                .collect(),
            planned_at: planned.map(|planned| planned.planned_at),
            expires_at: planned.map(|planned| planned.expires_at),
            start: planned.map(|planned| planned.start.clone()).unwrap_or_default(),
            waits: waits.clone(),
            passes: change.passes.clone(),
            digest,
            caveats: steps.iter().flat_map(|step| step.caveats.iter().cloned()).collect(),
            run: run.as_ref().map(run_view),
            verification: change.verification.clone(),
            problem: change.problem.clone(),
            commit: change.commit.clone(),
            controls: controls(file),
            files: record.draft.files().to_vec(),
        };
        card.withhold_secrets();
        card
    }
}

/// What goes, or is made anew, comes first.
fn rank(verb: Verb) -> u8 {
    match verb {
        Verb::Delete => 0,
        Verb::Replace => 1,
        Verb::TakeOver => 2,
        Verb::Update => 3,
        Verb::Create => 4,
        Verb::Keep => 5,
    }
}

impl From<&ApprovalRule> for Rule {
    fn from(rule: &ApprovalRule) -> Self {
        Self {
            approvers: rule.approvers.iter().cloned().collect(),
            needed: rule.needed.max(1),
            self_approval: rule.self_approval,
            written_at: rule.written_at.clone(),
            name: rule.name.clone(),
            decided_by: rule.decided_by,
        }
    }
}

/// Whether a rule approved it: it was approved, and too few people did so.
fn approved_by_rule(file: &ChangeFile) -> bool {
    let approved = match file.change.state {
        State::Approved
        | State::Claimed
        | State::Executing
        | State::Applied
        | State::Verifying
        | State::Succeeded
        | State::Failed
        | State::Degraded
        | State::NeedsAttention
        | State::Resolved => true,
        State::Draft
        | State::Planning
        | State::AwaitingApproval
        | State::Discarded
        | State::NoChanges
        | State::PolicyDenied
        | State::PlanFailed
        | State::Rejected
        | State::Expired
        | State::Superseded
        | State::Cancelled => false,
    };
    approved && approving_rule(file).is_some()
}

/// The rule that approved it, once it is known that it was approved: too few people did so.
pub(crate) fn approving_rule(file: &ChangeFile) -> Option<Rule> {
    let planned = file.record.planned.as_ref().filter(|planned| planned.rule.decided_by == DecidedBy::TheRule)?;
    let marks = file.decisions.iter().map(|sealed| &sealed.decision);
    let people = marks.filter(|mark| mark.digest == planned.digest && mark.verdict == Verdict::Approve).count();
    (people < usize::from(planned.rule.needed.max(1))).then(|| Rule::from(&planned.rule))
}

/// Everything nobody said. What the component had before and keeps is no assumption.
fn assumptions(change: &Change, record: &RevisionRecord) -> Vec<Assumption> {
    let proposal = &record.proposal;
    let place = [
        ("environment", change.component.environment.as_str(), &proposal.environment_origin),
        ("group", change.component.path.group(), &proposal.group_origin),
    ];
    let place = place.into_iter().map(|(name, value, origin)| (name, Literal::from(value), origin));
    let values = match &record.draft.content {
        Content::Component { values, .. } => Some(values),
        Content::Removed { .. } | Content::Root { .. } | Content::Fields { .. } => None,
    };
    let values = values.into_iter().flatten();
    place
        .chain(values.map(|(name, sourced)| (name.as_str(), sourced.value.clone(), &sourced.origin)))
        .filter(|(_, _, origin)| match origin {
            Origin::Said | Origin::Kept => false,
            Origin::Default
            | Origin::Environment
            | Origin::Memory
            | Origin::Model
            | Origin::Found
            | Origin::OutsideText(_) => true,
        })
        .map(|(name, value, origin)| Assumption { name: name.to_owned(), value, origin: origin.clone() })
        .collect()
}

fn run_view(run: &Run) -> RunView {
    let (done, record) = match &run.outcome {
        Some(Outcome::Failed { done, record, .. }) => (done.clone(), Some(record)),
        Some(Outcome::Applied { record }) => (Vec::new(), Some(record)),
        None => (Vec::new(), None),
    };
    RunView {
        id: run.id.clone(),
        started_at: run.started_at,
        ended_at: run.ended_at,
        done,
        push_owed: record.is_some_and(|record| record.push_owed),
        isolation: record.map(|record| record.isolation.clone()).filter(|isolation| !isolation.is_empty()),
    }
}

/// What the engine would accept now; it decides again when asked.
fn controls(file: &ChangeFile) -> Vec<Control> {
    let change = &file.change;
    let planned = file.record.planned.as_ref();
    let confirm =
        planned.filter(|planned| planned.risk == Risk::Severe).map(|_| change.component.path.name().to_owned());
    let changed_something =
        change.commit.is_some() || file.run.as_ref().is_some_and(|run| !run_view(run).done.is_empty());
    // A root's files are not ours to return, and bringing back changed nothing that is committed.
    let has_way_back = !matches!(file.record.draft.action, Action::Root | Action::Reconcile);
    match change.state {
        State::Draft | State::Planning => vec![Control::Cancel],
        State::AwaitingApproval => {
            vec![Control::Approve { confirm }, Control::Reject, Control::Edit, Control::Details, Control::Cancel]
        }
        State::Approved => vec![Control::Reject, Control::Edit, Control::Details, Control::Cancel],
        State::Claimed | State::Executing => vec![Control::Details, Control::Cancel],
        State::Applied | State::Verifying => vec![Control::Details],
        State::Succeeded | State::Degraded | State::Resolved if has_way_back => vec![Control::Details, Control::Undo],
        State::Failed if has_way_back && changed_something => vec![Control::Details, Control::Undo],
        State::Succeeded | State::Degraded | State::Resolved => vec![Control::Details],
        State::NeedsAttention => vec![Control::Details, Control::Resolve],
        State::PlanFailed | State::Rejected | State::Expired | State::Cancelled => {
            vec![Control::Details, Control::PlanAgain]
        }
        // What is superseded is planned again without being asked for.
        State::Discarded | State::NoChanges | State::PolicyDenied | State::Superseded | State::Failed => {
            vec![Control::Details]
        }
    }
}
