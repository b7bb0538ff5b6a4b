//! Attacks on the one start (P54 to P57): by deaths at any moment, by crowds, by sleep and by a broken lock.
//! Uses kill, stop and many processes at once; state, repository and tickets are the witnesses.
//! Must never find a second effect, or one without a quorum.

use super::rig::{DEPLOY, HELLO, NOTE, effects, ledger, let_the_worker_work, mine, rests, settled};
use crate::kit::crash::{Point, doomed, exec_children, kill};
use crate::kit::people::{BOB, Person, rule};
use crate::kit::scene::Scene;
use crate::kit::terraform::{Terraform, state_of};
use crate::kit::wait_for;
use crate::kit::world::Repository;
use rstest::rstest;
use std::time::Duration;

/// Approves in a worker that is killed after so long, again and again, until it rests.
#[test]
fn p54_random_deaths_leave_one_effect_or_none_and_the_truth() {
    for delay in [3, 17, 40, 80, 120, 170, 230, 310] {
        let scene = Scene::with_config(&mine());
        let change = scene.propose(DEPLOY);
        let mut worker = doomed(&scene, &["approve", &change]);
        std::thread::sleep(Duration::from_millis(delay));
        worker.kill().unwrap();
        worker.wait().unwrap();
        if delay % 2 == 0 {
            exec_children(&scene).into_iter().for_each(kill);
        }
        let state = settled(&scene, &change);
        let commits = Repository::at(&scene.repository()).commits_of(&change);
        let legal = match state.as_str() {
            "succeeded" => commits == 1,
            "needs_attention" => commits <= 1,
            "awaiting_approval" | "failed" | "superseded" => commits == 0,
            _ => false,
        };
        assert!(legal, "{delay} ms: {state} with {commits} commits");
        assert_eq!(settled(&scene, &change), state, "a later start moved it");
        scene.ledger_verifies();
    }
}

#[rstest]
#[case("before-ticket")]
#[case("child-before-lock")]
fn p54_a_crash_before_the_effect_needs_the_quorum_again_afterwards(#[case] point: &'static str) {
    let mut scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let armed = Point::arm(&mut scene, point);
    let mut worker = doomed(&scene, &["approve", &change]);
    armed.reached();
    worker.kill().unwrap();
    worker.wait().unwrap();
    exec_children(&scene).into_iter().for_each(kill);
    // Whoever approved has no right any more when the next worker looks.
    let mine = format!("[people.\"{}\"]\nroles = [\"keeper\"]\n", Person::Me.key());
    let other = rule(&[Person::Me, BOB], 1, true, "1h");
    assert!(other.contains(&mine));
    scene.write_config(&other.replace(&mine, &mine.replace("keeper", "reader")));
    let state = settled(&scene, &change);
    assert_ne!(state, "succeeded");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0, "{state}");
    scene.ledger_verifies();
}

#[test]
fn p55_worker_shim_and_tool_die_together_and_nothing_is_done_twice() {
    for terraform in Terraform::each() {
        let mut scene = terraform.scene();
        scene.carry_out(NOTE);
        let change = scene.propose("set hello's text to \"two\"");
        let armed = Point::arm(&mut scene, "child-mid-apply");
        let mut worker = doomed(&scene, &["approve", &change]);
        armed.reached();
        let children = exec_children(&scene);
        worker.kill().unwrap();
        children.into_iter().for_each(kill);
        worker.wait().unwrap();
        let state = settled(&scene, &change);
        assert!(["needs_attention", "failed"].contains(&state.as_str()), "{state}");
        let held = state_of(&scene, HELLO);
        for _ in 0..3 {
            let_the_worker_work(&scene);
        }
        assert_eq!(
            (scene.state(&change), state_of(&scene, HELLO)),
            (state.clone(), held.clone()),
            "a restart moved it"
        );
        if state == "needs_attention" {
            let entry = ledger(&scene).into_iter().find(|entry| entry["kind"] == "needs_attention").unwrap();
            assert!(entry["payload"].to_string().len() > 20, "it holds what was seen: {entry}");
            locked(&scene);
            assert_eq!(state_of(&scene, HELLO), held, "a second change got through");
            scene.run(&["resolve", &change, "not_started", "the", "state", "says", "one"]).ended(0);
        }
        scene.ledger_verifies();
    }
}

/// Nothing else starts on a target whose run needs attention.
fn locked(scene: &Scene) {
    let finished = scene.run(&["--json", "ask", "set hello's text to \"three\""]);
    if finished.code != Some(4) {
        return;
    }
    let other = crate::kit::scene::change_of(&finished.events());
    let mut worker = doomed(scene, &["approve", &other]);
    wait_for("the decision", || {
        let decided = scene.sql(&format!("select count(*) from decisions where change_id = '{other}'")).unwrap();
        (decided[0][0] != "0" || worker.try_wait().unwrap().is_some()).then_some(())
    });
    std::thread::sleep(Duration::from_millis(1500));
    let _ = worker.kill();
    let _ = worker.wait();
    let runs = scene.sql(&format!("select count(*) from runs where change_id = '{other}'")).unwrap();
    assert_eq!(runs[0][0], "0", "a second run began on a locked target");
    scene.run(&["cancel", &other]);
}

