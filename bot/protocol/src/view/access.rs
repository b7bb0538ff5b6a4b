//! The view of rights: what somebody may do, by which grant and rule, or for want of what, and who could.
//! Called by view::facts for `access explain`.
//! Must never say less than why: a no names what is missing.

use crate::line::{Line, Tone};
use crate::messages::{Arg, text};
use crate::words::comma;
use chopmark_domain::access::{AccessAnswer, AccessReport, Lacks, RuleAnswer, RuleSays};
use chopmark_domain::change::Language;
use chopmark_domain::ids::Role;

pub(super) fn report(language: Language, report: &AccessReport) -> Vec<Line> {
    let args = [("person", Arg::from(&report.name)), ("id", Arg::from(report.person.as_str()))];
    let roles = report.roles.iter().map(Role::as_str).collect::<Vec<_>>().join(comma(language));
    let key = if report.roles.is_empty() { "access-no-roles" } else { "access-roles" };
    let mut lines = vec![
        Line::tool(&text(language, "access-person", &args), Tone::Title),
        Line::tool(&text(language, key, &[("roles", Arg::from(&roles))]), Tone::Plain),
    ];
    // A long list says yes and no; one question is answered with every reason.
    let whole = report.answers.len() == 1;
    for answer in &report.answers {
        lines.extend(lines_of(language, &report.name, answer, whole));
    }
    lines
}

fn lines_of(language: Language, person: &str, answer: &AccessAnswer, whole: bool) -> Vec<Line> {
    let about = answer.wanted.about();
    let action = format!("access-action-{}", answer.wanted.action.word());
    let action = text(language, &action, &[("about", Arg::from(&about))]);
    let (key, tone) = if answer.allowed { ("access-yes", Tone::Good) } else { ("access-no", Tone::Bad) };
    let args = [("person", Arg::from(person)), ("action", Arg::from(&action))];
    let mut lines = vec![Line::tool(&text(language, key, &args), tone)];
    if let Some(grant) = answer.grant.as_ref().filter(|_| whole) {
        lines.push(said(language, "access-grant", &[("place", &grant.written_at)]));
    }
    if let Some(lacks) = &answer.lacks {
        lines.push(lacking(language, lacks));
    }
    if let Some(rule) = answer.rule.as_ref().filter(|rule| whole || rule.says != RuleSays::Counts) {
        lines.push(ruled(language, rule));
    }
    if whole && !answer.allowed {
        let others = answer.others.join(comma(language));
        let key = if answer.others.is_empty() { "access-others-nobody" } else { "access-others" };
        lines.push(said(language, key, &[("others", &others)]));
    }
    lines
}

fn said(language: Language, key: &str, args: &[(&str, &String)]) -> Line {
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, Arg::from(*value))).collect();
    Line::tool(&text(language, key, &args), Tone::Plain)
}

fn lacking(language: Language, lacks: &Lacks) -> Line {
    let would = lacks.would_do.join(comma(language));
    let known = lacks.what == "action" && !lacks.would_do.is_empty();
    let key = format!("access-lacks-{}{}", lacks.what, if known { "-roles" } else { "" });
    said(language, &key, &[("would", &would)])
}

fn ruled(language: Language, rule: &RuleAnswer) -> Line {
    let approvers = rule.approvers.iter().map(Role::as_str).collect::<Vec<_>>().join(comma(language));
    let key = match rule.says {
        RuleSays::Counts => "access-rule-counts",
        RuleSays::NoRole if rule.approvers.is_empty() => "access-rule-nobody",
        RuleSays::NoRole => "access-rule-no-role",
        RuleSays::OwnChange => "access-rule-own-change",
        RuleSays::ApprovesItself => "access-rule-approves-itself",
    };
    said(language, key, &[("place", &rule.written_at), ("approvers", &approvers)])
}
