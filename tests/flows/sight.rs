//! Sight: a person sees only what they may ask about; the rest does not exist for them, by no word and no count.
//! Other people are other users of the machine.
//! Must never let an answer tell a hidden thing from one that is not there.

use crate::kit::people::{BOB, MALLORY, Person, others_can_be_played};
use crate::kit::scene::{Finished, Scene};
use serde_json::json;

/// I may do everything; Bob may ask about, and propose, what is in the shop of dev, with web services only.
const CONFIG: &str = "default_environment = \"prod\"\n\
    [people.\"ME\"]\nname = \"Olga\"\nroles = [\"owner\"]\n[people.\"BOB\"]\nroles = [\"shopper\"]\n\
    [[grants]]\nroles = [\"owner\"]\nmay = [\"ask\", \"propose\", \"approve\", \"cancel\", \"administer\"]\n\
    [[grants]]\nroles = [\"shopper\"]\nmay = [\"ask\", \"propose\"]\nenvironments = [\"dev\"]\n\
    components = [\"dev/shop/*\", \"dev/cluster/shop\"]\ntemplates = [\"kubernetes/*\"]\n\
    [environments.dev]\nmode = \"gitops\"\n[environments.dev.approval]\napprovers = [\"owner\"]\nself_approval = true\n\
    [environments.prod]\nmode = \"gitops\"\n[environments.prod.approval]\napprovers = [\"owner\"]\nself_approval = true\n";

/// What Bob must never read: names that only hidden things have.
const HIDDEN: [&str; 5] = ["prod", "treasury", "vault", "ledgerd", "office"];

fn config() -> String {
    CONFIG.replace("ME", &Person::Me.key()).replace("BOB", &BOB.key())
}

fn nothing_hidden(what: &str, finished: &Finished) {
    let words = finished.words();
    for name in HIDDEN {
        assert!(!words.contains(name), "{what}: {name:?} is in:\n{words}");
    }
}

struct Town {
    scene: Scene,
    /// A change of dev/shop/cart, which Bob sees.
    open: String,
    /// Changes of prod/treasury/vault and dev/office/ledgerd, which he does not.
    hidden: [String; 2],
}

fn town() -> Option<Town> {
    if !others_can_be_played() {
        return None;
    }
    let scene = Scene::with_config(&config());
    let vault = scene.carry_out("in prod, deploy image nginx:1.27 as vault in treasury");
    let ledgerd = scene.carry_out("in dev, deploy image nginx:1.27 as ledgerd in office");
    let open = scene.carry_out("in dev, deploy image nginx:1.27 as cart in shop");
    Some(Town { scene, open, hidden: [vault, ledgerd] })
}

#[test]
fn every_reading_command_shows_what_one_may_ask_about_and_nothing_else() {
    let Some(town) = town() else { return };
    let (scene, open) = (&town.scene, &town.open);
    let waiting = scene.propose("in prod, deploy image nginx:1.27 as vault2 in treasury");
    let own = &["show", open][..];
    for arguments in [&["changes"][..], &["changes", "--all"], own, &["components"], &["status"], &["audit", "show"]] {
        for lead in [&[][..], &["--json"], &["--lang", "zh"]] {
            let arguments = [lead, arguments].concat();
            let seen = scene.run_as(BOB, &arguments);
            nothing_hidden(&arguments.join(" "), &seen);
            assert!(seen.words().contains("shop/cart") || seen.words().contains(open) || arguments.contains(&"status"));
            let words = seen.words();
            assert!(town.hidden.iter().chain([&waiting]).all(|id| !words.contains(id.as_str())), "{words}");
        }
    }
    // The owner sees all of it.
    scene.run(&["changes", "--all"]).says(&["prod/treasury/vault", "dev/office/ledgerd", "dev/shop/cart"]);
    // Templates that may be proposed, in a conversation; what the chain holds, without its length.
    let talk = crate::kit::scene::finish(
        &mut scene.program_as(BOB, &["chat"]),
        b"lang en\ntemplates\nlist components\nchanges\naudit verify\nwho may approve this?\n",
    );
    nothing_hidden("chat", &talk);
    assert!(!talk.words().contains("object-storage") && talk.words().contains("web-service"), "{}", talk.words());
    assert!(talk.words().contains("the chain is unbroken"), "{}", talk.words());
    let refused = scene.run_as(BOB, &["audit", "export"]);
    assert!(refused.words().contains("CM-5010"), "{}", refused.words());
}

