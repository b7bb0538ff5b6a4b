//! The system prompt: prompts/<language>/system.md with what is known now.
//! Rendered by the turn loop for every request, for every model.
//! Must never hold a secret, a rendered file or text from outside.

use crate::context::Context;
use chopmark_catalog::{Catalog, Template};
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

const EN: &str = include_str!("../../../prompts/en/system.md");
const ZH: &str = include_str!("../../../prompts/zh/system.md");

/// Templates whose schemas stand in a prompt: the nearest ones; the others are found by `list_templates`.
const MOST_TEMPLATES: usize = 8;

/// The system prompt.
///
/// # Errors
/// The prompt's file does not render.
pub fn system(known: &Context, catalog: &Catalog) -> Result<String, Problem> {
    let source = match known.language {
        Language::En => EN,
        Language::Zh => ZH,
    };
    let templates: Vec<_> = shortlist(catalog, &known.said)
        .into_iter()
        .map(|template| {
            let summary = template.summary.of(known.language);
            context! { name => template.name.as_str(), summary, schema => template.schema().to_string() }
        })
        .collect();
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
        .render_str(source, context! { context => Value::from(Serde(known)), templates })
        .map_err(|error| Problem::new(Code::Internal).with("reason", error))
}

/// The templates nearest to a sentence: those of which it has most words, then by name.
fn shortlist<'a>(catalog: &'a Catalog, said: &str) -> Vec<&'a Template> {
    let said = said.to_lowercase();
    let score = |template: &Template| {
        let own = template.words.iter().map(String::as_str).chain([template.name.as_str()]);
        own.filter(|word| said.contains(&word.to_lowercase())).count()
    };
    let mut templates: Vec<&Template> = catalog.templates().collect();
    templates.sort_by_key(|template| (std::cmp::Reverse(score(template)), template.name.clone()));
    templates.truncate(MOST_TEMPLATES);
    templates
}
