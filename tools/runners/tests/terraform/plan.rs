//! Planning: what the real program would do, as actions a person can read.
//! Run with every program there is.
//! Must never take two plans of the same for different ones.

use crate::kit::{Scene, lines};
use chopmark_domain::plan::{FieldChange, Shown, Step};
use chopmark_domain::ports::{PlanPurpose, Runner as _};
use chopmark_domain::problem::Code;
use std::os::unix::fs::PermissionsExt as _;

/// A note with a text, made anew when `edition` changes.
fn note(text: &str, edition: u32) -> String {
    format!(
        "resource \"terraform_data\" \"note\" {{\n  input            = \"{text}\"\n  triggers_replace = {edition}\n}}\n\n\
         output \"text\" {{\n  value = terraform_data.note.input\n}}\n"
    )
}

#[tokio::test]
async fn an_environment_without_terraform_says_so() {
    for mut scene in Scene::each() {
        scene.environment.terraform = None;
        let draft = scene.draft("note", &[("main.tf", "")]);
        assert_eq!(scene.plan(&draft).await.unwrap_err().code, Code::NoTerraform);
    }
}

#[tokio::test]
async fn a_create_shows_every_value_and_what_only_the_apply_will_tell() {
    for scene in Scene::each() {
        let step = scene.plan(&scene.draft("note", &[("main.tf", &note("hello", 1))])).await.unwrap();
        let shown = |text: &str| Some(Shown::Value(text.to_owned()));
        let field = |path: &str, after| FieldChange { path: path.to_owned(), before: None, after };
        assert_eq!(
            step.actions[0].fields,
            [
                field("/id", shown("\"(known after apply)\"")),
                field("/input", shown("\"hello\"")),
                field("/output", shown("\"(known after apply)\"")),
                field("/triggers_replace", shown("1")),
            ]
        );
        assert_eq!(step.outputs, [field("text", shown("\"hello\""))]);
        assert_eq!(step.target, format!("local:{}", scene.state("note").display()));
        assert_eq!(precondition(&step, "workspace"), "default");
        assert_eq!(precondition(&step, "state"), "none");
        assert!(step.program.digest.is_some() && step.program.version.contains('.'), "{:?}", step.program);
        assert!(!scene.state("note").exists(), "a plan records nothing");
    }
}

#[tokio::test]
async fn update_replace_and_delete_are_told_apart_and_the_forcing_attribute_is_named() {
    for scene in Scene::each() {
        let (first, other) = (note("hello", 1), "resource \"terraform_data\" \"other\" {\n}\n");
        scene.make(&scene.draft("note", &[("main.tf", &first), ("outputs.tf", other)])).await;
        let step = scene.plan(&scene.draft("note", &[("main.tf", &note("bye", 1))])).await.unwrap();
        assert_eq!(lines(&step.actions), ["Delete terraform_data.other", "Update terraform_data.note /input /output"]);
        assert!(precondition(&step, "state").contains('/'), "{:?}", step.preconditions);
        let step =
            scene.plan(&scene.draft("note", &[("main.tf", &note("hello", 2)), ("outputs.tf", other)])).await.unwrap();
        assert_eq!(lines(&step.actions), ["Replace terraform_data.note /id /output /triggers_replace"]);
        assert_eq!(step.actions[0].because.as_deref(), Some("triggers_replace"));
        let step = scene.plan(&scene.draft("note", &[("main.tf", &first), ("outputs.tf", other)])).await.unwrap();
        assert_eq!((lines(&step.actions), step.outputs), (Vec::<String>::new(), Vec::new()));
    }
}

#[tokio::test]
async fn a_removal_deletes_everything_the_previous_version_made() {
    for scene in Scene::each() {
        let text = note("hello", 1);
        scene.make(&scene.draft("note", &[("main.tf", &text)])).await;
        let (removal, previous) = (scene.removal("note"), scene.version("note", &[("main.tf", &text)]));
        let step = scene.plan_after(&removal, Some(&previous), PlanPurpose::Execute).await.unwrap();
        assert_eq!(lines(&step.actions), ["Delete terraform_data.note"]);
        assert_eq!(step.outputs.len(), 1);
    }
}

