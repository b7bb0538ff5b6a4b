//! The groups that a card's lines are read in: what it is, what it does, what is decided by, what is countersigned.
//! Called by surfaces that draw space between them.
//! Must never leave out a line, nor change their order.

use super::Card;
use crate::line::Line;
use crate::moment::Moment;
use chopmark_domain::change::Language;

/// Title and counts.
const HEAD: usize = 2;

/// A card's lines in groups; one after the other they are all of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'l> {
    /// Title with the ids, counts with the state. Of a card that is too small for either: what it says instead.
    pub head: &'l [Line],
    /// What became of it, what it does, what is remarkable, what nobody said.
    pub body: &'l [Line],
    /// The way back, who may approve and until when, who did.
    pub decision: &'l [Line],
    /// What is countersigned, and what can be said.
    pub closing: &'l [Line],
}

impl Card {
    /// Lines of this card, all of them or what a budget left, in their groups.
    pub fn parts<'l>(&self, lines: &'l [Line], language: Language, moment: &Moment) -> Parts<'l> {
        let (head, rest) = lines.split_at(lines.len().min(HEAD));
        let closing = self.closing(language);
        let (rest, closing) = rest.split_at(rest.len() - if rest.ends_with(&closing) { closing.len() } else { 0 });
        // A budget leaves lines out from the end: where its first line is missing, nothing of it is there.
        let first = self.decision(language, moment).into_iter().next();
        let at = first.and_then(|first| rest.iter().rposition(|line| *line == first)).unwrap_or(rest.len());
        let (body, decision) = rest.split_at(at);
        Parts { head, body, decision, closing }
    }
}
