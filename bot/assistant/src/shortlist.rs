//! The templates whose schemas stand in a prompt: the nearest to what was said, within a budget of tokens.
//! Used by the prompts.
//! Must never grow with the catalogue: the others are found by `list_templates`.

use crate::context::Context;
use crate::tokens;
use chopmark_catalog::{Catalog, Template};
use chopmark_domain::change::Language;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Templates at most.
const MOST: usize = 8;
/// Tokens that all their schemas may take.
const ROOM: u64 = 6_000;

/// The nearest templates with their schemas, those first of which most words were said.
pub(crate) fn shortlist<'a>(catalog: &'a Catalog, known: &Context) -> Vec<(&'a Template, String)> {
    let said = known.said.to_lowercase();
    let spoken_of = known.known.component.as_ref();
    let component = spoken_of.and_then(|id| known.components.iter().find(|component| component.id == *id));
    let mut ranked: Vec<(Reverse<usize>, &Template)> = catalog
        .templates()
        .filter(|template| known.templates.contains(&template.name))
        .map(|template| {
            let of_what_is_meant = component.is_some_and(|component| component.template == template.name);
            (Reverse(score(template, &said) + usize::from(of_what_is_meant)), template)
        })
        .collect();
    ranked.sort_by_key(|(score, template)| (*score, &template.name));
    let mut room = ROOM;
    let mut chosen = Vec::new();
    for (_, template) in ranked.into_iter().take(MOST) {
        let schema = template.schema().to_string();
        let cost = tokens::estimate(&schema) + tokens::estimate(template.summary.of(known.language));
        match room.checked_sub(cost) {
            Some(left) => room = left,
            // The nearest is always there.
            None if chosen.is_empty() => room = 0,
            None => continue,
        }
        chosen.push((template, schema));
    }
    chosen
}

/// How much of a template was said: the letters of its names and words that stand in the sentence, so that a cron
/// job is nearer to "cron job" than a job is.
fn score(template: &Template, said: &str) -> usize {
    let titles = [template.title.of(Language::En), template.title.of(Language::Zh)];
    let name = [template.name.as_str().to_owned(), template.name.as_str().replace('-', " ")];
    let own = name.iter().map(String::as_str).chain(titles).chain(template.words.iter().map(String::as_str));
    let own: BTreeSet<String> = own.map(str::to_lowercase).collect();
    own.iter().filter(|word| said.contains(word.as_str())).map(|word| word.chars().count()).sum()
}
