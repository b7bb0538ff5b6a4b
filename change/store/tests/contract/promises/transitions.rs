//! Promises about transitions: whole or not at all, and only from where the writer believes the row to be.
//! Instantiated for every backend.
//! Must never accept a half-written transition.

use crate::backend::{Backend, HandClock};
use crate::samples::{
    change, decision, entry, insertion, moved, movement, only, place, planned, record, run, standing_at,
};
use chopmark_domain::approval::Verdict;
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::{Epoch, Revision};
use chopmark_domain::lifecycle::{Effect, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{
    ChangeFilter, ChangeWrite, Clock as _, Commit, Journal as _, LedgerFilter, Records, RunWrite, Wakeup,
};
use chopmark_domain::problem::Code;
use chopmark_domain::time::Timestamp;

/// Everything that can be read of a store with one change: equal before and after a refused write.
async fn picture<S: Records>(store: &S, change: &Change) -> String {
    let file = store.change(&change.id).await.unwrap();
    let ledger = store.ledger(&LedgerFilter { limit: 1000, ..LedgerFilter::default() }).await.unwrap();
    let notes = store.notes_after(0, 1000).await.unwrap();
    format!("{file:?} {ledger:?} {notes:?} {:?}", store.ledger_head().await.unwrap())
}

pub(crate) async fn a_transition_is_read_back_whole<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let first = change(1);
    store.commit(insertion(&first)).await.unwrap();
    let file = ChangeFile { change: first.clone(), record: record(&first), decisions: vec![], run: None, waits: None };
    assert_eq!(store.change(&first.id).await.unwrap(), Some(file));

    let executing = moved(&first, State::Executing);
    let sealed = decision(&first, "bea", Verdict::Approve, b"plan", "fine");
    let commit = Commit {
        record: Some(planned(&record(&first))),
        decision: Some(sealed.clone()),
        run: Some(RunWrite::Begin(run(&first, "aaaa"))),
        entries: vec![entry(&first, "one"), entry(&first, "two")],
        notes: vec![NoteBody::Moved { state: State::Executing }],
        ..movement(&first, &executing)
    };
    store.commit(commit).await.unwrap();
    let file = ChangeFile {
        change: executing,
        record: planned(&record(&first)),
        decisions: vec![sealed],
        run: Some(run(&first, "aaaa")),
        waits: None,
    };
    assert_eq!(store.change(&first.id).await.unwrap(), Some(file));
    assert_eq!(store.run(&run(&first, "aaaa").id).await.unwrap(), Some(run(&first, "aaaa")));
    assert_eq!(store.ledger_head().await.unwrap().0, 3);
    assert_eq!(store.last_note().await.unwrap(), 2);
    assert_eq!(store.change(&change(2).id).await.unwrap(), None);
    assert_eq!(store.revision(&first.id, Revision(2)).await.unwrap(), None);
}

pub(crate) async fn a_writer_who_believes_an_older_state_or_epoch_is_refused_and_nothing_is_written<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = standing_at(&store, 1, State::AwaitingApproval).await;
    let before = picture(&store, &now).await;
    let other_state = Change { state: State::Approved, ..now.clone() };
    let other_epoch = Change { epoch: Epoch(now.epoch.0 + 1), ..now.clone() };
    let older_epoch = Change { epoch: Epoch(now.epoch.0 - 1), ..now.clone() };
    let unknown = change(2);
    for believed in [other_state, other_epoch, older_epoch, unknown] {
        let commit = Commit {
            entries: vec![entry(&now, "never")],
            notes: vec![NoteBody::Moved { state: State::Cancelled }],
            wakeups: vec![Wakeup { id: 0, change: now.id.clone(), effect: Effect::Check, due_at: Timestamp(0) }],
            ..movement(&believed, &moved(&believed, State::Cancelled))
        };
        assert_eq!(store.commit(commit).await.unwrap_err().code, Code::Conflict);
        assert_eq!(picture(&store, &now).await, before);
    }
    let due = store.due(Timestamp(i64::MAX), 10).await.unwrap();
    assert!(due.iter().all(|wakeup| wakeup.effect == Effect::Plan), "{due:?}");
}

