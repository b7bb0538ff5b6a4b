//! Which script is played where.
//! One test for each script and surface.
//! Must never hold a word of the stories themselves.

use super::{at_a_keyboard, play, through_a_pipe};
use crate::kit::cluster::Cluster;
use crate::kit::scene::Scene;

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
