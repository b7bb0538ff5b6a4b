//! Attacks through the doors of Discord and Slack on who decides about what: buttons, forms, commands, words and codes.
//! Each is named by the number of the case whose door it is, and played on both platforms.
//! Must never count a press for more than it was: somebody with a right, at what was shown to them.

use super::rig::{effects, ledger};
use crate::kit::chat::{
    ADA, BO, BOTH, MALLORY, Message, Platform, Sends, Served, Spot, Which, connected, count, rules, rules_for, set_up,
};
use crate::kit::scene::Scene;
use crate::kit::wait_for;
use serde_json::json;

const DEPLOY: &str = "deploy image nginx:1.27 as cart in shop";

/// A change that waits, with its card.
fn waiting(chat: &Platform) -> (Spot, Message, String) {
    let thread = chat.mentions(ADA, DEPLOY);
    let card = chat.waits(&thread, &["cart"]);
    let change = card.change();
    (thread, card, change)
}

/// Everything that was heard was served to its end.
fn served(scene: &Scene) {
    wait_for("everything to be served", || (count(scene, "inbox where finished_at is null") == 0).then_some(()));
}

/// Nobody decided.
#[track_caller]
fn undecided(scene: &Scene, change: &str) {
    assert_eq!((scene.state(change).as_str(), count(scene, "decisions")), ("awaiting_approval", 0));
}

#[test]
fn p01_whoever_asked_is_refused_by_button_command_and_words_with_the_same_reason() {
    for which in BOTH {
        let Some(chat) = Platform::start(which) else { return };
        let keeper = "roles = [\"asker\", \"keeper\"]\n[people.bo]";
        let rules = rules(&[&chat]).replace("roles = [\"asker\"]\n[people.bo]", keeper);
        let scene = set_up(&[&chat], &rules);
        let _served = Served::start(&scene, &[&chat]);
        let (thread, card, change) = waiting(&chat);
        let before = effects(&scene, "local");
        chat.press(ADA, &card, "approve");
        chat.whispers_of(&["CM-5002"]);
        chat.goes_on(ADA, &thread, "approve");
        chat.goes_on(ADA, &thread, &format!("批准 {change}"));
        chat.shows(&thread, &["CM-5002"]);
        chat.commands(ADA, &format!("approve {change}"), &json!({}));
        let refusals = || ledger(&scene).iter().filter(|entry| entry["kind"] == "decision_refused").count();
        wait_for("four refusals in the ledger", || (refusals() == 4).then_some(()));
        undecided(&scene, &change);
        assert_eq!(effects(&scene, "local"), before);
        scene.ledger_verifies();
    }
}

#[test]
fn p02_one_person_on_two_platforms_counts_once() {
    let (Some(discord), Some(slack)) = (Platform::start(Which::Discord), Platform::start(Which::Slack)) else { return };
    let two =
        rules(&[&discord, &slack]).replace("needed = 1", "needed = 2").replace("roles = []", "roles = [\"keeper\"]");
    let scene = set_up(&[&discord, &slack], &two);
    let _served = Served::start(&scene, &[&discord, &slack]);
    let (_, card, change) = waiting(&discord);
    let shown = slack.mentions(BO, &format!("show {change}"));
    let other = slack.waits(&shown, &[&change]);
    slack.press(BO, &other, "approve");
    wait_for("the decision", || (count(&scene, "decisions") == 1).then_some(()));
    discord.press(BO, &card, "approve");
    discord.whispers_of(&["CM-5008"]);
    assert_eq!((scene.state(&change).as_str(), count(&scene, "decisions")), ("awaiting_approval", 1));
    discord.has_no_complaints();
    slack.has_no_complaints();
}

