//! The offline planner: a deterministic model that understands through the catalogue's metadata.
//! Called through the model port like any other; makes the very same tool calls.
//! Must never guess: one question when something is missing, the nearest templates when unsure.

mod always;
mod answers;
mod lexicon;
mod numbers;
mod places;
mod planner;
mod propose;
mod reading;
mod schedule;
mod senses;
mod sentence;
mod shapes;
mod tokens;
mod unused;
mod values;

use crate::context::Context;
use crate::model::{Call, Message, Model, Reply, Result as CallResult, Turn};
use async_trait::async_trait;
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::nearest::{SUGGESTIONS, distance};
use chopmark_protocol::messages::{Arg, text};
use planner::{Saying, Scene, Step};
use senses::Vocabulary;
use std::sync::{Arc, OnceLock};

/// The offline planner. Its vocabulary is made when first needed, so that starting costs nothing.
pub struct Offline {
    catalog: Arc<Catalog>,
    vocabulary: OnceLock<Vocabulary>,
}

impl Offline {
    /// Understands what that catalogue describes.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self { catalog, vocabulary: OnceLock::new() }
    }

    /// The reply to what was said.
    fn reply(&self, context: &Context) -> Reply {
        let vocabulary = self.vocabulary.get_or_init(|| Vocabulary::new(&self.catalog));
        let scene = Scene { context, catalog: &self.catalog };
        let said = context.said.as_str();
        let answered = context.open.as_ref().and_then(|open| answers::plan(vocabulary, &scene, open, said));
        let step = answered.unwrap_or_else(|| planner::plan(vocabulary, &scene, said));
        match step {
            Step::Call { tool, arguments, more, unused } => {
                let more = more.then(|| text(context.language, "talk-one-at-a-time", &[]));
                let unused = (!unused.is_empty()).then(|| unused::notice(context.language, &unused));
                let text = more.into_iter().chain(unused).collect::<Vec<_>>().join("\n");
                Reply { text, calls: vec![Call { id: "1".to_owned(), tool: tool.to_owned(), arguments }] }
            }
            Step::Say(saying) => Reply { text: self.say(context, saying), calls: Vec::new() },
        }
    }

    fn say(&self, context: &Context, saying: Saying) -> String {
        let language = context.language;
        let words = |key: &str, args: &[(&str, Arg<'_>)]| text(language, key, args);
        match saying {
            Saying::Help => words("talk-help", &[]),
            Saying::Negated => words("talk-negated", &[]),
            Saying::HowTo => words("talk-how-to", &[]),
            Saying::OneComponent => words("talk-one-component", &[]),
            Saying::KeepsName => match context.waiting.first() {
                Some(change) => words("talk-keeps-name-change", &[("change", change.id.as_str().into())]),
                None => words("talk-keeps-name", &[]),
            },
            Saying::Decide => match context.waiting.first() {
                Some(change) => words("talk-decide-change", &[("change", change.id.as_str().into())]),
                None => words("talk-decide", &[]),
            },
            Saying::Always(template, facts) => always::always(&self.catalog, language, &template, &facts),
            Saying::Against(template, fact, word) => always::against(&self.catalog, language, &template, fact, &word),
            Saying::Unsure => {
                let templates =
                    self.nearest_templates(context).join(if language == Language::Zh { "、" } else { ", " });
                words("talk-unsure", &[("templates", (&templates).into())])
            }
        }
    }

    /// The three templates whose words are nearest to those of the sentence.
    fn nearest_templates(&self, context: &Context) -> Vec<String> {
        let said = context.said.to_lowercase();
        let spoken: Vec<&str> =
            said.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).take(40).collect();
        let mut ranked: Vec<(usize, String)> = self
            .catalog
            .templates()
            .filter(|template| context.templates.contains(&template.name))
            .map(|template| {
                let own: Vec<String> = template
                    .words
                    .iter()
                    .chain([&template.title.en, &template.title.zh])
                    .map(|word| word.to_lowercase())
                    .collect();
                let named = own.iter().any(|word| said.contains(word.as_str()));
                let edits = own.iter().flat_map(|word| spoken.iter().map(|spoken| distance(word, spoken))).min();
                let rank = if named { 0 } else { edits.unwrap_or(usize::MAX) };
                let title = template.title.of(context.language);
                (rank, format!("{title} ({})", template.name))
            })
            .collect();
        ranked.sort();
        ranked.into_iter().take(SUGGESTIONS).map(|(_, name)| name).collect()
    }
}

#[async_trait]
impl Model for Offline {
    async fn turn(&self, turn: &Turn) -> Result<Reply, Problem> {
        // A result ends the request: facts speak for themselves, and so does a problem, but for one.
        match turn.messages.last() {
            Some(Message::Tool { result: CallResult::Problem(problem), .. }) if problem.code == Code::NoCluster => {
                let environment = problem.facts.get("environment").cloned().unwrap_or_default();
                let words = text(turn.context.language, "talk-no-cluster", &[("environment", (&environment).into())]);
                Ok(Reply { text: words, calls: Vec::new() })
            }
            Some(Message::Tool { .. }) => Ok(Reply::default()),
            _ => Ok(self.reply(&turn.context)),
        }
    }

    fn words_are_ours(&self) -> bool {
        true
    }

    fn introduction(&self, language: Language) -> Option<String> {
        Some(text(language, "talk-offline", &[]))
    }
}
