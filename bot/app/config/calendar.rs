//! The calendar: `[[freezes]]`, `[[environments.<name>.windows]]`, `start`, and `read_only`.
//! Read by `config::read` and environments.rs; turned into the domain's freezes and windows.
//! Must never count in a zone that is not written, nor take a freeze for one that freezes nothing.

use super::reader::{Section, nearest};
use chopmark_domain::calendar::{Freeze, FreezeException, Span, Starts, When, Window, Windows, Zone};
use chopmark_domain::ids::{EnvironmentName, PolicyName, Role};
use chopmark_domain::policy::Effects;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::Pattern;
use chopmark_domain::rules::Rules;
use chopmark_domain::time::Timestamp;
use std::collections::BTreeSet;

/// What `[[freezes]]` can say.
const FREEZE: [&str; 8] = ["name", "environments", "days", "from", "until", "zone", "reason", "exceptions"];
/// What `[[freezes.exceptions]]` can say.
const EXCEPTION: [&str; 4] = ["name", "components", "templates", "approved_by"];
/// What `[[environments.<name>.windows]]` can say.
const WINDOW: [&str; 5] = ["name", "days", "from", "until", "zone"];
/// Days by their number in ISO 8601.
const DAYS: [(&str, i8); 7] = [("mon", 1), ("tue", 2), ("wed", 3), ("thu", 4), ("fri", 5), ("sat", 6), ("sun", 7)];
/// A Monday, UTC: every week is like any other as long as it is asked how far windows are apart.
const A_WEEK: Timestamp = Timestamp(1_767_571_200_000);

/// `read_only`, if it is written.
///
/// # Errors
/// It is no truth value.
pub(super) fn effects(section: &Section<'_, '_>) -> Result<Option<Effects>, Problem> {
    Ok(section.truth("read_only")?.map(|only| if only { Effects::ReadOnly } else { Effects::Allowed }))
}

/// The windows of an environment's section.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn windows(section: &Section<'_, '_>) -> Result<Windows, Problem> {
    let starts = [("at once", Starts::AtOnce), ("in windows", Starts::InWindows)];
    let starts = section.choice("start", &starts)?.unwrap_or_default();
    let mut all: Vec<Window> = Vec::new();
    for own in section.tables("windows", &WINDOW)? {
        let window = Window { name: name(&own)?, when: when(&own)?, written_at: own.written_at() };
        if let Some(twin) = all.iter().find(|other| other.name == window.name) {
            return Err(own.wrong("name", &format!("≠ {}", twin.written_at)));
        }
        all.push(window);
    }
    if starts == Starts::InWindows && all.is_empty() {
        return Err(section.missing("windows"));
    }
    Ok(Windows { all, starts })
}

/// Where changes start in windows, a plan has to live until the next one opens, whenever it was made.
///
/// # Errors
/// [`Code::ConfigValue`] at `expires_after`.
pub(super) fn reachable(section: &Section<'_, '_>, windows: &Windows, rules: &Rules) -> Result<(), Problem> {
    let wait = windows.longest_wait(A_WEEK).filter(|_| windows.starts == Starts::InWindows);
    match wait {
        Some(wait) if rules.usual.expires_after_seconds <= wait => {
            let hours = wait / 3600 + 1;
            let place = section.entries_of("approval")?.unwrap_or_else(|| section.clone());
            let said = format!("{}s", rules.usual.expires_after_seconds);
            Err(place.wrong("expires_after", &format!("≥ \"{hours}h\"")).with("value", said))
        }
        Some(_) | None => Ok(()),
    }
}

/// Every freeze, if one is written.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn freezes<'e>(
    root: &Section<'_, '_>,
    environments: impl Iterator<Item = &'e EnvironmentName> + Clone,
    roles: &BTreeSet<Role>,
) -> Result<Vec<Freeze>, Problem> {
    let mut all: Vec<Freeze> = Vec::new();
    for own in root.tables("freezes", &FREEZE)? {
        let freeze = Freeze {
            name: name(&own)?,
            environments: meant(&own, environments.clone())?,
            when: when(&own)?,
            reason: own.filled("reason")?.unwrap_or_default().to_owned(),
            exceptions: exceptions(&own, roles)?,
            written_at: own.written_at(),
        };
        if let Some(twin) = all.iter().find(|other| other.name == freeze.name) {
            return Err(own.wrong("name", &format!("≠ {}", twin.written_at)));
        }
        all.push(freeze);
    }
    Ok(all)
}

