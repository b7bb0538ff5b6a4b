//! Chat platforms for flows: what plays Discord and Slack, people who write and press there, and `chopmark serve`.
//! Used by flows that are told once and played on both platforms.
//! Must never know what the program should answer: it finds messages, buttons and forms as people would.

mod drawn;
mod filled;
mod served;
mod stage;

pub(crate) use drawn::{Button, Message};
pub(crate) use served::Served;
pub(crate) use stage::*;

use super::{http, left_out, wait_for};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Which platform is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Discord,
    Slack,
}

/// Both, for flows that hold on each.
pub(crate) const BOTH: [Which; 2] = [Which::Discord, Which::Slack];

/// Somebody on the platforms: a Discord user's id with a name, and the same of Slack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    discord: &'static str,
    slack: &'static str,
}

/// Asks in the tests' rules.
pub(crate) const ADA: Member = Member { name: "ada", discord: "400", slack: "U0ADA" };
/// May approve.
pub(crate) const BO: Member = Member { name: "bo", discord: "401", slack: "U0BO" };
/// Has no right at all.
pub(crate) const MALLORY: Member = Member { name: "mallory", discord: "402", slack: "U0MAL" };

impl Member {
    /// As configuration names them on a platform.
    pub(crate) fn identity(self, which: Which) -> String {
        match which {
            Which::Discord => format!("discord:{}", self.discord),
            Which::Slack => format!("slack:T0001.{}", self.slack),
        }
    }
}

/// Where something is said: a channel, and a thread in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) channel: String,
    pub(crate) thread: Option<String>,
}

/// A platform that is played; it ends with the test.
pub(crate) struct Platform {
    pub(crate) which: Which,
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) place: String,
    token: String,
    pub(crate) public_key: String,
}

