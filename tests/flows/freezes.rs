//! Freezes: nothing starts, by name, except what an exception names; what was approved waits until the end.
//! One person, or two as two users; the freezes stand in the configuration.
//! Must never let a freeze pass unnamed.

use super::DEPLOY;
use super::windows::{SOON, at};
use crate::kit::people::{Person, rule};
use crate::kit::scene::Scene;
use crate::kit::world::Repository;

fn freeze(from: i64, until: i64, exceptions: &str) -> String {
    format!(
        "{}[[freezes]]\nname = \"holidays\"\nenvironments = [\"*\"]\nfrom = \"{}\"\nuntil = \"{}\"\nzone = \"UTC\"\n\
         reason = \"everybody is away\"\n{exceptions}",
        rule(&[Person::Me], 1, true, "1h"),
        at(from),
        at(until)
    )
}

#[test]
fn a_freeze_refuses_by_its_name_in_both_languages() {
    let scene = Scene::with_config(&freeze(-3600, 3600, ""));
    let change = scene.propose(DEPLOY);
    let refused = scene.run(&["approve", &change, "--json"]).ended(3);
    let last = refused.events().pop().unwrap();
    assert_eq!((last["code"].as_str(), last["facts"]["freeze"].as_str()), (Some("CM-5011"), Some("holidays")));
    scene.run(&["approve", &change]).says(&["holidays", "everybody is away", "UTC"]);
    scene.run(&["approve", &change, "--lang", "zh"]).says(&["冻结“holidays”", "everybody is away"]);
    scene.run(&["show", &change]).says(&["Cannot be approved now", "holidays"]);
    scene.run(&["show", &change, "--lang", "zh"]).says(&["现在不能批准", "holidays"]);
    assert_eq!(scene.card(&change)["decisions"].as_array().map(Vec::len), Some(0));
    let refusals = scene.sql("select count(*) from ledger where bytes like '%decision_refused%CM-5011%'").unwrap();
    assert_eq!(refusals[0][0], "3");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    scene.ledger_verifies();
}

#[test]
fn an_exception_lets_through_and_is_named_on_the_card_and_in_the_ledger() {
    let exception = "[[freezes.exceptions]]\nname = \"shop-goes-on\"\ncomponents = [\"local/shop/*\"]\n";
    let scene = Scene::with_config(&freeze(-3600, 3600, exception));
    let change = scene.propose(DEPLOY);
    scene.run(&["show", &change]).says(&["“shop-goes-on”", "“holidays”"]);
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    scene.run(&["show", &change, "--lang", "zh"]).says(&["例外“shop-goes-on”", "冻结“holidays”"]);
    let named = scene.sql("select count(*) from ledger where bytes like '%exec_intent%shop-goes-on%'").unwrap();
    assert_eq!(named[0][0], "1");
}

#[test]
fn a_freeze_that_begins_after_the_approval_holds_the_start_and_lets_go() {
    let usual = rule(&[Person::Me], 1, true, "1h");
    let span = |from: i64, until: i64| format!("from = \"{}\"\nuntil = \"{}\"\nzone = \"UTC\"\n", at(from), at(until));
    let scene = Scene::with_config(&usual);
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    let change = talk.until_state("awaiting_approval")["change"].as_str().unwrap().to_owned();
    let windows = format!("{usual}[[environments.local.windows]]\nname = \"tonight\"\n{}", span(SOON, 3600));
    scene.write_config(&windows);
    talk.say(&format!("run {change} in the window tonight"));
    talk.until_state("awaiting_approval");
    talk.say(&format!("approve {change}"));
    let card = talk.until_state("approved");
    assert_eq!(card["start"]["window"], "tonight");
    // It begins between approval and start, and ends while the window is open.
    let sudden = span(-60, 2 * SOON);
    scene.write_config(&format!("{windows}[[freezes]]\nname = \"sudden\"\nenvironments = [\"local\"]\n{sudden}"));
    talk.until("that it is held", |event| event["code"] == "CM-5011" && event["facts"]["freeze"] == "sudden");
    assert_eq!(scene.state(&change), "approved");
    scene.run(&["show", &change]).says(&["Held:", "sudden"]);
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    talk.until("the end", |event| event["kind"] == "result" && event["state"] == "succeeded");
    scene.ledger_verifies();
}
