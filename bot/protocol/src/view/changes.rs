//! Views of changes and of who may approve them.
//! Called by view::lines.
//! Must never say that somebody may decide who is not in the rule.

use super::table::{ours, rows, tool};
use crate::card::Rule;
use crate::event::name;
use crate::line::{Line, Source, Span, Tone};
use crate::messages::{Arg, text};
use crate::moment::Moment;
use crate::words;
use chopmark_domain::approval::ApprovalRule;
use chopmark_domain::change::{Change, Language};
use chopmark_domain::deciders::Decider;
use chopmark_domain::ids::{ChangeId, Role};
use chopmark_domain::lifecycle::State;
use chopmark_domain::time::Timestamp;

pub(super) fn list(language: Language, moment: &Moment, changes: &[Change], since: Option<Timestamp>) -> Vec<Line> {
    let at = since.map(|since| moment.absolute(since)).unwrap_or_default();
    let args = [("count", Arg::from(changes.len())), ("since", Arg::from(&at))];
    if changes.is_empty() {
        return vec![Line::ours(&text(language, "view-no-changes", &args), Tone::Plain)];
    }
    let mut lines = vec![Line::ours(&text(language, "view-changes", &args), Tone::Title)];
    lines.extend(rows(changes.iter().map(|change| row(language, moment, change)).collect()));
    lines
}

pub(super) fn row(language: Language, moment: &Moment, change: &Change) -> Vec<Span> {
    let tone = match change.state {
        State::Succeeded => Tone::Good,
        State::AwaitingApproval => Tone::Warn,
        State::Failed | State::Degraded | State::NeedsAttention | State::PlanFailed | State::PolicyDenied => Tone::Bad,
        _ => Tone::Plain,
    };
    vec![
        tool(change.id.as_str()),
        ours(&text(language, &format!("state-{}", name(change.state)), &[]), tone),
        tool(&change.component.to_string()),
        ours(&moment.relative(language, change.updated_at), Tone::Muted),
        tool(change.requester.as_str()),
        Span::new(&change.request, Tone::Plain, Source::User),
    ]
}

pub(super) fn approvers(language: Language, change: &ChangeId, rule: &ApprovalRule, able: &[Decider]) -> Vec<Line> {
    let head = text(language, "view-approvers", &[("change", Arg::from(change.as_str()))]);
    let mut lines = vec![Line::ours(&head, Tone::Title)];
    lines.extend(words::rule(language, &Rule::from(rule), &[]));
    let comma = words::comma(language);
    let named = |decider: &Decider| {
        let roles = decider.roles.iter().map(Role::as_str).collect::<Vec<_>>().join(comma);
        let args = [
            ("name", Arg::from(&decider.name)),
            ("person", Arg::from(decider.person.as_str())),
            ("roles", Arg::from(&roles)),
        ];
        text(language, "view-approver", &args)
    };
    let names = able.iter().map(named).collect::<Vec<_>>().join(comma);
    let key = if able.is_empty() { "view-approvers-nobody" } else { "view-approvers-people" };
    lines.push(Line::tool(&text(language, key, &[("people", Arg::from(&names))]), Tone::Plain));
    lines
}
