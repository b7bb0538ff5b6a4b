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

#[tokio::test]
async fn what_moves_or_leaves_the_state_is_shown_though_nothing_is_made_or_destroyed() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let both = "resource \"terraform_data\" \"a\" {\n}\n\nresource \"terraform_data\" \"b\" {\n}\n";
        scene.make(&scene.root("network", &folder, &[("main.tf", both)])).await;
        let later = "resource \"terraform_data\" \"c\" {\n}\n\nmoved {\n  from = terraform_data.a\n  to   = \
                     terraform_data.c\n}\n\nremoved {\n  from = terraform_data.b\n  lifecycle {\n    destroy = false\n  \
                     }\n}\n";
        let step = scene.plan(&scene.root("network", &folder, &[("main.tf", later)])).await.unwrap();
        assert_eq!(lines(&step.actions), ["Delete terraform_data.b", "Update terraform_data.c address"]);
        assert_eq!(step.actions[0].because.as_deref(), Some("forget"));
    }
}

#[tokio::test]
async fn a_module_outside_the_folder_is_told() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let text = "module \"inner\" {\n  source = \"../inner\"\n}\n";
        let problem = scene.plan(&scene.root("network", &folder, &[("main.tf", text)])).await.unwrap_err();
        assert_eq!(problem.code, Code::ConfigurationRefused, "{problem}");
    }
}

#[tokio::test]
async fn a_root_whose_lock_names_another_provider_is_not_planned() {
    for scene in Scene::each_with_providers() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let host = if format!("{:?}", scene.environment.terraform).contains("tofu\"") {
            "opentofu.org"
        } else {
            "terraform.io"
        };
        let lock = format!(
            "provider \"registry.{host}/hashicorp/null\" {{\n  version = \"2.1.2\"\n  hashes = [\n    \
             \"h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\n  ]\n}}\n"
        );
        let text = "resource \"null_resource\" \"a\" {\n}\n";
        let draft = scene.root("network", &folder, &[("main.tf", text), (".terraform.lock.hcl", &lock)]);
        let problem = scene.plan(&draft).await.unwrap_err();
        assert_eq!(problem.code, Code::ConfigurationInvalid, "{problem}");
        assert_eq!(problem.facts["file"], ".terraform.lock.hcl");
    }
}

#[tokio::test]
async fn plans_of_one_state_wait_for_each_other_instead_of_finding_their_lock() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let (slow, draft) = ("resource \"terraform_data\" \"a\" {\n  count = 300\n}\n", |text: &str| {
            scene.root("network", &folder, &[("main.tf", text)])
        });
        scene.make(&draft("resource \"terraform_data\" \"a\" {\n  count = 299\n}\n")).await;
        let draft = draft(slow);
        let (a, b, c, d) = tokio::join!(scene.plan(&draft), scene.plan(&draft), scene.plan(&draft), scene.plan(&draft));
        for planned in [a, b, c, d] {
            assert_eq!(planned.map(|step| step.actions.len()), Ok(1));
        }
    }
}

#[tokio::test]
async fn a_roots_backend_is_named_when_it_cannot_be_reached() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let text = "terraform {\n  backend \"http\" {\n    address = \"http://127.0.0.1:1/state\"\n    retry_max = 0\n  }\n}\n";
        let problem = scene.plan(&scene.root("network", &folder, &[("main.tf", text)])).await.unwrap_err();
        assert_eq!((problem.code, problem.facts["backend"].as_str()), (Code::BackendUnreachable, "http"));
    }
}

#[tokio::test]
async fn a_check_of_the_configuration_that_does_not_hold_is_told() {
    for scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let text = "variable \"size\" {\n  default = 1\n}\n\nresource \"terraform_data\" \"a\" {\n}\n\ncheck \"size\" {\n  \
                    assert {\n    condition     = var.size > 5\n    error_message = \"too small\"\n  }\n}\n";
        let step = scene.plan(&scene.root("network", &folder, &[("main.tf", text)])).await.unwrap();
        let told: Vec<_> = step.caveats.iter().filter(|caveat| caveat.key == "caveat-check-fails").collect();
        assert_eq!(told.iter().map(|caveat| caveat.about.as_str()).collect::<Vec<_>>(), ["check.size: too small"]);
    }
}

#[tokio::test]
async fn a_file_of_the_machine_is_told_not_to_stay() {
    for scene in Scene::each_with_providers() {
        let folder = scene.folder.path().canonicalize().unwrap().join("network");
        let text = "resource \"local_file\" \"a\" {\n  content  = \"x\"\n  filename = \"${path.module}/x\"\n}\n";
        let step = scene.plan(&scene.root("network", &folder, &[("main.tf", text)])).await.unwrap();
        assert!(step.caveats.iter().any(|c| c.key == "caveat-file-in-scratch" && c.about == "local_file.a"));
    }
}
