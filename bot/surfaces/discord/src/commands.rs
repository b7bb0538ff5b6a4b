//! Discord's commands, made from the one registry: what is registered, and what comes back from them as text.
//! Called by the adapter when it registers, when a command was used, and when suggestions are wanted.
//! Must never know a command that the registry doesn't, besides the two that only a chat platform needs.

use crate::{limits, markup};
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_protocol::chat::{Suggested, Suggesting};
use chopmark_protocol::command::{Arguments, Form, Name, REGISTRY};
use chopmark_protocol::messages::text as message;
use serde_json::{Map, Value, json};

/// The command for words.
const ASK: &str = "ask";

/// Discord's locales of Chinese: both are answered in the Chinese that there is.
const CHINESE: [&str; 2] = ["zh-CN", "zh-TW"];

/// What a terminal alone can do: leave, and write a file beside itself.
const TERMINAL: [Name; 2] = [Name::Quit, Name::AuditExport];

/// What decides about a change or lets it go on: only where a server's people see it.
const DECIDES: [Name; 5] = [Name::Approve, Name::Reject, Name::Resolve, Name::Lift, Name::Schedule];

/// How an option is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    /// With words.
    Words,
    /// With words; while typing, suggestions come from us.
    Suggested(Suggesting),
    /// With one of these: what is sent, and the key or words that are shown.
    OneOf(&'static [(&'static str, Shown)]),
}

/// What is shown for a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Key(&'static str),
    Name(&'static str),
}

/// An option of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opt {
    /// Its name, in English and in Chinese.
    names: [&'static str; 2],
    /// Key of what it says.
    help: &'static str,
    fill: Fill,
    required: bool,
    /// What stands before its value in the command's text.
    before: &'static str,
}

const RESOLUTIONS: &[(&str, Shown)] = &[
    ("applied", Shown::Key("resolution-applied")),
    ("partial", Shown::Key("resolution-partial")),
    ("not_started", Shown::Key("resolution-not-started")),
];

const LANGUAGES: &[(&str, Shown)] =
    &[("en", Shown::Name("English")), ("zh", Shown::Name("中文")), ("auto", Shown::Key("chat-language-auto"))];

const PLACES: &[(&str, Shown)] = &[("here", Shown::Key("chat-language-here"))];

const fn opt(names: [&'static str; 2], help: &'static str, fill: Fill) -> Opt {
    Opt { names, help, fill, required: false, before: "" }
}

const CHANGE: Opt = opt(["change", "变更"], "chat-option-change", Fill::Suggested(Suggesting::Change));

/// The options of a command, in the order in which its text has them.
fn options(form: &Form) -> Vec<Opt> {
    let words = |names, help| opt(names, help, Fill::Words);
    let needed = |option: Opt| Opt { required: true, ..option };
    match form.arguments {
        Arguments::None => vec![],
        Arguments::Change | Arguments::ChangeAndPrompt => vec![CHANGE],
        Arguments::ChangeAndConfirmation => {
            let confirm = words(["confirm", "确认"], "chat-option-confirm");
            vec![CHANGE, Opt { before: "--confirm ", ..confirm }]
        }
        Arguments::ChangeAndWords if form.name == Name::Edit => {
            vec![CHANGE, opt(["words", "话语"], "chat-option-words", Fill::Suggested(Suggesting::Words))]
        }
        Arguments::ChangeAndWords => vec![CHANGE, words(["why", "原因"], "chat-option-why")],
        Arguments::ChangeAndTime => vec![CHANGE, needed(words(["when", "时间"], "chat-option-when"))],
        Arguments::ChangeAndResolution => {
            let change = Opt { help: "chat-option-change-needed", ..CHANGE };
            let what = opt(["outcome", "结果"], "chat-option-resolution", Fill::OneOf(RESOLUTIONS));
            vec![needed(change), needed(what)]
        }
        Arguments::Because => vec![Opt { before: "because ", ..words(["why", "原因"], "chat-option-why") }],
        Arguments::Template => {
            vec![opt(["template", "模板"], "chat-option-template", Fill::Suggested(Suggesting::Template))]
        }
        Arguments::LinkCode => vec![words(["code", "代码"], "chat-option-code")],
        Arguments::Identity => vec![words(["identity", "身份"], "chat-option-identity")],
        Arguments::Access => vec![
            words(["who", "谁"], "chat-option-who"),
            words(["action", "动作"], "chat-option-action"),
            words(["target", "对象"], "chat-option-target"),
            opt(["template", "模板"], "chat-option-template", Fill::Suggested(Suggesting::Template)),
        ],
        Arguments::Code => vec![needed(words(["code", "代码"], "chat-option-error"))],
        Arguments::Language => {
            let language = opt(["language", "语言"], "chat-option-language", Fill::OneOf(LANGUAGES));
            vec![needed(language), opt(["where", "范围"], "chat-option-where", Fill::OneOf(PLACES))]
        }
        Arguments::Kinds => vec![words(["kinds", "种类"], "chat-option-kinds")],
    }
}

/// The forms that Discord has a command for.
fn forms() -> impl Iterator<Item = &'static Form> {
    REGISTRY.iter().filter(|form| !TERMINAL.contains(&form.name))
}

