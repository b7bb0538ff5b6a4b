//! Drift as lines: what differs from what is committed, and what can be done about it.
//! Drawn for the facts of the tool that reads drift.
//! Must never leave out a component that nobody could look at.

use crate::line::{Line, Tone};
use crate::messages::{self, Arg, text};
use crate::moment::Moment;
use chopmark_domain::change::Language;
use chopmark_domain::facts::Drift;
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::time::Timestamp;

pub(super) fn drift(
    language: Language,
    moment: &Moment,
    environment: &EnvironmentName,
    components: &[Drift],
    at: Timestamp,
) -> Vec<Line> {
    let drifted = components.iter().filter(|drift| !drift.actions.is_empty()).count();
    let ago = moment.relative(language, at);
    let args = [
        ("environment", Arg::from(environment.as_str())),
        ("count", Arg::from(drifted)),
        ("looked", Arg::from(components.len())),
        ("ago", Arg::from(&ago)),
    ];
    let mut lines = vec![Line::ours(&text(language, "view-drift", &args), Tone::Title)];
    for drift in components {
        if let Some(problem) = &drift.problem {
            lines.push(Line::ours(&messages::problem(language, problem).what, Tone::Warn));
        }
    }
    lines
}
