//! Budgets: texts and cards within a surface's limits.
//! Called by surfaces whose messages have a longest length.
//! Must never cut a delete or a replacement, a grapheme, or leave something out without saying so.

use crate::card::{Card, Resource};
use crate::line::{Line, Tone};
use crate::messages::{Arg, text};
use crate::moment::Moment;
use chopmark_domain::change::Language;
use chopmark_domain::plan::Verb;
use unicode_segmentation::UnicodeSegmentation;

/// What a message may hold. Platforms count in different units; the tightest decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Unicode scalar values.
    pub characters: usize,
    /// UTF-16 code units.
    pub utf16: usize,
    /// Bytes in UTF-8.
    pub bytes: usize,
}

/// Marks a cut.
const ELLIPSIS: &str = "…";

impl Budget {
    /// No limit.
    pub const UNLIMITED: Self = Self { characters: usize::MAX, utf16: usize::MAX, bytes: usize::MAX };

    /// At most so many characters.
    pub const fn characters(characters: usize) -> Self {
        Self { characters, ..Self::UNLIMITED }
    }

    /// Whether the text fits.
    pub fn holds(&self, text: &str) -> bool {
        text.len() <= self.bytes && text.chars().count() <= self.characters && text.encode_utf16().count() <= self.utf16
    }

    /// What is left after the text; none when it does not fit.
    fn less(&self, text: &str) -> Option<Self> {
        Some(Self {
            characters: self.characters.checked_sub(text.chars().count())?,
            utf16: self.utf16.checked_sub(text.encode_utf16().count())?,
            bytes: self.bytes.checked_sub(text.len())?,
        })
    }

    /// The text, cut between graphemes and ended with an ellipsis when it does not fit. Empty when not even that fits.
    pub fn cut(&self, text: &str) -> String {
        if self.holds(text) {
            return text.to_owned();
        }
        let Some(room) = self.less(ELLIPSIS) else { return String::new() };
        format!("{}{ELLIPSIS}", room.head(text))
    }

    /// The longest beginning that fits and ends between graphemes.
    fn head<'a>(&self, text: &'a str) -> &'a str {
        let mut room = *self;
        let mut end = 0;
        for grapheme in text.graphemes(true) {
            match room.less(grapheme) {
                Some(rest) => room = rest,
                None => break,
            }
            end += grapheme.len();
        }
        &text[..end]
    }

    /// The text in parts that fit: broken between lines where it can be, else between graphemes. A grapheme
    /// that alone does not fit is left out with everything after it, which no platform's limit leads to.
    pub fn split(&self, text: &str) -> Vec<String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let head = self.head(rest);
            if head.is_empty() {
                break;
            }
            let end =
                if head.len() == rest.len() { head.len() } else { head.rfind('\n').map_or(head.len(), |i| i + 1) };
            let (part, after) = rest.split_at(end);
            parts.push(part.trim_end_matches('\n').to_owned());
            rest = after;
        }
        parts
    }
}

/// A card within a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// What fits.
    pub lines: Vec<Line>,
    /// Whether everything that is countersigned stands on it: nothing was left out, and nothing is told only by its
    /// size. When not, approve must wait until the details were delivered.
    pub whole: bool,
    /// Whether every delete and replacement is on it. When not, it says so, and approval belongs elsewhere.
    pub losses_shown: bool,
}

impl Card {
    /// The card within a budget: title, counts, differences and everything that goes stand first and
    /// are never cut; other lines are left out from the end, with their number.
    pub fn within(&self, language: Language, moment: &Moment, budget: &Budget) -> Within {
        let all = self.lines(language, moment);
        if budget.holds(&crate::line::plain(&all)) {
            return Within { lines: all, whole: self.tells_everything(), losses_shown: true };
        }
        // What stands before the first line that may go: everything up to and with the losses.
        let firm = self.firm(language);
        // The last lines are those people act by: rule, digest, controls.
        let closing = self.closing(language);
        let mut room = Some(*budget);
        let take = |line: &Line, room: &mut Option<Budget>| {
            *room = room.and_then(|room| room.less(&line.plain())?.less("\n"));
        };
        for line in firm.iter().chain(&closing) {
            take(line, &mut room);
        }
        let most = all.len();
        let note = left_out(language, most);
        take(&note, &mut room);
        let Some(mut room) = room else { return self.too_small(language, budget) };
        let middle = &all[firm.len().min(most)..most - closing.len().min(most)];
        let mut lines = firm.clone();
        let mut taken = 0;
        for line in middle {
            match room.less(&line.plain()).and_then(|room| room.less("\n")) {
                Some(rest) => room = rest,
                None => break,
            }
            lines.push(line.clone());
            taken += 1;
        }
        lines.push(left_out(language, middle.len() - taken));
        lines.extend(closing);
        Within { lines, whole: false, losses_shown: true }
    }

    /// Whether its lines hold everything. Of what is new they say how large it is, and of an existing root's files only
    /// their digests: the rest stands in the details.
    fn tells_everything(&self) -> bool {
        let told = |resource: &Resource| resource.action != Verb::Create || resource.fields.is_empty();
        self.folder.is_none() && self.resources.iter().all(told)
    }

    /// Not even what goes fits: the card says that it must be read elsewhere.
    fn too_small(&self, language: Language, budget: &Budget) -> Within {
        let losses = self.counts.losses();
        let key = if losses > 0 { "budget-losses" } else { "budget-elsewhere" };
        let words = text(language, key, &[("count", Arg::from(losses)), ("change", Arg::from(self.change.as_str()))]);
        let said = budget.cut(&words);
        Within { lines: vec![Line::ours(&said, Tone::Bad)], whole: false, losses_shown: losses == 0 }
    }
}

fn left_out(language: Language, count: usize) -> Line {
    Line::ours(&text(language, "budget-left-out", &[("count", Arg::from(count))]), Tone::Warn)
}
