//! Applies that are killed: what is there is told, what nobody can know is never called nothing, and nothing runs twice.
//! Run with every program there is, and real providers: without one, nothing takes long enough to be killed.
//! Must never end a process that is not the test's own.

use crate::apply_failures::SLOW;
use crate::kit::{Scene, left_behind, processes, scratch};
use chopmark_domain::draft::Draft;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::{Runner as _, StepFailed};
use chopmark_domain::problem::Code;
use chopmark_domain::run::Observed;
use std::time::Duration;

/// Applies, and kills the program itself as soon as it works on the slow resource.
async fn killed(scene: &Scene, draft: &Draft, step: &Step) -> StepFailed {
    let killing = async {
        while !scene.reported("progress-creating", "time_sleep.s") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let plan = scratch(scene, step).join("out/plan.bin").display().to_string();
        // The one that confines it has the same words, and others before them.
        let mine = processes(&plan).into_iter().filter(|(_, words)| words[1] == "apply");
        for (pid, _) in mine {
            assert!(std::process::Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
        }
    };
    let ((outcome, _), ()) = tokio::join!(scene.attempt(&scene.runner, draft, step), killing);
    outcome.unwrap_err()
}

#[tokio::test]
async fn a_killed_apply_tells_what_is_there_and_is_never_repeated() {
    for scene in Scene::each_with_providers() {
        let draft = scene.draft("killed", &[("main.tf", SLOW)]);
        let step = scene.plan(&draft).await.unwrap();
        let failed = killed(&scene, &draft, &step).await;
        assert_eq!(failed.problem.code, Code::OutcomeUnknown, "{failed:?}");
        assert_eq!(failed.done, ["terraform_data.a"]);
        assert_eq!(left_behind(&scene, &step), Vec::<String>::new(), "its provider outlives no run");
        let seen = scene.runner.observe(&scene.environment, &step).await;
        // Terraform saves after each resource, OpenTofu now and then: what it made in between stands in no state.
        match scene.is_tofu() {
            false => assert_eq!(seen, Observed::Partial(vec!["terraform_data.a".to_owned()])),
            true => assert!(matches!(&seen, Observed::Unknown(why) if why.contains("time_sleep.s")), "{seen:?}"),
        }
        assert_eq!(scene.runner.observe(&scene.environment, &step).await, seen, "looking changes nothing");
        let again = scene.apply(&draft, &step).await.unwrap_err();
        assert_eq!(again.problem.code, Code::PlanGone);
        // What is kept goes, and what is recorded still speaks.
        scene.runner.discard(&step).await;
        let later = scene.runner.observe(&scene.environment, &step).await;
        assert!(if scene.is_tofu() { matches!(later, Observed::Unknown(_)) } else { later == seen }, "{later:?}");
    }
}

#[tokio::test]
async fn what_may_have_been_made_and_stands_in_no_state_is_not_called_nothing() {
    for scene in Scene::each_with_providers() {
        let alone = SLOW
            .replace("depends_on      = [terraform_data.a]", "")
            .replace("resource \"terraform_data\" \"a\" {\n  input = \"one\"\n}\n", "");
        let draft = scene.draft("alone", &[("main.tf", &alone)]);
        let step = scene.plan(&draft).await.unwrap();
        let failed = killed(&scene, &draft, &step).await;
        assert_eq!((failed.problem.code, failed.done.len()), (Code::OutcomeUnknown, 0), "{failed:?}");
        let Observed::Unknown(why) = scene.runner.observe(&scene.environment, &step).await else { panic!("{step:?}") };
        assert!(why.contains("time_sleep.s"), "{why}");
        scene.runner.discard(&step).await;
        assert!(matches!(scene.runner.observe(&scene.environment, &step).await, Observed::Unknown(_)));
    }
}

#[tokio::test]
async fn a_run_that_was_killed_before_its_program_began_has_begun_nothing() {
    for scene in Scene::each() {
        let draft = scene.draft("before", &[("main.tf", "resource \"terraform_data\" \"a\" {}\n")]);
        let step = scene.plan(&draft).await.unwrap();
        assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::NotStarted);
        // The mark is there, the program never ran: what lives in the state alone is certainly absent.
        std::fs::write(scratch(&scene, &step).join("begun"), "").unwrap();
        assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::NotStarted);
        assert_eq!(scene.apply(&draft, &step).await.unwrap_err().problem.code, Code::PlanGone);
    }
}
