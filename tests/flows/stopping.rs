//! The stop switch: pulled by whoever may stop something, in any session and language, with no model and any crash.
//! Other people are other users of the machine.
//! Must never see anything start while it is pulled, nor a run that is interrupted and not accounted for.

use super::DEPLOY;
use super::orphans::slow;
use crate::kit::cloud::Cloud;
use crate::kit::crash::{Point, doomed, exec_children};
use crate::kit::people::{BOB, CAROL, MALLORY, Person, others_can_be_played};
use crate::kit::scene::{Finished, Scene};
use crate::kit::terraform::Terraform;
use crate::kit::wait_for;
use crate::kit::world::Repository;
use std::time::{Duration, Instant};

/// I ask and approve, Bob may cancel, Carol administers; nobody else is anybody.
fn team() -> String {
    format!(
        "[people.\"{}\"]\nroles = [\"keeper\"]\n[people.\"{}\"]\nroles = [\"guard\"]\n[people.\"{}\"]\nroles = [\"owner\"]\n\
         [[grants]]\nroles = [\"keeper\"]\nmay = [\"ask\", \"propose\", \"approve\"]\n\
         [[grants]]\nroles = [\"guard\"]\nmay = [\"ask\", \"cancel\"]\ncomponents = [\"local/*\"]\n\
         [[grants]]\nroles = [\"owner\"]\nmay = [\"ask\", \"administer\"]\n\
         [environments.local]\nmode = \"gitops\"\n[environments.local.approval]\napprovers = [\"keeper\"]\n\
         self_approval = true\nexpires_after = \"1h\"\n",
        Person::Me.key(),
        BOB.key(),
        CAROL.key(),
    )
}

fn code(finished: &Finished) -> String {
    let events = finished.events();
    let last = events.iter().rev().find_map(|event| event["code"].as_str());
    last.unwrap_or_else(|| panic!("no code in {}", finished.words())).to_owned()
}

fn entries(scene: &Scene, kind: &str) -> String {
    scene.sql(&format!("select count(*) from ledger where bytes like '%\"kind\":\"{kind}\"%'")).unwrap()[0][0].clone()
}

#[test]
fn nothing_is_approved_or_starts_until_somebody_with_the_right_lifts_the_switch() {
    if !others_can_be_played() {
        return;
    }
    let scene = Scene::with_config(&team());
    let change = scene.propose(DEPLOY);
    assert_eq!(code(&scene.run_as(MALLORY, &["--json", "stop"])), "CM-5010");
    assert_eq!(code(&scene.run(&["--json", "stop"])), "CM-5010", "who may cancel nothing may not stop everything");
    scene
        .run_as(BOB, &["stop", "--reason", "磁盘 is full"])
        .ended(0)
        .says(&["Everything is stopped", "Nothing was running"]);
    // Said by everything that says how things stand, in either language, in every later process.
    let known = ["terminal:4301", "磁盘 is full"];
    scene.run(&["status"]).ended(0).says(&known).says(&["Everything is stopped", &change, "waits for your decision"]);
    scene.run(&["--lang", "zh", "status"]).ended(0).says(&known).says(&["一切已停止", "等待您决定"]);
    scene.run(&["doctor"]).says(&known);
    let refused = scene.run(&["--json", "approve", &change]);
    assert_eq!((refused.code, code(&refused).as_str()), (Some(3), "CM-5013"));
    scene.run(&["--lang", "zh", "approve", &change]).ended(3).says(&["CM-5013", "磁盘 is full", "恢复一切"]);
    // Plans and reads go on.
    let other = scene.propose("deploy image nginx:1.27 as pay in shop");
    scene.run(&["components"]).ended(0);
    scene.run(&["reject", &other, "not now"]).ended(0);
    scene.run_as(BOB, &["stop"]).ended(0).says(&["pulled before"]);
    assert_eq!(entries(&scene, "halted"), "1");
    for person in [Person::Me, BOB, MALLORY] {
        assert_eq!(code(&scene.run_as(person, &["--json", "resume"])), "CM-5010");
    }
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    scene.run_as(CAROL, &["--lang", "zh", "resume"]).ended(0).says(&["停止开关已解除"]);
    assert_eq!(code(&scene.run_as(CAROL, &["--json", "resume"])), "CM-5017");
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    assert_eq!((entries(&scene, "halted").as_str(), entries(&scene, "lifted").as_str()), ("1", "1"));
    scene.ledger_verifies();
}

