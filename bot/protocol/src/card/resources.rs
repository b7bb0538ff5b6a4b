//! The card's lines about resources: what goes first, then everything else, with every changed field.
//! Called by draw and details.
//! Must never fold, group or cut a delete or a replacement.

use super::{Card, Resource, diff};
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, find, text};
use crate::words;
use chopmark_domain::change::Language;
use chopmark_domain::plan::{Counts, Verb};

/// Counts in words, such as `2 to add, 1 to change, 1 to delete`.
pub(super) fn counts(language: Language, counts: &Counts, outputs: usize, recorded: usize) -> String {
    let parts = [
        ("count-add", counts.create),
        ("count-change", counts.update),
        ("count-replace", counts.replace),
        ("count-delete", counts.delete),
        ("count-outputs", outputs),
    ];
    let words: Vec<_> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| text(language, key, &[("count", Arg::from(count))]))
        .collect();
    if words.is_empty() {
        let key = if recorded > 0 { "count-recorded" } else { "count-nothing" };
        return text(language, key, &[("count", Arg::from(recorded))]);
    }
    words.join(words::comma(language))
}

impl Card {
    /// Deletes and replacements, each by its address.
    pub(super) fn losses(&self, language: Language) -> Vec<Line> {
        let is_loss = |resource: &&Resource| matches!(resource.action, Verb::Delete | Verb::Replace);
        self.resources.iter().filter(is_loss).flat_map(|resource| head(language, resource)).collect()
    }

    /// Everything else with every field that changes; of what is new, how many fields it has.
    pub(super) fn gains(&self, language: Language) -> Vec<Line> {
        let mut lines = Vec::new();
        for resource in &self.resources {
            match resource.action {
                Verb::Delete => {}
                // Its head stands among the losses; here its fields.
                Verb::Replace if resource.fields.is_empty() => {}
                Verb::Replace => {
                    lines.extend(head(language, resource));
                    lines.extend(fields(language, resource));
                }
                Verb::Update | Verb::TakeOver => {
                    lines.extend(head(language, resource));
                    lines.extend(fields(language, resource));
                }
                Verb::Create | Verb::Keep => {
                    let mut first = head(language, resource);
                    if let Some(line) = first.first_mut() {
                        let more = size(language, resource);
                        if !more.is_empty() {
                            *line = std::mem::take(line).then(&more, Tone::Muted, Source::Ours);
                        }
                    }
                    lines.extend(first);
                }
            }
        }
        // Where nothing moves out there, what is recorded is what the change is about.
        if self.resources.is_empty() && self.planned_at.is_some() {
            lines.extend(
                self.commit_files.iter().flat_map(|file| {
                    head(language, file).into_iter().chain(fields(language, file)).collect::<Vec<_>>()
                }),
            );
        }
        if self.kept > 0 {
            let words = text(language, "card-kept", &[("count", Arg::from(self.kept))]);
            lines.push(Line::ours(&words, Tone::Muted).indented(2));
        }
        lines
    }
}

/// The sign and the words of what happens, then the address and the reason.
pub(super) fn head(language: Language, resource: &Resource) -> Vec<Line> {
    let (sign, key, tone) = match resource.action {
        Verb::Create => ("+ ", "verb-create", Tone::Add),
        Verb::Update => ("~ ", "verb-update", Tone::Change),
        Verb::TakeOver => ("! ", "verb-take-over", Tone::Warn),
        Verb::Replace => ("± ", "verb-replace", Tone::Delete),
        Verb::Delete => ("- ", "verb-delete", Tone::Delete),
        Verb::Keep => ("= ", "verb-keep", Tone::Muted),
    };
    let mut lines = vec![
        Line::ours("  ", Tone::Plain)
            .then(sign, tone, Source::Ours)
            .then(&text(language, key, &[]), tone, Source::Ours)
            .then(" ", Tone::Plain, Source::Ours)
            .then(&resource.address, tone, Source::Tool),
    ];
    if let Some(because) = &resource.because {
        let key = if resource.action == Verb::Replace { "card-forced" } else { "card-because" };
        let line =
            Line::ours(&text(language, key, &[]), Tone::Muted).then(words::gap(language), Tone::Plain, Source::Ours);
        // A program's word for a reason of its own, else names of fields or of an owner.
        let line = match find(language, &format!("reason-{}", because.replace(' ', "-")), &[]) {
            Some(words) => line.then(&words, Tone::Plain, Source::Ours),
            None => line.then(because, Tone::Plain, Source::Tool),
        };
        lines.push(line.indented(6));
    }
    lines
}

impl Card {
    /// Outputs that change: what others may read from this configuration.
    pub(super) fn output_lines(&self, language: Language) -> Vec<Line> {
        if self.outputs.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![Line::ours(&text(language, "card-outputs", &[]), Tone::Plain)];
        let fields = self.outputs.iter().flat_map(|output| diff::field(language, output, false));
        lines.extend(fields.map(|line| line.indented(2)));
        lines
    }
}

/// Every changed field.
pub(super) fn fields(language: Language, resource: &Resource) -> Vec<Line> {
    let is_file = resource.kind == "file";
    resource
        .fields
        .iter()
        .flat_map(|field| diff::field(language, field, is_file))
        .map(|line| line.indented(6))
        .collect()
}

/// How large a new resource is: lines of a file, fields of an object.
fn size(language: Language, resource: &Resource) -> String {
    let lines: usize = resource.fields.iter().filter_map(diff::texts).map(|(_, after)| after.lines().count()).sum();
    let (key, count) = if lines > 0 { ("card-size-lines", lines) } else { ("card-size-fields", resource.fields.len()) };
    if count == 0 {
        String::new()
    } else {
        words::bracketed(language, &text(language, key, &[("count", Arg::from(count))]))
    }
}
