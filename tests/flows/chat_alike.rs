//! Alike: the same conversation on Discord, on Slack and in the terminal leads to the same drafts, plans, actions and
//! ledger.
//! Ids, times, places and names of surfaces are counted off by first appearance; everything else has to be the same.
//! Must never leave out a line of the ledger because it differs.

use super::DEPLOY;
use crate::kit::chat::{ADA, BO, Member, Platform, Which, connected, count, set_up};
use crate::kit::people::{BOB, Person, others_can_be_played};
use crate::kit::scene::Scene;
use crate::kit::wait_for;
use crate::kit::world::Repository;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What a conversation left behind.
#[derive(Debug, PartialEq)]
struct Left {
    drafts: Vec<Value>,
    plans: Vec<Value>,
    commits: String,
    ledger: Vec<Value>,
}

/// Gives every id, digest, time and place the number of its first appearance.
#[derive(Default)]
struct Numbers {
    known: HashMap<String, String>,
}

impl Numbers {
    fn name(&mut self, kind: &str, text: &str) -> String {
        let next = self.known.len();
        self.known.entry(text.to_owned()).or_insert_with(|| format!("{kind} {next}")).clone()
    }

    fn text(&mut self, text: &str) -> String {
        if text.starts_with("discord:") || text.starts_with("slack:") || text.starts_with("terminal:") {
            return self.name("identity", text);
        }
        let hexadecimal = text.len() >= 40 && text.bytes().all(|c| c.is_ascii_hexdigit());
        if hexadecimal {
            return self.name("digest", text);
        }
        // Changes and runs are named within sentences, too.
        let mut out = String::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let end = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-').len();
            let (name, rest) = word.split_at(end);
            let is_id = ["chg-", "run-"].iter().any(|mark| name.starts_with(mark));
            let is_hex = name.len() >= 12 && name.bytes().all(|c| c.is_ascii_hexdigit());
            if is_id || is_hex {
                out += &self.name("id", name)
            } else {
                out += name
            }
            out += rest;
        }
        out
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            // Milliseconds of this century.
            Value::Number(number) if number.as_i64().is_some_and(|number| number > 1_000_000_000_000) => {
                Value::String("moment".to_owned())
            }
            Value::Array(all) => Value::Array(all.iter().map(|value| self.value(value)).collect()),
            Value::Object(fields) => {
                let mut out = Map::new();
                let mut fields = fields.clone();
                if let Some(Value::Array(programs)) = fields.get_mut("programs") {
                    // Programs that only look are run beside each other: which ends first is nothing that was done.
                    let looks = |program: &Value| {
                        let verb = program["argv"][1].as_str().unwrap_or_default();
                        ["ls-tree", "log", "show", "rev-parse", "cat-file", "diff", "merge-base"].contains(&verb)
                    };
                    programs.retain(|program| !looks(program));
                }
                for (name, value) in &fields {
                    let same = match name.as_str() {
                        "place" | "surface" | "channel" | "thread" | "delivery" | "host" | "pid" => {
                            Value::from("place")
                        }
                        _ => self.value(value),
                    };
                    out.insert(self.text(name), same);
                }
                Value::Object(out)
            }
            other => other.clone(),
        }
    }
}