#[test]
fn p56_of_eight_workers_one_gets_the_ticket() {
    for _ in 0..2 {
        let scene = Scene::with_config(&mine());
        let change = scene.propose(DEPLOY);
        std::thread::scope(|threads| {
            for number in 0..8 {
                let (scene, change) = (&scene, change.as_str());
                threads.spawn(move || {
                    if number % 2 == 0 { drop(scene.run(&["approve", change])) } else { let_the_worker_work(scene) }
                });
            }
        });
        assert_eq!(settled(&scene, &change), "succeeded");
        assert_eq!(scene.sql("select count(*) from runs").unwrap()[0][0], "1");
        assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 1);
        scene.ledger_verifies();
    }
}

fn signal(id: u32, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    rustix::process::kill_process(id, signal).unwrap();
}

#[test]
fn p56_a_worker_that_slept_through_its_lease_writes_nothing() {
    use rustix::process::Signal;
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let scene = terraform.scene();
    let change = scene.propose(NOTE);
    let mut sleeper = doomed(&scene, &["approve", &change]);
    // It plans again between claim and ticket: long enough to be caught there.
    wait_for("the claim", || {
        let state = scene.sql(&format!("select state from changes where id = '{change}'")).unwrap();
        (state[0][0] == "claimed" || sleeper.try_wait().unwrap().is_some()).then_some(())
    });
    if sleeper.try_wait().unwrap().is_some() {
        return assert_eq!(scene.state(&change), "succeeded");
    }
    signal(sleeper.id(), Signal::STOP);
    // Three leases pass.
    scene.sql("update leases set expires_at = 0 where holder is not null").unwrap();
    let state = settled(&scene, &change);
    let (runs, held) = (scene.sql("select * from runs").unwrap(), state_of(&scene, HELLO));
    signal(sleeper.id(), Signal::CONT);
    wait_for("the sleeper's end", || sleeper.try_wait().unwrap());
    assert_eq!((settled(&scene, &change), state_of(&scene, HELLO)), (state.clone(), held));
    assert_eq!(scene.sql("select * from runs").unwrap(), runs, "the sleeper wrote");
    assert!(runs.len() <= 1 && rests(&state), "{state} with {runs:?}");
    scene.ledger_verifies();
}

#[test]
fn p57_of_two_approved_changes_one_runs_and_the_other_says_why_not() {
    let scene = Scene::with_config(&mine());
    scene.carry_out(DEPLOY);
    let (three, delete) = (scene.propose("scale cart to 3"), scene.propose("delete cart in shop"));
    std::thread::scope(|threads| {
        threads.spawn(|| scene.run(&["approve", &three]));
        threads.spawn(|| scene.run(&["approve", &delete, "--confirm", "cart"]));
    });
    let states = [settled(&scene, &three), settled(&scene, &delete)];
    assert_eq!(states.iter().filter(|state| *state == "succeeded").count(), 1, "{states:?}");
    assert_eq!(states.iter().filter(|state| *state == "superseded").count(), 1, "{states:?}");
    let (won, lost) = if states[0] == "succeeded" { (&three, &delete) } else { (&delete, &three) };
    let why = ledger(&scene).into_iter().find(|entry| entry["change"] == lost.as_str() && entry["kind"] == "ended");
    let why = why.expect("it is recorded").to_string();
    assert!(why.contains(won.as_str()) || why.contains("git"), "{why}");
}

#[test]
fn p57_when_the_lock_answers_with_an_error_nothing_starts() {
    let scene = Scene::with_config(&mine());
    let change = scene.propose(DEPLOY);
    let before = effects(&scene, "local");
    for moment in ["insert", "update"] {
        let trigger = format!(
            "create trigger broken_{moment} before {moment} on leases when new.name like 'target:%' begin select raise(abort, 'no lock'); end"
        );
        scene.sql(&trigger).unwrap();
    }
    let mut worker = doomed(&scene, &["approve", &change]);
    wait_for("the decision", || (scene.sql("select count(*) from decisions").unwrap()[0][0] == "1").then_some(()));
    std::thread::sleep(Duration::from_millis(1500));
    let _ = worker.kill();
    let _ = worker.wait();
    assert_eq!(effects(&scene, "local"), before, "something started without a lock");
    for moment in ["insert", "update"] {
        scene.sql(&format!("drop trigger broken_{moment}")).unwrap();
    }
    assert_eq!(settled(&scene, &change), "succeeded");
    scene.ledger_verifies();
}
