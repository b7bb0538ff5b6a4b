//! Views of components and templates.
//! Called by view::lines.
//! Must never show a value that a template marks as a secret: such values are references by construction.

use super::table::{ours, rows, tool};
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, text};
use crate::moment::Moment;
use chopmark_domain::change::Language;
use chopmark_domain::component::ComponentVersion;
use chopmark_domain::facts::{ComponentSummary, RootSummary, TemplateSummary, VersionSummary};
use chopmark_domain::ids::ChangeId;

pub(super) fn list(
    language: Language,
    moment: &Moment,
    components: &[ComponentSummary],
    roots: &[RootSummary],
) -> Vec<Line> {
    let mut lines = match components.len() {
        0 => vec![Line::ours(&text(language, "view-no-components", &[]), Tone::Plain)],
        count => vec![Line::ours(&text(language, "view-components", &[("count", Arg::from(count))]), Tone::Title)],
    };
    lines.extend(rows(
        components
            .iter()
            .map(|summary| {
                vec![
                    tool(&summary.component.to_string()),
                    tool(summary.template.as_str()),
                    tool(summary.change.as_ref().map_or("", ChangeId::as_str)),
                    ours(&moment.relative(language, summary.at), Tone::Muted),
                ]
            })
            .collect(),
    ));
    if !roots.is_empty() {
        let head = text(language, "view-roots", &[("count", Arg::from(roots.len()))]);
        lines.push(Line::ours(&head, Tone::Title));
        let row = |root: &RootSummary| vec![tool(&root.component.to_string()), tool(&root.folder)];
        lines.extend(rows(roots.iter().map(row).collect()));
    }
    lines
}

pub(super) fn one(
    language: Language,
    moment: &Moment,
    version: &ComponentVersion,
    history: &[VersionSummary],
) -> Vec<Line> {
    let component = version.component.to_string();
    let pin = &version.template;
    let at = moment.absolute(version.at);
    let args = [
        ("template", Arg::from(pin.name.as_str())),
        ("version", Arg::from(i64::from(pin.version))),
        ("commit", Arg::from(short(version.commit.as_str()))),
        ("at", Arg::from(&at)),
        ("change", Arg::from(version.change.as_ref().map_or("", ChangeId::as_str))),
    ];
    let mut lines =
        vec![Line::tool(&component, Tone::Title), Line::ours(&text(language, "view-component", &args), Tone::Muted)];
    if !version.values.is_empty() {
        lines.push(Line::ours(&text(language, "view-values", &[]), Tone::Plain));
        lines.extend(rows(
            version.values.iter().map(|(name, value)| vec![tool(name), tool(&value.to_string())]).collect(),
        ));
    }
    if !history.is_empty() {
        lines.push(Line::ours(&text(language, "view-history", &[]), Tone::Plain));
        lines.extend(rows(history.iter().map(|version| row(language, moment, version)).collect()));
    }
    lines
}

fn row(language: Language, moment: &Moment, version: &VersionSummary) -> Vec<crate::line::Span> {
    let by_hand = text(language, "view-by-hand", &[]);
    let change = match &version.change {
        Some(change) => tool(change.as_str()),
        None => ours(&by_hand, Tone::Warn),
    };
    vec![
        ours(&moment.absolute(version.at), Tone::Muted),
        tool(short(version.commit.as_str())),
        change,
        tool(&version.title),
    ]
}

/// Git's own usual length for people is 7 to 12 digits; 10 is unique in every repository we know.
fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

pub(super) fn templates(language: Language, templates: &[TemplateSummary]) -> Vec<Line> {
    if templates.is_empty() {
        return vec![Line::ours(&text(language, "view-no-templates", &[]), Tone::Plain)];
    }
    let head = text(language, "view-templates", &[("count", Arg::from(templates.len()))]);
    let mut lines = vec![Line::ours(&head, Tone::Title)];
    lines.extend(rows(
        templates
            .iter()
            .map(|template| {
                vec![
                    tool(template.name.as_str()),
                    tool(template.title.of(language)),
                    tool(template.summary.of(language)),
                ]
            })
            .collect(),
    ));
    let hint = text(language, "view-templates-hint", &[]);
    lines.push(Line::default().then(&hint, Tone::Muted, Source::Ours));
    lines
}
