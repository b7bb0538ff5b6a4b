//! A sentence being understood: its pieces, and which of them have found their place.
//! Shared by the steps of the planner.
//! Must never give one piece two places.

use super::lexicon::{Noun, Particle, Sense, Verb};
use super::senses::Mention;
use super::tokens::TokenKind;

/// A sentence being understood.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// The pieces in order.
    pub(crate) mentions: Vec<Mention>,
    used: Vec<bool>,
}

/// Which way to look from a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the pieces before it.
    Back,
    /// To the pieces after it.
    On,
}

impl Sentence {
    /// A sentence none of whose pieces has found its place.
    pub(crate) fn new(mentions: Vec<Mention>) -> Self {
        let used = vec![false; mentions.len()];
        Self { mentions, used }
    }

    /// Whether the piece has not found its place yet.
    pub(crate) fn is_free(&self, at: usize) -> bool {
        self.used.get(at).is_some_and(|used| !used)
    }

    /// Gives the piece its place.
    pub(crate) fn take(&mut self, at: usize) {
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
    }

    /// The next piece in a direction that is not skipped, within the clause.
    pub(crate) fn step(&self, from: usize, way: Way, skip: &dyn Fn(&Mention) -> bool) -> Option<usize> {
        let mut at = from;
        loop {
            at = match way {
                Way::Back => at.checked_sub(1)?,
                Way::On => at + 1,
            };
            let mention = self.mentions.get(at)?;
            if mention.separates() {
                return None;
            }
            if !skip(mention) {
                return Some(at);
            }
        }
    }

    /// The places of the pieces that fit.
    pub(crate) fn places(&self, fits: impl Fn(&Mention) -> bool) -> Vec<usize> {
        (0..self.mentions.len()).filter(|at| fits(&self.mentions[*at])).collect()
    }

    /// Whether any piece has that verb among its senses.
    pub(crate) fn has_verb(&self, verb: Verb) -> bool {
        self.mentions.iter().any(|mention| mention.verb() == Some(verb))
    }

    /// Pieces that can be verbs, in order. 给我 shows only where no other verb follows: 给我建一个桶 is a wish.
    pub(crate) fn verbs(&self) -> impl Iterator<Item = (usize, Verb)> + Clone + '_ {
        let verbs = self.mentions.iter().enumerate().filter_map(|(at, mention)| Some((at, mention.verb()?)));
        let last = verbs.clone().next_back().map(|(at, _)| at);
        verbs.filter(move |(at, _)| !is_filler(&self.mentions[*at]) || Some(*at) == last)
    }

    /// Whether any free piece is that noun.
    pub(crate) fn has_noun(&self, noun: Noun) -> bool {
        self.mentions.iter().any(|mention| mention.noun(noun))
    }

    /// Whether any piece is that particle.
    pub(crate) fn has(&self, particle: Particle) -> bool {
        self.mentions.iter().any(|mention| mention.is(particle))
    }

    /// The first sense of a kind, with its place.
    pub(crate) fn first<T>(&self, of: impl Fn(&Sense) -> Option<T>) -> Option<(usize, T)> {
        self.mentions.iter().enumerate().find_map(|(at, mention)| Some((at, mention.senses.iter().find_map(&of)?)))
    }

    /// Words without a sense and without a place. An option of a command line is no word of a sentence and weighs
    /// as three.
    pub(crate) fn strangers(&self) -> usize {
        let stranger = |at: &usize| {
            let mention = &self.mentions[*at];
            self.is_free(*at) && mention.is_open() && mention.number.is_none() && mention.kind != TokenKind::Quoted
        };
        let weight = |at: usize| if self.mentions[at].text.starts_with("--") { 3 } else { 1 };
        (0..self.mentions.len()).filter(stranger).map(weight).sum()
    }
}

/// Whether a piece says nothing by itself.
pub(crate) fn is_filler(mention: &Mention) -> bool {
    mention.is(Particle::Nothing)
}

/// Whether a text could be a name: letters, digits and the signs that names have. Whether it is a valid
/// one is for the tool to say.
pub(crate) fn is_name_like(mention: &Mention) -> bool {
    let text = &mention.text;
    mention.kind == TokenKind::Word
        && mention.number.is_none()
        && text.chars().any(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
        && !text.contains("..")
        && !is_quantity_like(text)
}

/// Whether a text is a number with a unit, such as `64Mi`.
fn is_quantity_like(text: &str) -> bool {
    let (number, unit) = super::numbers::split(text);
    let units = ["mi", "gi", "ki", "ti", "m", "g", "k", "mb", "gb", "kb", "mib", "gib", "s", "h", "x", "min"];
    !number.is_empty() && units.contains(&unit.to_lowercase().as_str())
}
