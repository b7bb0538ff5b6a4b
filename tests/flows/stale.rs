//! Stale plans: superseded by a new plan that says first what differs, and never refreshed silently.
//! Moves the world between the plan and the approval.
//! Must never run what is not what was shown.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

#[test]
fn a_plan_whose_component_moved_is_superseded_and_its_successor_says_what_differs() {
    let scene = Scene::new();
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas");
    let change = scene.propose("set cart's image to nginx:1.28");
    let repository = Repository::at(&scene.repository());
    repository.commit_by_hand("shop/cart/component.toml", "replicas = 2", "replicas = 6");
    repository.commit_by_hand("shop/cart/deployment.yaml", "replicas: 2", "replicas: 6");
    let head = repository.head();
    scene.run(&["approve", &change]);
    assert_eq!(scene.state(&change), "superseded");
    assert_eq!(repository.head(), head, "nothing was written");
    let successors = scene.sql("select id from changes where state = 'awaiting_approval'").unwrap();
    assert_eq!(successors.len(), 1, "one change takes its place");
    let card = scene.card(&successors[0][0]);
    assert_eq!(card["replaces"], change.as_str());
    assert!(card["differences"].to_string().contains('6'), "the card says what differs: {card}");
    scene.run(&["approve", &successors[0][0]]).ended(0);
    let deployment = repository.file("shop/cart/deployment.yaml");
    assert!(deployment.contains("replicas: 6") && deployment.contains("nginx:1.28"), "{deployment}");
}

#[test]
fn a_commit_elsewhere_in_the_repository_makes_no_plan_stale() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    scene.carry_out("deploy image nginx:1.27 as basket in shop");
    let change = scene.propose("scale cart to 3");
    let repository = Repository::at(&scene.repository());
    repository.commit_by_hand("shop/basket/component.toml", "replicas = ", "# counted by hand\nreplicas = ");
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
}

#[test]
fn of_two_changes_of_one_component_the_second_ends_when_the_first_took_effect() {
    let scene = Scene::new();
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas");
    let edit = scene.propose("scale cart to 3");
    let delete = scene.propose("delete cart in shop");
    assert_ne!(edit, delete);
    scene.run(&["approve", &edit]).ended(0);
    scene.run(&["approve", &delete, "--confirm", "cart"]);
    assert_eq!((scene.state(&edit).as_str(), scene.state(&delete).as_str()), ("succeeded", "superseded"));
    assert!(Repository::at(&scene.repository()).file("shop/cart/deployment.yaml").contains("replicas: 3"));
}

#[test]
fn uncommitted_edits_in_the_components_folder_are_neither_lost_nor_swept_along() {
    let scene = Scene::new();
    scene.carry_out("deploy image nginx:1.27 as cart in shop with 2 replicas");
    let loose = scene.repository().join("shop/cart/deployment.yaml");
    let text = std::fs::read_to_string(&loose).unwrap().replace("replicas: 2", "replicas: 9");
    std::fs::write(&loose, &text).unwrap();
    let finished = scene.run(&["--json", "ask", "set cart's image to nginx:1.28"]);
    let words = match finished.code {
        Some(4) => {
            let change = crate::kit::scene::change_of(&finished.events());
            scene.run(&["approve", &change, "--json"]).words()
        }
        _ => finished.words(),
    };
    assert!(words.contains("CM-4005"), "{words}");
    assert_eq!(std::fs::read_to_string(&loose).unwrap(), text, "the edit is still there");
    let committed = Repository::at(&scene.repository()).file("shop/cart/deployment.yaml");
    assert!(committed.contains("replicas: 2"), "{committed}");
}
