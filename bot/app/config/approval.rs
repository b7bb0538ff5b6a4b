//! The sections `[environments.<name>.approval]` and `[[environments.<name>.approval.rules]]`: who approves what.
//! Read by environments.rs; `meetable` is asked by `config::read` once people and grants are known.
//! Must never let a missing rule mean anybody, nor let a rule approve by itself what is severe or deletes.

use super::BUILT_IN_NAME;
use super::environments::Around;
use super::reader::{Section, nearest};
use chopmark_domain::approval::{ApprovalRule, DecidedBy, SelfApproval};
use chopmark_domain::environment::Environment;
use chopmark_domain::ids::{EnvironmentName, PolicyName, Role};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Pattern, Right, Rights, Target};
use chopmark_domain::risk::Risk;
use chopmark_domain::rules::{ConditionalRule, Conditions, Rules};
use std::collections::BTreeSet;

/// A day: long enough for another time zone to answer, short enough that nobody approves last week's plan.
const EXPIRES_AFTER_SECONDS: u64 = 24 * 60 * 60;

/// What the usual rule can say.
const USUAL: [&str; 6] = ["approvers", "needed", "self_approval", "expires_after", "remind_after", "rules"];

/// What a rule for some plans can say.
const SPECIAL: [&str; 13] = [
    "name",
    "risk",
    "kinds",
    "at_least_deletes",
    "at_most_deletes",
    "components",
    "templates",
    "approve",
    "approvers",
    "needed",
    "self_approval",
    "expires_after",
    "remind_after",
];

/// The rules of an environment's section.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(environment: &Section<'_, '_>, around: Around<'_>) -> Result<Rules, Problem> {
    let nobody = ApprovalRule {
        expires_after_seconds: EXPIRES_AFTER_SECONDS,
        remind_after_seconds: Some(usual_reminder(EXPIRES_AFTER_SECONDS)),
        written_at: environment.written_at(),
        ..ApprovalRule::default()
    };
    let Some(own) = environment.section("approval", &USUAL)? else { return Ok(nobody.into()) };
    let mut usual = asked(&own, around, &ApprovalRule { written_at: own.written_at(), ..nobody })?;
    if own.text("remind_after")?.is_none() {
        usual.remind_after_seconds = Some(usual_reminder(usual.expires_after_seconds));
    }
    let mut special: Vec<ConditionalRule> = Vec::new();
    for section in own.tables("rules", &SPECIAL)? {
        let rule = conditional(&section, around, &usual)?;
        if let Some(twin) = special.iter().find(|earlier| earlier.rule.name == rule.rule.name) {
            return Err(section.wrong("name", &format!("≠ {}", twin.rule.written_at)));
        }
        special.push(rule);
    }
    Ok(Rules { special, usual })
}

fn conditional(
    section: &Section<'_, '_>,
    around: Around<'_>,
    usual: &ApprovalRule,
) -> Result<ConditionalRule, Problem> {
    let name = section.filled("name")?.ok_or_else(|| section.missing("name"))?;
    let name = PolicyName::parse(name).map_err(|error| section.wrong("name", error.rule))?;
    let when = conditions(section)?;
    let deciders = [("people", DecidedBy::People), ("rule", DecidedBy::TheRule)];
    let decided_by = section.choice("approve", &deciders)?.unwrap_or_default();
    if decided_by == DecidedBy::TheRule {
        // Said, not implied: whoever reads the file sees what goes through without anybody.
        if when.risks.is_empty() {
            return Err(section.missing("risk"));
        }
        if when.risks.contains(&Risk::Severe) {
            return Err(section.wrong("risk", "[\"low\"] | [\"low\", \"moderate\"]"));
        }
        match when.at_most_deletes {
            Some(0) => {}
            Some(_) => return Err(section.wrong("at_most_deletes", "0")),
            None => return Err(section.missing("at_most_deletes")),
        }
    }
    // What a rule leaves out it asks as the usual one does.
    let base = ApprovalRule { name: Some(name), decided_by, written_at: section.written_at(), ..usual.clone() };
    Ok(ConditionalRule { when, rule: asked(section, around, &base)? })
}