#[tokio::test]
async fn planning_twice_gives_the_same_and_comparing_keeps_nothing() {
    for scene in Scene::each() {
        let draft = scene.draft("note", &[("main.tf", &note("hello", 1))]);
        let kept = scene.plan(&draft).await.unwrap();
        let compared = scene.plan_after(&draft, None, PlanPurpose::Compare).await.unwrap();
        assert_eq!(normalised(&kept), normalised(&compared));
        let plan = scratch(&scene).pop().unwrap().join("out/plan.bin");
        assert_eq!(plan.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(scratch(&scene).len(), 1, "the comparison left nothing behind");
        for _ in 0..2 {
            scene.runner.discard(&kept).await;
            assert_eq!(scratch(&scene), Vec::<std::path::PathBuf>::new());
        }
    }
}

#[tokio::test]
async fn what_nobody_discarded_goes_in_its_time() {
    for scene in Scene::each().into_iter().take(1) {
        let folder = scene.data().join("terraform/scratch");
        let age = |name: &str, days: u64| {
            std::fs::create_dir_all(folder.join(name)).unwrap();
            let open = std::fs::File::open(folder.join(name)).unwrap();
            let now = open.metadata().unwrap().modified().unwrap();
            open.set_modified(now - std::time::Duration::from_secs(days * 24 * 3600)).unwrap();
        };
        age("p-old", 15);
        age("p-young", 13);
        let draft = scene.draft("note", &[("main.tf", &note("hello", 1))]);
        scene.plan_after(&draft, None, PlanPurpose::Compare).await.unwrap();
        assert_eq!(scratch(&scene), [folder.join("p-young")]);
    }
}

#[tokio::test]
async fn what_was_initialised_once_serves_every_component_that_needs_the_same() {
    for scene in Scene::each() {
        for (name, text) in [("one", "a"), ("two", "b"), ("one", "c")] {
            let draft = scene.draft(name, &[("main.tf", &note(text, 1))]);
            scene.plan_after(&draft, None, PlanPurpose::Compare).await.unwrap();
        }
        let entries = std::fs::read_dir(scene.data().join("terraform/initialised")).unwrap();
        assert_eq!(entries.count(), 1);
    }
}

#[tokio::test]
async fn a_long_data_folder_leaves_room_for_the_sockets_of_providers() {
    for mut scene in Scene::each_with_providers() {
        scene.runner = crate::kit::runner(&scene.data().join("a-long-name-of-a-folder".repeat(6)));
        let text = "resource \"null_resource\" \"a\" {\n}\n";
        let step = scene.plan(&scene.draft("note", &[("main.tf", text)])).await.unwrap();
        assert_eq!(lines(&step.actions), ["Create null_resource.a /id"]);
        scene.runner.discard(&step).await;
    }
}

#[tokio::test]
async fn providers_are_pinned_by_the_digest_of_their_binaries() {
    for scene in Scene::each_with_providers() {
        let text = "resource \"random_pet\" \"a\" {\n}\n\nresource \"null_resource\" \"b\" {\n  triggers = {\n    \
                    pet = random_pet.a.id\n  }\n}\n";
        let step = scene.plan(&scene.draft("pets", &[("main.tf", text)])).await.unwrap();
        let pinned: Vec<_> = step.preconditions.iter().filter(|(name, _)| name.contains("hashicorp/")).collect();
        assert_eq!(pinned.len(), 2, "{pinned:?}");
        assert!(pinned.iter().all(|(_, digest)| digest.len() == 64));
        assert_ne!(precondition(&step, "lock"), "none");
        let again = scene.plan_after(&scene.draft("pets", &[("main.tf", text)]), None, PlanPurpose::Compare).await;
        assert_eq!(normalised(&step), normalised(&again.unwrap()));
    }
}

pub(crate) fn precondition<'a>(step: &'a Step, name: &str) -> &'a str {
    step.preconditions.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap()
}

/// What must be the same when a plan is made again.
fn normalised(step: &Step) -> (&str, &[(String, String)], String) {
    (&step.target, &step.preconditions, format!("{:?}{:?}", step.actions, step.outputs))
}

/// The scratch folders that are there.
pub(crate) fn scratch(scene: &Scene) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(scene.data().join("terraform/scratch")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}
