//! Drift as lines: what differs from what is committed, and what can be done about it.
//! Drawn for the facts of the tool that reads drift.
//! Must never leave out a component that nobody could look at.

use crate::card::diff;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, text};
use crate::moment::Moment;
use crate::words;
use chopmark_domain::change::Language;
use chopmark_domain::component::ROOT_GROUP;
use chopmark_domain::facts::Drift;
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::plan::{ResourceAction, Verb};
use chopmark_domain::time::Timestamp;

pub(super) fn drift(
    language: Language,
    moment: &Moment,
    environment: &EnvironmentName,
    components: &[Drift],
    at: Timestamp,
) -> Vec<Line> {
    let mut lines = vec![head(language, moment, environment, components, at)];
    for drift in components {
        if let Some(problem) = &drift.problem {
            let component = drift.component.to_string();
            let words = text(language, "view-drift-problem", &[("component", Arg::from(&component))]);
            lines.push(Line::tool(&words, Tone::Warn));
            lines.extend(words::problem(language, problem).into_iter().map(|line| line.indented(2)));
        } else if !drift.actions.is_empty() {
            lines.extend(drifted(language, drift, components));
        }
    }
    let same: Vec<_> = components
        .iter()
        .filter(|drift| drift.actions.is_empty() && drift.problem.is_none())
        .map(|drift| drift.component.to_string())
        .collect();
    if !same.is_empty() {
        let same = same.join(words::comma(language));
        lines.push(Line::tool(&text(language, "view-drift-same", &[("components", Arg::from(&same))]), Tone::Muted));
    }
    lines
}

/// How many drifted, of how many, and when it was looked at.
fn head(
    language: Language,
    moment: &Moment,
    environment: &EnvironmentName,
    components: &[Drift],
    at: Timestamp,
) -> Line {
    let drifted = components.iter().filter(|drift| !drift.actions.is_empty()).count();
    let problems = components.iter().filter(|drift| drift.problem.is_some()).count();
    let args = [
        ("environment", Arg::from(environment.as_str())),
        ("count", Arg::from(drifted)),
        ("looked", Arg::from(components.len())),
        ("problems", Arg::from(problems)),
    ];
    let (key, tone) = match (components.len(), drifted, problems) {
        (0, _, _) => ("view-drift-nothing", Tone::Plain),
        (_, 0, 0) => ("view-drift-none", Tone::Good),
        (_, 0, _) => ("view-drift-unknown", Tone::Warn),
        _ => ("view-drift", Tone::Warn),
    };
    let mut line = Line::ours(&text(language, key, &args), tone);
    if drifted > 0 && problems > 0 {
        line = line.then(&text(language, "view-drift-unsure", &args), Tone::Warn, Source::Ours);
    }
    let looked = text(language, "health-at", &[("at", Arg::from(&moment.absolute(at)))]);
    line.then(&words::bracketed(language, &looked), Tone::Muted, Source::Ours)
}

/// One component: every resource with every field, then what can be said.
fn drifted(language: Language, drift: &Drift, all: &[Drift]) -> Vec<Line> {
    let component = drift.component.to_string();
    let words = text(language, "view-drift-found", &[("component", Arg::from(&component))]);
    let mut lines = vec![Line::tool(&words, Tone::Title)];
    lines.extend(drift.actions.iter().flat_map(|action| resource(language, action)));
    let path = &drift.component.path;
    let is_alone = all.iter().filter(|other| other.component.path.name() == path.name()).count() == 1;
    let name = if is_alone { path.name().to_owned() } else { path.to_string() };
    let key = if path.group() == ROOT_GROUP { "view-drift-root" } else { "view-drift-proposal" };
    lines.push(Line::ours(&text(language, key, &[("name", Arg::from(&name))]), Tone::Plain).indented(2));
    lines
}

/// What is different about a resource: the plan says what would bring it back.
fn resource(language: Language, action: &ResourceAction) -> Vec<Line> {
    let (sign, key, tone) = match action.verb {
        Verb::Create => ("- ", "drift-create", Tone::Delete),
        Verb::Update => ("~ ", "drift-update", Tone::Change),
        Verb::Replace => ("± ", "drift-replace", Tone::Delete),
        Verb::Delete => ("+ ", "drift-delete", Tone::Add),
        Verb::TakeOver => ("! ", "drift-take-over", Tone::Warn),
        Verb::Keep => return Vec::new(),
    };
    let mut lines = vec![
        Line::ours("  ", Tone::Plain)
            .then(sign, tone, Source::Ours)
            .then(&text(language, key, &[]), tone, Source::Ours)
            .then(words::gap(language), Tone::Plain, Source::Ours)
            .then(&action.address, tone, Source::Tool),
    ];
    // Of what is gone, or should not be, the address says everything.
    if matches!(action.verb, Verb::Update | Verb::Replace | Verb::TakeOver) {
        let fields = action.fields.iter().flat_map(|field| diff::field(language, field, action.kind == "file"));
        lines.extend(fields.map(|line| line.indented(6)));
    }
    lines
}
