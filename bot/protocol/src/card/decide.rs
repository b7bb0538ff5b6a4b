//! The card's lines about the decision: the way back, who may approve, until when, what can be said.
//! Called by draw and details.
//! Must never name a right that the rule does not give.

use super::{Card, Control};
use crate::escape;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, find, text};
use crate::moment::Moment;
use crate::words;
use chopmark_domain::approval::Verdict;
use chopmark_domain::change::Language;
use chopmark_domain::draft::{Action, WayBack};
use chopmark_domain::lifecycle::State;

impl Card {
    /// The way back, the rule with its end, and who decided.
    pub(super) fn decision(&self, language: Language, moment: &Moment) -> Vec<Line> {
        let mut lines = Vec::new();
        if !self.state.is_terminal() {
            lines.extend(self.way_back_line(language));
        }
        if self.waits_for_people_or_its_start() {
            lines.extend(self.rule_lines(language, moment));
        }
        lines.extend(self.mark_lines(language, moment));
        lines
    }

    /// Whether anybody can still decide, or its time can still run out: what began asks nobody any more.
    fn waits_for_people_or_its_start(&self) -> bool {
        match self.state {
            State::Draft | State::Planning | State::AwaitingApproval | State::Approved => true,
            State::Claimed
            | State::Executing
            | State::Applied
            | State::Verifying
            | State::Succeeded
            | State::Failed
            | State::Degraded
            | State::NeedsAttention
            | State::Resolved
            | State::Discarded
            | State::NoChanges
            | State::PolicyDenied
            | State::PlanFailed
            | State::Rejected
            | State::Expired
            | State::Superseded
            | State::Cancelled => false,
        }
    }

    fn way_back_line(&self, language: Language) -> Vec<Line> {
        // What drifted is recorded nowhere, so no version brings it back.
        if self.action == Action::Reconcile {
            return vec![Line::ours(&text(language, "way-back-reconcile", &[]), Tone::Warn)];
        }
        let words = match &self.way_back {
            WayBack::NotEverything(_) if self.action == Action::Root => text(language, "way-back-root", &[]),
            WayBack::PreviousVersion => text(language, "way-back-previous-version", &[]),
            WayBack::NotEverything(what) => {
                let lost = find(language, &format!("lost-{what}"), &[]).unwrap_or_else(|| escape::visible(what));
                text(language, "way-back-not-everything", &[("what", Arg::from(&lost))])
            }
        };
        let tone = if self.way_back == WayBack::PreviousVersion { Tone::Plain } else { Tone::Warn };
        vec![Line::ours(&words, tone)]
    }

    fn rule_lines(&self, language: Language, moment: &Moment) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(rule) = &self.rule {
            // What approved it stands with the marks.
            if !self.approved_by_rule {
                lines.extend(words::rule(language, rule, &self.authors));
            }
        }
        if let Some(deciders) = self.waits.as_ref().and_then(|waits| waits.deciders.as_ref()) {
            lines.push(words::deciders(language, deciders));
        }
        if let Some(until) = self.expires_at {
            let (absolute, relative) = (moment.absolute(until), moment.relative(language, until));
            let args = [("absolute", Arg::from(&absolute)), ("relative", Arg::from(&relative))];
            lines.push(Line::ours(&text(language, "card-until", &args), Tone::Plain));
        }
        lines
    }

    fn mark_lines(&self, language: Language, moment: &Moment) -> Vec<Line> {
        let rule = self.rule.iter().filter(|_| self.approved_by_rule);
        let mut lines: Vec<_> = rule.map(|rule| words::approved_by_rule(language, rule)).collect();
        for mark in &self.decisions {
            let (key, tone) = match mark.verdict {
                Verdict::Approve if mark.void => ("mark-void", Tone::Bad),
                Verdict::Approve => ("mark-approve", Tone::Good),
                Verdict::Reject => ("mark-reject", Tone::Bad),
            };
            let at = moment.absolute(mark.at);
            let args = [("person", Arg::from(mark.person.as_str())), ("at", Arg::from(&at))];
            let mut line = Line::ours(&text(language, key, &args), tone);
            if let Some(reason) = &mark.reason {
                line = line.then(": ", Tone::Plain, Source::Ours).then(reason, Tone::Plain, Source::User);
            }
            lines.push(line);
        }
        lines
    }

    pub(super) fn digest_lines(&self, language: Language, full: bool) -> Vec<Line> {
        let Some(digest) = self.digest else { return Vec::new() };
        let shown = if full { digest.to_string() } else { digest.short() };
        vec![Line::ours(&text(language, "card-digest", &[("digest", Arg::from(&shown))]), Tone::Muted)]
    }

    /// What can be said now, in the words of the command registry.
    pub(super) fn control_line(&self, language: Language) -> Vec<Line> {
        let mut said = Vec::new();
        let mut lines = Vec::new();
        for control in &self.controls {
            let word = words::control(language, control);
            match control {
                Control::Approve { confirm: Some(name) } => {
                    let args = [
                        ("name", Arg::from(name)),
                        ("word", Arg::from(word)),
                        ("change", Arg::from(self.change.as_str())),
                    ];
                    lines.push(Line::ours(&text(language, "card-confirm", &args), Tone::Bad));
                }
                Control::Resolve => {
                    let args = [("word", Arg::from(word)), ("change", Arg::from(self.change.as_str()))];
                    lines.push(Line::ours(&text(language, "card-resolve", &args), Tone::Warn));
                }
                Control::Undo => {
                    let args = [("word", Arg::from(word)), ("change", Arg::from(self.change.as_str()))];
                    lines.push(Line::ours(&text(language, "card-undo", &args), Tone::Plain));
                }
                Control::PlanAgain => {
                    let args = [("word", Arg::from(word)), ("change", Arg::from(self.change.as_str()))];
                    lines.push(Line::ours(&text(language, "card-plan-again", &args), Tone::Plain));
                }
                Control::Approve { confirm: None }
                | Control::Reject
                | Control::Edit
                | Control::Details
                | Control::Cancel => said.push(word),
            }
        }
        if !said.is_empty() {
            lines.push(Line::ours(&said.join(" · "), Tone::Plain));
        }
        lines
    }
}