pub(crate) async fn a_part_that_does_not_fit_takes_the_whole_transition_back<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let now = standing_at(&store, 1, State::Claimed).await;
    let before = picture(&store, &now).await;
    let whole = || Commit {
        entries: vec![entry(&now, "never")],
        notes: vec![NoteBody::Moved { state: State::Executing }],
        decision: Some(decision(&now, "bea", Verdict::Approve, b"plan", "never")),
        ..movement(&now, &moved(&now, State::Executing))
    };
    let skipped = RevisionRecord { revision: Revision(5), ..record(&now) };
    let pointing = Change { revision: Revision(2), ..moved(&now, State::Executing) };
    let refused = [
        Commit { record: Some(skipped), ..whole() },
        Commit { run: Some(RunWrite::End(run(&now, "aaaa"))), ..whole() },
        Commit { fence: Some(("worker".to_owned(), "me".to_owned(), Epoch(1))), ..whole() },
        // A row that points at a revision nobody wrote.
        Commit { change: ChangeWrite::Update { from: (now.state, now.epoch), change: pointing }, ..whole() },
        // An epoch that does not follow.
        Commit { change: ChangeWrite::Update { from: (now.state, now.epoch), change: now.clone() }, ..whole() },
    ];
    for commit in refused {
        assert!(store.commit(commit).await.is_err());
        assert_eq!(picture(&store, &now).await, before);
    }
    store.commit(whole()).await.unwrap();
}

pub(crate) async fn of_many_writers_with_one_belief_one_wins<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    for number in 0..30 {
        let now = standing_at(&stores[0], number, State::AwaitingApproval).await;
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let (store, now) = (stores[writer % 2].clone(), now.clone());
                tokio::spawn(async move {
                    let commit = Commit {
                        entries: vec![entry(&now, &format!("writer {writer}"))],
                        ..movement(&now, &moved(&now, State::Approved))
                    };
                    store.commit(commit).await
                })
            })
            .collect();
        let mut won = 0;
        for writer in writers {
            match writer.await.unwrap() {
                Ok(()) => won += 1,
                Err(problem) => assert_eq!(problem.code, Code::Conflict),
            }
        }
        assert_eq!(won, 1);
    }
    assert_eq!(stores[0].ledger_head().await.unwrap().0, 60, "an entry of a refused writer stayed");
}

pub(crate) async fn a_change_that_has_ended_never_moves_again<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    for (number, state) in State::ALL.iter().enumerate() {
        let now = standing_at(&store, number, *state).await;
        let again = store.commit(movement(&now, &moved(&now, State::Planning))).await;
        if state.is_terminal() {
            assert_eq!(again.unwrap_err().code, Code::Conflict, "{state:?}");
            assert_eq!(store.change(&now.id).await.unwrap().unwrap().change, now);
        } else {
            assert_eq!(again, Ok(()), "{state:?}");
        }
    }
}

pub(crate) async fn a_taken_id_is_a_conflict<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    store.commit(insertion(&change(1))).await.unwrap();
    let before = picture(&store, &change(1)).await;
    let other = Change { request: "another".to_owned(), ..change(1) };
    assert_eq!(store.commit(insertion(&other)).await.unwrap_err().code, Code::Conflict);
    assert_eq!(picture(&store, &change(1)).await, before);
}

pub(crate) async fn a_revision_is_filled_until_it_is_planned_and_followed_only_by_the_next<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let mut now = change(1);
    store.commit(insertion(&now)).await.unwrap();
    let refilled = RevisionRecord { author: crate::samples::person("bea"), ..record(&now) };
    let second = RevisionRecord { revision: Revision(2), ..record(&now) };
    let third = RevisionRecord { revision: Revision(3), ..record(&now) };
    let steps = [
        (refilled.clone(), true),
        (third, false),
        (planned(&refilled), true),
        (refilled.clone(), false),
        (planned(&refilled), false),
        (second.clone(), true),
        (planned(&second), true),
    ];
    for (record, fits) in steps {
        let next = Change { revision: now.revision.max(record.revision), ..moved(&now, State::Planning) };
        let commit = Commit { record: Some(record.clone()), ..movement(&now, &next) };
        match store.commit(commit).await {
            Ok(()) => {
                assert!(fits, "{record:?}");
                now = next;
                assert_eq!(store.revision(&now.id, record.revision).await.unwrap(), Some(record));
            }
            Err(problem) => assert_eq!((problem.code, fits), (Code::Conflict, false), "{record:?}"),
        }
    }
    assert_eq!(store.revision(&now.id, Revision::FIRST).await.unwrap(), Some(planned(&refilled)));
    assert_eq!(store.change(&now.id).await.unwrap().unwrap().record, planned(&second));
}

