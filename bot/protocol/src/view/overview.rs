//! The view of everything: what is stopped, what waits for whom, what runs, what failed.
//! Called by view::facts for `status`.
//! Must never fold the stop switch away: it is the first line.

use super::changes::row;
use super::table::rows;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, text};
use crate::moment::Moment;
use crate::words;
use chopmark_domain::change::{Change, Language};
use chopmark_domain::facts::{FreezeNow, Overview};
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::EnvironmentName;

pub(super) fn overview(language: Language, moment: &Moment, overview: &Overview) -> Vec<Line> {
    let mut lines = vec![switch(language, moment, overview.halt.as_ref())];
    lines.extend(overview.freezes.iter().map(|freeze| frozen(language, freeze)));
    if !overview.read_only.is_empty() {
        let names = joined(language, &overview.read_only);
        lines.push(Line::tool(
            &text(language, "overview-read-only", &[("environments", Arg::from(&names))]),
            Tone::Warn,
        ));
    }
    let groups = [
        ("overview-yours", &overview.yours, Tone::Warn),
        ("overview-others", &overview.others, Tone::Title),
        ("overview-running", &overview.running, Tone::Title),
        ("overview-failed", &overview.failed, Tone::Bad),
    ];
    for (key, changes, tone) in groups {
        lines.extend(group(language, moment, key, changes, tone));
    }
    if groups.iter().all(|(_, changes, _)| changes.is_empty()) {
        lines.push(Line::ours(&text(language, "overview-quiet", &[]), Tone::Plain));
    }
    lines
}

/// Whether everything is stopped, as one line.
fn switch(language: Language, moment: &Moment, halt: Option<&Halt>) -> Line {
    match halt {
        None => Line::ours(&text(language, "overview-not-stopped", &[]), Tone::Good),
        Some(halt) => Line::tool(&stopped(language, moment, halt), Tone::Bad),
    }
}

/// That everything is stopped: by whom, since when and why. For banners, notices and the first line of `status`.
pub fn stopped(language: Language, moment: &Moment, halt: &Halt) -> String {
    let at = moment.absolute(halt.at);
    let why = halt.why.as_deref().map(crate::escape::visible).unwrap_or_default();
    let args = [("by", Arg::from(halt.by.as_str())), ("at", Arg::from(&at)), ("why", Arg::from(&why))];
    text(language, "overview-stopped", &args)
}

fn frozen(language: Language, freeze: &FreezeNow) -> Line {
    let (names, until) = (joined(language, &freeze.environments), freeze.zone.written(freeze.until));
    let args = [
        ("freeze", Arg::from(freeze.name.as_str())),
        ("environments", Arg::from(&names)),
        ("reason", Arg::from(&freeze.reason)),
        ("until", Arg::from(&until)),
    ];
    Line::ours("", Tone::Plain).then(&text(language, "overview-frozen", &args), Tone::Warn, Source::User)
}

fn group(language: Language, moment: &Moment, key: &str, changes: &[Change], tone: Tone) -> Vec<Line> {
    if changes.is_empty() {
        return vec![];
    }
    let mut lines = vec![Line::ours(&text(language, key, &[("count", Arg::from(changes.len()))]), tone)];
    lines.extend(rows(changes.iter().map(|change| row(language, moment, change)).collect()));
    lines
}

fn joined(language: Language, names: &[EnvironmentName]) -> String {
    names.iter().map(EnvironmentName::as_str).collect::<Vec<_>>().join(words::comma(language))
}
