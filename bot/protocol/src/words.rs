//! Words that card and view share: problems, evidence, origins, rules, controls.
//! Used by card and view.
//! Must never say the same thing in two ways.

use crate::card::{Control, Rule};
use crate::command::{self, Name};
use crate::escape;
use crate::event::Finished;
use crate::line::{Line, Source, Tone};
use crate::messages::{self, Arg, text};
use chopmark_domain::approval::{DecidedBy, SelfApproval};
use chopmark_domain::change::{Difference, Language};
use chopmark_domain::deciders::Deciders;
use chopmark_domain::draft::Action;
use chopmark_domain::ids::{PersonId, Role};
use chopmark_domain::lifecycle::State;
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::Origin;
use chopmark_domain::risk::Risk;
use chopmark_domain::run::Verification;

/// A state in words.
pub fn state(language: Language, state: State) -> String {
    text(language, &format!("state-{}", crate::event::name(state)), &[])
}

/// A class of risk in words.
pub fn risk(language: Language, risk: Risk) -> String {
    let key = match risk {
        Risk::Low => "risk-low",
        Risk::Moderate => "risk-moderate",
        Risk::Severe => "risk-severe",
    };
    text(language, key, &[])
}

/// What joins the parts of a list.
pub fn comma(language: Language) -> &'static str {
    match language {
        Language::En => ", ",
        Language::Zh => "，",
    }
}

/// What stands between two sentences or after a colon.
pub(crate) fn gap(language: Language) -> &'static str {
    match language {
        Language::En => " ",
        Language::Zh => "",
    }
}

/// A remark after something, in brackets.
pub(crate) fn bracketed(language: Language, remark: &str) -> String {
    match language {
        Language::En => format!(" ({remark})"),
        Language::Zh => format!("（{remark}）"),
    }
}

/// A problem: what happened with its code, what was and was not changed, the next step.
pub fn problem(language: Language, problem: &Problem) -> Vec<Line> {
    problem_text(&messages::problem(language, problem))
}

/// The same from its words.
pub fn problem_text(words: &messages::ProblemText) -> Vec<Line> {
    vec![
        Line::ours(&words.code, Tone::Bad).then(" ", Tone::Plain, Source::Ours).then(
            &words.what,
            Tone::Plain,
            Source::Tool,
        ),
        Line::tool(&words.changed, Tone::Plain).indented(2),
        Line::tool(&words.next, Tone::Plain).indented(2),
    ]
}