#[test]
fn a_hidden_name_is_answered_as_one_that_nobody_has() {
    let Some(town) = town() else { return };
    let scene = &town.scene;
    let unknown = "chg-zzzz";
    for hidden in &town.hidden {
        let commands: [&[&str]; 8] = [
            &["show", "ID"],
            &["show", "ID", "--details"],
            &["show", "ID", "--prompt"],
            &["approve", "ID"],
            &["reject", "ID"],
            &["cancel", "ID"],
            &["undo", "ID"],
            &["resolve", "ID", "applied", "seen"],
        ];
        for command in commands {
            let named = |id: &str| -> Vec<String> {
                command.iter().map(|word| if *word == "ID" { id.to_owned() } else { (*word).to_owned() }).collect()
            };
            let run = |id: &str| {
                let arguments: Vec<String> = named(id);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let finished = scene.run_as(BOB, &arguments);
                (finished.code, finished.words().replace(id, "ID"))
            };
            assert_eq!(run(hidden), run(unknown), "{command:?}");
        }
    }
    for (hidden, unknown) in [
        ("components prod/treasury/vault", "components qqqq/treasury/vault"),
        ("components dev/office/ledgerd", "components dev/office/ledgerx"),
        ("drift prod", "drift qqqq"),
        ("undo prod/treasury/vault", "undo qqqq/treasury/vault"),
    ] {
        let run = |words: &str| {
            let arguments: Vec<&str> = words.split(' ').collect();
            let finished = scene.run_as(BOB, &arguments);
            let words = finished.words().replace("qqqq", "prod").replace("ledgerx", "ledgerd");
            (finished.code, words)
        };
        assert_eq!(run(hidden), run(unknown), "{hidden}");
    }
    // Near names come from what is seen.
    for words in ["show me vaul", "describe treasury/vaults", "is prod/treasury/vault healthy?", "scale vault to 3"] {
        let said = scene.run_as(BOB, &["ask", words]).words();
        assert!(!said.contains(&town.hidden[0]) && !said.contains("dev/office"), "{words}: {said}");
    }
    // That somebody without the right tried is known to those who look, not to them.
    scene.ledger_verifies();
}

#[test]
fn people_without_a_role_are_told_who_administers_and_nothing_else() {
    let Some(town) = town() else { return };
    for arguments in
        [&["changes"][..], &["components"], &["status"], &["ask", "what is in prod?"], &["show", &town.open]]
    {
        let told = town.scene.run_as(MALLORY, arguments);
        assert_ne!(told.code, Some(0), "{arguments:?}");
        let words = told.words();
        assert!(words.contains("CM-5010") && words.contains("Olga"), "{words}");
        assert!(!words.contains("shop/cart") && !words.contains("treasury"), "{words}");
    }
    town.scene.run_as(MALLORY, &["--lang", "zh", "status"]).says(&["没有任何角色", "Olga"]);
    let refusals = town.scene.sql("select count(*) from ledger where bytes like '%access_refused%4303%'").unwrap();
    assert_eq!(refusals[0][0], "6");
}

