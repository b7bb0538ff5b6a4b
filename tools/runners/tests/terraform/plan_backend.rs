//! Backends: states that are kept elsewhere than in the data folder.
//! Run with every program there is, against a state server on this machine.
//! Must never let a plan write a state.

use crate::kit::{Scene, lines};
use crate::peer::{Peer, backend};
use crate::plan::precondition;
use chopmark_domain::environment::Backend;
use chopmark_domain::problem::Code;
use std::collections::BTreeMap;

const NOTE: &str = "resource \"terraform_data\" \"note\" {\n  input = \"hello\"\n}\n";

#[tokio::test]
async fn a_state_elsewhere_is_read_with_its_lineage_and_guarded() {
    for mut scene in Scene::each() {
        let peer = Peer::begin();
        scene.terraform().backend = Some(backend(&peer));
        let draft = scene.draft("note", &[("main.tf", NOTE)]);
        let step = scene.make(&draft).await;
        assert_eq!(lines(&step.actions), ["Create terraform_data.note /id /input /output"]);
        assert!(step.target.starts_with("http:") && step.target.contains("main/note"), "{}", step.target);
        assert_eq!(precondition(&step, "state"), "none");
        let before = peer.state();
        let step = scene.plan(&draft).await.unwrap();
        assert!(step.actions.is_empty() && precondition(&step, "state") != "none", "{step:?}");
        assert_eq!(peer.state(), before, "planning wrote nothing");
    }
}

#[tokio::test]
async fn a_lock_that_somebody_holds_is_told() {
    for mut scene in Scene::each() {
        let peer = Peer::begin();
        scene.terraform().backend = Some(backend(&peer));
        peer.hold("6c3c");
        let problem = scene.plan(&scene.draft("note", &[("main.tf", NOTE)])).await.unwrap_err();
        assert_eq!(problem.code, Code::StateLocked, "{problem}");
    }
}

#[tokio::test]
async fn a_backend_that_is_not_there_is_told() {
    for mut scene in Scene::each() {
        let mut backend = backend(&Peer::begin());
        for address in backend.settings.values_mut().filter(|value| value.as_text().is_some()) {
            *address = "http://127.0.0.1:9/states".into();
        }
        scene.terraform().backend = Some(backend);
        let problem = scene.plan(&scene.draft("note", &[("main.tf", NOTE)])).await.unwrap_err();
        assert_eq!(problem.code, Code::BackendUnreachable, "{problem}");
    }
}

#[tokio::test]
async fn a_folder_can_be_the_backend() {
    for mut scene in Scene::each() {
        let folder = scene.folder.path().canonicalize().unwrap().join("states");
        let path = format!("{}/{{component}}.tfstate", folder.display());
        let settings = BTreeMap::from([("path".to_owned(), path.as_str().into())]);
        scene.terraform().backend = Some(Backend { kind: "local".to_owned(), settings });
        let step = scene.make(&scene.draft("note", &[("main.tf", NOTE)])).await;
        assert_eq!(step.target, format!("local:{}", folder.join("main/note.tfstate").display()));
        assert!(folder.join("main/note.tfstate").is_file());
    }
}
