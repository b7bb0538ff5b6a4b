//! Crashes: worker, child or both killed at each named point, for each runner.
//! Stops a process at the point, kills it there, and lets the next one find out the truth.
//! Must never see an effect twice, a lie about it, or a ledger that does not verify.

use super::DEPLOY;
use crate::kit::cluster::Cluster;
use crate::kit::crash::{Point, doomed, exec_children, kill};
use crate::kit::scene::Scene;
use crate::kit::terraform::{Terraform, resources_of, state_of};
use crate::kit::wait_for;
use crate::kit::world::Repository;

/// Who dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dies {
    /// The process that works the run.
    Worker,
    /// The exec child.
    Child,
    /// Both.
    Both,
}

/// Approves with the point armed, kills there, and recovers. The state it comes to.
fn crash_at(scene: &mut Scene, change: &str, point: &'static str, dies: Dies) -> String {
    let armed = Point::arm(scene, point);
    let mut worker = doomed(scene, &["approve", change]);
    armed.reached();
    let children = exec_children(scene);
    if dies != Dies::Child {
        worker.kill().unwrap();
    }
    if dies != Dies::Worker {
        children.into_iter().for_each(kill);
    }
    // Killed, or done with a child that is gone.
    wait_for("the worker's end", || worker.try_wait().unwrap());
    recover(scene, change)
}

/// Lets the next process look, until the change has come to rest.
fn recover(scene: &Scene, change: &str) -> String {
    let mut talk = scene.talk();
    let state = wait_for("rest", || {
        let state = scene.state(change);
        let moving = ["approved", "claimed", "executing", "applied", "verifying", "planning"];
        (!moving.contains(&state.as_str())).then_some(state)
    });
    talk.say("list components");
    talk.until("an answer", |event| event["kind"] == "answer");
    talk.end();
    state
}

/// Every point with who dies there.
const POINTS: [(&str, Dies); 10] = [
    ("before-ticket", Dies::Worker),
    ("after-ticket", Dies::Worker),
    ("after-spawn", Dies::Worker),
    ("after-spawn", Dies::Both),
    ("child-before-lock", Dies::Both),
    ("child-mid-apply", Dies::Child),
    ("child-mid-apply", Dies::Both),
    ("child-after-effect", Dies::Both),
    ("child-before-outcome", Dies::Child),
    ("before-outcome-stored", Dies::Worker),
];

fn honest(point: &str, dies: Dies, state: &str, effects: usize) {
    assert!(effects <= 1, "{point} {dies:?}: the effect came {effects} times");
    let legal = match state {
        "succeeded" => effects == 1,
        // Something began and its end is not known: a person looks.
        "needs_attention" => true,
        // It is known that nothing, or not everything, was done.
        "failed" | "awaiting_approval" | "superseded" => effects == 0,
        _ => false,
    };
    assert!(legal, "{point} {dies:?}: {state} with {effects} effects");
}

#[test]
fn a_crash_at_any_point_of_a_commit_leaves_the_truth() {
    for (point, dies) in POINTS {
        let mut scene = Scene::new();
        let change = scene.propose(DEPLOY);
        let state = crash_at(&mut scene, &change, point, dies);
        let effects = Repository::at(&scene.repository()).git(&["log", "main", "--format=%B"]);
        let effects = effects.matches(&format!(": {change}")).count();
        honest(point, dies, &state, effects);
        scene.ledger_verifies();
        nothing_more_happens(&scene, &change, &state);
    }
}

/// Later starts do not move it, and nothing is left running.
fn nothing_more_happens(scene: &Scene, change: &str, state: &str) {
    let before = Repository::at(&scene.repository()).count();
    recover(scene, change);
    assert_eq!(scene.state(change), state, "a later start moved it");
    assert_eq!(Repository::at(&scene.repository()).count(), before);
    assert_eq!(exec_children(scene), Vec::<u32>::new(), "a child is left");
}

#[test]
fn a_run_whose_end_is_unknown_is_resolved_by_a_person() {
    let mut scene = Scene::new();
    let change = scene.propose(DEPLOY);
    let state = crash_at(&mut scene, &change, "child-mid-apply", Dies::Both);
    if state == "needs_attention" {
        scene.run(&["resolve", &change, "not_started", "looked", "at", "git", "log"]).ended(0);
        assert_eq!(scene.state(&change), "resolved");
    }
    // The component can be worked on again.
    scene.carry_out("deploy image nginx:1.27 as basket in shop");
    scene.ledger_verifies();
}

#[test]
fn a_child_finishes_without_its_worker_and_the_next_worker_adopts_its_result() {
    let mut scene = Scene::new();
    let change = scene.propose(DEPLOY);
    let state = crash_at(&mut scene, &change, "after-spawn", Dies::Worker);
    assert_eq!(state, "succeeded");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 1);
}

#[test]
fn a_crash_at_any_point_of_an_apply_leaves_the_truth() {
    let Some(cluster) = Cluster::with("crashes") else { return };
    cluster.kubectl(&["create", "namespace", cluster.namespace()]);
    for (number, (point, dies)) in POINTS.into_iter().enumerate() {
        let mut scene = cluster.scene();
        let name = format!("cart{number}");
        let change = scene.propose(&format!("deploy image localhost/web:1 as {name} in crashes with port 8080"));
        let state = crash_at(&mut scene, &change, point, dies);
        let generation = cluster.kubectl(&[
            "get",
            "deployment",
            &name,
            "-n",
            "crashes",
            "--ignore-not-found",
            "-o",
            "jsonpath={.metadata.generation}",
        ]);
        // Applied twice with the same content is one generation; a second effect would show as a second.
        assert!(["", "1"].contains(&generation.as_str()), "{point} {dies:?}: generation {generation}");
        honest(point, dies, &state, usize::from(!generation.is_empty() && state == "succeeded"));
        scene.ledger_verifies();
    }
}

#[test]
fn a_crash_at_any_point_of_a_terraform_run_leaves_the_truth() {
    let serial = |scene: &Scene| state_of(scene, "main/hello").map_or(0, |state| state["serial"].as_u64().unwrap());
    for terraform in Terraform::each() {
        let calm = terraform.scene();
        calm.carry_out("create a note called hello in dev with text \"one\"");
        let once = serial(&calm);
        for (point, dies) in POINTS {
            let mut scene = terraform.scene();
            let change = scene.propose("create a note called hello in dev with text \"one\"");
            let state = crash_at(&mut scene, &change, point, dies);
            let made = resources_of(&scene, "main/hello").len();
            // Terraform counts the writes of a state: a second effect would show in the number.
            assert!(serial(&scene) <= once, "{point} {dies:?}: the state was written {} times", serial(&scene));
            honest(point, dies, &state, made);
            scene.ledger_verifies();
            let before = state_of(&scene, "main/hello");
            recover(&scene, &change);
            assert_eq!(
                (scene.state(&change), state_of(&scene, "main/hello")),
                (state, before),
                "a later start moved it"
            );
            assert_eq!(exec_children(&scene), Vec::<u32>::new(), "a child is left");
        }
    }
}
