//! The lifecycle: which state follows which event, and what must then be done.
//! Asked by the engine for every transition; the whole table is a recorded matrix.
//! Must never let an edge lead from executing, or later, back to where a start is possible.

use serde::{Deserialize, Serialize};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Where a change stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum State { $($(#[$doc])* $name,)* }
        impl State {
            /// Every state, in the order of a change's life.
            pub const ALL: &'static [State] = &[$(State::$name,)*];
        }
    };
}

states! {
    /// Drafted, not planned.
    Draft,
    /// Being planned.
    Planning,
    /// Planned; waits for people.
    AwaitingApproval,
    /// Countersigned; waits for a worker.
    Approved,
    /// A worker holds its target; nothing has begun.
    Claimed,
    /// The ticket is used; the effect may be under way.
    Executing,
    /// The effect ended well.
    Applied,
    /// Being checked.
    Verifying,
    /// It works.
    Succeeded,
    /// Withdrawn before it was planned.
    Discarded,
    /// Planned: there is nothing to do.
    NoChanges,
    /// A judge denied it.
    PolicyDenied,
    /// It could not be planned.
    PlanFailed,
    /// A person rejected it.
    Rejected,
    /// Nobody decided in time.
    Expired,
    /// It went stale; another change takes its place.
    Superseded,
    /// A person cancelled it before it began.
    Cancelled,
    /// The effect failed; what was done is recorded.
    Failed,
    /// The effect was made, and the check after it failed.
    Degraded,
    /// It began and its end is unknown: a person must look.
    NeedsAttention,
    /// A person said what became of it.
    Resolved,
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What can happen to a change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Event { $($(#[$doc])* $name,)* }
        impl Event {
            /// Every event.
            pub const ALL: &'static [Event] = &[$(Event::$name,)*];
        }
    };
}

events! {
    /// Plan it.
    PlanAsked,
    /// The plan is there and can be decided on.
    PlanReady,
    /// The plan would change nothing.
    PlanEmpty,
    /// A judge denied the plan.
    PlanDenied,
    /// The plan could not be made.
    PlanBroken,
    /// A person edited it: there is a next revision.
    Edited,
    /// Enough people approved.
    RuleMet,
    /// Somebody with the right rejected it.
    RejectedBy,
    /// Its time is over.
    TimeOver,
    /// Plan, target, policy or rule moved.
    WentStale,
    /// A person cancelled it.
    CancelledBy,
    /// A decision no longer counts.
    DecisionVoided,
    /// A worker took the target's lease.
    ClaimedBy,
    /// The worker lost the lease before the ticket.
    LeaseLost,
    /// The ticket was used.
    TicketUsed,
    /// The effect ended well.
    EffectDone,
    /// The effect failed.
    EffectFailed,
    /// The end is unknown.
    EffectUnknown,
    /// The check began.
    CheckBegun,
    /// The check passed.
    CheckPassed,
    /// The check failed.
    CheckFailed,
    /// A person said what became of it.
    ResolvedBy,
}

/// What must be done after a transition, by the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Work out the plan.
    Plan,
    /// Begin the run: lease, freshness, ticket, child.
    Start,
    /// Watch the exec child until its outcome is known.
    Watch,
    /// Push the commit that a run still owes; retried alone.
    Publish,
    /// Check that it worked.
    Check,
    /// See whether the rule itself approves, then tell those who may.
    CountRule,
    /// Remind those who may approve.
    Remind,
    /// Remind them once more before the plan's expiry.
    RemindLast,
    /// Wake at the plan's expiry.
    AwaitExpiry,
    /// Free the target for others.
    ReleaseTarget,
    /// Draft the same proposal on the present version as a new change.
    DraftAgain,
}

/// The event cannot happen in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen in {state:?}")]
pub struct Illegal {
    /// The state.
    pub state: State,
    /// The event.
    pub event: Event,
}

impl State {
    /// Whether nothing can follow: rows in such a state never change again.
    pub fn is_terminal(self) -> bool {
        Event::ALL.iter().all(|event| step(self, *event).is_err())
    }

    /// Whether it has come to rest: nothing happens until a person acts or time passes.
    pub fn is_at_rest(self) -> bool {
        self.is_terminal() || matches!(self, State::AwaitingApproval | State::NeedsAttention)
    }
}

/// What follows when `event` happens in `state`.
///
/// # Errors
/// [`Illegal`] when it cannot happen.
pub fn step(state: State, event: Event) -> Result<(State, &'static [Effect]), Illegal> {
    use Effect::{AwaitExpiry, Check, CountRule, DraftAgain, Plan, ReleaseTarget, Remind, RemindLast, Start, Watch};
    let (next, effects): (State, &'static [Effect]) = match (state, event) {
        (State::Draft, Event::PlanAsked) => (State::Planning, &[Plan]),
        (State::Draft, Event::CancelledBy) => (State::Discarded, &[]),

        (State::Planning, Event::PlanReady) => (State::AwaitingApproval, &[CountRule, Remind, RemindLast, AwaitExpiry]),
        (State::Planning, Event::PlanEmpty) => (State::NoChanges, &[]),
        (State::Planning, Event::PlanDenied) => (State::PolicyDenied, &[]),
        (State::Planning, Event::PlanBroken) => (State::PlanFailed, &[]),
        (State::Planning, Event::Edited) => (State::Planning, &[Plan]),
        (State::Planning, Event::CancelledBy) => (State::Cancelled, &[]),

        (State::AwaitingApproval, Event::RuleMet) => (State::Approved, &[Start]),
        (State::AwaitingApproval, Event::RejectedBy) => (State::Rejected, &[]),
        (State::AwaitingApproval, Event::TimeOver) => (State::Expired, &[]),
        (State::AwaitingApproval, Event::WentStale) => (State::Superseded, &[DraftAgain]),
        (State::AwaitingApproval, Event::CancelledBy) => (State::Cancelled, &[]),
        (State::AwaitingApproval, Event::Edited) => (State::Planning, &[Plan]),

        (State::Approved, Event::ClaimedBy) => (State::Claimed, &[]),
        (State::Approved, Event::RejectedBy) => (State::Rejected, &[]),
        (State::Approved, Event::TimeOver) => (State::Expired, &[]),
        (State::Approved, Event::WentStale) => (State::Superseded, &[DraftAgain]),
        (State::Approved, Event::CancelledBy) => (State::Cancelled, &[]),
        (State::Approved, Event::DecisionVoided) => (State::AwaitingApproval, &[]),
        (State::Approved, Event::Edited) => (State::Planning, &[Plan]),

        (State::Claimed, Event::TicketUsed) => (State::Executing, &[Watch]),
        (State::Claimed, Event::LeaseLost) => (State::Approved, &[ReleaseTarget, Start]),
        (State::Claimed, Event::WentStale) => (State::Superseded, &[ReleaseTarget, DraftAgain]),
        (State::Claimed, Event::RejectedBy) => (State::Rejected, &[ReleaseTarget]),
        (State::Claimed, Event::TimeOver) => (State::Expired, &[ReleaseTarget]),
        (State::Claimed, Event::CancelledBy) => (State::Cancelled, &[ReleaseTarget]),
        (State::Claimed, Event::DecisionVoided) => (State::AwaitingApproval, &[ReleaseTarget]),

        (State::Executing, Event::EffectDone) => (State::Applied, &[Check]),
        (State::Executing, Event::EffectFailed) => (State::Failed, &[ReleaseTarget]),
        (State::Executing, Event::EffectUnknown) => (State::NeedsAttention, &[]),

        (State::Applied, Event::CheckBegun) => (State::Verifying, &[]),
        (State::Verifying, Event::CheckPassed) => (State::Succeeded, &[ReleaseTarget]),
        (State::Verifying, Event::CheckFailed) => (State::Degraded, &[ReleaseTarget]),

        (State::NeedsAttention, Event::ResolvedBy) => (State::Resolved, &[ReleaseTarget]),
        (state, event) => return Err(Illegal { state, event }),
    };
    Ok((next, effects))
}