fn conditions(section: &Section<'_, '_>) -> Result<Conditions, Problem> {
    let patterns = |key: &str, example: &str| {
        let read = section.list(key, example, |text| Pattern::parse(text).ok())?;
        filled(section, key, read, example)
    };
    let risks = [("low", Risk::Low), ("moderate", Risk::Moderate), ("severe", Risk::Severe)];
    let words = "\"low\" | \"moderate\" | \"severe\"";
    let risk = |text: &str| risks.iter().find(|(word, _)| *word == text).map(|(_, risk)| *risk);
    let said = section.list("risk", words, risk).map_err(|problem| {
        let written = problem.facts.get("value").cloned().unwrap_or_default();
        let near = nearest(written.trim_matches(['"', '\'']), risks.iter().map(|(word, _)| *word));
        problem.with("nearest", near.unwrap_or_default())
    })?;
    let count =
        |key: &str| Ok::<_, Problem>(section.number(key, 0..=1_000_000)?.and_then(|count| u32::try_from(count).ok()));
    let when = Conditions {
        risks: filled(section, "risk", said, words)?.into_iter().collect(),
        kinds: patterns("kinds", "\"aws_db_*\"")?,
        at_least_deletes: count("at_least_deletes")?,
        at_most_deletes: count("at_most_deletes")?,
        components: patterns("components", "\"prod/shop/*\"")?,
        templates: patterns("templates", "\"aws/*\"")?,
    };
    match (when.at_least_deletes, when.at_most_deletes) {
        (Some(least), Some(most)) if most < least => Err(section.wrong("at_most_deletes", &format!("≥ {least}"))),
        _ => Ok(when),
    }
}

/// A list that narrows: left out it narrows nothing, and written it has to say something, for an empty one could be
/// read either way.
fn filled<T>(section: &Section<'_, '_>, key: &str, read: Option<Vec<T>>, example: &str) -> Result<Vec<T>, Problem> {
    match read {
        Some(items) if items.is_empty() => Err(section.wrong(key, &format!("[{example}, …]"))),
        read => Ok(read.unwrap_or_default()),
    }
}

/// What a section asks; what it leaves out is as in `base`.
fn asked(own: &Section<'_, '_>, around: Around<'_>, base: &ApprovalRule) -> Result<ApprovalRule, Problem> {
    let approvers = own.list("approvers", "\"owner\"", |text| Role::parse(text).ok())?;
    if let (Some(roles), Some(approvers)) = (around.roles, &approvers)
        && let Some(stranger) = approvers.iter().find(|role| !roles.contains(*role))
    {
        let near = nearest(stranger.as_str(), roles.iter().map(Role::as_str));
        let all: Vec<_> = roles.iter().map(Role::as_str).collect();
        return Err(own
            .problem(Code::ConfigUnknownRole, "approvers")
            .with("role", stranger)
            .with("nearest", near.unwrap_or_default())
            .with("roles", all.join(", ")));
    }
    let needed = own.number("needed", 1..=100)?.and_then(|needed| u8::try_from(needed).ok());
    let expires_after_seconds = own.seconds("expires_after")?.unwrap_or(base.expires_after_seconds);
    let never = own.text("remind_after")? == Some("never");
    let said = if never { None } else { own.seconds("remind_after")? };
    let remind_after_seconds = match said {
        Some(after) if after >= expires_after_seconds => {
            return Err(own.wrong("remind_after", "< expires_after"));
        }
        None if never => None,
        // One that the usual rule asks for does not outlive a shorter plan.
        said => said.or(base.remind_after_seconds).map(|after| match after < expires_after_seconds {
            true => after,
            false => expires_after_seconds / 2,
        }),
    };
    Ok(ApprovalRule {
        approvers: approvers.map_or_else(|| base.approvers.clone(), |roles| roles.into_iter().collect()),
        needed: needed.unwrap_or(base.needed),
        self_approval: match own.truth("self_approval")? {
            Some(true) => SelfApproval::Allowed,
            Some(false) => SelfApproval::Forbidden,
            None => base.self_approval,
        },
        expires_after_seconds,
        remind_after_seconds,
        ..base.clone()
    })
}

