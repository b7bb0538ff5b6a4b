//! Moments and durations in words, in the reader's time zone.
//! Used by card and view.
//! Must never read the clock: the caller says what time it is.

use crate::messages::{Arg, text};
use chopmark_domain::calendar::Zone;
use chopmark_domain::change::Language;
use chopmark_domain::time::Timestamp;
use jiff::tz::TimeZone;

/// The reader's present: when they look, and in which zone.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When the lines are drawn.
    pub now: Timestamp,
    /// The reader's time zone.
    pub zone: TimeZone,
}

impl Moment {
    /// A present in the machine's zone.
    pub fn local(now: Timestamp) -> Self {
        Self { now, zone: TimeZone::system() }
    }
    /// A present in a zone by its name; UTC where the machine does not know it.
    pub fn of_zone(now: Timestamp, zone: &Zone) -> Self {
        Self { now, zone: TimeZone::get(zone.as_str()).unwrap_or(TimeZone::UTC) }
    }
    /// A present in UTC.
    pub fn utc(now: Timestamp) -> Self {
        Self { now, zone: TimeZone::UTC }
    }

    /// The absolute value, such as `2026-03-01 14:05 +08`; a moment no calendar holds is shown as milliseconds.
    pub fn absolute(&self, at: Timestamp) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(moment) => moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
            Err(_) => at.0.to_string(),
        }
    }

    /// The relative value in words, such as `in 3 hours` or `2 minutes ago`.
    pub fn relative(&self, language: Language, at: Timestamp) -> String {
        let away = at.since(self.now);
        let length = duration(language, away.saturating_abs());
        let key = match away {
            -999..=999 => "time-now",
            1000.. => "time-in",
            _ => "time-ago",
        };
        text(language, key, &[("length", Arg::from(length.as_str()))])
    }
}

/// A length of time in words, in its largest unit, rounded down.
pub fn duration(language: Language, milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    let (key, count) = match seconds {
        0..60 => ("time-seconds", seconds),
        60..3600 => ("time-minutes", seconds / 60),
        3600..172_800 => ("time-hours", seconds / 3600),
        _ => ("time-days", seconds / 86_400),
    };
    text(language, key, &[("count", Arg::from(count))])
}
