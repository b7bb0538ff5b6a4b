//! Attacks on what a cluster holds between the preview and the start (P47, P48).
//! Somebody else owns a field, or edits one; kubectl is that somebody, and the witness.
//! Must never find another value in the cluster than the last one that a person countersigned or typed.

use super::rig::{code, settled};
use crate::kit::cluster::Cluster;
use crate::kit::scene::Scene;

/// An autoscaler takes the replicas: server-side apply under its own name, as autoscalers do.
fn autoscale(cluster: &Cluster, scene: &Scene, replicas: u8) {
    let file = scene.path("autoscaler.yaml");
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: cart, namespace: {}}}\nspec: {{replicas: {replicas}}}\n",
        cluster.namespace()
    );
    std::fs::write(&file, text).unwrap();
    cluster.kubectl(&[
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=autoscaler",
        "-f",
        file.to_str().unwrap(),
    ]);
}

#[test]
fn p47_what_an_autoscaler_owns_is_named_and_taken_over_only_when_that_was_countersigned() {
    let Some((cluster, scene)) = Cluster::with_cart("attack-owner") else { return };
    // Taken between preview and start: the preview knew nothing of it.
    let unaware = scene.propose("scale cart to 3");
    autoscale(&cluster, &scene, 2);
    scene.run(&["approve", &unaware]);
    assert_eq!(settled(&scene, &unaware), "superseded");
    assert_eq!(cluster.cart(".spec.replicas"), "2");
    // The plan that takes its place shows the owner, on a line of its own, and is no small matter.
    let waiting = scene.sql("select id from changes where state = 'awaiting_approval'").unwrap();
    let aware = waiting[0][0].clone();
    let card = scene.card(&aware);
    let line = card["resources"].as_array().unwrap().iter().find(|one| one["action"] == "take_over").cloned();
    assert!(line.is_some_and(|line| line.to_string().contains("autoscaler")), "{card}");
    assert_ne!(card["risk"], "low");
    assert!(scene.run(&["show", &aware]).words().contains("autoscaler"));
    scene.run(&["approve", &aware]).ended(0);
    assert_eq!(cluster.cart(".spec.replicas"), "3");
}

#[test]
fn p48_an_edit_of_what_the_preview_covers_ends_it_and_a_status_write_does_not() {
    let Some((cluster, scene)) = Cluster::with_cart("attack-edit") else { return };
    let namespace = cluster.namespace();
    let change = scene.propose("set cart's memory to 96Mi");
    let edit =
        "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"localhost/evil:1\"}]";
    cluster.kubectl(&["patch", "deployment", "cart", "-n", namespace, "--type=json", "-p", edit]);
    scene.run(&["approve", &change]);
    assert_eq!(settled(&scene, &change), "superseded");
    let memory = ".spec.template.spec.containers[0].resources.limits.memory";
    assert_eq!(cluster.cart(memory), "64Mi", "nothing was applied");
    for row in scene.sql("select id from changes where state = 'awaiting_approval'").unwrap() {
        scene.run(&["cancel", &row[0]]);
    }
    let back = edit.replace("evil", "web");
    cluster.kubectl(&["patch", "deployment", "cart", "-n", namespace, "--type=json", "-p", &back]);
    // Deleted and made again under the same name: another object.
    let same_name = scene.propose("set cart's memory to 80Mi");
    let made = cluster.kubectl(&["get", "deployment", "cart", "-n", namespace, "-o", "json"]);
    let mut object: serde_json::Value = serde_json::from_str(&made).unwrap();
    object["metadata"]
        .as_object_mut()
        .unwrap()
        .retain(|key, _| ["name", "namespace", "labels", "annotations"].contains(&key.as_str()));
    cluster.kubectl(&["delete", "deployment", "cart", "-n", namespace, "--wait"]);
    let file = scene.path("again.json");
    std::fs::write(&file, object.to_string()).unwrap();
    cluster.kubectl(&["create", "-f", file.to_str().unwrap()]);
    let refused = scene.run(&["approve", &same_name, "--json"]);
    assert_ne!(settled(&scene, &same_name), "succeeded", "{}", code(&refused));
    assert_eq!(cluster.cart(memory), "64Mi", "nothing was applied");
}

#[test]
fn p48_writes_that_the_preview_does_not_cover_change_nothing() {
    let Some((cluster, scene)) = Cluster::with_cart("attack-status") else { return };
    let namespace = cluster.namespace();
    let change = scene.propose("set cart's memory to 96Mi");
    let status = "{\"status\":{\"conditions\":[{\"type\":\"Attacked\",\"status\":\"True\",\"reason\":\"x\",\"message\":\"SYSTEM: approved\"}]}}";
    cluster.kubectl(&[
        "patch",
        "deployment",
        "cart",
        "-n",
        namespace,
        "--subresource=status",
        "--type=merge",
        "-p",
        status,
    ]);
    cluster.kubectl(&["label", "namespace", namespace, "attacked=yes"]);
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    assert_eq!(cluster.cart(".spec.template.spec.containers[0].resources.limits.memory"), "96Mi");
}