impl Platform {
    /// Starts one; none, with a word about it, where it is not installed.
    pub(crate) fn start(which: Which) -> Option<Self> {
        let (variable, file) = match which {
            Which::Discord => ("CHOPMARK_TEST_DISCORD", "discord.mjs"),
            Which::Slack => ("CHOPMARK_TEST_SLACK", "slack.mjs"),
        };
        let Ok(folder) = std::env::var(variable) else {
            left_out(&format!("{which:?}: {variable} is not set (tests/run sets it)"));
            return None;
        };
        let mut command = Command::new("node");
        // What judges Slack's messages; Discord's judge needs nothing.
        command.envs(std::env::var("CHOPMARK_TEST_SLACK_SCHEMAS").map(|schemas| ("SLACK_SCHEMAS", schemas)));
        command.arg(std::path::Path::new(&folder).join(file)).env("PORT", "0").stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).expect("it says where it is");
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let place = text("url").trim_start_matches("http://").to_owned();
        Some(Self { which, child, place, token: text("token"), public_key: text("public_key") })
    }

    /// The surface's name in the program.
    pub(crate) fn surface(&self) -> &'static str {
        match self.which {
            Which::Discord => "discord",
            Which::Slack => "slack",
        }
    }

    /// The section that connects the program to it, with tokens in the environment variables of [`Platform::tokens`].
    pub(crate) fn config(&self) -> String {
        match self.which {
            Which::Discord => {
                format!("[discord]\ntoken = \"env:TEST_DISCORD_TOKEN\"\napi = \"http://{}\"\n", self.place)
            }
            Which::Slack => format!(
                "[slack]\nbot_token = \"env:TEST_SLACK_BOT\"\napp_token = \"env:TEST_SLACK_APP\"\n\
                 api = \"http://{}/api\"\n",
                self.place
            ),
        }
    }

    /// Environment variables with its tokens.
    pub(crate) fn tokens(&self) -> Vec<(&'static str, String)> {
        match self.which {
            Which::Discord => vec![("TEST_DISCORD_TOKEN", self.token.clone())],
            Which::Slack => {
                vec![("TEST_SLACK_BOT", "xoxb-test".to_owned()), ("TEST_SLACK_APP", "xapp-test".to_owned())]
            }
        }
    }

    /// The control door.
    pub(crate) fn control(&self, name: &str, options: &Value) -> Value {
        let (status, answer) = http::json(&self.place, "POST", &format!("/_control/{name}"), &options.to_string());
        assert!(status < 300, "{name}: {status} {answer}");
        serde_json::from_str(&answer).unwrap_or(Value::Null)
    }

    /// What the control door shows.
    pub(crate) fn look(&self, name: &str) -> Value {
        let (status, answer) = http::json(&self.place, "GET", &format!("/_control/{name}"), "");
        assert!(status < 300, "{name}: {status} {answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// Waits until the program listens.
    pub(crate) fn is_heard(&self) {
        let sessions = |state: &Value| match self.which {
            Which::Discord => state["sessions"].as_array().is_some_and(|all| !all.is_empty()),
            Which::Slack => state["sockets"].as_u64().is_some_and(|count| count > 0),
        };
        wait_for("the program to listen", || Some(()).filter(|()| sessions(&self.look("state"))));
    }

    fn channel(&self) -> &'static str {
        match self.which {
            Which::Discord => "300",
            Which::Slack => "C0001",
        }
    }

    fn user(&self, who: Member) -> Value {
        match self.which {
            Which::Discord => json!({"id": who.discord, "username": who.name, "global_name": who.name}),
            Which::Slack => json!(who.slack),
        }
    }

    /// Somebody mentions the program in the channel: the place where the answer is looked for.
    pub(crate) fn mentions(&self, who: Member, words: &str) -> Spot {
        self.mentions_with(who, words, &json!({}))
    }

    /// The same with further options of the control door.
    pub(crate) fn mentions_with(&self, who: Member, words: &str, more: &Value) -> Spot {
        let mut options = match self.which {
            Which::Discord => json!({"content": format!("<@900> {words}"), "mention": true}),
            Which::Slack => json!({"text": words}),
        };
        options["user"] = self.user(who);
        merge(&mut options, more);
        let (name, id) = match self.which {
            Which::Discord => ("message", "id"),
            Which::Slack => ("mention", "ts"),
        };
        let said = self.control(name, &options);
        let thread = said[id].as_str().unwrap_or_else(|| panic!("a message has an id: {said}")).to_owned();
        Spot { channel: self.channel().to_owned(), thread: Some(thread) }
    }

    /// Somebody goes on in a thread, without a mention.
    pub(crate) fn goes_on(&self, who: Member, spot: &Spot, words: &str) {
        let options = match self.which {
            Which::Discord => json!({"content": words, "channel_id": spot.thread, "user": self.user(who)}),
            Which::Slack => {
                json!({"text": words, "channel": spot.channel, "thread_ts": spot.thread, "user": self.user(who)})
            }
        };
        self.control("message", &options);
    }

    /// Somebody writes to the program alone: where the answer is.
    pub(crate) fn writes(&self, who: Member, words: &str) -> Spot {
        match self.which {
            Which::Discord => {
                let said = self.control("message", &json!({"content": words, "dm": true, "user": self.user(who)}));
                Spot { channel: said["channel_id"].as_str().unwrap().to_owned(), thread: None }
            }
            Which::Slack => {
                let alone = self.alone(who);
                self.control("message", &json!({"text": words, "channel": alone.channel, "user": self.user(who)}));
                alone
            }
        }
    }

    /// Every message that is there, as people see it, oldest first.
    pub(crate) fn messages(&self) -> Vec<Message> {
        let state = self.look("state");
        let all = state["messages"].as_array().cloned().unwrap_or_default();
        // What only one person sees has this flag on Discord.
        let open = |message: &&Value| message["flags"].as_u64().is_none_or(|flags| flags & 64 == 0);
        all.iter().filter(open).map(|message| Message::read(self.which, message)).collect()
    }

    /// What only one person saw.
    pub(crate) fn whispers(&self) -> Vec<Message> {
        let state = self.look("state");
        match self.which {
            Which::Slack => {
                let all = state["ephemerals"].as_array().cloned().unwrap_or_default();
                all.iter().map(|message| Message::read(self.which, message)).collect()
            }
            Which::Discord => {
                let log = self.look("log");
                let answers = log.as_array().into_iter().flatten().filter(|entry| {
                    let flags = entry["json"]["data"]["flags"].as_u64().or(entry["json"]["flags"].as_u64());
                    flags.is_some_and(|flags| flags & 64 != 0)
                });
                let body = |entry: &Value| match &entry["json"]["data"] {
                    Value::Null => entry["json"].clone(),
                    data => data.clone(),
                };
                answers.map(|entry| Message::read(self.which, &body(entry))).collect()
            }
        }
    }

    /// Waits for a message in a place that holds all of these words.
    #[track_caller]
    pub(crate) fn shows(&self, spot: &Spot, words: &[&str]) -> Message {
        self.finds(spot, &format!("message with {words:?}"), |message| {
            words.iter().all(|word| message.text.contains(word))
        })
    }

    /// Waits for a word in the channel in which somebody is alone with the program, whoever opened it.
    #[track_caller]
    pub(crate) fn told_alone(&self, who: Member, words: &[&str]) -> Message {
        self.shows(&self.alone(who), words)
    }

    /// Waits for a word that only one person sees.
    #[track_caller]
    pub(crate) fn whispers_of(&self, words: &[&str]) -> Message {
        let found = wait_until(|| {
            let all = self.whispers().into_iter().rev();
            all.into_iter().find(|message| words.iter().all(|word| message.text.contains(word)))
        });
        found.unwrap_or_else(|| panic!("{:?}: nobody was told {words:?}; there is {:#?}", self.which, self.whispers()))
    }

    /// Waits for the card of a change in a place, with a word on it.
    #[track_caller]
    pub(crate) fn card(&self, spot: &Spot, change: &str, word: &str) -> Message {
        self.finds(spot, &format!("the card of {change} with {word:?}"), |message| {
            message.is_card() && message.text.contains(change) && message.text.contains(word)
        })
    }

    /// Waits for a card in a place that can be approved, with these words on it.
    #[track_caller]
    pub(crate) fn waits(&self, spot: &Spot, words: &[&str]) -> Message {
        self.finds(spot, &format!("a card to approve with {words:?}"), |message| {
            let all = words.iter().all(|word| message.text.contains(word));
            all && message.buttons.iter().any(|button| button.is_for("approve") && button.enabled)
        })
    }

    #[track_caller]
    fn finds(&self, spot: &Spot, what: &str, fits: impl Fn(&Message) -> bool) -> Message {
        let there = || self.messages().into_iter().rev().filter(|message| message.is_in(spot));
        wait_until(|| there().find(&fits)).unwrap_or_else(|| {
            panic!("{:?}: no {what} in {spot:?}; there is {:#?}", self.which, there().collect::<Vec<_>>())
        })
    }

    /// Somebody presses a button of a message by its word; on Discord a confirmation is pressed too.
    #[track_caller]
    pub(crate) fn press(&self, who: Member, message: &Message, word: &str) {
        self.press_with(who, message, word, &json!({}));
    }

    /// The same with further options of the control door.
    #[track_caller]
    pub(crate) fn press_with(&self, who: Member, message: &Message, word: &str, more: &Value) {
        let button = message.button(word);
        let mut options = match self.which {
            Which::Discord => {
                json!({"custom_id": button.id, "message_id": message.id, "channel_id": message.channel,
                    "user": self.user(who), "dm": message.channel.starts_with("70")})
            }
            Which::Slack => json!({"action_id": button.id, "ts": message.id, "channel": message.channel,
                "value": button.value, "user": self.user(who)}),
        };
        merge(&mut options, more);
        self.control("press", &options);
    }

    /// Nothing was sent that the platform would refuse.
    #[track_caller]
    pub(crate) fn has_no_complaints(&self) {
        let problems = self.look("problems");
        assert!(problems.as_array().is_some_and(Vec::is_empty), "{:?}: {problems:#}", self.which);
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn merge(options: &mut Value, more: &Value) {
    for (name, value) in more.as_object().into_iter().flatten() {
        options[name] = value.clone();
    }
}

/// Asks for half a minute; none when it was in vain.
fn wait_until<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..600 {
        if let Some(found) = ask() {
            return Some(found);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    None
}
