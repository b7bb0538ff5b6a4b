//! Planning: the real programs say what the draft would do; judges and risk follow; the digest binds it all.
//! Served for changes in `planning`.
//! Must never change anything outside our own records.

use super::Served;
use super::supersede::{policy_difference, template_difference};
use crate::commands::unknown_window;
use crate::{Engine, entries};
use chopmark_domain::calendar::Start;
use chopmark_domain::change::{Change, Difference, Planned, RevisionRecord};
use chopmark_domain::component::ComponentVersion;
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Content, Draft};
use chopmark_domain::environment::{Environment, Mode};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::finding::Severity;
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::{PersonId, Revision};
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::plan::{Plan, ResourceAction, Shown};
use chopmark_domain::ports::{Answer, Commit, PlanPurpose, PlanRequest};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::risk;
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    pub(super) async fn plan(&self, file: ChangeFile) -> Answer<Served> {
        if file.change.state != State::Planning {
            return Ok(Served::Yes);
        }
        let commit = match self.planned(&file.change, &file.record).await {
            Ok(record) => self.plan_end(&file.change, record)?,
            Err(problem) => {
                let entry = entries::plan_ended(&file.change, "plan_failed", Some(&problem));
                self.transition(&file.change, &file.record, Event::PlanBroken, vec![entry], |change| {
                    change.problem = Some(problem);
                })?
            }
        };
        self.commit(commit).await?;
        Ok(Served::Yes)
    }

    fn plan_end(&self, change: &Change, record: RevisionRecord) -> Answer<Commit> {
        let Some(planned) = &record.planned else { return Err(Problem::new(Code::Internal).with("what", "no plan")) };
        let denial = planned.findings.iter().find(|finding| finding.severity == Severity::Deny);
        let mut commit = if planned.plan.is_empty() {
            let entry = entries::plan_ended(change, "no_changes", None);
            self.transition(change, &record, Event::PlanEmpty, vec![entry], |_| ())?
        } else if let Some(finding) = denial {
            let problem = Problem::new(Code::PolicyDenied).with("rule", &finding.id).with("about", &finding.about);
            let entries =
                vec![entries::planned(change, planned), entries::plan_ended(change, "denied", Some(&problem))];
            self.transition(change, &record, Event::PlanDenied, entries, |change| change.problem = Some(problem))?
        } else {
            self.transition(change, &record, Event::PlanReady, vec![entries::planned(change, planned)], |_| ())?
        };
        commit.record = Some(record);
        Ok(commit)
    }

    async fn planned(&self, change: &Change, record: &RevisionRecord) -> Answer<RevisionRecord> {
        let environment = self.environment(&change.component.environment)?;
        let plan = self.work_out(&environment, &record.draft, PlanPurpose::Execute).await?;
        let findings = self.ports.judges.judge(&environment, &record.draft, &plan);
        let (risk, risk_reasons) = risk::classify(&plan);
        let planned_at = self.ports.clock.now();
        let subject = Subject::of(&record.draft, &*self.ports.drafter);
        let rule = subject.rule_in(&environment, risk, &plan).clone();
        let mut planned = Planned {
            plan,
            findings,
            risk,
            risk_reasons,
            authors: self.authors(change, record).await?,
            policy_version: self.ports.judges.version(),
            template: record.draft.template().and_then(|name| self.ports.drafter.pin(name)),
            planned_at,
            expires_at: planned_at.plus_seconds(rule.expires_after_seconds),
            rule,
            start: self.start_of(change, &environment)?,
            digest: Digest::of(&[]),
        };
        planned.digest = planned.compute_digest(&change.id, record.revision, &record.draft);
        let differences = match self.last_seen(change).await? {
            Some(before) => differences(&before, &record.draft, &planned),
            None => vec![],
        };
        let mut planned = RevisionRecord { planned: Some(planned), differences, ..record.clone() };
        planned.seal = self.is_ours(change, record).then(|| self.seal(change, &planned));
        Ok(planned)
    }

    /// When it may start: as its people wish, within what the environment's windows allow.
    fn start_of(&self, change: &Change, environment: &Environment) -> Answer<Start> {
        let found = environment.windows.start(&change.wish, self.ports.clock.now());
        found.ok_or_else(|| unknown_window(&environment.windows, &change.wish))
    }

    /// The plan of a draft, asked of every runner its environment needs.
    pub(crate) async fn work_out(
        &self,
        environment: &Environment,
        draft: &Draft,
        purpose: PlanPurpose,
    ) -> Answer<Plan> {
        let path = &draft.component.path;
        let previous: Option<ComponentVersion> = self.ports.components.read(environment, path).await?;
        let request = PlanRequest { purpose, environment, draft, previous: previous.as_ref() };
        let mut steps = vec![];
        if draft.is_recorded() {
            steps.push(self.runner("git")?.plan(request).await?);
        }
        // An existing root has no folder of ours: applying it is all there is, whatever the mode.
        if environment.mode == Mode::Apply || matches!(draft.content, Content::Root { .. }) {
            steps.push(self.runner(draft.runner(previous.as_ref()))?.plan(request).await?);
        }
        Ok(Plan { mode: environment.mode, steps })
    }

    /// Deletes what planning kept for an apply that will not be, or is over.
    pub(crate) async fn discard(&self, plan: &Plan) {
        for step in &plan.steps {
            if let Ok(runner) = self.runner_of(step) {
                runner.discard(step).await;
            }
        }
    }

    /// Everybody who asked for the change or edited it, and those of the change it replaces.
    async fn authors(&self, change: &Change, record: &RevisionRecord) -> Answer<BTreeSet<PersonId>> {
        let mut authors = BTreeSet::from([change.requester.clone(), record.author.clone()]);
        if let Some(before) = self.last_seen(change).await? {
            authors.insert(before.author);
            authors.extend(before.planned.into_iter().flat_map(|planned| planned.authors));
        }
        Ok(authors)
    }

    /// What people last saw of the same thing: the previous revision, or the change this one replaces.
    async fn last_seen(&self, change: &Change) -> Answer<Option<RevisionRecord>> {
        let records = &self.ports.records;
        if change.revision > Revision::FIRST {
            return records.revision(&change.id, Revision(change.revision.0 - 1)).await;
        }
        match &change.replaces {
            Some(replaced) => Ok(records.change(replaced).await?.map(|file| file.record)),
            None => Ok(None),
        }
    }
}

