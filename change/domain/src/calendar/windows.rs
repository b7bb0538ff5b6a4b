//! Windows, in which changes start, and the time at which one may start.
//! Read from configuration; asked when a change is planned and scheduled.
//! Must never let a change start outside the windows that its environment asks for.

use super::{Span, When, Zone};
use crate::ids::PolicyName;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A window in which changes of an environment start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its name.
    pub name: PolicyName,
    /// When.
    pub when: When,
    /// Where it stands, such as `config.toml:41`.
    pub written_at: String,
}

/// Windows of an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// By name, in the order written.
    pub all: Vec<Window>,
    /// Whether changes start in them only, or as soon as they are countersigned.
    pub starts: Starts,
}

impl Windows {
    /// The window of that name.
    pub fn named(&self, name: &str) -> Option<&Window> {
        self.all.iter().find(|window| window.name.as_str() == name)
    }

    /// The window that holds at `moment`, else the one that begins first after it.
    pub fn at_or_after(&self, moment: Timestamp) -> Option<(&Window, Span)> {
        let spans = self.all.iter().filter_map(|window| Some((window, window.when.at_or_after(moment)?)));
        spans.min_by_key(|(_, span)| (span.from, std::cmp::Reverse(span.until)))
    }

    /// The window that holds at `moment` and goes on longest.
    pub fn at(&self, moment: Timestamp) -> Option<(&Window, Span)> {
        let spans = self.all.iter().filter_map(|window| Some((window, window.when.at(moment)?)));
        spans.max_by_key(|(_, span)| span.until)
    }

    /// The one zone that all windows are written in.
    pub fn zone(&self) -> Option<&Zone> {
        let mut zones = self.all.iter().map(|window| window.when.zone());
        let first = zones.next()?;
        zones.all(|zone| zone == first).then_some(first)
    }

    /// Seconds of the longest wait for a window that comes every week; none without such windows. `week` is any moment:
    /// the week after it is looked at.
    pub fn longest_wait(&self, week: Timestamp) -> Option<u64> {
        let weekly = self.all.iter().filter(|window| matches!(window.when, When::Weekly { .. })).cloned().collect();
        let weekly = Self { all: weekly, starts: self.starts };
        // From the end of one; what overlaps goes on.
        let mut from = weekly.at_or_after(week)?.1.until;
        let (end, mut longest) = (from.plus_seconds(8 * 24 * 60 * 60), 0);
        while from < end {
            let (_, next) = weekly.at_or_after(from)?;
            longest = longest.max(next.from.since(from));
            from = next.until.max(Timestamp(from.0 + 1));
        }
        Some(longest.unsigned_abs() / 1000)
    }

    /// When a change may start that is planned at `now` and wished for so; none when that time never comes, or lies
    /// outside the windows that changes must start in.
    pub fn start(&self, wish: &Start, now: Timestamp) -> Option<Start> {
        let within = |(window, span): (&Window, Span)| Start::Within {
            window: Some(window.name.clone()),
            span,
            zone: window.when.zone().clone(),
        };
        match (wish, self.starts) {
            (Start::AtOnce, Starts::AtOnce) => Some(Start::AtOnce),
            (Start::AtOnce, Starts::InWindows) => self.at_or_after(now).map(within),
            (Start::Within { window: Some(name), .. }, Starts::AtOnce | Starts::InWindows) => {
                let window = self.named(name.as_str())?;
                Some(within((window, window.when.at_or_after(now)?)))
            }
            (Start::Within { window: None, .. }, Starts::AtOnce) => Some(wish.clone()),
            (Start::Within { window: None, span, zone }, Starts::InWindows) => {
                let (_, open) = self.at(span.from)?;
                let span = Span { from: span.from, until: span.until.min(open.until) };
                Some(Start::Within { window: None, span, zone: zone.clone() })
            }
        }
    }
}

/// When countersigned changes of an environment start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// At once, unless a person wished another time.
    #[default]
    AtOnce,
    /// In the next window, unless a person wished another one.
    InWindows,
}

/// When a change may start: part of what is countersigned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "start")]
pub enum Start {
    /// As soon as it is countersigned.
    #[default]
    AtOnce,
    /// Within this time only. What did not start in it has expired.
    Within {
        /// The window's name; none for a time that a person wished.
        window: Option<PolicyName>,
        /// From then to then.
        span: Span,
        /// The zone to show it in.
        zone: Zone,
    },
}

impl Start {
    /// As the clocks of its zone show it; none for at once.
    pub fn written(&self) -> Option<String> {
        match self {
            Self::AtOnce => None,
            Self::Within { window, span, zone } => {
                let name = window.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
                Some(format!("{}{name}", zone.written(span.from)))
            }
        }
    }
}
