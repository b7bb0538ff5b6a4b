//! Bad input: what is refused before or by the program, each by its own code.
//! Run with every program there is.
//! Must never leave a scratch folder of a plan that failed.

use crate::kit::Scene;
use crate::plan::scratch;
use chopmark_domain::environment::Providers;
use chopmark_domain::problem::{Code, Problem};

const NOTE: &str = "resource \"terraform_data\" \"note\" {\n  input = \"hello\"\n}\n";

async fn refused(scene: &Scene, files: &[(&str, &str)]) -> Problem {
    let problem = scene.plan(&scene.draft("note", files)).await.unwrap_err();
    if scene.data().join("terraform/scratch").exists() {
        assert_eq!(scratch(scene), Vec::<std::path::PathBuf>::new());
    }
    problem
}

#[tokio::test]
async fn what_reads_or_runs_something_outside_is_refused_by_file_and_line() {
    for scene in Scene::each() {
        let read = "locals {\n  a = file(\"/etc/passwd\")\n}\n";
        let problem = refused(&scene, &[("main.tf", read)]).await;
        assert_eq!(problem.code, Code::ConfigurationRefused);
        assert_eq!((problem.facts["file"].as_str(), problem.facts["line"].as_str()), ("main.tf", "2"));
        let data = "data \"local_file\" \"a\" {\n  filename = \"/etc/passwd\"\n}\n";
        assert_eq!(refused(&scene, &[("main.tf", data)]).await.code, Code::ConfigurationRefused);
        let run = "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n";
        assert_eq!(refused(&scene, &[("main.tf", run)]).await.code, Code::ConfigurationRefused);
    }
}

#[tokio::test]
async fn files_that_join_a_configuration_silently_are_refused() {
    for scene in Scene::each() {
        for name in ["x.auto.tfvars", "terraform.tfvars", "override.tf", "main_override.tf", "more.tf.json", "../up.tf"]
        {
            let problem = refused(&scene, &[("main.tf", NOTE), (name, "")]).await;
            assert_eq!(problem.code, Code::ConfigurationRefused, "{name}");
        }
    }
}

#[tokio::test]
async fn a_configuration_that_does_not_parse_says_where() {
    for scene in Scene::each() {
        let problem = refused(&scene, &[("main.tf", "resource \"terraform_data\" \"a\" {\n")]).await;
        assert_eq!(problem.code, Code::ConfigurationInvalid);
        assert_eq!(problem.facts["file"], "main.tf");
    }
}

#[tokio::test]
async fn a_configuration_that_the_program_finds_invalid_says_why() {
    for scene in Scene::each() {
        let problem = refused(&scene, &[("main.tf", "resource \"terraform_data\" \"a\" {\n  nothing = 1\n}\n")]).await;
        assert_eq!(problem.code, Code::ConfigurationInvalid, "{problem}");
    }
}

#[tokio::test]
async fn a_provider_that_is_not_in_the_mirror_is_named() {
    let text = "resource \"google_nothing\" \"a\" {\n}\n";
    for mut scene in Scene::each().into_iter().chain(Scene::each_with_providers()) {
        let problem = refused(&scene, &[("main.tf", text)]).await;
        assert_eq!(problem.code, Code::ProviderMissing, "{problem}");
        assert!(problem.facts["provider"].contains("google"), "{problem}");
        let mirror = match &scene.terraform().providers {
            Providers::Mirror(mirror) => Some(mirror.display().to_string()),
            Providers::BuiltIn | Providers::Network { .. } => None,
        };
        assert_eq!(problem.facts.get("place"), mirror.as_ref());
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    for mut scene in Scene::each() {
        scene.terraform().program = Some("no-such-program".to_owned());
        let problem = refused(&scene, &[("main.tf", NOTE)]).await;
        assert_eq!((problem.code, problem.facts["program"].as_str()), (Code::ProgramMissing, "no-such-program"));
    }
}

#[tokio::test]
async fn a_state_that_was_emptied_exchanged_or_set_back_is_not_planned_against() {
    for scene in Scene::each() {
        let draft = scene.draft("note", &[("main.tf", NOTE)]);
        scene.make(&draft).await;
        let state = scene.state("note");
        let text = std::fs::read_to_string(&state).unwrap();
        let mut other: serde_json::Value = serde_json::from_str(&text).unwrap();
        other["lineage"] = "00000000-0000-0000-0000-000000000000".into();
        let mut older: serde_json::Value = serde_json::from_str(&text).unwrap();
        older["serial"] = 0.into();
        for now in [None, Some(String::new()), Some(other.to_string()), Some(older.to_string())] {
            match &now {
                None => std::fs::remove_file(&state).unwrap(),
                Some(now) => std::fs::write(&state, now).unwrap(),
            }
            let problem = scene.plan(&draft).await.unwrap_err();
            assert_eq!(problem.code, Code::StateForeign, "{now:?}");
        }
        std::fs::write(&state, text).unwrap();
        scene.plan(&draft).await.unwrap();
    }
}
