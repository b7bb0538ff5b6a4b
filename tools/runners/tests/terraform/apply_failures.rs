//! Applies that fail: each ends in its own clear state, with what was done.
//! Run with every program there is, and with real providers where they are built.
//! Must never wait longer than the failure itself takes.

use crate::kit::{Scene, hands, left_behind, scratch, versions};
use crate::peer::{Peer, backend};
use chopmark_domain::ports::Runner as _;
use chopmark_domain::ports::StepFailed;
use chopmark_domain::problem::Code;
use chopmark_domain::run::{Observed, Verification};
use chopmark_runners::confine::{Confiner, Interrupt};
use chopmark_runners::terraform::Terraform;
use std::time::{Duration, Instant};

/// A resource without a provider, and one that cannot be made after it.
const HALF: &str = r#"
resource "terraform_data" "a" {
  input = "one"
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
  lifecycle {
    postcondition {
      condition     = self.output == "never"
      error_message = "this cannot be"
    }
  }
}
"#;

/// A resource without a provider, and one that takes its time.
pub(crate) const SLOW: &str = r#"
terraform {
  required_providers {
    time = {
      source = "hashicorp/time"
    }
  }
}
resource "terraform_data" "a" {
  input = "one"
}
resource "time_sleep" "s" {
  create_duration = "60s"
  depends_on      = [terraform_data.a]
}
"#;

