//! Differences of values and of texts as lines.
//! Used by the card's lines and its details.
//! Must never cut a value.

use crate::escape;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, text};
use chopmark_domain::change::Language;
use chopmark_domain::plan::{FieldChange, Shown};
use similar::{ChangeTag, TextDiff};

/// Lines around a change that are shown with it; the unified format's usual three.
const CONTEXT: usize = 3;

/// The lines of one changed field. A file's path says no more than its address: it is left out.
pub(crate) fn field(language: Language, field: &FieldChange, is_file: bool) -> Vec<Line> {
    if let Some((before, after)) = texts(field) {
        let mut lines = Vec::new();
        if !is_file {
            lines.push(Line::tool(&field.path, Tone::Change));
        }
        lines.extend(unified(&before, &after).into_iter().map(|line| line.indented(2)));
        return lines;
    }
    let (sign, tone) = match (&field.before, &field.after) {
        (None, Some(_)) => ("+ ", Tone::Add),
        (Some(_), None) => ("- ", Tone::Delete),
        (Some(_), Some(_)) | (None, None) => ("~ ", Tone::Change),
    };
    let mut line = Line::ours(sign, tone);
    if !is_file {
        line = line.then(&field.path, tone, Source::Tool).then(": ", Tone::Plain, Source::Ours);
    }
    if let (Some(Shown::Hidden(before)), Some(Shown::Hidden(after))) = (&field.before, &field.after) {
        let key = if before == after { "card-hidden-unchanged" } else { "card-hidden-changed" };
        return vec![line.then(&text(language, key, &[]), tone, Source::Ours)];
    }
    if let Some(before) = &field.before {
        line = value(line, language, before, if field.after.is_some() { Tone::Muted } else { tone });
    }
    if field.before.is_some() && field.after.is_some() {
        line = line.then(" → ", Tone::Plain, Source::Ours);
    }
    if let Some(after) = &field.after {
        line = value(line, language, after, tone);
    }
    vec![line]
}

fn value(line: Line, language: Language, shown: &Shown, tone: Tone) -> Line {
    match shown {
        Shown::Value(json) => match placeholder(shown) {
            Some(key) => line.then(&text(language, key, &[]), tone, Source::Ours),
            None => line.then(json, tone, Source::Tool),
        },
        Shown::Hidden(hash) => {
            // Six digits tell two values apart and give nothing away: the hash is keyed.
            let mark: String = hash.chars().take(6).collect();
            line.then(&text(language, "card-hidden", &[("mark", Arg::from(&mark))]), tone, Source::Ours)
        }
    }
}

/// The message for what a runner puts in the place of a value that nobody knows yet, or that means nothing.
fn placeholder(shown: &Shown) -> Option<&'static str> {
    let known = [(Shown::KNOWN_AFTER_APPLY, "card-unknown"), (Shown::TIME_OF_PLAN, "card-moment")];
    known.into_iter().find(|(placeholder, _)| shown.stands_for(placeholder)).map(|(_, key)| key)
}

/// Both texts, when the field holds text of several lines.
pub(crate) fn texts(field: &FieldChange) -> Option<(String, String)> {
    let read = |shown: &Option<Shown>| match shown {
        None => Some(String::new()),
        Some(Shown::Value(json)) => serde_json::from_str::<String>(json).ok(),
        Some(Shown::Hidden(_)) => None,
    };
    let (before, after) = (read(&field.before)?, read(&field.after)?);
    (before.contains('\n') || after.contains('\n')).then_some((before, after))
}

/// A unified diff. A text that is new or goes is shown whole.
pub(super) fn unified(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        lines.push(Line::tool(hunk.header().to_string().trim_end(), Tone::Muted));
        for change in hunk.iter_changes() {
            let (sign, tone) = match change.tag() {
                ChangeTag::Delete => ("-", Tone::Delete),
                ChangeTag::Insert => ("+", Tone::Add),
                ChangeTag::Equal => (" ", Tone::Plain),
            };
            let text = change.to_string_lossy();
            let text = text.strip_suffix('\n').unwrap_or(&text);
            for part in escape::visible_lines(text) {
                lines.push(Line::ours(sign, tone).then(&part, tone, Source::Tool));
            }
        }
    }
    lines
}
