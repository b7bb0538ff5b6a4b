//! The card as lines of spans, for every surface that shows text.
//! Called by the surfaces; the order is the one people decide by.
//! Must never put a model's words on a card, nor colour where no word says the same.

use super::{Card, resources};
use crate::event::name;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, find, text};
use crate::moment::{Moment, duration};
use crate::words;
use chopmark_domain::change::{Difference, Language};
use chopmark_domain::component::CLUSTER_GROUP;
use chopmark_domain::finding::Severity;
use chopmark_domain::lifecycle::State;
use chopmark_domain::plan::Counts;
use chopmark_domain::proposal::Origin;
use chopmark_domain::risk::Risk;
use chopmark_domain::run::Verification;

impl Card {
    /// The card. Nothing that goes is ever left out; everything else is whole but for what is new,
    /// whose fields stand in [`Card::details`].
    pub fn lines(&self, language: Language, moment: &Moment) -> Vec<Line> {
        let mut lines = self.firm(language);
        lines.extend(self.wait_lines(language, moment));
        lines.extend(self.gains(language));
        lines.extend(self.output_lines(language));
        lines.extend(self.root_files(language));
        lines.extend(self.findings(language));
        lines.extend(self.risk_lines(language));
        lines.extend(self.assumption_lines(language));
        lines.extend(self.caveat_lines(language));
        lines.extend(self.decision(language, moment));
        lines.extend(self.closing(language));
        lines
    }

    /// The first lines, which no budget cuts: title, counts, what became of it, what differs, what goes.
    pub(crate) fn firm(&self, language: Language) -> Vec<Line> {
        let mut lines = vec![self.title(language), self.summary(language)];
        lines.extend(self.outcome(language));
        lines.extend(self.root_lines(language));
        // What differs is for the decision; afterwards it stands in the details.
        if !self.state.is_terminal() {
            lines.extend(self.differences(language));
        }
        lines.extend(self.losses(language));
        lines
    }

    /// The last lines, which no budget cuts: what is countersigned, and what can be said.
    pub(crate) fn closing(&self, language: Language) -> Vec<Line> {
        let mut lines = self.digest_lines(language, false);
        lines.extend(self.control_line(language));
        lines
    }

    /// Action, component, environment; then the ids.
    pub(super) fn title(&self, language: Language) -> Line {
        let component =
            if self.group == CLUSTER_GROUP { self.name.clone() } else { format!("{}/{}", self.group, self.name) };
        let key = format!("title-{}", words::action(self.action));
        let args = [("component", Arg::from(&component)), ("environment", Arg::from(self.environment.as_str()))];
        let ids = text(
            language,
            "card-ids",
            &[("change", Arg::from(self.change.as_str())), ("revision", Arg::from(i64::from(self.revision.0)))],
        );
        Line::ours(&text(language, &key, &args), Tone::Title).then(" ", Tone::Plain, Source::Ours).then(
            &ids,
            Tone::Muted,
            Source::Ours,
        )
    }

    /// Counts in words and the state.
    pub(super) fn summary(&self, language: Language) -> Line {
        let state = text(language, &format!("state-{}", name(self.state)), &[]);
        let tone = match self.state {
            State::Succeeded => Tone::Good,
            State::Failed | State::Degraded | State::NeedsAttention | State::PolicyDenied | State::PlanFailed => {
                Tone::Bad
            }
            State::AwaitingApproval => Tone::Warn,
            _ => Tone::Plain,
        };
        let nothing = self.counts == Counts::default() && self.outputs.is_empty() && self.commit_files.is_empty();
        let line = match self.planned_at {
            // Counts and state would say the same twice.
            Some(_) if nothing && self.state == State::NoChanges => {
                return Line::ours(&resources::counts(language, &self.counts, 0, 0), tone);
            }
            Some(_) => Line::ours(
                &resources::counts(language, &self.counts, self.outputs.len(), self.commit_files.len()),
                Tone::Plain,
            )
            .then(" · ", Tone::Muted, Source::Ours),
            None => Line::empty(),
        };
        line.then(&state, tone, Source::Ours)
    }