/// A form's name as Discord writes names: lower case, a dash for each space.
fn name(form: &Form, language: Language) -> String {
    form.word(language).to_lowercase().replace(' ', "-")
}

/// The body that registers every command everywhere (a PUT of the whole list takes the place of what was there).
pub fn all() -> Value {
    let mut all: Vec<Value> = forms().map(command).collect();
    let words = opt(["words", "话语"], "chat-option-words", Fill::Words);
    let mut ask = slash(ASK.to_owned(), "问".to_owned(), "chat-command-ask", &[Opt { required: true, ..words }]);
    ask["contexts"] = json!(EVERYWHERE);
    all.push(ask);
    let this = |language| message(language, "chat-command-this", &[]);
    all.push(json!({
        "type": 3,
        "name": markup::cut(&this(Language::En), limits::COMMAND_NAME),
        "name_localizations": chinese(&markup::cut(&this(Language::Zh), limits::COMMAND_NAME)),
        "default_member_permissions": null,
        "integration_types": SERVERS,
        "contexts": EVERYWHERE,
    }));
    Value::Array(all)
}

/// The same for one server, where a command belongs to the server and says nothing about places.
pub fn in_server() -> Value {
    let mut all = all();
    for command in all.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        command.remove("contexts");
        command.remove("integration_types");
    }
    all
}

/// What a body is known by: it is registered again only when this changed, because a server takes 200 new commands a
/// day.
pub fn hash(body: &Value) -> String {
    Digest::of(body.to_string().as_bytes()).to_string()
}

/// Installed in servers, not for a user (`integration_types`).
const SERVERS: [u8; 1] = [0];
/// In servers, and in direct messages with the bot (`contexts`).
const EVERYWHERE: [u8; 2] = [0, 1];

fn command(form: &'static Form) -> Value {
    let mut command = slash(name(form, Language::En), name(form, Language::Zh), form.help, &options(form));
    command["contexts"] = if DECIDES.contains(&form.name) { json!([0]) } else { json!(EVERYWHERE) };
    command
}

fn slash(name: String, chinese_name: String, help: &str, options: &[Opt]) -> Value {
    let mut drawn = options.to_vec();
    // What must be given stands before what may be.
    drawn.sort_by_key(|option| !option.required);
    json!({
        "type": 1,
        "name": name,
        "name_localizations": chinese(&chinese_name),
        "description": described(Language::En, help),
        "description_localizations": chinese(&described(Language::Zh, help)),
        // Everybody sees it; who may do it is decided by our rules, and by a server's own settings before.
        "default_member_permissions": null,
        "integration_types": SERVERS,
        "options": drawn.iter().map(option).collect::<Vec<_>>(),
    })
}