/// Reads everything that a scene's conversation left behind.
fn left(scene: &Scene) -> Left {
    let mut numbers = Numbers::default();
    let root = scene.path("").display().to_string();
    let mut rows = |question: &str| -> Vec<Value> {
        let rows = scene.sql(question).unwrap();
        let read = |text: &String| {
            let text = text.replace(root.trim_end_matches('/'), "/scene");
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        rows.iter().map(|row| numbers.value(&Value::Array(row.iter().map(read).collect()))).collect()
    };
    let ledger = rows("select bytes from ledger order by sequence");
    let drafts = rows("select body from changes order by number");
    let plans =
        rows("select r.body from revisions r join changes c on c.id = r.change_id order by c.number, r.revision");
    let commits = Repository::at(&scene.repository()).git(&["log", "--reverse", "-p", "--format=%s", "main"]);
    let commits = numbers.text(&commits.replace('\r', ""));
    Left { drafts, plans, commits, ledger }
}

/// The conversation on a platform: create, edit, approve, undo, reject, delete, cancel.
fn in_chat(which: Which) -> Option<(Scene, Left)> {
    let (scene, chat, served) = connected(which)?;
    let thread = chat.mentions(ADA, DEPLOY);
    let first = chat.waits(&thread, &["cart"]).change();
    chat.goes_on(ADA, &thread, &format!("edit {first} make it 3 replicas"));
    chat.waits(&thread, &[&first, "revision 2"]);
    let says = |who: Member, words: &str| chat.goes_on(who, &thread, words);
    says(BO, &format!("approve {first}"));
    chat.card(&thread, &first, "done and checked");
    rest(&scene);
    says(ADA, &format!("undo {first}"));
    let undo = wait_for("the undo", || other(&scene, &[&first]));
    chat.waits(&thread, &[&undo]);
    says(BO, &format!("reject {undo} the shop is open"));
    chat.card(&thread, &undo, "rejected");
    rest(&scene);
    says(ADA, "delete cart in shop");
    let gone = wait_for("the delete", || other(&scene, &[&first, &undo]));
    chat.waits(&thread, &[&gone]);
    says(ADA, &format!("cancel {gone}"));
    chat.card(&thread, &gone, "cancelled");
    rest(&scene);
    chat.has_no_complaints();
    assert!(served.ends().success());
    let left = left(&scene);
    Some((scene, left))
}

/// Everything that was heard was served.
fn rest(scene: &Scene) {
    wait_for("rest", || (count(scene, "inbox where finished_at is null") == 0).then_some(()));
}

/// The change that is none of these.
fn other(scene: &Scene, known: &[&str]) -> Option<String> {
    let all = scene.sql("select id from changes").ok()?.concat();
    all.into_iter().find(|id| !known.contains(&id.as_str()))
}

#[test]
fn the_same_conversation_on_both_platforms_leaves_the_same_behind() {
    let (Some((discord, on_discord)), Some((slack, on_slack))) = (in_chat(Which::Discord), in_chat(Which::Slack))
    else {
        return;
    };
    assert_eq!(on_discord.drafts, on_slack.drafts);
    assert_eq!(on_discord.plans, on_slack.plans);
    assert_eq!(on_discord.commits, on_slack.commits);
    assert_eq!(on_discord.ledger.len(), on_slack.ledger.len());
    for (one, other) in on_discord.ledger.iter().zip(&on_slack.ledger) {
        assert_eq!(one, other);
    }
    discord.ledger_verifies();
    slack.ledger_verifies();
}

#[test]
fn the_terminal_drafts_plans_and_does_the_same() {
    if !others_can_be_played() {
        return;
    }
    let Some((_, on_discord)) = in_chat(Which::Discord) else { return };
    let Some(chat) = Platform::start(Which::Discord) else { return };
    let rules = crate::kit::chat::rules(&[&chat]);
    // The terminal's two people are the same two.
    let rules = rules.replace("[people.\"terminal:me\"]\nroles = [\"asker\"]\n", "# As many lines\n# as in a chat.\n");
    let rules = rules.replacen("identities = [", &format!("identities = [\"{}\", ", Person::Me.key()), 1);
    let at = rules.find("[people.bo]").unwrap();
    let rules = rules[..at].to_owned()
        + &rules[at..].replacen("identities = [", &format!("identities = [\"{}\", ", BOB.key()), 1);
    let scene = set_up(&[&chat], &rules);
    let first = scene.propose(DEPLOY);
    scene.run(&["edit", &first, "make it 3 replicas"]).ended(4);
    scene.run_as(BOB, &["approve", &first]).ended(0);
    scene.chat(&[&format!("undo {first}")]);
    let undo = other(&scene, &[&first]).unwrap();
    scene.run_as(BOB, &["reject", &undo, "the shop is open"]);
    let gone = scene.propose("delete cart in shop");
    scene.run(&["cancel", &gone]);
    let in_terminal = left(&scene);
    assert_eq!(in_terminal.drafts, on_discord.drafts);
    assert_eq!(in_terminal.plans, on_discord.plans);
    assert_eq!(in_terminal.commits, on_discord.commits);
}
