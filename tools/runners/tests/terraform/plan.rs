//! Planning: what the real program would do, as actions a person can read.
//! Run with every program there is.
//! Must never show a sensitive value.

use crate::kit::Scene;

#[tokio::test]
async fn an_environment_without_terraform_says_so() {
    for mut scene in Scene::each() {
        scene.environment.terraform = None;
        let draft = scene.draft("note", &[("main.tf", "")]);
        assert_eq!(scene.plan(&draft).await.unwrap_err().code.number(), 4020);
    }
}
