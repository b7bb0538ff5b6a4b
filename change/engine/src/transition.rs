//! Turning a lifecycle event into one commit: row, ledger entries, wake-ups and notes together.
//! Used by every command and effect.
//! Must never write a state that lifecycle::step did not give.

use crate::Engine;
use chopmark_domain::calendar::Start;
use chopmark_domain::change::{Change, Planned, RevisionRecord};
use chopmark_domain::ids::{ChangeId, Epoch, Revision};
use chopmark_domain::ledger::EntryDraft;
use chopmark_domain::lifecycle::{self, Effect, Event, State};
use chopmark_domain::note::{NoteBody, Occasion};
use chopmark_domain::ports::{Answer, ChangeWrite, Commit, Sharing, Wakeup};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;

/// Who holds that lease.
pub(crate) fn lease_holder(change: &Change) -> String {
    format!("{}/{}", change.id, change.revision)
}

impl Engine {
    /// The name of the lease on what a change executes on. Where components may change side by side, the component is
    /// part of it: one component never twice.
    pub(crate) fn target_lease(&self, change: &Change, record: &RevisionRecord) -> String {
        let Some(step) = record.planned.as_ref().and_then(|planned| planned.plan.steps.last()) else {
            return format!("target::{}", change.component);
        };
        // Of a runner that is not there nobody knows what it would share.
        match self.runner_of(step).map_or(Sharing::Nobody, |runner| runner.sharing()) {
            Sharing::Nobody => format!("target:{}", step.target),
            Sharing::ByComponent => format!("target:{}:{}", step.target, change.component),
        }
    }

    /// The commit that moves `change` by `event`; `edit` sets what the event brings with it.
    ///
    /// # Errors
    /// [`Code::WrongState`] when the event cannot happen in the change's state.
    pub(crate) fn transition(
        &self,
        change: &Change,
        record: &RevisionRecord,
        event: Event,
        entries: Vec<EntryDraft>,
        edit: impl FnOnce(&mut Change),
    ) -> Answer<Commit> {
        let (state, effects) = lifecycle::step(change.state, event).map_err(|_| wrong_state(change))?;
        let from = (change.state, change.epoch);
        let now = self.ports.clock.now();
        let mut moved = Change { state, epoch: change.epoch.next(), updated_at: now, ..change.clone() };
        edit(&mut moved);
        let wakeups = effects
            .iter()
            .filter_map(|effect| {
                let due_at = due(*effect, record.planned.as_ref(), now)?;
                Some(Wakeup { id: 0, change: change.id.clone(), effect: *effect, due_at })
            })
            .collect();
        let release =
            effects.contains(&Effect::ReleaseTarget).then(|| (self.target_lease(change, record), lease_holder(change)));
        Ok(Commit {
            change: ChangeWrite::Update { from, change: moved },
            record: None,
            decision: None,
            run: None,
            entries,
            wakeups,
            notes: vec![NoteBody::Moved { state }],
            fence: None,
            release,
        })
    }

    /// Commits and wakes the worker.
    pub(crate) async fn commit(&self, commit: Commit) -> Answer<()> {
        let over = match &commit.change {
            ChangeWrite::Update { change, .. } if change.state.is_terminal() => {
                Some((change.id.clone(), change.revision))
            }
            // The next revision is planned anew; what was kept for the one before it is of no use.
            ChangeWrite::Update { change, .. } if change.state == State::Planning => {
                Some((change.id.clone(), Revision(change.revision.0.saturating_sub(1))))
            }
            ChangeWrite::Update { .. } | ChangeWrite::Insert(_) => None,
        };
        self.ports.journal.commit(commit).await?;
        self.nudge.notify_one();
        if let Some((id, revision)) = over {
            self.discard_revision(&id, revision).await;
        }
        Ok(())
    }

    /// Deletes what was kept for a revision's apply. What cannot be deleted now is swept by the runner later.
    async fn discard_revision(&self, id: &ChangeId, revision: Revision) {
        if let Ok(Some(record)) = self.ports.records.revision(id, revision).await
            && let Some(planned) = &record.planned
        {
            self.discard(&planned.plan).await;
        }
    }

    /// A commit that touches the row without moving its state, such as a first of two approvals.
    pub(crate) fn touch(&self, change: &Change, entries: Vec<EntryDraft>) -> Commit {
        let moved = Change { epoch: change.epoch.next(), updated_at: self.ports.clock.now(), ..change.clone() };
        Commit {
            change: ChangeWrite::Update { from: (change.state, change.epoch), change: moved },
            record: None,
            decision: None,
            run: None,
            entries,
            wakeups: vec![],
            notes: vec![NoteBody::Moved { state: change.state }],
            fence: None,
            release: None,
        }
    }

    /// The commit that makes a change: planned at once.
    pub(crate) fn insertion(&self, mut change: Change, record: RevisionRecord, entries: Vec<EntryDraft>) -> Commit {
        change.state = State::Planning;
        change.epoch = Epoch::ZERO;
        let wakeup = Wakeup { id: 0, change: change.id.clone(), effect: Effect::Plan, due_at: change.created_at };
        Commit {
            change: ChangeWrite::Insert(change),
            record: Some(record),
            decision: None,
            run: None,
            entries,
            wakeups: vec![wakeup],
            notes: vec![NoteBody::Moved { state: State::Planning }],
            fence: None,
            release: None,
        }
    }
}

/// When an effect is due; none for what is not done by a wake-up.
fn due(effect: Effect, planned: Option<&Planned>, now: Timestamp) -> Option<Timestamp> {
    match (effect, planned) {
        (Effect::ReleaseTarget, _) => None,
        (Effect::AwaitExpiry, Some(planned)) => Some(ends_at(planned)),
        (Effect::Remind, planned) => planned.and_then(|planned| reminder_at(planned, Occasion::Usual)),
        (Effect::RemindLast, planned) => planned.and_then(|planned| reminder_at(planned, Occasion::ExpiresSoon)),
        (Effect::Start, Some(Planned { start: Start::Within { span, .. }, .. })) => Some(span.from.max(now)),
        _ => Some(now),
    }
}

/// When a plan can no longer be approved: its own expiry, or the end of the time to start in.
pub(crate) fn ends_at(planned: &Planned) -> Timestamp {
    match &planned.start {
        Start::AtOnce => planned.expires_at,
        Start::Within { span, .. } => planned.expires_at.min(span.until),
    }
}

/// When those who may approve are reminded: as the rule says, and once more when a fifth of the time is left. A rule that
/// never reminds does not do it then either, and one that reminds so late has said all there is.
pub(crate) fn reminder_at(planned: &Planned, occasion: Occasion) -> Option<Timestamp> {
    let usual = planned.rule.remind_after_seconds.map(|after| planned.planned_at.plus_seconds(after))?;
    match occasion {
        Occasion::Usual => Some(usual),
        Occasion::ExpiresSoon => {
            let whole = ends_at(planned).since(planned.planned_at);
            Some(Timestamp(ends_at(planned).0.saturating_sub(whole / 5))).filter(|last| *last > usual)
        }
    }
}

/// The state does not allow what was asked.
pub(crate) fn wrong_state(change: &Change) -> Problem {
    let state = serde_json::to_value(change.state).unwrap_or_default();
    Problem::new(Code::WrongState).with("change", &change.id).with("state", state.as_str().unwrap_or_default())
}
