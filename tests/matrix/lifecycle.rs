//! The lifecycle's table: every state against every event, and what must hold of all of it.
//! Reads the domain's pure function.
//! Must never skip a pair.

use super::recorded;
use chopmark_domain::lifecycle::{Effect, Event, State, step};
use std::collections::BTreeSet;
use std::fmt::Write;

#[test]
fn every_state_and_event_is_recorded() {
    let mut text = String::from("state x event: the next state and its effects; a pair that is not here is refused\n");
    for state in State::ALL {
        let kind = match (state.is_terminal(), state.is_at_rest()) {
            (true, _) => " (the end)",
            (false, true) => " (waits for people)",
            (false, false) => "",
        };
        writeln!(text, "\n{state:?}{kind}").unwrap();
        for event in Event::ALL {
            if let Ok((next, effects)) = step(*state, *event) {
                let effects: Vec<_> = effects.iter().map(|effect| format!("{effect:?}")).collect();
                writeln!(text, "{}", format!("  {event:?} -> {next:?}  {}", effects.join(", ")).trim_end()).unwrap();
            }
        }
    }
    recorded("lifecycle.txt", &text);
}

/// Everything that can come after a state, itself included.
fn after(state: State) -> BTreeSet<State> {
    let mut seen = BTreeSet::new();
    let mut open = vec![state];
    while let Some(state) = open.pop() {
        if seen.insert(state) {
            open.extend(Event::ALL.iter().filter_map(|event| step(state, *event).ok()).map(|(next, _)| next));
        }
    }
    seen
}

#[test]
fn nothing_leads_from_executing_back_to_where_a_start_is_possible() {
    let later = after(State::Executing);
    for early in [State::Draft, State::Planning, State::AwaitingApproval, State::Approved, State::Claimed] {
        assert!(!later.contains(&early), "{early:?} comes after executing");
    }
}

#[test]
fn only_the_ticket_leads_to_executing_and_only_once_countersigned() {
    for state in State::ALL {
        for event in Event::ALL {
            if let Ok((State::Executing, _)) = step(*state, *event) {
                assert_eq!((*state, *event), (State::Claimed, Event::TicketUsed));
            }
            if let Ok((_, effects)) = step(*state, *event)
                && effects.contains(&Effect::Start)
            {
                assert!(matches!(event, Event::RuleMet | Event::LeaseLost), "{event:?} starts a run");
            }
        }
    }
}

#[test]
fn every_state_can_be_reached_and_every_life_can_end() {
    assert_eq!(after(State::Draft), State::ALL.iter().copied().collect());
    for state in State::ALL {
        assert!(after(*state).iter().any(|state| state.is_terminal()), "{state:?} never ends");
    }
}

#[test]
fn a_target_is_freed_at_every_end_of_a_run() {
    for state in [State::Claimed, State::Executing, State::Verifying, State::NeedsAttention] {
        for event in Event::ALL {
            if let Ok((next, effects)) = step(state, *event)
                && (next.is_terminal() || next == State::AwaitingApproval)
            {
                assert!(effects.contains(&Effect::ReleaseTarget), "{state:?} {event:?} keeps the target");
            }
        }
    }
}
