//! Which script is played where.
//! One test for each script and surface.
//! Must never hold a word of the stories themselves.

use super::{at_a_keyboard, play, through_a_pipe};
use crate::kit::cloud::Cloud;
use crate::kit::cluster::Cluster;
use crate::kit::model::Model;
use crate::kit::scene::Scene;
use crate::kit::terraform::Terraform;

#[test]
fn the_first_session_on_git_alone_in_english() {
    let scene = Scene::new();
    play("first.en.chat", &scene, &[], through_a_pipe(&scene, "en"));
}

#[test]
fn the_first_session_on_git_alone_in_chinese() {
    let scene = Scene::new();
    play("first.zh.chat", &scene, &[], through_a_pipe(&scene, "zh"));
}

#[test]
fn the_first_session_at_a_keyboard() {
    let scene = Scene::new();
    if let Some(keyboard) = at_a_keyboard(&scene, "first", "en") {
        play("first.en.chat", &scene, &[], keyboard);
    }
}

#[test]
fn bad_input_is_answered_with_a_code_and_a_next_step() {
    let scene = Scene::new();
    play("bad-input.en.chat", &scene, &[], through_a_pipe(&scene, "en"));
}

#[test]
fn bad_input_is_answered_in_the_language_of_the_request() {
    let scene = Scene::new();
    play("bad-input.zh.chat", &scene, &[], through_a_pipe(&scene, "zh"));
}

#[test]
fn the_whole_session_on_the_real_cluster_in_english() {
    let Some(cluster) = Cluster::with("shop") else { return };
    let scene = cluster.scene();
    play("shop.en.chat", &scene, &[("KUBECONFIG", &cluster.kubeconfig)], through_a_pipe(&scene, "en"));
}

#[test]
fn the_whole_session_on_the_real_cluster_in_chinese() {
    let Some(cluster) = Cluster::with("shop") else { return };
    let scene = cluster.scene();
    play("shop.zh.chat", &scene, &[("KUBECONFIG", &cluster.kubeconfig)], through_a_pipe(&scene, "zh"));
}

#[test]
fn the_whole_session_on_the_real_cluster_at_a_keyboard() {
    let Some(cluster) = Cluster::with("shop") else { return };
    let scene = cluster.scene();
    if let Some(keyboard) = at_a_keyboard(&scene, "shop", "en") {
        play("shop.en.chat", &scene, &[("KUBECONFIG", &cluster.kubeconfig)], keyboard);
    }
}

#[test]
fn the_first_session_with_terraform_needs_no_provider() {
    for terraform in Terraform::each() {
        for (script, language) in [("note.en.chat", "en"), ("note.zh.chat", "zh")] {
            let scene = terraform.scene();
            play(script, &scene, &[], through_a_pipe(&scene, language));
        }
    }
}

/// Where a bucket's story is told.
fn bucket(script: &str, language: &str, with_model: bool) {
    let Some(mirror) = Terraform::providers() else { return };
    for terraform in Terraform::each() {
        let Some(cloud) = Cloud::empty() else { return };
        let mut scene = terraform.scene_on(&cloud, &mirror);
        let model = with_model.then(|| Model::scripted(&scene, &bucket_story()));
        if let Some(model) = &model {
            let Some(model) = model else { return };
            model.serve(&mut scene, "/v1", &terraform.config_with(&cloud.settings(&mirror)));
        }
        let place = cloud.address();
        let ask = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/moto/ask");
        let witness = [("AWS", ask), ("CHOPMARK_TEST_MOTO", place.as_str())];
        play(script, &scene, &witness, through_a_pipe(&scene, language));
        if let Some(Some(model)) = model {
            assert!(model.journal().len() >= 4, "the model drafted");
        }
    }
}

/// The calls of a model that understands the bucket's story.
fn bucket_story() -> serde_json::Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/model/bucket.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_real_bucket_from_the_sentence_to_its_end_in_english() {
    bucket("bucket.en.chat", "en", false);
}

#[test]
fn a_real_bucket_from_the_sentence_to_its_end_in_chinese() {
    bucket("bucket.zh.chat", "zh", false);
}

#[test]
fn a_real_bucket_drafted_by_a_model_in_english() {
    bucket("bucket.en.chat", "en", true);
}

#[test]
fn a_real_bucket_drafted_by_a_model_in_chinese() {
    bucket("bucket.zh.chat", "zh", true);
}
