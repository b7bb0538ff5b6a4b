//! Stages: a scene with rules for people of chat platforms, the program between them, and what tests do to platforms.
//! Used by flows and attacks that are told once and played on both.
//! Must never name a platform's own words anywhere but here and beside it: tests say what happens to people.

use super::super::scene::Scene;
use super::{ADA, BO, MALLORY, Member, Message, Platform, Served, Spot, Which};
use serde_json::{Value, json};

/// What the program sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sends {
    /// A message that was not there.
    Post,
    /// A message drawn anew.
    Edit,
}

/// Ada asks, Bo approves, Mallory may nothing, on every platform; whoever runs the tests asks at the terminal.
pub(crate) fn rules(platforms: &[&Platform]) -> String {
    rules_for(platforms, "expires_after = \"1h\"")
}

/// The same, with other words about approval.
pub(crate) fn rules_for(platforms: &[&Platform], approval: &str) -> String {
    let identities = |member: Member| {
        let all: Vec<_> = [Which::Discord, Which::Slack].map(|which| format!("\"{}\"", member.identity(which))).into();
        all.join(", ")
    };
    let mut text = format!(
        "[people.\"terminal:me\"]\nroles = [\"asker\"]\n\
         [people.ada]\nidentities = [{}]\nroles = [\"asker\"]\n\
         [people.bo]\nidentities = [{}]\nroles = [\"keeper\"]\n\
         [people.mallory]\nidentities = [{}]\nroles = []\n\
         [environments.local]\nmode = \"gitops\"\n[environments.local.approval]\napprovers = [\"keeper\"]\n\
         needed = 1\nself_approval = false\n{approval}\n",
        identities(ADA),
        identities(BO),
        identities(MALLORY),
    );
    for platform in platforms {
        text += &platform.config();
    }
    text
}

/// A scene with these rules and the tokens of these platforms, in which nothing runs yet.
pub(crate) fn set_up(platforms: &[&Platform], rules: &str) -> Scene {
    let mut scene = Scene::with_config(rules);
    for (name, value) in platforms.iter().flat_map(|platform| platform.tokens()) {
        scene.set(name, &value);
    }
    for slack in platforms.iter().filter(|platform| platform.which == Which::Slack) {
        // Everybody reads English in stories that are told once.
        let people = [ADA, BO, MALLORY].map(|one| (one.slack.to_owned(), json!({"name": one.name, "locale": "en-US"})));
        slack.control("set", &json!({"people": serde_json::Map::from_iter(people)}));
    }
    scene
}

/// A scene with the program connected to one platform.
pub(crate) fn connected(which: Which) -> Option<(Scene, Platform, Served)> {
    let platform = Platform::start(which)?;
    let scene = set_up(&[&platform], &rules(&[&platform]));
    let served = Served::start(&scene, &[&platform]);
    Some((scene, platform, served))
}

/// How many rows a question finds, once the program has made its database.
pub(crate) fn count(scene: &Scene, question: &str) -> usize {
    let rows = scene.sql(&format!("select count(*) from {question}")).unwrap_or_default();
    rows.first().map_or(0, |row| row[0].parse().unwrap())
}

impl Platform {
    /// The next calls of a kind meet a fault: `status`, `retry_after`, `cut`, `delay_ms`, `times`, as the control door
    /// takes them.
    pub(crate) fn meets(&self, sends: Sends, fault: &Value) {
        let mut options = match (self.which, sends) {
            (Which::Discord, Sends::Post) => json!({"path": "^/channels/\\d+/messages$", "method": "POST"}),
            (Which::Discord, Sends::Edit) => json!({"path": "/messages/\\d+$", "method": "PATCH"}),
            (Which::Slack, Sends::Post) => json!({"method": "^chat\\.postMessage$"}),
            (Which::Slack, Sends::Edit) => json!({"method": "^chat\\.update$"}),
        };
        super::merge(&mut options, fault);
        self.control("fault", &options);
    }

    /// Every message that is the card of a change: what only tells of it or leads there is none.
    pub(crate) fn cards_of(&self, change: &str) -> Vec<Message> {
        let is_its = |message: &Message| message.is_card() && message.buttons.iter().any(|one| one.id.contains(change));
        self.messages().into_iter().filter(is_its).collect()
    }

    /// Where the program tells somebody something alone.
    pub(crate) fn alone(&self, who: Member) -> Spot {
        let channel = match self.which {
            Which::Discord => format!("70{}", who.discord),
            Which::Slack => format!("D0{}", who.name.to_uppercase()),
        };
        Spot { channel, thread: None }
    }

    /// The platform delivers what began a thread once more, as it was.
    pub(crate) fn says_again(&self, spot: &Spot, who: Member, words: &str) {
        let (channel, id) = (&spot.channel, &spot.thread);
        match self.which {
            Which::Discord => self.control(
                "event",
                &json!({"t": "MESSAGE_CREATE", "d": {"id": id, "channel_id": channel, "guild_id": "200", "type": 0,
                    "content": words.replace("<@bot>", "<@900>"), "author": self.user(who), "attachments": [],
                    "timestamp": "2026-01-01T00:00:00.000000+00:00", "edited_timestamp": null, "tts": false,
                    "mention_everyone": false, "mentions": [{"id": "900", "username": "chopmark", "bot": true}],
                    "mention_roles": [], "embeds": [], "components": [], "pinned": false, "flags": 0,
                    "member": {"roles": [], "joined_at": null, "deaf": false, "mute": false, "flags": 0}}}),
            ),
            Which::Slack => self.control(
                "event",
                &json!({"event": {"type": "app_mention", "text": words.replace("<@bot>", "<@U0BOT>"), "ts": id,
                    "channel": channel, "team": "T0001", "user": who.slack, "event_ts": id}}),
            ),
        };
    }