#[test]
fn p02_a_code_for_joining_is_never_shown_where_others_read() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let channel = chat.mentions(MALLORY, "link").channel;
        chat.commands(BO, "link", &json!({}));
        chat.mentions(BO, "link");
        // Alone, or so that only they see it where they asked.
        let told = wait_for("the code", || {
            let all = chat.messages().into_iter().filter(|one| one.stands().0 == chat.alone(BO).channel);
            all.chain(chat.whispers()).find(|one| one.text.contains("Whoever types"))
        });
        served(&scene);
        let code = told.text.split_once("The code is ").unwrap().1.split('.').next().unwrap().to_owned();
        assert!(code.len() >= 8, "{told:#?}");
        let codes = |text: &str| text.contains("The code is") || text.contains(&code);
        let state = chat.look("state");
        for message in state["messages"].as_array().into_iter().flatten() {
            let only_one_sees_it = message["flags"].as_u64().is_some_and(|flags| flags & 64 != 0);
            let place = ["channel", "channel_id"].iter().find_map(|name| message[*name].as_str()).unwrap();
            let is_alone = place == chat.alone(BO).channel;
            assert!(is_alone || only_one_sees_it || !codes(&message.to_string()), "{which:?} {channel}: {message:#}");
        }
        assert!(chat.messages().iter().all(|one| one.stands().0 != chat.alone(MALLORY).channel || !codes(&one.text)));
    }
}

#[test]
fn p03_whoever_has_no_right_is_told_alone_what_is_missing_at_every_door() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let (thread, card, change) = waiting(&chat);
        let before = chat.messages().len();
        chat.press(MALLORY, &card, "approve");
        let told = chat.whispers_of(&["CM-5010"]);
        assert!(told.text.contains("role"), "it names what is missing: {told:#?}");
        // The form of a rejection does not open for them.
        chat.press(MALLORY, &card, "reject");
        wait_for("the second refusal", || (chat.whispers().len() > 1).then_some(()));
        assert_eq!(chat.messages().len(), before, "nobody else saw it: {:#?}", chat.messages());
        chat.commands(MALLORY, &format!("approve {change}"), &json!({}));
        chat.goes_on(MALLORY, &thread, &format!("approve {change}"));
        chat.goes_on(MALLORY, &thread, &format!("reject {change}"));
        let refused = || {
            let all = ledger(&scene);
            let theirs = all.iter().filter(|entry| entry.to_string().contains("mallory"));
            theirs.filter(|entry| entry["kind"].as_str().is_some_and(|kind| kind.contains("refused"))).count()
        };
        wait_for("each attempt to be in the ledger", || (refused() >= 4).then_some(()));
        undecided(&scene, &change);
    }
}

#[test]
fn p03_a_name_is_nobodys_right() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let (thread, card, change) = waiting(&chat);
        let names = ["bo", "@everyone", "<@401>", "<!channel>", "bo\u{202e}ob", "**bo** approved"];
        for (number, name) in names.into_iter().enumerate() {
            let user = match which {
                Which::Discord => json!({"user": {"id": "402", "username": "bo", "global_name": name}}),
                Which::Slack => {
                    chat.control("set", &json!({"people": {"U0MAL": {"name": name, "locale": "en-US"}}}));
                    json!({"user": "U0MAL"})
                }
            };
            chat.press_with(MALLORY, &card, "approve", &user);
            wait_for("the refusal", || (chat.whispers().len() > number).then_some(()));
        }
        chat.goes_on(MALLORY, &thread, &format!("approve {change}"));
        served(&scene);
        undecided(&scene, &change);
        mentions_nobody(&chat);
        chat.has_no_complaints();
    }
}

#[test]
fn p06_one_press_that_comes_five_times_is_one_decision() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let (thread, card, change) = waiting(&chat);
        chat.press_with(BO, &card, "approve", &json!({"copies": 5}));
        chat.card(&thread, &change, "done and checked");
        served(&scene);
        assert_eq!((count(&scene, "decisions"), count(&scene, "runs")), (1, 1), "{which:?}");
    }
}

#[test]
fn p08_words_in_the_thread_are_no_decision() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let (thread, _, change) = waiting(&chat);
        for words in ["yes, looks good, go ahead", "approved ✅", "LGTM", "👍", "please approve everything", "我同意"]
        {
            chat.goes_on(BO, &thread, words);
        }
        served(&scene);
        undecided(&scene, &change);
    }
}

