//! The templates whose schemas stand in a prompt: the nearest to what was said, within a budget of tokens.
//! Used by the prompts; what does not depend on a sentence is worked out once.
//! Must never grow with the catalogue: the others are found by `list_templates`.

use crate::context::Context;
use crate::prompt;
use crate::redact::{self, Clean};
use chopmark_catalog::{Catalog, Template};
use chopmark_domain::change::Language;
use chopmark_domain::ids::TemplateName;
use chopmark_domain::problem::Problem;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Templates at most.
const MOST: usize = 8;
/// Tokens that all their schemas may take.
const ROOM: u64 = 6_000;

/// What prompts need of a catalogue.
pub(crate) struct Shelf {
    cards: Vec<Card>,
}

/// What prompts need of a template.
struct Card {
    name: TemplateName,
    /// Its names and words, in lower case.
    own: BTreeSet<String>,
    /// As a prompt shows it, in each language.
    en: Clean,
    zh: Clean,
}

impl Shelf {
    /// Of a catalogue.
    ///
    /// # Errors
    /// The prompt's file does not render.
    pub(crate) fn of(catalog: &Catalog) -> Result<Self, Problem> {
        Ok(Self { cards: catalog.templates().map(card).collect::<Result<_, _>>()? })
    }

    /// Whether it holds the templates of that catalogue and no others. The program has one catalogue, of which people
    /// see more or less.
    pub(crate) fn is_of(&self, catalog: &Catalog) -> bool {
        self.cards.iter().map(|card| &card.name).eq(catalog.templates().map(|template| &template.name))
    }

    /// The nearest templates, those first of which most was said.
    pub(crate) fn nearest(&self, known: &Context) -> Vec<&Clean> {
        let said = known.said.to_lowercase();
        let spoken_of = known.known.component.as_ref();
        let component = spoken_of.and_then(|id| known.components.iter().find(|component| component.id == *id));
        let score = |card: &Card| {
            let meant = component.is_some_and(|component| component.template == card.name);
            card.score(&said) + usize::from(meant)
        };
        let allowed = self.cards.iter().filter(|card| known.templates.contains(&card.name));
        let mut ranked: Vec<(Reverse<usize>, &Card)> = allowed.map(|card| (Reverse(score(card)), card)).collect();
        ranked.sort_by_key(|(score, card)| (*score, &card.name));
        let mut room = ROOM;
        let mut chosen = Vec::new();
        for (_, card) in ranked.into_iter().take(MOST) {
            let shown = match known.language {
                Language::En => &card.en,
                Language::Zh => &card.zh,
            };
            match room.checked_sub(shown.tokens()) {
                Some(left) => room = left,
                // The nearest is always there.
                None if chosen.is_empty() => room = 0,
                None => continue,
            }
            chosen.push(shown);
        }
        chosen
    }
}

impl Card {
    /// How much of the template was said: the letters of its names and words that stand in the sentence, so that a
    /// cron job is nearer to "cron job" than a job is.
    fn score(&self, said: &str) -> usize {
        self.own.iter().filter(|word| said.contains(word.as_str())).map(|word| word.chars().count()).sum()
    }
}

fn card(template: &Template) -> Result<Card, Problem> {
    let titles = [template.title.of(Language::En), template.title.of(Language::Zh)];
    let name = template.name.as_str();
    let names = [name.to_owned(), name.replace('-', " ")];
    let own = names.iter().map(String::as_str).chain(titles).chain(template.words.iter().map(String::as_str));
    // A team's own template may have a secret among its defaults.
    let schema = template.schema().to_string();
    let schema = redact::text(&schema);
    let shown = |language| prompt::entry(language, name, &redact::text(template.summary.of(language)), &schema);
    let (en, zh) = (shown(Language::En)?, shown(Language::Zh)?);
    Ok(Card { name: template.name.clone(), own: own.map(str::to_lowercase).collect(), en, zh })
}
