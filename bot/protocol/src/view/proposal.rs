//! View of a proposal: what was understood, before anything is recorded.
//! Called by the surfaces, last of all for `ask --dry-run`.
//! Must never show a value without its origin.

use crate::event::ProposalView;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, text};
use crate::words;
use chopmark_domain::change::Language;
use chopmark_domain::ids::{ChangeId, ObjectHash, TemplateName};
use chopmark_domain::proposal::Origin;

/// What was understood, with every value and where it came from.
pub fn proposal(proposal: &ProposalView, language: Language) -> Vec<Line> {
    let object = proposal.object.as_ref().map(ToString::to_string).unwrap_or_default();
    let folder = proposal.folder.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default();
    let args = [
        ("folder", Arg::from(&folder)),
        ("component", Arg::from(&proposal.component)),
        ("template", Arg::from(proposal.template.as_ref().map_or("", TemplateName::as_str))),
        ("version", Arg::from(proposal.version.as_ref().map_or("", ObjectHash::as_str))),
        ("object", Arg::from(&object)),
    ];
    let key = format!("understood-{}", words::action(proposal.action));
    let mut lines = vec![Line::ours(&text(language, &key, &args), Tone::Title)];
    if let Some(revises) = proposal.revises.as_ref().map(ChangeId::as_str) {
        let revises = text(language, "understood-revises", &[("change", Arg::from(revises))]);
        lines.push(Line::ours(&revises, Tone::Muted).indented(2));
    }
    let (group, name) = place(&proposal.component);
    let places = [
        ("environment", proposal.environment.as_str(), &proposal.environment_origin),
        (group, name, &proposal.group_origin),
    ];
    for (name, value, origin) in places {
        lines.push(row(language, name, value, origin));
    }
    for (name, sourced) in &proposal.parameters {
        lines.push(row(language, name, &sourced.value.to_string(), &sourced.origin));
    }
    for (path, value) in &proposal.fields {
        let line = Line::tool(path, Tone::Plain).then(" = ", Tone::Plain, Source::Ours);
        let line = match value {
            Some(value) => line.then(&value.to_string(), Tone::Plain, Source::Tool),
            None => line.then(&text(language, "field-removed", &[]), Tone::Delete, Source::Ours),
        };
        lines.push(line.indented(2));
    }
    lines
}

/// The group of `environment/group/name`, under its parameter's name.
fn place(component: &str) -> (&'static str, &str) {
    ("group", component.split('/').nth(1).unwrap_or_default())
}

fn row(language: Language, name: &str, value: &str, origin: &Origin) -> Line {
    let tone = if matches!(origin, Origin::OutsideText(_)) { Tone::Warn } else { Tone::Muted };
    Line::tool(name, Tone::Plain)
        .then(" = ", Tone::Plain, Source::Ours)
        .then(value, Tone::Plain, Source::Tool)
        .then(&words::bracketed(language, &words::origin(language, origin)), tone, Source::Tool)
        .indented(2)
}
