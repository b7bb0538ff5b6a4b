//! Views of the ledger.
//! Called by view::lines.
//! Must never show an entry as verified: only the check of the chain says so.

use super::table::{ours, rows, tool};
use crate::line::{Line, Span, Tone};
use crate::messages::{Arg, text};
use crate::moment::Moment;
use chopmark_domain::change::Language;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ledger::EntryContent;

pub(super) fn list(language: Language, moment: &Moment, entries: &[EntryContent]) -> Vec<Line> {
    let args = [("count", Arg::from(entries.len()))];
    if entries.is_empty() {
        return vec![Line::ours(&text(language, "view-no-entries", &args), Tone::Plain)];
    }
    let mut lines = vec![Line::ours(&text(language, "view-entries", &args), Tone::Title)];
    lines.extend(rows(entries.iter().map(|entry| row(language, moment, entry)).collect()));
    lines
}

fn row(language: Language, moment: &Moment, entry: &EntryContent) -> Vec<Span> {
    let kind = match serde_json::to_value(entry.kind) {
        Ok(serde_json::Value::String(kind)) => text(language, &format!("entry-{kind}"), &[]),
        _ => String::new(),
    };
    vec![
        tool(&entry.sequence.to_string()),
        ours(&moment.absolute(entry.at), Tone::Muted),
        ours(&kind, Tone::Plain),
        tool(entry.change.as_ref().map_or("", ChangeId::as_str)),
        tool(&entry.actor.to_string()),
        tool(&entry.digest.map(|digest| digest.short()).unwrap_or_default()),
    ]
}

pub(super) fn verified(language: Language, entries: i64, head: &str, against: &str) -> Vec<Line> {
    let short: String = head.chars().take(12).collect();
    let args = [("count", Arg::from(entries)), ("head", Arg::from(&short)), ("against", Arg::from(against))];
    vec![
        Line::ours(&text(language, "view-ledger-verified", &args), Tone::Good),
        Line::ours(&text(language, "view-ledger-against", &args), Tone::Muted),
    ]
}
