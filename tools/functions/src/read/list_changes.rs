//! The tool `list_changes`.
//! Called by models and by `chopmark changes`.
//! Must never hide a change because of its state.

use crate::asker::Asker;
use crate::outcome::ToolOutcome;
use crate::resolve::{ChosenComponent, WAITING};
use crate::tool::{Function, Stop, ToolKind};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::facts::Facts;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::ChangeFilter;
use chopmark_domain::time::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

/// List changes, newest first: what was proposed, waits, ran, failed or was undone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// Only this environment.
    environment: Option<String>,
    /// Only of this component.
    component: Option<String>,
    /// Only in this stage.
    stage: Option<Stage>,
    /// Only what moved in this span of time.
    since: Option<Since>,
    /// At most so many; 20 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

/// A stage of a change's life.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Waits for people to decide.
    Waiting,
    /// Under way.
    Running,
    /// Ended well.
    Done,
    /// Ended badly or needs a person.
    Troubled,
}

/// A span of time that ends now.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Since {
    /// The last sixty minutes.
    Hour,
    /// Since midnight, local time.
    Today,
    /// Since midnight of yesterday, local time.
    Yesterday,
    /// The last seven days.
    Week,
    /// The last thirty days.
    Month,
}

impl Since {
    /// When the span begins.
    pub(crate) fn begins(self, now: Timestamp) -> Timestamp {
        const DAY: i64 = 24 * 3_600_000;
        match self {
            Self::Hour => Timestamp(now.0 - 3_600_000),
            Self::Today => midnight(now, 0),
            Self::Yesterday => midnight(now, 1),
            Self::Week => Timestamp(now.0 - 7 * DAY),
            Self::Month => Timestamp(now.0 - 30 * DAY),
        }
    }
}

/// Local midnight, so many days before today; by the clock itself where the calendar ends.
fn midnight(now: Timestamp, days_before: i64) -> Timestamp {
    let start = || {
        let zoned = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(jiff::tz::TimeZone::system());
        let day = zoned.checked_sub(jiff::Span::new().try_days(days_before).ok()?).ok()?;
        Some(Timestamp(day.start_of_day().ok()?.timestamp().as_millisecond()))
    };
    start().unwrap_or(Timestamp(now.0 - (days_before + 1) * 24 * 3_600_000))
}

fn states(stage: Stage) -> Vec<State> {
    match stage {
        Stage::Waiting => WAITING.to_vec(),
        Stage::Running => {
            vec![State::Approved, State::Claimed, State::Executing, State::Applied, State::Verifying]
        }
        Stage::Done => vec![State::Succeeded, State::NoChanges, State::Resolved],
        Stage::Troubled => {
            vec![State::PolicyDenied, State::PlanFailed, State::Failed, State::Degraded, State::NeedsAttention]
        }
    }
}

pub(crate) struct ListChanges;

#[async_trait]
impl Function for ListChanges {
    type Arguments = Arguments;
    const NAME: &'static str = "list_changes";
    const KIND: ToolKind = ToolKind::Read;

    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Arguments) -> Result<ToolOutcome, Stop> {
        let environment = match &arguments.environment {
            Some(name) => Some(toolbox.environment(asker, Some(name))?.environment.name),
            None => None,
        };
        let component = match &arguments.component {
            Some(name) => {
                let ChosenComponent { version, .. } =
                    toolbox.component(asker, arguments.environment.as_deref(), Some(name)).await?;
                Some(version.component)
            }
            None => None,
        };
        let since = arguments.since.map(|since| since.begins(toolbox.clock.now()));
        let filter = ChangeFilter {
            requester: None,
            states: arguments.stage.map(states).unwrap_or_default(),
            component,
            environment,
            place: None,
            since,
            limit: arguments.limit.unwrap_or(20).min(200),
        };
        let changes = toolbox.records.changes(&filter).await?;
        Ok(Facts::Changes { changes, since }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_begins_at_a_midnight_not_after_now_and_not_a_day_before() {
        let now = Timestamp(1_790_000_123_456);
        let today = Since::Today.begins(now);
        assert!(today <= now && now.since(today) <= 25 * 3_600_000);
        assert!(Since::Yesterday.begins(now) < today);
        assert!(Since::Week.begins(now) < Since::Yesterday.begins(now));
    }
}