#[test]
fn it_is_said_in_words_in_both_languages_and_only_in_exact_ones() {
    for (stop, resume, said) in [
        ("Stop everything because the disk is full!", "resume everything", "the disk is full"),
        ("停止一切，因为磁盘满了", "恢复一切", "磁盘满了"),
        ("全部停止", "全部恢复", "resume"),
    ] {
        let scene = Scene::new();
        scene.chat(&["lang en", stop, "status"]).ended(0).says(&["Everything is stopped", said]);
        assert_eq!(entries(&scene, "halted"), "1", "{stop}");
        scene.chat(&[resume]).ended(0);
        assert_eq!(entries(&scene, "lifted"), "1", "{resume}");
    }
    let scene = Scene::new();
    scene.chat(&["stop everything in dev", "please do not stop everything", "把一切都停止好吗"]);
    assert_eq!(entries(&scene, "halted"), "0");
}

#[test]
fn a_conversation_that_is_open_hears_of_it_and_its_prompt_says_so() {
    let scene = Scene::new();
    let mut talk = scene.talk();
    talk.say("list components");
    talk.until("an answer", |event| event["kind"] == "answer");
    scene.run(&["stop", "--reason", "a drill"]).ended(0);
    let news = talk.until("the news", |event| event["kind"] == "notice");
    assert!(news.to_string().contains("a drill"), "{news}");
    talk.end();
    let mut command = scene.program(&["chat"]);
    command.env("CHOPMARK_LANG", "en");
    crate::kit::scene::finish(&mut command, b"status\n").says(&["Everything is stopped", "a drill"]);
}

#[test]
fn it_works_while_a_model_hangs_in_another_session() {
    // A server that takes every question and never answers one.
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let place = server.local_addr().unwrap();
    let (asked, question) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in server.incoming().map_while(Result::ok) {
            held.push(stream);
            let _ = asked.send(());
        }
    });
    let mut scene = Scene::with_config(&format!(
        "[model]\nuse = \"peer\"\n[models.peer]\nbase_url = \"http://{place}\"\nmodel = \"m\"\nkey = \"env:TEST_MODEL_KEY\"\n"
    ));
    scene.set("TEST_MODEL_KEY", "none");
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    question.recv_timeout(Duration::from_secs(60)).expect("the model is asked");
    let begun = Instant::now();
    scene.run(&["stop"]).ended(0);
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    assert_eq!(entries(&scene, "halted"), "1");
    drop(talk);
}

#[test]
fn killed_in_the_middle_of_pulling_it_is_pulled_and_what_runs_is_asked_to_stop() {
    let mut scene = Scene::new();
    let change = scene.propose(DEPLOY);
    // A child that stands in the middle of its apply, and a worker that watches it.
    let apply = Point::arm(&mut scene, "child-mid-apply");
    let mut worker = doomed(&scene, &["approve", &change]);
    apply.reached();
    let pull = Point::arm(&mut scene, "after-halt");
    let mut puller = doomed(&scene, &["stop", "--reason", "now"]);
    pull.reached();
    puller.kill().unwrap();
    puller.wait().unwrap();
    scene.set("CHOPMARK_CRASH_AT", "");
    wait_for("the end of the run", || exec_children(&scene).is_empty().then_some(()));
    wait_for("the worker's end", || worker.try_wait().unwrap());
    scene.run(&["status"]).ended(0).says(&["Everything is stopped", "now", &change]);
    assert!(["failed", "needs_attention"].contains(&scene.state(&change).as_str()), "{}", scene.state(&change));
    assert_eq!((entries(&scene, "halted").as_str(), entries(&scene, "stop_asked").as_str()), ("1", "1"));
    scene.ledger_verifies();
}

#[test]
fn an_apply_under_way_is_interrupted_and_what_it_did_is_said() {
    let Some(mirror) = Terraform::providers() else { return };
    for terraform in Terraform::each() {
        let Some(cloud) = Cloud::empty() else { return };
        let (scene, change) = slow(&terraform, &cloud, &mirror);
        let before = cloud.networks();
        let mut worker = doomed(&scene, &["approve", &change]);
        wait_for("the first network", || (cloud.networks() == before + 1).then_some(()));
        let stopped = scene.run(&["stop", "--reason", "wrong account"]);
        assert!(stopped.words().contains("1 run is asked to stop"), "{}", stopped.words());
        wait_for("the worker's end", || worker.try_wait().unwrap());
        assert!(["failed", "needs_attention"].contains(&scene.state(&change).as_str()), "{}", scene.state(&change));
        assert_eq!(cloud.networks(), before + 1, "nothing more was begun");
        let card = scene.card(&change).to_string();
        assert!(card.contains("aws_vpc.first") && card.contains("wrong account"), "{card}");
        let state =
            std::fs::read_to_string(scene.path("slow/terraform.tfstate")).expect("what was made is in the state");
        assert!(state.contains("first"), "{state}");
        assert_eq!(entries(&scene, "stop_asked"), "1");
    }
}