/// When people are reminded where nobody says: early enough for a short plan, and once a working day.
fn usual_reminder(expires_after_seconds: u64) -> u64 {
    (expires_after_seconds / 2).min(EXPIRES_AFTER_SECONDS / 2)
}

/// Who there is, when it is asked whether a rule can ever be met.
#[derive(Debug, Clone, Copy)]
pub(super) struct Everybody<'a> {
    /// People known by name.
    pub(super) people: &'a [&'a Person],
    /// Roles that groups of platforms have: who is in such a group is not known here.
    pub(super) open_roles: &'a BTreeSet<Role>,
    /// What anybody may do.
    pub(super) rights: &'a Rights,
}

/// Refuses a rule that nobody can ever meet. One that names no approvers means nobody on purpose; the doctor warns of
/// it, and of the built-in ones.
///
/// # Errors
/// [`Code::ConfigRuleUnmeetable`] with the place of the rule.
pub(super) fn meetable<'a>(
    environments: impl Iterator<Item = &'a Environment>,
    everybody: Everybody<'_>,
) -> Result<(), Problem> {
    for environment in environments {
        for rule in environment.rules.all() {
            let (file, line) = rule.written_at.rsplit_once(':').unwrap_or((&rule.written_at, ""));
            let by_people = rule.decided_by == DecidedBy::People && !rule.approvers.is_empty();
            if !by_people || file == BUILT_IN_NAME {
                continue;
            }
            if let Some(have) = everybody.at_most(rule, &environment.name)
                && have < usize::from(rule.needed)
            {
                let name = rule.name.as_ref().map_or("approval", PolicyName::as_str);
                return Err(Problem::new(Code::ConfigRuleUnmeetable)
                    .with("file", file)
                    .with("line", line)
                    .with("rule", format!("{}/{name}", environment.name))
                    .with("needed", rule.needed)
                    .with("have", have));
            }
        }
    }
    Ok(())
}

impl Everybody<'_> {
    /// How many people could count under a rule at most; none where a group makes that unknown.
    fn at_most(&self, rule: &ApprovalRule, environment: &EnvironmentName) -> Option<usize> {
        let there = Target::environment(environment);
        let may = |person: &Person, right| self.rights.check(person, right, &there).is_allowed();
        let stranger = |role: &Role, right| {
            let id = chopmark_domain::ids::PersonId::named("anybody").ok();
            id.is_some_and(|id| may(&Person { id, name: String::new(), roles: BTreeSet::from([role.clone()]) }, right))
        };
        let mut open = self.open_roles.intersection(&rule.approvers);
        if open.any(|role| stranger(role, Right::Approve)) {
            return None;
        }
        let counts = |person: &&&Person| !rule.approvers.is_disjoint(&person.roles) && may(person, Right::Approve);
        let able: BTreeSet<_> = self.people.iter().filter(counts).map(|person| &person.id).collect();
        let mut proposers = self.people.iter().filter(|person| may(person, Right::Propose)).peekable();
        // Somebody else may ask: nobody of those who approve has to be the requester.
        let others_ask = proposers.peek().is_none()
            || self.open_roles.iter().any(|role| stranger(role, Right::Propose))
            || proposers.any(|person| !able.contains(&person.id));
        let own = usize::from(rule.self_approval == SelfApproval::Forbidden && !others_ask);
        Some(able.len().saturating_sub(own))
    }
}
