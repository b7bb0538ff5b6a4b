//! The tool `list_templates`.
//! Called by models and by `chopmark templates list`.
//! Must never list a template that the environment does not allow when one is named.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_catalog::Template;
use chopmark_domain::facts::Facts;
use schemars::JsonSchema;
use serde::Deserialize;
use std::cmp::Reverse;

/// Templates that are listed when words are given.
const NEAREST: usize = 20;

/// List the templates that components can be made from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Only those allowed in this environment.
    environment: Option<String>,
    /// Words of what is looked for, such as `private bucket`: the nearest templates come first, the others are left out.
    words: Option<String>,
}

pub(crate) struct ListTemplates;

#[async_trait]
impl Function for ListTemplates {
    type Arguments = Arguments;
    const NAME: &'static str = "list_templates";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let allowed = match &arguments.environment {
            Some(name) => Some(toolbox.environment(asker, Some(name))?.environment.templates),
            None => None,
        };
        let words: Vec<String> =
            arguments.words.iter().flat_map(|words| words.split_whitespace()).map(str::to_lowercase).collect();
        let mut templates: Vec<(usize, &Template)> = toolbox
            .catalog
            .templates()
            .filter(|template| allowed.as_ref().is_none_or(|allowed| allowed.contains(&template.name)))
            .map(|template| (words.iter().filter(|word| has(template, word)).count(), template))
            .collect();
        if !words.is_empty() {
            templates.retain(|(found, _)| *found > 0);
            templates.sort_by_key(|(found, _)| Reverse(*found));
            templates.truncate(NEAREST);
        }
        let templates = templates.into_iter().map(|(_, template)| template.in_list()).collect();
        Ok(Facts::Templates { templates }.into())
    }
}

/// Whether a template speaks of a word, in either language.
fn has(template: &Template, word: &str) -> bool {
    let titles = [&template.title, &template.summary].map(|text| [text.en.as_str(), text.zh.as_str()]);
    let own = template.words.iter().map(String::as_str).chain(titles.into_iter().flatten());
    own.chain([template.name.as_str()]).any(|text| text.to_lowercase().contains(word))
}