/// The environments of a freeze. A pattern that means none is a freeze that somebody relies on and that does nothing.
fn meant<'e>(
    own: &Section<'_, '_>,
    environments: impl Iterator<Item = &'e EnvironmentName> + Clone,
) -> Result<Vec<Pattern>, Problem> {
    let patterns = own.list("environments", "\"prod\" | \"*\"", |text| Pattern::parse(text).ok())?;
    let patterns = patterns.ok_or_else(|| own.missing("environments"))?;
    if patterns.is_empty() {
        return Err(own.wrong("environments", "[\"prod\"] | [\"*\"]"));
    }
    let idle = |pattern: &&Pattern| !environments.clone().any(|name| pattern.matches(name.as_str()));
    match patterns.iter().find(idle) {
        None => Ok(patterns),
        Some(idle) => {
            let near = nearest(idle.as_str(), environments.clone().map(EnvironmentName::as_str));
            let known: Vec<_> = environments.map(EnvironmentName::as_str).collect();
            Err(own.wrong("environments", &known.join(" | ")).with("nearest", near.unwrap_or_default()))
        }
    }
}

fn exceptions(freeze: &Section<'_, '_>, roles: &BTreeSet<Role>) -> Result<Vec<FreezeException>, Problem> {
    let mut all: Vec<FreezeException> = Vec::new();
    for own in freeze.tables("exceptions", &EXCEPTION)? {
        let patterns = |key: &str, like: &str| own.list(key, like, |text| Pattern::parse(text).ok());
        let exception = FreezeException {
            name: name(&own)?,
            components: patterns("components", "\"prod/shop/*\"")?.unwrap_or_default(),
            templates: patterns("templates", "\"aws/*\"")?.unwrap_or_default(),
            approved_by: approvers(&own, roles)?,
        };
        // Without a condition it would be the freeze's end, and not its exception.
        if exception.components.is_empty() && exception.templates.is_empty() && exception.approved_by.is_empty() {
            return Err(own.missing("components"));
        }
        if all.iter().any(|other| other.name == exception.name) {
            return Err(own.wrong("name", &format!("≠ {}", exception.name)));
        }
        all.push(exception);
    }
    Ok(all)
}

fn approvers(own: &Section<'_, '_>, roles: &BTreeSet<Role>) -> Result<BTreeSet<Role>, Problem> {
    let wanted = own.list("approved_by", "\"owner\"", |text| Role::parse(text).ok())?.unwrap_or_default();
    match wanted.iter().find(|role| !roles.contains(*role)) {
        None => Ok(wanted.into_iter().collect()),
        Some(stranger) => {
            let near = nearest(stranger.as_str(), roles.iter().map(Role::as_str));
            let all: Vec<_> = roles.iter().map(Role::as_str).collect();
            Err(own
                .problem(Code::ConfigUnknownRole, "approved_by")
                .with("role", stranger)
                .with("nearest", near.unwrap_or_default())
                .with("roles", all.join(", ")))
        }
    }
}

fn name(own: &Section<'_, '_>) -> Result<PolicyName, Problem> {
    let text = own.filled("name")?.ok_or_else(|| own.missing("name"))?;
    PolicyName::parse(text).map_err(|error| own.wrong("name", error.rule))
}

/// One time, or with `days` every week.
fn when(own: &Section<'_, '_>) -> Result<When, Problem> {
    let zone = own.filled("zone")?.ok_or_else(|| own.missing("zone"))?;
    let zone = Zone::parse(zone).map_err(|error| own.wrong("zone", error.rule))?;
    let text = |key: &str| own.filled(key)?.ok_or_else(|| own.missing(key));
    let (from, until) = (text("from")?, text("until")?);
    let day = |text: &str| DAYS.iter().find(|(word, _)| *word == text).map(|(_, number)| *number);
    let Some(days) = own.list("days", "\"mon\" | \"tue\" | … | \"sun\"", day)? else {
        let moment = |key: &str, text: &str| zone.read(text).ok_or_else(|| own.wrong(key, "\"2026-12-20 00:00\""));
        let span = Span { from: moment("from", from)?, until: moment("until", until)? };
        if span.until <= span.from {
            return Err(own.wrong("until", &format!("> \"{from}\"")));
        }
        return Ok(When::Once { span, zone });
    };
    if days.is_empty() {
        return Err(own.wrong("days", "[\"mon\", \"tue\"]"));
    }
    let days: BTreeSet<i8> = days.into_iter().collect();
    let weekly = |from: &str, until: &str| When::weekly(days.clone(), from, until, zone.clone());
    weekly(from, until).ok_or_else(|| {
        let wrong = if weekly(from, "00:00").is_none() { "from" } else { "until" };
        own.wrong(wrong, "\"22:00\"")
    })
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