pub(crate) async fn a_decision_is_stored_once_for_a_person_verdict_and_digest<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let mut now = standing_at(&store, 1, State::AwaitingApproval).await;
    let first = decision(&now, "ann", Verdict::Approve, b"a", "first");
    let kept = [
        first.clone(),
        decision(&now, "bea", Verdict::Approve, b"a", "another person"),
        decision(&now, "ann", Verdict::Reject, b"a", "another verdict"),
        decision(&now, "ann", Verdict::Approve, b"b", "another digest"),
    ];
    let again = decision(&now, "ann", Verdict::Approve, b"a", "pressed twice");
    for sealed in kept.iter().chain([&again]) {
        let next = moved(&now, State::AwaitingApproval);
        store.commit(Commit { decision: Some(sealed.clone()), ..movement(&now, &next) }).await.unwrap();
        now = next;
    }
    assert_eq!(store.change(&now.id).await.unwrap().unwrap().decisions, kept);
}

pub(crate) async fn changes_are_found_by_what_is_asked_newest_first<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let mut all = vec![];
    for number in 0..6 {
        let mut one = change(number);
        if number % 2 == 1 {
            one.component = "prod/shop/cart".parse().unwrap();
            one.place = place("there");
        }
        store.commit(insertion(&one)).await.unwrap();
        all.push(one);
    }
    let ended = moved(&all[2], State::Cancelled);
    store.commit(movement(&all[2], &ended)).await.unwrap();
    all[2] = Change { updated_at: ended.updated_at, ..ended };
    let any = || ChangeFilter { limit: 10, ..ChangeFilter::default() };
    let prod: chopmark_domain::component::ComponentId = "prod/shop/cart".parse().unwrap();
    let cases: Vec<(ChangeFilter, Vec<usize>)> = vec![
        (any(), vec![5, 4, 3, 2, 1, 0]),
        (ChangeFilter { limit: 2, ..any() }, vec![5, 4]),
        (ChangeFilter { limit: 0, ..any() }, vec![]),
        (ChangeFilter { states: vec![State::Cancelled], ..any() }, vec![2]),
        (ChangeFilter { states: vec![State::Cancelled, State::Planning], ..any() }, vec![5, 4, 3, 2, 1, 0]),
        (ChangeFilter { states: vec![State::Failed], ..any() }, vec![]),
        (ChangeFilter { environment: Some(prod.environment.clone()), ..any() }, vec![5, 3, 1]),
        (ChangeFilter { component: Some(prod), ..any() }, vec![5, 3, 1]),
        (ChangeFilter { component: Some("prod/shop/other".parse().unwrap()), ..any() }, vec![]),
        (ChangeFilter { place: Some(place("here")), ..any() }, vec![4, 2, 0]),
        (ChangeFilter { since: Some(Timestamp(3)), ..any() }, vec![5, 4, 3, 2]),
        (ChangeFilter { since: Some(Timestamp(3)), place: Some(place("here")), limit: 1, ..any() }, vec![4]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|number| all[number].clone()).collect();
        assert_eq!(store.changes(&filter).await.unwrap(), expected, "{filter:?}");
    }
}

pub(crate) async fn the_columns_of_the_row_are_what_a_change_says<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let clock: &HandClock = backend.clock();
    let first = Change { created_at: clock.now(), updated_at: clock.now(), ..change(1) };
    store.commit(insertion(&first)).await.unwrap();
    let mut now = first;
    for state in [State::AwaitingApproval, State::Approved, State::Claimed, State::Executing] {
        let next = moved(&now, state);
        store.commit(only(ChangeWrite::Update { from: (now.state, now.epoch), change: next.clone() })).await.unwrap();
        now = next;
        assert_eq!(store.change(&now.id).await.unwrap().unwrap().change, now);
    }
}