    /// Somebody deletes a message.
    pub(crate) fn deletes(&self, message: &Message) {
        let options = match self.which {
            Which::Discord => json!({"message_id": message.id}),
            Which::Slack => json!({"channel": message.channel, "ts": message.id}),
        };
        self.control("remove", &options);
    }

    /// Connections that are open.
    pub(crate) fn connections(&self) -> u64 {
        let state = self.look("state");
        state["sockets"].as_u64().unwrap_or_default()
    }

    /// How often a connection was begun.
    pub(crate) fn beginnings(&self) -> usize {
        let log = self.look("log");
        let begun = |entry: &Value| match self.which {
            // Identified, or taken up again.
            Which::Discord => entry["kind"] == "ws" && (entry["op"] == 2 || entry["op"] == 6),
            Which::Slack => entry["method"] == "socket",
        };
        log.as_array().into_iter().flatten().filter(|entry| begun(entry)).count()
    }

    /// The channel cannot be written any more: archived, or the program was removed from it.
    pub(crate) fn shuts(&self, spot: &Spot) {
        let places: Vec<_> = [Some(spot.channel.clone()), spot.thread.clone()].into_iter().flatten().collect();
        match self.which {
            Which::Discord => self.control("set", &json!({"hidden": places})),
            Which::Slack => self.control("set", &json!({"archived": [spot.channel]})),
        };
    }

    /// Somebody uses a slash command; `more` as the control door takes it.
    pub(crate) fn commands(&self, who: Member, words: &str, more: &Value) -> Value {
        let (name, mut options) = match self.which {
            Which::Discord => {
                let (name, rest) = words.split_once(' ').unwrap_or((words, ""));
                let options = if rest.is_empty() { vec![] } else { slash_options(name, rest) };
                ("slash", json!({"name": name, "options": options, "user": self.user(who)}))
            }
            Which::Slack => ("slash", json!({"text": words, "user": self.user(who)})),
        };
        super::merge(&mut options, more);
        self.control(name, &options)
    }
}

/// The options of Discord's commands that flows use.
fn slash_options(name: &str, rest: &str) -> Vec<Value> {
    let option = |name: &str, value: &str| json!({"name": name, "type": 3, "value": value});
    match (name, rest.split_once(' ')) {
        ("approve", Some((change, confirm))) => vec![option("change", change), option("confirm", confirm)],
        ("approve" | "reject" | "cancel" | "show" | "undo", _) => vec![option("change", rest)],
        ("link", _) => vec![option("code", rest)],
        _ => vec![option("words", rest)],
    }
}

/// The program where platforms call it over HTTP.
pub(crate) struct Called {
    pub(crate) scene: Scene,
    pub(crate) chat: Platform,
    pub(crate) served: Served,
    /// `127.0.0.1:PORT`.
    pub(crate) place: String,
}

/// What a platform calls about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calls {
    /// Something was said.
    Said,
    /// A button was pressed or a form sent.
    Pressed,
    /// A slash command.
    Commanded,
}

impl Called {
    /// A scene in which the program is called by one platform; Slack says nothing over a socket then.
    pub(crate) fn start(which: Which) -> Option<Self> {
        let chat = Platform::start(which)?;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut rules = rules(&[&chat]);
        match which {
            Which::Discord => rules += &format!("public_key = \"{}\"\n", chat.public_key),
            Which::Slack => {
                let (socket, calls) =
                    ("app_token = \"env:TEST_SLACK_APP\"", "signing_secret = \"env:TEST_SLACK_SIGNS\"");
                rules = rules.replace(socket, calls);
            }
        }
        rules += &format!("[http]\nlisten = \"{free}\"\n");
        let mut scene = set_up(&[&chat], &rules);
        scene.set("TEST_SLACK_SIGNS", "shhh");
        let served = Served::begin(&scene, &[]);
        crate::kit::wait_for("it to answer", || std::net::TcpStream::connect(free).is_ok().then_some(()));
        if which == Which::Discord {
            chat.is_heard();
        }
        Some(Self { scene, chat, served, place: free.to_string() })
    }

    /// Where the platform calls about something.
    pub(crate) fn path(&self, calls: Calls) -> &'static str {
        match (self.chat.which, calls) {
            (Which::Discord, _) => "/discord/interactions",
            (Which::Slack, Calls::Said) => "/slack/events",
            (Which::Slack, Calls::Pressed) => "/slack/interactivity",
            (Which::Slack, Calls::Commanded) => "/slack/commands",
        }
    }

    /// The option of the control door that makes something a call.
    pub(crate) fn url(&self, calls: Calls) -> Value {
        json!({"url": format!("http://{}{}", self.place, self.path(calls))})
    }

    /// Somebody asks for something by a call: on Discord by a slash command, which is all that it calls about.
    pub(crate) fn asks(&self, who: Member, words: &str, more: &Value) -> Value {
        match self.chat.which {
            Which::Discord => {
                let mut options = self.url(Calls::Commanded);
                super::merge(&mut options, more);
                let words = json!([{"name": "words", "type": 3, "value": words}]);
                options["name"] = json!("ask");
                options["options"] = words;
                options["user"] = self.chat.user(who);
                self.chat.control("slash", &options)
            }
            Which::Slack => {
                let mut options = self.url(Calls::Said);
                super::merge(&mut options, more);
                options["text"] = json!(words);
                options["user"] = self.chat.user(who);
                self.chat.control("mention", &options)
            }
        }
    }
}
