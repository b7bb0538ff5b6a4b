//! Applying: exactly the countersigned plan file, once, on what it was planned for.
//! Run with every program there is.
//! Must never apply in another way than the exec child does.

use crate::kit::{Scene, scratch, until, versions};
use chopmark_domain::plan::Step;
use chopmark_domain::ports::{PlanPurpose, Runner as _};
use chopmark_domain::problem::Code;
use chopmark_domain::run::{Observed, Verification};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

const TWO: &[(&str, &str)] = &[(
    "main.tf",
    "resource \"terraform_data\" \"a\" {\n  input = \"one\"\n}\nresource \"terraform_data\" \"b\" {\n  \
     input = terraform_data.a.id\n}\n",
)];

/// Everything below a folder.
fn all(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            found.extend(all(&entry.path()));
        }
        found.push(entry.path());
    }
    found
}

/// Nobody else can read what is in the data folder, whatever a program put there.
fn private(folder: &Path) {
    for path in all(folder) {
        let data = path.symlink_metadata().unwrap();
        if !data.is_symlink() {
            assert_eq!(data.permissions().mode() & 0o077, 0, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn the_shown_plan_is_applied_and_a_second_plan_is_empty() {
    for scene in Scene::each() {
        let draft = scene.draft("pair", TWO);
        let step = scene.plan(&draft).await.unwrap();
        assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::NotStarted);
        let record = scene.apply(&draft, &step).await.unwrap();
        let Verification::Passed { checks } = scene.verify(&draft, &step).await else { panic!("it differs") };
        assert_eq!(checks.len(), 2, "{checks:?}");
        assert_eq!(scene.runner.observe(&scene.environment, &step).await, Observed::Applied);

        let ran = &record.programs[0];
        assert_eq!((ran.exit, ran.argv[1].as_str()), (Some(0), "apply"));
        let reports = scene.reports.0.lock().unwrap().clone();
        let reports: Vec<_> = reports.iter().map(|(key, about)| format!("{key} {about}")).collect();
        let expected = [
            "creating terraform_data.a",
            "done terraform_data.a",
            "creating terraform_data.b",
            "done terraform_data.b",
        ];
        assert_eq!(reports[..4], expected.map(|report| format!("progress-{report}")));

        assert!(scene.state("pair").is_file());
        private(&scene.data());
        assert!(!scratch(&scene, &step).join("out/plan.bin").exists(), "a used plan holds values in clear");
        scene.runner.discard(&step).await;
        assert!(!scratch(&scene, &step).exists());
    }
}

#[tokio::test]
async fn a_plan_is_applied_once() {
    for scene in Scene::each() {
        let draft = scene.draft("once", TWO);
        let step = scene.make(&draft).await;
        let (again, record) = scene.attempt(&scene.runner, &draft, &step).await;
        let again = again.unwrap_err();
        assert_eq!((again.problem.code, again.done.len(), record.programs.len()), (Code::PlanGone, 0, 0));
        assert_eq!(versions(&scene, "once").len(), 1);
    }
}

/// Applies after something was done to what the plan kept: nothing may start.
async fn refused(scene: &Scene, name: &str, spoil: impl Fn(&Step)) -> Code {
    let draft = scene.draft(name, TWO);
    let step = scene.plan(&draft).await.unwrap();
    spoil(&step);
    let (outcome, record) = scene.attempt(&scene.runner, &draft, &step).await;
    assert!(record.programs.is_empty() && !scene.state(name).exists(), "nothing starts: {outcome:?} {record:?}");
    outcome.unwrap_err().problem.code
}

#[tokio::test]
async fn what_was_tampered_with_starts_nothing() {
    for scene in Scene::each() {
        let write = |step: &Step, name: &str, bytes: &[u8]| {
            let path = scratch(&scene, step).join(name);
            let _absent = std::fs::remove_file(&path);
            std::fs::write(path, bytes).unwrap();
        };
        let plan = |step: &Step| std::fs::read(scratch(&scene, step).join("out/plan.bin")).unwrap();
        let longer = |step: &Step| write(step, "out/plan.bin", &[plan(step).as_slice(), b"x"].concat());
        assert_eq!(refused(&scene, "longer", longer).await, Code::PlanGone);
        let file = |step: &Step| write(step, "bundle/main.tf", b"resource \"terraform_data\" \"evil\" {}\n");
        assert_eq!(refused(&scene, "file", file).await, Code::PlanGone);
        let stray = |step: &Step| write(step, "bundle/stray.auto.tfvars", b"x = 1\n");
        assert_eq!(refused(&scene, "stray", stray).await, Code::PlanGone);
        let gone = |step: &Step| std::fs::remove_dir_all(scratch(&scene, step)).unwrap();
        assert_eq!(refused(&scene, "gone", gone).await, Code::PlanGone);
    }
}

#[tokio::test]
async fn the_plan_file_of_another_change_is_refused() {
    for scene in Scene::each() {
        let other = scene.draft("other", &[("main.tf", "resource \"terraform_data\" \"theirs\" {}\n")]);
        let other = scene.plan(&other).await.unwrap();
        let theirs = std::fs::read(scratch(&scene, &other).join("out/plan.bin")).unwrap();
        let swap = |step: &Step| std::fs::write(scratch(&scene, step).join("out/plan.bin"), &theirs).unwrap();
        assert_eq!(refused(&scene, "mine", swap).await, Code::PlanGone);
    }
}

#[tokio::test]
async fn what_another_apply_moved_is_stale() {
    for scene in Scene::each() {
        let draft = scene.draft("pair", TWO);
        // Made while there was no state: the program itself would apply this one anywhere.
        let (first, second) = (scene.plan(&draft).await.unwrap(), scene.plan(&draft).await.unwrap());
        scene.apply(&draft, &first).await.unwrap();
        let late = scene.apply(&draft, &second).await.unwrap_err();
        assert_eq!((late.problem.code, late.problem.facts["what"].as_str()), (Code::PlanStale, "state"));
        assert_eq!(late.problem.facts["before"], "none");
        // And the other way round: the state is gone.
        let edited = [("main.tf", TWO[0].1.replace("one", "two"))];
        let edited = scene.draft("pair", &[("main.tf", edited[0].1.as_str())]);
        let third = scene.plan(&edited).await.unwrap();
        std::fs::remove_file(scene.state("pair")).unwrap();
        let lost = scene.apply(&edited, &third).await.unwrap_err();
        assert_eq!((lost.problem.code, lost.problem.facts["after"].as_str()), (Code::PlanStale, "none"));
    }
}

#[tokio::test]
async fn a_lock_that_somebody_holds_is_told_with_the_holder() {
    for mut scene in Scene::each() {
        let draft = scene.draft("pair", TWO);
        scene.make(&draft).await;
        let edited = scene.draft("pair", &[("main.tf", "resource \"terraform_data\" \"a\" {}\n")]);
        let step = scene.plan(&edited).await.unwrap();
        // Somebody runs the program by hand; it asks whether to go on, and holds the lock meanwhile.
        let folder = scratch(&scene, &step);
        let mut somebody = std::process::Command::new(scene.terraform().program.clone().unwrap())
            .args(["apply", "-no-color"])
            .current_dir(folder.join("bundle"))
            .env("TF_DATA_DIR", std::fs::read_link(folder.join("data")).unwrap())
            .env("TF_CLI_CONFIG_FILE", folder.join("settings.tfrc"))
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let note = scene.state("pair").with_file_name(".terraform.tfstate.lock.info");
        until("it holds the lock", || std::fs::read_to_string(&note).is_ok_and(|note| note.ends_with('}')));
        let id: serde_json::Value = serde_json::from_slice(&std::fs::read(&note).unwrap()).unwrap();
        let held = scene.apply(&edited, &step).await.unwrap_err();
        assert_eq!((held.problem.code, held.done.len()), (Code::StateLocked, 0), "{held:?}");
        assert_eq!(held.problem.facts["id"], id["ID"].as_str().unwrap());
        assert_eq!(held.problem.facts["holder"], id["Who"].as_str().unwrap());
        assert!(held.problem.facts.contains_key("since"));
        drop(somebody.stdin.take());
        somebody.wait().unwrap();
    }
}

#[tokio::test]
async fn every_version_of_a_state_is_kept() {
    for scene in Scene::each() {
        let draft = |text: &str| scene.draft("kept", &[("main.tf", text)]);
        scene.make(&draft("resource \"terraform_data\" \"a\" {}\n")).await;
        scene.make(&draft("resource \"terraform_data\" \"b\" {}\n")).await;
        let kept = versions(&scene, "kept");
        let texts: Vec<_> = kept.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        assert_eq!(kept.len(), 2, "{kept:?}");
        for name in ["\"a\"", "\"b\""] {
            assert!(texts.iter().any(|text| text.contains(name)), "{name}");
        }
        private(&scene.data());
    }
}

#[tokio::test]
async fn what_is_removed_is_gone_from_the_state() {
    for scene in Scene::each() {
        scene.make(&scene.draft("pair", TWO)).await;
        let (removal, version) = (scene.removal("pair"), scene.version("pair", TWO));
        let step = scene.plan_after(&removal, Some(&version), PlanPurpose::Execute).await.unwrap();
        // Before, it is still recorded.
        let Verification::Failed { problem, .. } = scene.verify(&removal, &step).await else { panic!("it is there") };
        assert_eq!(problem.code, Code::VerifyMismatch);
        scene.apply(&removal, &step).await.unwrap();
        let Verification::Passed { checks } = scene.verify(&removal, &step).await else { panic!("it is not gone") };
        assert!(checks.iter().all(|(_, finding)| finding == "gone"), "{checks:?}");
    }
}

#[tokio::test]
async fn a_credential_that_changed_since_the_plan_starts_nothing_and_none_is_ever_told() {
    for mut scene in Scene::each() {
        let file = scene.folder.path().join("token");
        std::fs::write(&file, "canary-of-plan\n").unwrap();
        scene.terraform().credentials.insert("MY_TOKEN".into(), format!("file:{}", file.display()));
        let draft = scene.draft("pair", TWO);
        let step = scene.plan(&draft).await.unwrap();
        assert!(!step.instructions.contains("canary"));
        std::fs::write(&file, "canary-of-apply\n").unwrap();
        let (outcome, record) = scene.attempt(&scene.runner, &draft, &step).await;
        let stale = outcome.unwrap_err();
        assert_eq!((stale.problem.code, stale.problem.facts["what"].as_str()), (Code::PlanStale, "credentials"));
        assert!(record.programs.is_empty() && !format!("{stale:?}").contains("canary"));
        // Back to what it was: it is the same plan again.
        std::fs::write(&file, "canary-of-plan\n").unwrap();
        let (outcome, record) = scene.attempt(&scene.runner, &draft, &step).await;
        outcome.unwrap();
        assert!(record.programs[0].environment.contains(&"MY_TOKEN".to_owned()));
        assert!(!format!("{record:?}").contains("canary"));
    }
}
