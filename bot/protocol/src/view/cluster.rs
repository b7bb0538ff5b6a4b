//! Views of what a cluster says: objects, events, logs, health.
//! Called by view::lines.
//! Must never show a cluster's words as ours: they stand behind a mark.

use super::table::{ours, rows, tool};
use crate::escape;
use crate::line::{Line, Source, Span, Tone};
use crate::messages::{Arg, find, text};
use crate::moment::Moment;
use crate::words;
use chopmark_domain::change::Language;
use chopmark_domain::facts::{EventSummary, Health, HealthReport, ObjectSummary, Trouble};
use chopmark_domain::ids::EnvironmentName;

pub(super) fn objects(
    language: Language,
    moment: &Moment,
    environment: &EnvironmentName,
    kind: &str,
    objects: &[ObjectSummary],
) -> Vec<Line> {
    let args = [
        ("count", Arg::from(objects.len())),
        ("kind", Arg::from(kind)),
        ("environment", Arg::from(environment.as_str())),
    ];
    if objects.is_empty() {
        return vec![Line::ours(&text(language, "view-no-objects", &args), Tone::Plain)];
    }
    let mut lines = vec![Line::ours(&text(language, "view-objects", &args), Tone::Title)];
    let row = |summary: &ObjectSummary| {
        vec![
            tool(&summary.object.to_string()),
            tool(&summary.status),
            ours(&moment.relative(language, summary.created_at), Tone::Muted),
            tool(&summary.component.as_ref().map(ToString::to_string).unwrap_or_default()),
        ]
    };
    lines.extend(rows(objects.iter().map(row).collect()));
    lines
}

pub(super) fn events(language: Language, moment: &Moment, events: &[EventSummary]) -> Vec<Line> {
    let args = [("count", Arg::from(events.len()))];
    if events.is_empty() {
        return vec![Line::ours(&text(language, "view-no-events", &args), Tone::Plain)];
    }
    let mut lines = vec![Line::ours(&text(language, "view-events", &args), Tone::Title)];
    lines.extend(rows(events.iter().map(|event| event_row(language, moment, event)).collect()));
    lines
}

fn event_row(language: Language, moment: &Moment, event: &EventSummary) -> Vec<Span> {
    let tone = if event.severity == "Warning" { Tone::Warn } else { Tone::Plain };
    let times = if event.count > 1 { format!("×{}", event.count) } else { String::new() };
    vec![
        ours(&moment.relative(language, event.at), Tone::Muted),
        Span::new(&event.severity, tone, Source::Tool),
        tool(&event.reason),
        tool(&event.object.to_string()),
        ours(&times, Tone::Muted),
        tool(&event.message),
    ]
}

pub(super) fn logs(language: Language, pod: &str, container: &str, log: &[String]) -> Vec<Line> {
    let args = [("count", Arg::from(log.len())), ("pod", Arg::from(pod)), ("container", Arg::from(container))];
    let key = if log.is_empty() { "view-no-logs" } else { "view-logs" };
    let mut lines = vec![Line::ours(&text(language, key, &args), Tone::Title)];
    lines.extend(log.iter().flat_map(|line| escape::visible_lines(line)).map(|line| words::quoted(&line)));
    lines
}

pub(super) fn health(language: Language, moment: &Moment, report: &HealthReport) -> Vec<Line> {
    let (key, tone) = match report.health {
        Health::Healthy => ("health-healthy", Tone::Good),
        Health::Progressing => ("health-progressing", Tone::Warn),
        Health::Unhealthy => ("health-unhealthy", Tone::Bad),
        Health::Missing => ("health-missing", Tone::Bad),
        Health::Unknown => ("health-unknown", Tone::Warn),
    };
    let at = moment.absolute(report.at);
    let args = [
        ("subject", Arg::from(&report.subject)),
        ("ready", Arg::from(report.ready)),
        ("wanted", Arg::from(report.wanted)),
    ];
    let mut lines = vec![Line::ours(&text(language, key, &args), tone).then(
        &words::bracketed(language, &text(language, "health-at", &[("at", Arg::from(&at))])),
        Tone::Muted,
        Source::Ours,
    )];
    lines.extend(report.troubles.iter().flat_map(|trouble| trouble_lines(language, trouble)));
    lines
}

fn trouble_lines(language: Language, trouble: &Trouble) -> Vec<Line> {
    let args = [("object", Arg::from(&trouble.object))];
    let key = format!("trouble-{}", trouble.kind);
    let said = find(language, &key, &args)
        .unwrap_or_else(|| format!("{}: {}", escape::visible(&trouble.object), escape::visible(&trouble.kind)));
    let mut lines = vec![Line::tool(&said, Tone::Bad).indented(2)];
    for part in trouble.evidence.iter().flat_map(|text| escape::visible_lines(text)) {
        lines.push(words::quoted(&part).indented(4));
    }
    lines
}