/// What differs between a revision people saw and the new one: values first, then resources.
fn differences(before: &RevisionRecord, draft: &Draft, planned: &Planned) -> Vec<Difference> {
    let mut found = value_differences(&before.draft, draft);
    let Some(seen) = &before.planned else { return found };
    if seen.start != planned.start {
        let what = Difference::START.to_owned();
        found.push(Difference { what, before: seen.start.written(), after: planned.start.written() });
    }
    found.extend(seen.rule.differences(&planned.rule));
    if seen.policy_version != planned.policy_version {
        found.push(policy_difference(&seen.policy_version, &planned.policy_version));
    }
    if let Some(difference) = template_difference(seen.template.as_ref(), planned.template.as_ref()) {
        found.push(difference);
    }
    let (old, new) = (fields(seen.plan.actions()), fields(planned.plan.actions()));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let (before, after) = (old.get(key), new.get(key));
        if before != after {
            found.push(Difference { what: key.clone(), before: before.cloned(), after: after.cloned() });
        }
    }
    found
}

fn value_differences(before: &Draft, after: &Draft) -> Vec<Difference> {
    let (Content::Component { values: old, .. }, Content::Component { values: new, .. }) =
        (&before.content, &after.content)
    else {
        return vec![];
    };
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let text = |values: &BTreeMap<String, chopmark_domain::proposal::Sourced>, key: &String| {
        values.get(key).map(|sourced| sourced.value.to_string())
    };
    keys.into_iter()
        .map(|key| Difference { what: key.clone(), before: text(old, key), after: text(new, key) })
        .filter(|difference| difference.before != difference.after)
        .collect()
}

/// Each resource with what happens to it, and each field with what it becomes and, under its path
/// and `@now`, what it is before. File texts are named by their digest, for they repeat what the
/// values and the target's fields say.
fn fields(actions: &[ResourceAction]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for action in actions {
        let verb = serde_json::to_value(action.verb).ok();
        let verb = verb.as_ref().and_then(|verb| verb.as_str()).unwrap_or_default().to_owned();
        found.insert(action.address.clone(), verb);
        for field in &action.fields {
            let shown = |value: &Shown| match value {
                Shown::Value(text) if action.kind == "file" => Digest::of(text.as_bytes()).short(),
                Shown::Value(text) | Shown::Hidden(text) => text.clone(),
            };
            let key = format!("{} {}", action.address, field.path);
            if let Some(before) = &field.before {
                found.insert(format!("{key} @now"), shown(before));
            }
            if let Some(after) = &field.after {
                found.insert(key, shown(after));
            }
        }
    }
    found
}
