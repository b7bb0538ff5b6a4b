//! Kubernetes: what the card says before, what the cluster holds after, and trouble in between.
//! Each test has a namespace of its own on the real cluster.
//! Must never ask the program what the cluster holds: kubectl is the witness.

use crate::kit::cluster::Cluster;
use crate::kit::scene::{Scene, change_of};

#[test]
fn pods_run_after_success_and_the_commit_holds_the_same() {
    let Some((cluster, scene)) = Cluster::with_cart("flow-runs") else { return };
    assert_eq!(cluster.cart(".status.readyReplicas"), "1");
    assert_eq!(cluster.cart(".spec.template.spec.containers[0].resources.limits.memory"), "64Mi");
    let repository = crate::kit::world::Repository::at(&scene.data().join("repositories/dev"));
    assert!(repository.file("flow-runs/cart/deployment.yaml").contains("localhost/web:1"));
    scene.chat(&["is cart healthy?"]).ended(0).says(&["1"]);
    scene.chat(&["show the logs of cart"]).ended(0);
    scene.chat(&["list the pods in flow-runs"]).ended(0).says(&["cart"]);
}

#[test]
fn a_rollout_that_fails_says_why_and_undo_brings_health_back() {
    let Some((cluster, scene)) = Cluster::with_cart("flow-fails") else { return };
    let change = scene.propose("set cart's image to localhost/nope:9");
    let finished = scene.run(&["approve", &change, "--json"]);
    assert_ne!(finished.code, Some(0));
    assert_eq!(scene.state(&change), "degraded");
    let card = scene.card(&change).to_string();
    assert!(card.contains("localhost/nope:9") && card.contains("image-pull"), "{card}");
    let undo = change_of(&scene.run(&["undo", &change, "--json"]).ended(4).events());
    scene.run(&["approve", &undo]).ended(0);
    assert_eq!(cluster.cart(".spec.template.spec.containers[0].image"), "localhost/web:1");
    assert_eq!(cluster.cart(".status.readyReplicas"), "1");
}

#[test]
fn an_object_changed_between_plan_and_approval_supersedes_the_plan() {
    let Some((cluster, scene)) = Cluster::with_cart("flow-stale") else { return };
    let change = scene.propose("set cart's image to localhost/web:2");
    cluster.kubectl(&["set", "env", "deployment/cart", "-n", "flow-stale", "BY_HAND=yes"]);
    cluster.kubectl(&["scale", "deployment/cart", "-n", "flow-stale", "--replicas=2"]);
    scene.run(&["approve", &change]);
    assert_eq!(scene.state(&change), "superseded");
    assert_eq!(cluster.cart(".spec.template.spec.containers[0].image"), "localhost/web:1");
}

#[test]
fn a_field_of_another_manager_is_taken_over_only_when_the_card_says_so() {
    let Some((cluster, scene)) = Cluster::with_cart("flow-owner") else { return };
    cluster.kubectl(&["scale", "deployment/cart", "-n", "flow-owner", "--replicas=2"]);
    let change = scene.propose("scale cart to 3");
    let card = scene.card(&change);
    let takes = card["resources"].as_array().unwrap().iter().any(|resource| resource["action"] == "take_over");
    assert!(takes, "the card names the owner: {card}");
    assert_ne!(card["risk"], "low");
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(cluster.cart(".spec.replicas"), "3");
}

#[test]
fn deleting_a_component_deletes_what_it_made_and_nothing_else() {
    let Some((cluster, scene)) = Cluster::with_cart("flow-delete") else { return };
    cluster.kubectl(&["create", "configmap", "bystander", "-n", "flow-delete"]);
    let change = scene.propose("delete cart in flow-delete");
    assert_eq!(scene.card(&change)["risk"], "severe");
    scene.run(&["approve", &change, "--confirm", "cart"]).ended(0);
    let left = cluster.kubectl(&["get", "deployments,services,configmaps", "-n", "flow-delete", "-o", "name"]);
    assert!(!left.contains("cart") && left.contains("bystander"), "{left}");
}

#[test]
fn a_secret_is_a_reference_until_the_child_fills_it_in() {
    let Some(cluster) = Cluster::with("flow-secret") else { return };
    cluster.kubectl(&["create", "namespace", "flow-secret"]);
    let mut scene = cluster.scene();
    scene.set("DB_PASSWORD", "CANARY-0123456789abcdef");
    let change = scene.propose("create secret db in flow-secret with password=env:DB_PASSWORD");
    assert!(!scene.card(&change).to_string().contains("CANARY"), "the card holds the value");
    scene.run(&["approve", &change]).ended(0);
    let stored = cluster.kubectl(&["get", "secret", "db", "-n", "flow-secret", "-o", "jsonpath={.data.password}"]);
    assert_eq!(stored, "Q0FOQVJZLTAxMjM0NTY3ODlhYmNkZWY=");
    let found =
        std::process::Command::new("grep").args(["-r", "-l", "-a", "CANARY"]).arg(scene.data()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "", "the value is in the data folder");
}

#[test]
fn a_cluster_that_cannot_be_reached_is_an_error_with_a_code() {
    let scene = Scene::with_config(
        "default_environment = \"dev\"\n[environments.dev]\nmode = \"apply\"\n\
         [environments.dev.kubernetes]\nkubeconfig = \"{root}/kubeconfig\"\n\
         [environments.dev.approval]\napprovers = [\"owner\"]\nself_approval = true\n",
    );
    let kubeconfig = "apiVersion: v1\nkind: Config\n\
        clusters: [{name: c, cluster: {server: \"https://127.0.0.1:1\"}}]\nusers: [{name: u, user: {token: x}}]\n\
        contexts: [{name: d, context: {cluster: c, user: u}}]\ncurrent-context: d\n";
    std::fs::write(scene.path("kubeconfig"), kubeconfig).unwrap();
    let finished = scene.run(&["--json", "ask", super::DEPLOY]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.words().contains("CM-4008"), "{}", finished.words());
    let healthy = scene.run(&["--json", "ask", "is cart healthy?"]);
    assert!(healthy.words().contains("CM-"), "{}", healthy.words());
}