#[test]
fn p10_a_press_counts_for_what_its_own_message_showed() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let (thread, card, change) = waiting(&chat);
        let old = card.clone();
        chat.goes_on(ADA, &thread, &format!("edit {change} make it 3 replicas"));
        let newer = chat.waits(&thread, &[&change, "revision 2"]);
        chat.press(BO, &old, "approve");
        let told = chat.whispers_of(&["CM-5004"]);
        assert!(told.text.contains('2'), "it names the newer revision: {told:#?}");
        undecided(&scene, &change);
        // Another change's button, another digest, an act that asks nothing, on this message and on others.
        let second = chat.mentions(ADA, "deploy image nginx:1.27 as basket in shop");
        let other = chat.waits(&second, &["basket"]);
        let here = newer.button("approve").id.clone();
        let there = other.button("approve").id.clone();
        let digest = here.rsplit_once('.').unwrap().1.to_owned();
        let wrong = here.replace(&digest, &"0".repeat(digest.len()));
        // A message that is no card, where the change has none.
        let alone = chat.writes(BO, "help");
        let elsewhere = chat.shows(&alone, &["help"]);
        let forged = [
            (&newer, there.clone()),
            (&other, here.clone()),
            (&newer, wrong),
            (&newer, format!("chop.a0.{change}")),
            (&elsewhere, here.clone()),
            (&newer, "chop.a0".to_owned()),
            (&newer, format!("approve {change}")),
            (&newer, format!("chop.=0.approve {change} --confirm cart\napprove")),
        ];
        for (message, id) in forged {
            let key = if which == Which::Discord { "custom_id" } else { "action_id" };
            let from = Message { buttons: newer.buttons.clone(), ..message.clone() };
            chat.press_with(BO, &from, "approve", &json!({key: id}));
            served(&scene);
            assert_eq!(count(&scene, "decisions"), 0, "{which:?}: {id} at {}", message.id);
        }
        assert_eq!(scene.state(&other.change()), "awaiting_approval");
        chat.press(BO, &newer, "approve");
        chat.card(&thread, &change, "done and checked");
    }
}

#[test]
fn p16_nothing_can_be_approved_before_its_whole_content_is_there() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        match which {
            // The first message in the thread is the file.
            Which::Discord => chat.meets(Sends::Post, &json!({"status": 503, "times": 2})),
            Which::Slack => {
                let fault = json!({"method": "^files\\.", "error": "internal_error", "times": 2});
                drop(chat.control("fault", &fault));
            }
        }
        let thread = chat.mentions(ADA, DEPLOY);
        let ready = |message: &Message| message.buttons.iter().any(|one| one.word == "Approve" && one.enabled);
        let card = wait_for("a card that waits for its file, or has it", || {
            chat.messages().into_iter().find(|message| message.text.contains("waiting for approval"))
        });
        let files = chat.messages().iter().filter(|message| message.text.contains(".txt")).count();
        assert!(!ready(&card) || files > 0, "{which:?}: {card:#?}");
        let card = chat.waits(&thread, &["cart"]);
        let files = chat.messages().iter().filter(|message| message.text.contains(".txt")).count();
        assert!(files > 0, "{which:?}: {:#?}", chat.messages());
        chat.press(BO, &card, "approve");
        chat.card(&thread, &card.change(), "done and checked");
        assert_eq!(count(&scene, "decisions"), 1);
    }
}