#[test]
fn the_prompt_of_a_model_holds_what_the_person_who_asks_may_see() {
    let Some(town) = town() else { return };
    let fixtures = json!({ "fixtures": [{ "match": {}, "response": { "content": "Hello." } }] });
    let mut town = town;
    let Some(model) = crate::kit::model::Model::scripted(&town.scene, &fixtures) else { return };
    model.serve(&mut town.scene, "/v1", &config());
    town.scene.run_as(BOB, &["ask", "what is there?"]).ended(0);
    let sent = json!(model.journal()).to_string();
    assert!(sent.contains("shop/cart"), "{sent}");
    for name in HIDDEN.iter().chain(&["object-storage"]) {
        // The prompt speaks of production in general.
        assert!(!sent.contains(&format!("{name}/")) && !sent.contains(&format!("\\\"{name}\\\"")), "{name}: {sent}");
    }
    town.scene.run(&["ask", "what is there?"]).ended(0);
    assert!(json!(model.journal()).to_string().contains("treasury/vault"));
}

/// Every command that names or lists something, with what it is about.
const COMMANDS: [&[&str]; 27] = [
    &["changes"],
    &["changes", "--all"],
    &["components"],
    &["components", "dev/shop/cart"],
    &["components", "prod/treasury/vault"],
    &["status"],
    &["show", "SEEN"],
    &["show", "SEEN", "--details"],
    &["show", "SEEN", "--prompt"],
    &["show", "HIDDEN"],
    &["show", "HIDDEN", "--details"],
    &["show", "HIDDEN", "--prompt"],
    &["approve", "HIDDEN"],
    &["reject", "HIDDEN"],
    &["cancel", "HIDDEN"],
    &["edit", "HIDDEN", "scale it to 2"],
    &["undo", "HIDDEN"],
    &["resolve", "HIDDEN", "applied", "seen"],
    &["drift", "dev"],
    &["drift", "prod"],
    &["audit", "show"],
    &["audit", "show", "HIDDEN"],
    &["audit", "verify"],
    &["audit", "export"],
    &["ask", "--dry-run", "in dev, deploy image nginx:1.27 as web in shop"],
    &["ask", "--dry-run", "in prod, deploy image nginx:1.27 as web in treasury"],
    &["resume"],
];

/// What an answer lets one know: its code, or how much of the town is in it.
fn known(finished: &Finished, town: &Town) -> String {
    let events = finished.events();
    let code = events.iter().rev().find_map(|event| event["code"].as_str().map(str::to_owned));
    let words = finished.words();
    let hidden =
        HIDDEN.iter().any(|name| words.contains(name)) || town.hidden.iter().any(|id| words.contains(id.as_str()));
    let seen = words.contains("shop") || words.contains(&town.open);
    let sight = match (seen, hidden) {
        (true, true) => "all",
        (true, false) => "shop",
        (false, true) => "hidden",
        (false, false) => "-",
    };
    code.unwrap_or_else(|| sight.to_owned())
}

#[test]
fn what_each_command_lets_one_know_by_right_is_as_recorded() {
    let Some(town) = town() else { return };
    let people = [("owner", Person::Me), ("shop", BOB), ("nobody", MALLORY)];
    let mut table = "What a command lets somebody know: all, shop (what they may ask about), hidden, nothing (-), or a code.\n\
        HIDDEN is a change of prod/treasury/vault, SEEN one of dev/shop/cart. Of the refused, what they named is theirs.\n\n"
        .to_owned();
    table += &format!("{:<72}{:<10}{:<10}{}\n", "command", people[0].0, people[1].0, people[2].0);
    for command in COMMANDS {
        let mut row = format!("{:<72}", command.join(" "));
        for (_, person) in people {
            let arguments = command.iter().map(|word| match *word {
                "HIDDEN" => town.hidden[0].as_str(),
                "SEEN" => town.open.as_str(),
                word => word,
            });
            let arguments: Vec<&str> = std::iter::once("--json").chain(arguments).collect();
            // What is a plain text, such as an export, has no events.
            let finished = town.scene.run_as(person, &arguments);
            let cell = match command {
                ["audit", "export"] if finished.code == Some(0) => "all".to_owned(),
                _ => known(&finished, &town),
            };
            row += &format!("{cell:<10}");
        }
        table += row.trim_end();
        table += "\n";
    }
    crate::matrix::recorded("sight.txt", &table);
}