/// Files at two places of which only the second can be written.
fn files(first: &str, second: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    local = {{\n      source = \"hashicorp/local\"\n    }}\n  }}\n}}\n\
         resource \"local_file\" \"first\" {{\n  content = \"x\"\n  filename = {first}\n}}\n\
         resource \"terraform_data\" \"second\" {{\n  input = {second}\n}}\n"
    )
}

fn told(failed: &StepFailed, fact: &str) -> String {
    failed.problem.facts.get(fact).cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_was_done_before_a_failure_is_told() {
    for scene in Scene::each() {
        let draft = scene.draft("half", &[("main.tf", HALF)]);
        let step = scene.plan(&draft).await.unwrap();
        let (outcome, record) = scene.attempt(&scene.runner, &draft, &step).await;
        let failed = outcome.unwrap_err();
        assert_eq!(failed.problem.code, Code::PartlyApplied, "{failed:?}");
        assert!(failed.done.contains(&"terraform_data.a".to_owned()), "{failed:?}");
        assert!(told(&failed, "reason").contains("this cannot be"), "{failed:?}");
        assert_eq!(record.programs[0].exit, Some(1));
        // What was done is recorded, kept, and not done a second time.
        assert_eq!(versions(&scene, "half").len(), 1);
        let again = scene.apply(&draft, &step).await.unwrap_err();
        assert_eq!(again.problem.code, Code::PlanGone);
    }
}

#[tokio::test]
async fn a_provider_that_refuses_is_told_with_the_resource_and_without_what_it_may_not_repeat() {
    for scene in Scene::each_with_providers() {
        let hidden = "sensitive(\"/proc/canary-of-the-file/x\")";
        let draft = scene.draft("refused", &[("main.tf", &files(hidden, "local_file.first.id"))]);
        let step = scene.plan(&draft).await.unwrap();
        let (outcome, record) = scene.attempt(&scene.runner, &draft, &step).await;
        let failed = outcome.unwrap_err();
        assert_eq!((failed.problem.code, told(&failed, "about").as_str()), (Code::ProviderFailed, "local_file.first"));
        assert!(failed.done.is_empty(), "{failed:?}");
        let reports = scene.reports.0.lock().unwrap().clone();
        assert!(reports.contains(&("progress-failed".into(), "local_file.first".into())), "{reports:?}");
        let seen = format!("{failed:?} {record:?} {reports:?} {}", step.instructions);
        assert!(!seen.contains("canary"), "{seen}");
        assert!(told(&failed, "reason").contains("•••"), "the program itself does not hide it: {failed:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_after_the_apply_is_found_by_the_second_plan() {
    for scene in Scene::each_with_providers() {
        let draft = scene.draft("file", &[("main.tf", &files("\"../state/made.txt\"", "1"))]);
        let step = scene.plan(&draft).await.unwrap();
        scene.apply(&draft, &step).await.unwrap();
        std::fs::remove_file(scene.state("file").with_file_name("made.txt")).unwrap();
        let Verification::Failed { problem, evidence } = scene.verify(&draft, &step).await else { panic!("{step:?}") };
        assert_eq!(problem.code, Code::VerifyMismatch);
        assert!(problem.facts["about"].starts_with("local_file.first"), "{evidence:?}");
    }
}

#[tokio::test]
async fn an_apply_whose_time_is_over_is_stopped_and_tells_what_was_done() {
    for mut scene in Scene::each_with_providers() {
        scene.terraform().apply_seconds = 4;
        let draft = scene.draft("slow", &[("main.tf", SLOW)]);
        let step = scene.plan(&draft).await.unwrap();
        let begun = Instant::now();
        let failed = scene.apply(&draft, &step).await.unwrap_err();
        assert_eq!((failed.problem.code, told(&failed, "seconds").as_str()), (Code::ProgramTimeout, "4"), "{failed:?}");
        assert_eq!(failed.done, ["terraform_data.a"]);
        assert!(begun.elapsed() < Duration::from_secs(30));
        assert_eq!(left_behind(&scene, &step), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_cancelled_apply_ends_by_itself_and_tells_what_was_done() {
    for scene in Scene::each_with_providers() {
        let draft = scene.draft("slow", &[("main.tf", SLOW)]);
        let step = scene.plan(&draft).await.unwrap();
        let interrupt = Interrupt::new(|patience| assert!(patience > Duration::from_secs(60), "{patience:?}"));
        let confiner = Confiner::new(hands()).interrupted_by(interrupt.clone());
        let search = std::env::var_os("PATH").unwrap_or_default();
        let runner = Terraform::new(confiner, scene.data(), [7; 32], search);
        let asking = async {
            while !scene.reported("progress-creating", "time_sleep.s") {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            interrupt.ask();
        };
        let ((outcome, record), ()) = tokio::join!(scene.attempt(&runner, &draft, &step), asking);
        let failed = outcome.unwrap_err();
        assert_eq!(failed.problem.code, Code::Cancelled, "{failed:?}");
        assert_eq!(failed.done, ["terraform_data.a"]);
        assert_eq!(record.programs.len(), 1);
        assert_eq!(left_behind(&scene, &step), Vec::<String>::new());
        // Asked before it began, nothing begins.
        let draft = scene.draft("never", &[("main.tf", SLOW)]);
        let step = scene.plan(&draft).await.unwrap();
        let (outcome, record) = scene.attempt(&runner, &draft, &step).await;
        assert_eq!((outcome.unwrap_err().problem.code, record.programs.len()), (Code::Cancelled, 0));
        assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::NotStarted);
    }
}

#[tokio::test]
async fn a_state_that_cannot_be_saved_is_kept_as_evidence() {
    for mut scene in Scene::each() {
        let peer = Peer::begin();
        scene.terraform().backend = Some(backend(&peer));
        let draft = scene.draft("unsaved", &[("main.tf", "resource \"terraform_data\" \"a\" {}\n")]);
        let step = scene.plan(&draft).await.unwrap();
        peer.refuse_writes();
        let failed = scene.apply(&draft, &step).await.unwrap_err();
        assert_eq!(
            (failed.problem.code, failed.done.as_slice()),
            (Code::StateNotSaved, &["terraform_data.a".to_owned()][..])
        );
        let copy = std::path::PathBuf::from(told(&failed, "copy"));
        assert!(std::fs::read_to_string(&copy).unwrap().contains("terraform_data"));
        assert!(copy.to_string_lossy().ends_with(".errored.tfstate") && !copy.starts_with(scratch(&scene, &step)));
        scene.runner.discard(&step).await;
        assert!(copy.is_file(), "it outlives what the plan kept");
    }
}

#[tokio::test]
async fn a_backend_that_is_gone_starts_nothing() {
    for mut scene in Scene::each() {
        let peer = Peer::begin();
        scene.terraform().backend = Some(backend(&peer));
        let draft = scene.draft("far", &[("main.tf", "resource \"terraform_data\" \"a\" {}\n")]);
        let step = scene.plan(&draft).await.unwrap();
        drop(peer);
        let failed = scene.apply(&draft, &step).await.unwrap_err();
        assert_eq!(
            (failed.problem.code, told(&failed, "backend").as_str()),
            (Code::BackendUnreachable, "http"),
            "{failed:?}"
        );
        assert!(failed.done.is_empty());
    }
}

#[tokio::test]
async fn a_state_at_a_backend_is_applied_and_verified_there() {
    for mut scene in Scene::each() {
        let peer = Peer::begin();
        scene.terraform().backend = Some(backend(&peer));
        let draft = scene.draft("far", &[("main.tf", "resource \"terraform_data\" \"a\" {}\n")]);
        scene.make(&draft).await;
        assert!(peer.state().contains("terraform_data"));
        // Its lock is somebody else's.
        let edited = scene.draft("far", &[("main.tf", "resource \"terraform_data\" \"b\" {}\n")]);
        let step = scene.plan(&edited).await.unwrap();
        peer.hold("5519c667");
        let held = scene.apply(&edited, &step).await.unwrap_err();
        assert_eq!((held.problem.code, told(&held, "id").as_str()), (Code::StateLocked, "5519c667"), "{held:?}");
    }
}
