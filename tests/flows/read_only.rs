//! Read-only mode: proposals and plans, and nothing more, for a whole install or one environment.
//! One person; the mode stands in the configuration.
//! Must never let anything take effect while it is on.

use super::DEPLOY;
use crate::kit::people::{Person, rule};
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

#[test]
fn a_read_only_install_proposes_and_plans_and_refuses_approvals_with_the_reason() {
    let usual = rule(&[Person::Me], 1, true, "1h");
    let everywhere = format!("read_only = true\n{usual}");
    let here = usual.replace("mode = \"gitops\"", "mode = \"gitops\"\nread_only = true");
    for (text, en, zh) in [(everywhere, "This install", "这个安装"), (here, "environment local", "环境 local")] {
        let scene = Scene::with_config(&text);
        let change = scene.propose(DEPLOY);
        assert_eq!(scene.card(&change)["counts"]["create"], 3, "it is planned");
        scene.run(&["approve", &change]).ended(3).says(&["CM-5012", en, "read-only"]);
        scene.run(&["approve", &change, "--lang", "zh"]).ended(3).says(&["CM-5012", zh, "只读"]);
        scene.run(&["show", &change]).says(&["Cannot be approved now", en]);
        assert_eq!(scene.card(&change)["decisions"].as_array().map(Vec::len), Some(0));
        assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
        // Rejecting and cancelling change nothing out there.
        scene.run(&["reject", &change]);
        assert_eq!(scene.state(&change), "rejected");
        scene.ledger_verifies();
        // When the team is ready, what was rejected is planned again and runs.
        scene.write_config(&usual);
        scene.run(&["plan-again", &change]).ended(4);
        let next = scene.json(&["changes"]);
        let next = next.iter().find_map(|event| event["facts"]["changes"][0]["id"].as_str()).unwrap().to_owned();
        scene.run(&["approve", &next]).ended(0);
        assert_eq!(scene.state(&next), "succeeded");
    }
}