    /// What became of it: problem, check, run.
    fn outcome(&self, language: Language) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(problem) = &self.problem {
            lines.extend(words::problem(language, problem));
        }
        match &self.verification {
            Some(Verification::Passed { checks }) => {
                lines.push(Line::ours(&text(language, "card-verified", &[]), Tone::Good));
                for (address, finding) in checks {
                    // A runner's word, or a count of its own.
                    let finding = find(language, &format!("check-{finding}"), &[]).unwrap_or_else(|| finding.clone());
                    lines.push(
                        Line::tool(address, Tone::Plain)
                            .then(": ", Tone::Plain, Source::Ours)
                            .then(&finding, Tone::Plain, Source::Tool)
                            .indented(2),
                    );
                }
            }
            Some(Verification::Failed { problem, evidence }) => {
                lines.push(Line::ours(&text(language, "card-not-verified", &[]), Tone::Bad));
                if self.problem.as_ref() != Some(problem) {
                    lines.extend(words::problem(language, problem));
                }
                lines.extend(words::evidence(language, evidence));
            }
            None => {}
        }
        let Some(run) = &self.run else { return lines };
        if !run.done.is_empty() {
            lines.push(Line::ours(&text(language, "card-done", &[]), Tone::Warn));
            lines.extend(run.done.iter().map(|address| Line::tool(address, Tone::Plain).indented(2)));
        }
        if run.push_owed {
            lines.push(Line::ours(&text(language, "card-push-owed", &[]), Tone::Warn));
        }
        if let Some(ended) = run.ended_at {
            let took = duration(language, ended.since(run.started_at));
            let args = [("run", Arg::from(run.id.as_str())), ("took", Arg::from(&took))];
            lines.push(Line::ours(&text(language, "card-run", &args), Tone::Muted));
        }
        lines
    }

    /// What differs from the version last seen, before anything else about content.
    pub(super) fn differences(&self, language: Language) -> Vec<Line> {
        if self.differences.is_empty() && self.replaces.is_none() {
            return Vec::new();
        }
        let head = match &self.replaces {
            Some(old) => text(language, "card-replaces", &[("change", Arg::from(old.as_str()))]),
            None => text(language, "card-revised", &[]),
        };
        let mut lines = vec![Line::ours(&head, Tone::Warn)];
        if self.differences.is_empty() {
            lines.push(Line::ours(&text(language, "card-no-difference", &[]), Tone::Plain).indented(2));
        }
        for difference in &self.differences {
            // Differences with words of ours; a parameter of that name says as much.
            let start = difference.what == Difference::START;
            let what = words::difference(language, &difference.what);
            let mut line = Line::ours("≠ ", Tone::Change).then(&what, Tone::Change, Source::Tool).then(
                ": ",
                Tone::Plain,
                Source::Ours,
            );
            let none = text(language, if start { "card-start-at-once" } else { "card-absent" }, &[]);
            line = match &difference.before {
                Some(before) => line.then(before, Tone::Muted, Source::Tool),
                None => line.then(&none, Tone::Muted, Source::Ours),
            };
            line = line.then(" → ", Tone::Plain, Source::Ours);
            line = match &difference.after {
                Some(after) => line.then(after, Tone::Change, Source::Tool),
                None => line.then(&none, Tone::Change, Source::Ours),
            };
            lines.push(line.indented(2));
        }
        lines
    }

    fn findings(&self, language: Language) -> Vec<Line> {
        let mut lines = Vec::new();
        for finding in &self.findings {
            let (key, tone) = match finding.severity {
                Severity::Note => ("severity-note", Tone::Muted),
                Severity::Warn => ("severity-warn", Tone::Warn),
                Severity::Deny => ("severity-deny", Tone::Bad),
            };
            let mut args: Vec<(&str, Arg<'_>)> =
                finding.facts.iter().map(|(name, value)| (name.as_str(), Arg::from(value))).collect();
            args.push(("about", Arg::from(&finding.about)));
            let message = format!("finding-{}", finding.id);
            let reason = find(language, &message, &args).unwrap_or_else(|| finding.id.clone());
            let line = Line::ours(&text(language, key, &[]), tone)
                .then(words::gap(language), Tone::Plain, Source::Ours)
                .then(&reason, Tone::Plain, Source::Tool)
                .then(&format!(" [{}]", finding.id), Tone::Muted, Source::Ours);
            lines.push(line.indented(2));
            if let Some(remedy) = find(language, &format!("{message}.remedy"), &args) {
                lines.push(Line::tool(&remedy, Tone::Muted).indented(4));
            }
        }
        headed(language, "card-findings", lines)
    }

    fn risk_lines(&self, language: Language) -> Vec<Line> {
        let Some(risk) = self.risk else { return Vec::new() };
        let (key, tone) = match risk {
            Risk::Low => ("risk-low", Tone::Plain),
            Risk::Moderate => ("risk-moderate", Tone::Warn),
            Risk::Severe => ("risk-severe", Tone::Bad),
        };
        let mut lines = vec![Line::ours(&text(language, key, &[]), tone)];
        for reason in &self.risk_reasons {
            let words = text(language, &reason.key, &[("about", Arg::from(&reason.about))]);
            lines.push(Line::tool(&words, Tone::Plain).indented(2));
        }
        lines
    }

    fn assumption_lines(&self, language: Language) -> Vec<Line> {
        let lines = self.assumptions.iter().map(|assumption| {
            let tone = if matches!(assumption.origin, Origin::OutsideText(_)) { Tone::Warn } else { Tone::Muted };
            Line::tool(&assumption.name, Tone::Plain)
                .then(" = ", Tone::Plain, Source::Ours)
                .then(&assumption.value.to_string(), Tone::Plain, Source::Tool)
                .then(&words::bracketed(language, &words::origin(language, &assumption.origin)), tone, Source::Tool)
                .indented(2)
        });
        headed(language, "card-assumptions", lines.collect())
    }

    fn caveat_lines(&self, language: Language) -> Vec<Line> {
        let lines = self.caveats.iter().map(|caveat| {
            let words = text(language, &caveat.key, &[("about", Arg::from(&caveat.about))]);
            Line::tool(&words, Tone::Warn).indented(2)
        });
        headed(language, "card-caveats", lines.collect())
    }
}

/// Lines under a heading; nothing when there are none.
fn headed(language: Language, key: &str, lines: Vec<Line>) -> Vec<Line> {
    if lines.is_empty() {
        return lines;
    }
    let mut all = vec![Line::ours(&text(language, key, &[]), Tone::Plain)];
    all.extend(lines);
    all
}
