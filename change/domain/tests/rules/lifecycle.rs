//! The lifecycle: where nothing follows, and that nothing leads back to a start.
//! Run on the domain's pure function; its whole table is recorded in tests/matrix of the workspace.
//! Must never skip a pair of state and event.

use chopmark_domain::lifecycle::{Effect, Event, State, step};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn nothing_follows_the_documented_ends_and_no_others() {
    use State::{
        Cancelled, Degraded, Discarded, Expired, Failed, NoChanges, PlanFailed, PolicyDenied, Rejected, Resolved,
        Succeeded, Superseded,
    };
    let documented = BTreeSet::from([
        Cancelled,
        Degraded,
        Discarded,
        Expired,
        Failed,
        NoChanges,
        PlanFailed,
        PolicyDenied,
        Rejected,
        Resolved,
        Succeeded,
        Superseded,
    ]);
    let ends: BTreeSet<_> = State::ALL.iter().copied().filter(|state| state.is_terminal()).collect();
    assert_eq!(ends, documented);
}

proptest! {
    /// Whatever happens, in whatever order: the ticket is used at most once, only after the rule was
    /// met, and nothing starts, plans or waits for approval after it.
    #[test]
    fn no_path_leads_from_a_used_ticket_to_another_start(
        events in proptest::collection::vec(proptest::sample::select(Event::ALL), 0..200),
    ) {
        let mut state = State::Draft;
        let (mut tickets, mut met) = (0, false);
        for event in events {
            let Ok((next, effects)) = step(state, event) else { continue };
            match event {
                Event::RuleMet => met = true,
                Event::Edited | Event::DecisionVoided => met = false,
                Event::TicketUsed => {
                    prop_assert!(met, "a start without a met rule");
                    tickets += 1;
                }
                _ => {}
            }
            if tickets > 0 {
                prop_assert!(!effects.iter().any(|effect| matches!(effect, Effect::Start | Effect::Plan)), "{event:?}");
                prop_assert!(!matches!(next, State::Draft | State::Planning | State::AwaitingApproval
                    | State::Approved | State::Claimed), "{next:?}");
            }
            prop_assert!(tickets <= 1);
            state = next;
        }
    }
}
