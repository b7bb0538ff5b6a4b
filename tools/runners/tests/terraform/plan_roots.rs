//! Existing roots: folders of HCL that are not ours, with their own variables, modules and state.
//! Run with every program there is.
//! Must never write into a root's folder but its state.

use crate::kit::{Scene, lines};
use crate::plan::precondition;
use chopmark_domain::problem::Code;

const MAIN: &str = "variable \"text\" {\n  type = string\n}\n\nmodule \"inner\" {\n  source = \"./modules/inner\"\n  text   = \
                    var.text\n}\n";
const INNER: &str =
    "variable \"text\" {\n  type = string\n}\n\nresource \"terraform_data\" \"a\" {\n  input = var.text\n}\n";

#[tokio::test]
async fn all_files_of_a_root_take_part_and_its_state_stays_with_it() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let files =
            [("main.tf", MAIN), ("modules/inner/main.tf", INNER), ("x.auto.tfvars", "text = \"from the root\"\n")];
        let draft = scene.root("network", &folder, &files);
        let step = scene.make(&draft).await;
        assert_eq!(lines(&step.actions), ["Create module.inner.terraform_data.a /id /input /output"]);
        assert!(format!("{:?}", step.actions).contains("from the root"));
        assert_eq!(step.target, format!("local:{}", folder.join("terraform.tfstate").display()));
        assert!(folder.join("terraform.tfstate").is_file());
        let step = scene.plan(&draft).await.unwrap();
        assert!(step.actions.is_empty());
        assert_ne!(precondition(&step, "state"), "none");
    }
}

#[tokio::test]
async fn a_root_keeps_the_place_it_gives_its_state() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let text = "terraform {\n  backend \"local\" {\n    path = \"states/own.tfstate\"\n  }\n}\n\n\
                    resource \"terraform_data\" \"a\" {\n}\n";
        let draft = scene.root("network", &folder, &[("main.tf", text)]);
        let step = scene.make(&draft).await;
        assert_eq!(step.target, format!("local:{}", folder.join("states/own.tfstate").display()));
        assert!(folder.join("states/own.tfstate").is_file());
    }
}

#[tokio::test]
async fn the_screen_holds_for_roots_too() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let run = "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n";
        let problem = scene.plan(&scene.root("network", &folder, &[("main.tf", run)])).await.unwrap_err();
        assert_eq!((problem.code, problem.facts["line"].as_str()), (Code::ConfigurationRefused, "2"));
        let cloud = "terraform {\n  cloud {\n    organization = \"x\"\n  }\n}\n";
        let problem = scene.plan(&scene.root("network", &folder, &[("main.tf", cloud)])).await.unwrap_err();
        assert_eq!(problem.code, Code::ConfigurationRefused);
    }
}
