//! The environment of the program: built from nothing, whatever this process was started with.
//! Run alone, in a process of its own, because variables belong to the whole process.
//! Must never depend on a variable of the person who runs the tests.

use crate::kit::{Scene, lines};
use std::process::Command;

const INNER: &str = "CHOPMARK_TEST_INNER";

#[tokio::test]
async fn variables_that_would_turn_a_plan_into_something_else_have_no_effect() {
    if std::env::var_os(INNER).is_none() {
        let name = "plan_environment::variables_that_would_turn_a_plan_into_something_else_have_no_effect";
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(INNER, "1")
            .env("TF_CLI_ARGS_plan", "-destroy")
            .env("TF_CLI_ARGS", "-no-such-flag")
            .env("TF_WORKSPACE", "other")
            .env("TF_VAR_text", "from outside")
            .env("TF_DATA_DIR", "/nowhere")
            .env("TF_CLI_CONFIG_FILE", "/nowhere")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    for scene in Scene::each() {
        let text = "variable \"text\" {\n  type    = string\n  default = \"ours\"\n}\n\n\
                    resource \"terraform_data\" \"a\" {\n  input = var.text\n}\n";
        let step = scene.plan(&scene.draft("note", &[("main.tf", text)])).await.unwrap();
        assert_eq!(lines(&step.actions), ["Create terraform_data.a /id /input /output"]);
        assert!(format!("{:?}", step.actions).contains("ours"));
    }
}