/// How the end of a change sounds.
fn tone_of_end(state: State) -> Tone {
    match state {
        State::Succeeded | State::NoChanges => Tone::Good,
        State::Failed | State::Degraded | State::NeedsAttention | State::PolicyDenied | State::PlanFailed => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// The end of a change: what became of it, why, and what the check found. The way back is each surface's to offer.
pub fn finished(language: Language, finished: &Finished) -> Vec<Line> {
    let mut lines = vec![Line::ours(&finished.text, tone_of_end(finished.state))];
    if let Some(problem) = &finished.problem {
        lines.extend(problem_text(problem));
    }
    if let Some(Verification::Failed { problem: found, evidence: seen }) = &finished.verification {
        if finished.problem.as_ref().is_none_or(|known| known.code != found.code.to_string()) {
            lines.extend(problem(language, found));
        }
        lines.extend(evidence(language, seen));
    }
    lines
}

/// Evidence from outside, each line marked as quoted.
pub fn evidence(language: Language, evidence: &[String]) -> Vec<Line> {
    if evidence.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::ours(&text(language, "evidence", &[]), Tone::Muted).indented(2)];
    for part in evidence.iter().flat_map(|text| escape::visible_lines(text)) {
        lines.push(quoted(&part).indented(2));
    }
    lines
}

/// One line of outside text behind a mark.
pub fn quoted(line: &str) -> Line {
    Line::ours("│ ", Tone::Muted).then(line, Tone::Plain, Source::Tool)
}

/// Where a value came from.
pub fn origin(language: Language, origin: &Origin) -> String {
    let (key, source) = match origin {
        Origin::Said => ("origin-said", ""),
        Origin::Default => ("origin-default", ""),
        Origin::Environment => ("origin-environment", ""),
        Origin::Memory => ("origin-memory", ""),
        Origin::Kept => ("origin-kept", ""),
        Origin::Model => ("origin-model", ""),
        Origin::Found => ("origin-found", ""),
        Origin::OutsideText(source) => ("origin-outside", source.as_str()),
    };
    text(language, key, &[("source", Arg::from(source))])
}

/// Who may approve, how many, and whether the requester may.
pub(crate) fn rule(language: Language, rule: &Rule, authors: &[PersonId]) -> Vec<Line> {
    let place = place(language, rule);
    let mut lines = Vec::new();
    if rule.decided_by == DecidedBy::TheRule {
        lines.push(Line::ours(&text(language, "rule-itself", &[("rule", Arg::from(&place))]), Tone::Plain));
    } else if rule.approvers.is_empty() {
        return vec![Line::ours(&text(language, "rule-nobody", &[("written_at", Arg::from(&place))]), Tone::Bad)];
    }
    if rule.approvers.is_empty() {
        return lines;
    }
    let roles = rule.approvers.iter().map(Role::as_str).collect::<Vec<_>>().join(comma(language));
    let args =
        [("count", Arg::from(i64::from(rule.needed))), ("roles", Arg::from(&roles)), ("written_at", Arg::from(&place))];
    let people = authors.iter().map(PersonId::as_str).collect::<Vec<_>>().join(comma(language));
    let own = match rule.self_approval {
        SelfApproval::Allowed => "self-approval-allowed",
        SelfApproval::Forbidden => "self-approval-forbidden",
    };
    let key = if rule.decided_by == DecidedBy::TheRule { "rule-else" } else { "rule" };
    lines.push(Line::ours(&text(language, key, &args), Tone::Plain));
    lines.push(Line::ours(&text(language, own, &[("people", Arg::from(&people))]), Tone::Plain));
    lines
}

/// That the rule itself approved it, and which one that is.
pub(crate) fn approved_by_rule(language: Language, rule: &Rule) -> Line {
    let place = place(language, rule);
    Line::ours(&text(language, "rule-approved", &[("rule", Arg::from(&place))]), Tone::Good)
}

/// The same as a state that a change moved to.
pub(crate) fn state_by_rule(language: Language, rule: &Rule) -> String {
    text(language, "state-approved-by-rule", &[("rule", Arg::from(&place(language, rule)))])
}

/// Who could approve now, by name, and how many are missing.
pub(crate) fn deciders(language: Language, deciders: &Deciders) -> Line {
    let names = deciders.able.iter().map(|decider| decider.name.as_str()).collect::<Vec<_>>().join(comma(language));
    let args = [("missing", Arg::from(i64::from(deciders.missing))), ("people", Arg::from(&names))];
    let (key, tone) = match deciders.able.is_empty() {
        true => ("deciders-nobody", Tone::Warn),
        false => ("deciders", Tone::Plain),
    };
    Line::tool(&text(language, key, &args), tone)
}

/// What differs, in words where it is none of the component's own.
pub(crate) fn difference(language: Language, what: &str) -> String {
    match what {
        Difference::START => text(language, "card-start", &[]),
        Difference::POLICY => text(language, "stale-policy", &[]),
        Difference::TEMPLATE => text(language, "stale-template", &[]),
        _ => match what.strip_prefix(Difference::RULE) {
            Some(field) => text(language, "difference-rule", &[("field", Arg::from(field))]),
            None => what.to_owned(),
        },
    }
}

/// The rule's name, where it has one, and where it stands.
fn place(language: Language, rule: &Rule) -> String {
    let name = rule.name.as_ref().map(|name| name.as_str().to_owned());
    name.into_iter().chain([rule.written_at.clone()]).collect::<Vec<_>>().join(comma(language))
}

/// The key part of an action.
pub(crate) fn action(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Edit => "edit",
        Action::Restart => "restart",
        Action::Delete => "delete",
        Action::Restore => "restore",
        Action::Reconcile => "reconcile",
        Action::Root => "root",
        Action::Patch => "patch",
    }
}

/// The command's word for a control.
pub fn control(language: Language, control: &Control) -> &'static str {
    let name = match control {
        Control::Approve { .. } => Name::Approve,
        Control::Reject => Name::Reject,
        Control::Edit => Name::Edit,
        Control::Details => Name::Details,
        Control::Cancel => Name::Cancel,
        Control::Undo => Name::Undo,
        Control::Resolve => Name::Resolve,
        Control::PlanAgain => Name::PlanAgain,
    };
    command::form_of(name).map_or("", |form| form.word(language))
}