#[test]
fn p26_severe_risk_asks_for_the_name_at_every_door() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        let (thread, card, change) = waiting(&chat);
        chat.press(BO, &card, "approve");
        chat.card(&thread, &change, "done and checked");
        chat.goes_on(ADA, &thread, "delete cart in shop");
        let card = chat.waits(&thread, &["Delete"]);
        let change = card.change();
        let decisions = count(&scene, "decisions");
        chat.commands(BO, &format!("approve {change}"), &json!({}));
        chat.commands(BO, &format!("approve {change} shop"), &json!({}));
        chat.goes_on(BO, &thread, &format!("approve {change}"));
        chat.goes_on(BO, &thread, &format!("approve {change} --confirm shop"));
        // The button without its form.
        let id = card.button("approve").id.replacen("chop.a2", "chop.a0", 1);
        let key = if which == Which::Discord { "custom_id" } else { "action_id" };
        chat.press_with(BO, &card, "approve", &json!({key: id}));
        served(&scene);
        assert_eq!(
            (scene.state(&change).as_str(), count(&scene, "decisions")),
            ("awaiting_approval", decisions),
            "{which:?}"
        );
        chat.press(BO, &card, "approve");
        chat.fills(BO, &card, "approve", &[("name", "cart")]);
        chat.card(&thread, &change, "done and checked");
    }
}

#[test]
fn p40_p41_nothing_passes_through_a_chat_to_a_command_line() {
    for which in BOTH {
        let Some((scene, chat, _served)) = connected(which) else { return };
        for words in [
            "plan chg-7f3k -- -target=terraform_data.a -destroy",
            "approve chg-7f3k -chdir=/",
            "deploy image nginx:1.27 as cart in `a$(id)`",
            "deploy image nginx:1.27 as ../x in shop",
            "deploy image nginx:1.27 as -chdir in shop",
            "deploy image nginx:1.27 as prod;id in shop",
        ] {
            chat.mentions(ADA, words);
            chat.commands(
                ADA,
                words,
                &json!({"name": "ask", "options": [{"name": "words", "type": 3, "value": words}]}),
            );
        }
        served(&scene);
        let components: Vec<_> = scene.sql("select group_name || '/' || name from changes").unwrap().concat();
        let plain = |name: &String| name.bytes().all(|c| c.is_ascii_alphanumeric() || b"/-_".contains(&c));
        assert!(components.iter().all(plain), "{components:?}");
        assert!(components.iter().all(|name| !name.contains("/-") && !name.contains("..")), "{components:?}");
        assert_eq!((count(&scene, "runs"), count(&scene, "decisions")), (0, 0));
    }
}

#[test]
fn p05_a_press_after_the_end_decides_nothing() {
    for which in BOTH {
        let Some(chat) = Platform::start(which) else { return };
        let scene = set_up(&[&chat], &rules_for(&[&chat], "expires_after = \"5s\""));
        let _served = Served::start(&scene, &[&chat]);
        let (thread, card, change) = waiting(&chat);
        chat.card(&thread, &change, "expired");
        chat.press(BO, &card, "approve");
        chat.whispers_of(&["CM-5"]);
        assert_eq!((scene.state(&change).as_str(), count(&scene, "decisions")), ("expired", 0));
    }
}

/// Nothing that was sent notifies anybody but who waits for it.
#[track_caller]
pub(super) fn mentions_nobody(chat: &Platform) {
    let log = chat.look("log");
    for entry in log.as_array().into_iter().flatten() {
        match chat.which {
            Which::Discord => {
                let body = &entry["json"];
                let bodies = [body, &body["data"]];
                for allowed in bodies.map(|body| &body["allowed_mentions"]).into_iter().filter(|it| it.is_object()) {
                    let parse = allowed["parse"].as_array().is_none_or(Vec::is_empty);
                    let users = allowed["users"].as_array().cloned().unwrap_or_default();
                    assert!(parse && users.iter().all(|user| *user == "401" || *user == "400"), "{entry}");
                }
            }
            Which::Slack => {
                let mut texts = Vec::new();
                marked(&entry["body"], &mut texts);
                for text in texts {
                    assert!(!text.contains("<!") && !text.contains("<@U0MAL"), "{text}");
                }
            }
        }
    }
}

/// Every text in which Slack reads marks.
pub(super) fn marked(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            let plain = fields.get("type").is_some_and(|kind| kind == "plain_text" || kind == "text");
            for (name, value) in fields {
                match value {
                    serde_json::Value::String(text) if name == "text" && !plain => into.push(text.clone()),
                    value => marked(value, into),
                }
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|value| marked(value, into)),
        _ => {}
    }
}
