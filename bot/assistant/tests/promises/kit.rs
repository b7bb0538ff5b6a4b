//! A small world for the planner: two environments, a shop, and whatever was spoken of before.
//! Used by the assistant's tests.
//! Must never hold behaviour: it only sets the scene.

use chopmark_assistant::context::{Context, KnownComponent, WaitingChange};
use chopmark_assistant::memory::OpenQuestion;
use chopmark_assistant::model::{Message, Reply, Turn};
use chopmark_assistant::{Clean, Model, Offline, Uses, system_prompt_digest};
use chopmark_catalog::Catalog;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::facts::Bilingual;
use chopmark_domain::literal::Literal;
use chopmark_domain::time::Timestamp;
use chopmark_functions::{Memory, Question, list};
use chopmark_protocol::request::Request;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// A row of sentences.toml.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) say: Vec<String>,
    #[serde(default)]
    pub(crate) scene: Scene,
    pub(crate) question: Option<OpenRow>,
    pub(crate) tool: Option<String>,
    #[serde(default)]
    pub(crate) with: BTreeMap<String, Value>,
    #[serde(default)]
    pub(crate) not_with: bool,
    pub(crate) says: Option<String>,
    /// Whether it is told that it is so in any case.
    #[serde(default)]
    pub(crate) always: bool,
    /// Whether it is told that it can never be.
    #[serde(default)]
    pub(crate) against: bool,
    pub(crate) adds: Option<String>,
    /// What of the sentence is told to have been used for nothing.
    #[serde(default)]
    pub(crate) unused: Vec<String>,
    #[serde(default)]
    pub(crate) maybe: bool,
    #[serde(default)]
    pub(crate) proposes_nothing: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scene {
    Empty,
    #[default]
    Shop,
    Cart,
    Waiting,
    Asked,
    /// A bucket was last spoken of.
    Bucket,
    /// The shop with a service that is called as people greet.
    Greeting,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenRow {
    pub(crate) tool: String,
    pub(crate) arguments: Value,
    pub(crate) parameter: String,
    pub(crate) template: Option<String>,
    pub(crate) options: Vec<String>,
    pub(crate) guess: Option<String>,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

pub(crate) fn rows() -> Vec<Row> {
    let rows: Rows = toml::from_str(include_str!("sentences.toml")).unwrap();
    rows.rows
}

pub(crate) fn catalog() -> Arc<Catalog> {
    static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::shipped().unwrap()));
    CATALOG.clone()
}

fn known(id: &str, template: &str, values: &[(&str, Literal)]) -> KnownComponent {
    KnownComponent {
        id: id.parse().unwrap(),
        template: template.parse().unwrap(),
        values: values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    }
}

/// What is known in a scene.
pub(crate) fn context(row: &Row, said: &str, language: Language) -> Context {
    let mut components = if row.scene == Scene::Empty {
        Vec::new()
    } else {
        vec![
            known("dev/cluster/pay", "namespace", &[]),
            known("dev/cluster/shop", "namespace", &[]),
            known("dev/shop/cart", "web-service", &[("image", "localhost/web:1".into()), ("replicas", 2.into())]),
            known("dev/shop/settings", "config-map", &[]),
            known("dev/shop/till", "web-service", &[("image", "localhost/web:1".into())]),
        ]
    };
    if row.scene == Scene::Greeting {
        components.push(known("dev/shop/hello", "web-service", &[("image", "localhost/web:1".into())]));
    }
    if row.scene == Scene::Bucket {
        components.push(known("dev/main/reports", "object-storage", &[]));
    }
    let waiting = (row.scene == Scene::Waiting).then(|| WaitingChange {
        id: "chg-7f3k".parse().unwrap(),
        component: "dev/shop/cart".parse().unwrap(),
        template: Some("web-service".parse().unwrap()),
        said: vec!["replicas".to_owned()],
    });
    let mut memory = Memory::default();
    if matches!(row.scene, Scene::Cart | Scene::Waiting) {
        memory.used(&"dev/shop/cart".parse().unwrap());
    }
    if row.scene == Scene::Bucket {
        memory.used(&"dev/main/reports".parse().unwrap());
    }
    memory.change = waiting.as_ref().map(|change| change.id.clone());
    let open = row.question.clone().map(|open| OpenQuestion {
        tool: open.tool,
        arguments: open.arguments,
        question: Question {
            parameter: open.parameter,
            template: open.template.map(|name| name.parse().unwrap()),
            text: Bilingual { en: "?".to_owned(), zh: "？".to_owned() },
            options: open.options,
            guess: open.guess,
        },
    });
    Context {
        language,
        said: said.to_owned(),
        environments: ["dev", "local", "prod"].map(|name| name.parse().unwrap()).to_vec(),
        default_environment: "local".parse().unwrap(),
        templates: catalog().templates().map(|template| template.name.clone()).collect(),
        components,
        waiting: waiting.into_iter().collect(),
        known: memory,
        open,
    }
}

/// What the offline planner makes of a sentence, which goes the way of every sentence: through the request.
pub(crate) fn understood(row: &Row, say: &str) -> Reply {
    static MODEL: LazyLock<Offline> = LazyLock::new(|| Offline::new(catalog()));
    let request = Request {
        delivery: "1".to_owned(),
        identity: "terminal:1000".parse().unwrap(),
        groups: None,
        locale: None,
        place: Place { surface: "terminal".to_owned(), channel: String::new(), thread: String::new() },
        language: None,
        text: say.to_owned(),
        at: Timestamp(0),
        seen: BTreeMap::new(),
    };
    let heard = request.heard(Language::En, "terminal:1000".parse().unwrap()).unwrap();
    let language = heard.language;
    let context = context(row, &heard.plain, language);
    let turn = Turn {
        system: Clean::of("").unwrap(),
        messages: vec![Message::Person(heard.plain.clone())],
        tools: list::list(),
        context,
        prompt_digest: system_prompt_digest(language),
        uses: Uses::new(Timestamp(0)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(MODEL.turn(&turn)).unwrap()
}
