//! Moments and durations in whole milliseconds.
//! Read from the clock port by the engine and the store; carried everywhere.
//! Must never read a clock itself.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `seconds` later; saturates at the end of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: u64) -> Self {
        let milliseconds = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        Self(self.0.saturating_add(milliseconds))
    }

    /// The first moment of a day in UTC, written as `2027-01-01`.
    pub fn day(text: &str) -> Option<Self> {
        // The parser also takes what follows a date, such as a time: only the date's own form is one.
        let date: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == "2027-01-01".len())?;
        let first = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Self(first.timestamp().as_millisecond()))
    }

    /// The day in UTC, written as `2027-01-01`.
    pub fn date(self) -> String {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
