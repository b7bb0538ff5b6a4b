//! Times that are named: windows in which changes start, and freezes in which none does.
//! Read from configuration; asked by the engine with a moment of its own.
//! Must never count in a zone that nobody wrote down, nor read a clock.

use crate::component::ComponentPath;
use crate::ids::{EnvironmentName, InvalidName, PolicyName, invalid};
use crate::rights::Pattern;
use crate::time::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

mod windows;
pub use windows::{Start, Starts, Window, Windows};

/// A time zone by its IANA name, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

impl Zone {
    /// Looks the name up in the IANA database that is compiled in.
    ///
    /// # Errors
    /// [`InvalidName`] for a name that is not there.
    pub fn parse(name: &str) -> Result<Self, InvalidName> {
        let known = TimeZone::get(name).is_ok();
        let rule = "a name of the IANA time zone database, such as Europe/Berlin, Asia/Shanghai or UTC";
        if known { Ok(Self(name.to_owned())) } else { Err(invalid("time zone", name, rule)) }
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn rules(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// The moment at which clocks there show this; in the hour that is skipped in spring, the moment after it.
    pub fn moment(&self, date: Date, time: Time) -> Option<Timestamp> {
        let zoned = date.to_datetime(time).to_zoned(self.rules()).ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// A moment as clocks there show it, with the zone's name; one that no calendar holds, in milliseconds.
    pub fn written(&self, moment: Timestamp) -> String {
        match self.local(moment) {
            Some(local) if local.second() == 0 => format!("{} {self}", local.strftime("%Y-%m-%d %H:%M")),
            Some(local) => format!("{} {self}", local.strftime("%Y-%m-%d %H:%M:%S")),
            None => moment.0.to_string(),
        }
    }

    /// The moment that `2026-12-20 00:00`, or with seconds, means there.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
        let read = formats.iter().find_map(|format| DateTime::strptime(format, text).ok())?;
        self.moment(read.date(), read.time())
    }

    /// What clocks there show.
    pub fn local(&self, moment: Timestamp) -> Option<Zoned> {
        let moment = jiff::Timestamp::from_millisecond(moment.0).ok()?;
        Some(moment.to_zoned(self.rules()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Zone {
    type Error = InvalidName;
    fn try_from(text: String) -> Result<Self, InvalidName> {
        Self::parse(&text)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

/// A stretch of time; its end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Span {
    /// Whether `moment` is in it.
    pub fn holds(&self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.until
    }
}

/// When something is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum When {
    /// One time.
    Once {
        /// From then to then.
        span: Span,
        /// The zone it was written in.
        zone: Zone,
    },
    /// On these days of every week.
    Weekly {
        /// On which days it begins: 1 is Monday (ISO 8601).
        days: BTreeSet<i8>,
        /// When it begins, on the clocks of the zone.
        from: Time,
        /// When it ends; not after `from`: on the next day.
        until: Time,
        /// The zone.
        zone: Zone,
    },
}

impl When {
    /// On these days of every week, as `22:00` to `06:00`; none when that is no time of day.
    pub fn weekly(days: BTreeSet<i8>, from: &str, until: &str, zone: Zone) -> Option<Self> {
        let clock = |text: &str| Time::strptime("%H:%M", text).ok();
        Some(Self::Weekly { days, from: clock(from)?, until: clock(until)?, zone })
    }

    /// The span that holds at `moment`, else the next one; none when it never comes again.
    pub fn at_or_after(&self, moment: Timestamp) -> Option<Span> {
        match self {
            Self::Once { span, .. } => (moment < span.until).then_some(*span),
            Self::Weekly { days, from, until, zone } => {
                let today = zone.local(moment)?.date();
                // Yesterday's may go on past midnight; eight days later the week begins again.
                (-1..=8).find_map(|offset| {
                    let date = today.checked_add(offset.days()).ok()?;
                    let meant = Weekday::to_monday_one_offset(date.weekday());
                    let end = if until > from { date } else { date.tomorrow().ok()? };
                    let span = Span { from: zone.moment(date, *from)?, until: zone.moment(end, *until)? };
                    (days.contains(&meant) && moment < span.until && span.from < span.until).then_some(span)
                })
            }
        }
    }

    /// The span that holds at `moment`.
    pub fn at(&self, moment: Timestamp) -> Option<Span> {
        self.at_or_after(moment).filter(|span| span.holds(moment))
    }

    /// The zone it is written in.
    pub fn zone(&self) -> &Zone {
        match self {
            Self::Once { zone, .. } | Self::Weekly { zone, .. } => zone,
        }
    }
}

/// When no change starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// Its name.
    pub name: PolicyName,
    /// In which environments.
    pub environments: Vec<Pattern>,
    /// When.
    pub when: When,
    /// Why, for people.
    pub reason: String,
    /// What goes on nevertheless.
    pub exceptions: Vec<FreezeException>,
    /// Where it stands, such as `config.toml:41`.
    pub written_at: String,
}

/// What a freeze lets through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreezeException {
    /// Its name, which card and ledger show.
    pub name: PolicyName,
    /// Components, as patterns over `environment/group/name`; empty for all.
    pub components: Vec<Pattern>,
    /// Templates, as patterns over `family/name`; empty for all.
    pub templates: Vec<Pattern>,
    /// One of those who approved has one of these roles; empty for no such condition.
    pub approved_by: BTreeSet<crate::ids::Role>,
}

impl FreezeException {
    /// Whether it lets a change through that people with these roles approved.
    pub fn admits(
        &self,
        environment: &EnvironmentName,
        component: &ComponentPath,
        template: Option<&str>,
        roles: &BTreeSet<crate::ids::Role>,
    ) -> bool {
        let full = format!("{environment}/{component}");
        Pattern::none_or_some_match(&self.components, Some(&full))
            && Pattern::none_or_some_match(&self.templates, template)
            && (self.approved_by.is_empty() || !self.approved_by.is_disjoint(roles))
    }
}
