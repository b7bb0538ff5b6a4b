//! The card's lines about time: when it starts, what holds it, what lets it through, what it waits behind.
//! Called by draw.
//! Must never promise a start: what holds may begin between now and then.

use super::Card;
use crate::event::name;
use crate::line::{Line, Source, Tone};
use crate::messages::{self, Arg, text};
use crate::moment::{Moment, duration};
use crate::words;
use chopmark_domain::calendar::Start;
use chopmark_domain::change::Language;
use chopmark_domain::facts::Behind;
use chopmark_domain::holds::Pass;
use chopmark_domain::ids::Role;
use chopmark_domain::lifecycle::State;

impl Card {
    /// Everything about waiting, while it waits; of what began, the exceptions that let it through.
    pub(super) fn wait_lines(&self, language: Language, moment: &Moment) -> Vec<Line> {
        let mut lines = Vec::new();
        let waiting = matches!(self.state, State::AwaitingApproval | State::Approved);
        if waiting {
            lines.extend(self.start_line(language));
            lines.extend(self.hold_lines(language));
        }
        let now = self.waits.as_ref().map(|waits| waits.passes.as_slice()).unwrap_or_default();
        let passes = if waiting { now } else { self.passes.as_slice() };
        lines.extend(passes.iter().map(|pass| pass_line(language, pass, self.state == State::AwaitingApproval)));
        if let Some(behind) = self.waits.as_ref().and_then(|waits| waits.behind.as_ref()) {
            lines.push(behind_line(language, moment, behind));
        }
        lines
    }

    /// In the zone it was written in: whoever reads it elsewhere reads the same hour.
    fn start_line(&self, language: Language) -> Option<Line> {
        let Start::Within { window, span, zone } = &self.start else { return None };
        let (at, until) = (zone.written(span.from), zone.written(span.until));
        let window = window.as_ref().map_or("", |window| window.as_str());
        let args = [("at", Arg::from(&at)), ("until", Arg::from(&until)), ("window", Arg::from(window))];
        let key = if window.is_empty() { "card-starts" } else { "card-starts-window" };
        Some(Line::ours(&text(language, key, &args), Tone::Warn))
    }

    fn hold_lines(&self, language: Language) -> Vec<Line> {
        let Some(hold) = self.waits.as_ref().and_then(|waits| waits.hold.as_ref()) else { return Vec::new() };
        let key = if self.state == State::Approved { "card-held-start" } else { "card-held-approval" };
        let problem = messages::problem(language, hold);
        vec![
            Line::ours(&text(language, key, &[]), Tone::Bad)
                .then(words::gap(language), Tone::Plain, Source::Ours)
                .then(&problem.what, Tone::Plain, Source::Tool)
                .then(&format!(" [{}]", problem.code), Tone::Muted, Source::Ours),
            Line::tool(&problem.next, Tone::Plain).indented(2),
        ]
    }
}

fn pass_line(language: Language, pass: &Pass, undecided: bool) -> Line {
    let roles = pass.approved_by.iter().map(Role::as_str).collect::<Vec<_>>().join(words::comma(language));
    let args = [
        ("freeze", Arg::from(pass.freeze.as_str())),
        ("exception", Arg::from(pass.exception.as_str())),
        ("roles", Arg::from(&roles)),
    ];
    let key = if undecided && !roles.is_empty() { "card-passes-approved-by" } else { "card-passes" };
    Line::ours(&text(language, key, &args), Tone::Warn)
}

fn behind_line(language: Language, moment: &Moment, behind: &Behind) -> Line {
    let state = text(language, &format!("state-{}", name(behind.state)), &[]);
    let length = duration(language, moment.now.since(behind.since));
    let args = [
        ("change", Arg::from(behind.change.as_str())),
        ("state", Arg::from(&state)),
        ("length", Arg::from(&length)),
        ("place", Arg::from(i64::from(behind.place))),
        ("waiting", Arg::from(i64::from(behind.waiting))),
    ];
    Line::ours(&text(language, "card-behind", &args), Tone::Warn)
}