fn option(option: &Opt) -> Value {
    let [name, chinese_name] = option.names;
    let mut out = json!({
        "type": 3,
        "name": name,
        "name_localizations": chinese(chinese_name),
        "description": described(Language::En, option.help),
        "description_localizations": chinese(&described(Language::Zh, option.help)),
        "required": option.required,
    });
    match option.fill {
        Fill::Words => {}
        Fill::Suggested(_) => out["autocomplete"] = json!(true),
        Fill::OneOf(choices) => out["choices"] = choices.iter().map(choice).collect(),
    }
    out
}

fn choice((value, shown): &(&str, Shown)) -> Value {
    match shown {
        Shown::Name(name) => json!({"name": name, "value": value}),
        Shown::Key(key) => json!({
            "name": message(Language::En, key, &[]),
            "name_localizations": chinese(&message(Language::Zh, key, &[])),
            "value": value,
        }),
    }
}

fn chinese(text: &str) -> Value {
    Value::Object(CHINESE.iter().map(|locale| ((*locale).to_owned(), json!(text))).collect::<Map<_, _>>())
}

fn described(language: Language, help: &str) -> String {
    markup::cut(&message(language, help, &[]), limits::DESCRIPTION)
}

/// The text of a command that was used, as somebody would type it; none for one that is none of ours. `data` is that
/// of the interaction (type 2).
pub fn text(data: &Value) -> Option<String> {
    let used = data.get("name")?.as_str()?;
    let given = |name: &str| {
        let options = data.get("options").and_then(Value::as_array)?;
        let option = options.iter().find(|option| option.get("name").and_then(Value::as_str) == Some(name))?;
        // A command is one line.
        let value = option.get("value")?.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
        (!value.is_empty()).then_some(value)
    };
    if used == ASK {
        return given("words");
    }
    let form = forms().find(|form| name(form, Language::En) == used)?;
    let mut out = form.word(Language::En).to_owned();
    for option in options(form) {
        if let Some(value) = given(option.names[0]) {
            out.push_str(&format!(" {}{value}", option.before));
        }
    }
    Some(out)
}

/// Whether it is the message command "make this a change". `data` is that of the interaction (type 2).
pub fn is_this(data: &Value) -> bool {
    data.get("type").and_then(Value::as_u64) == Some(3)
}

/// What suggestions are wanted for, and what was typed so far. `data` is that of the interaction (type 4).
pub fn suggesting(data: &Value) -> Option<(Suggesting, String)> {
    let used = data.get("name")?.as_str()?;
    let form = forms().find(|form| name(form, Language::En) == used)?;
    let given = data.get("options")?.as_array()?;
    let focused = given.iter().find(|option| option.get("focused").and_then(Value::as_bool) == Some(true))?;
    let typed = focused.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = focused.get("name")?.as_str()?;
    options(form).into_iter().find(|option| option.names[0] == name).and_then(|option| match option.fill {
        Fill::Suggested(what) => Some((what, typed)),
        Fill::Words | Fill::OneOf(_) => None,
    })
}

/// The data of the callback that answers them (type 8): what would not come back whole is left out.
pub fn choices(suggested: &[Suggested]) -> Value {
    let fits = |one: &&Suggested| !one.value.is_empty() && one.value.encode_utf16().count() <= limits::CHOICE;
    let drawn = |one: &Suggested| {
        let shown = chopmark_protocol::escape::visible(&one.label);
        let shown = if shown.trim().is_empty() { one.value.clone() } else { shown };
        json!({"name": markup::cut(&shown, limits::CHOICE), "value": one.value})
    };
    json!({"choices": suggested.iter().filter(fits).take(limits::OPTIONS).map(drawn).collect::<Vec<_>>()})
}
