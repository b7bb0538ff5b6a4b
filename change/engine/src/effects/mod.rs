//! What the worker does for each effect that a transition asked for, one file each.
//! Called by worker.rs with the change as it is now.
//! Must never repeat an effect on the outside: each looks at the row first and at what it says.

mod approve;
mod check;
mod expire;
mod plan;
mod publish;
mod remind;
mod start;
mod supersede;
mod watch;

use crate::Engine;
use chopmark_domain::lifecycle::Effect;
use chopmark_domain::note::Occasion;
use chopmark_domain::plan::Step;
use chopmark_domain::ports::{Answer, Runner, Wakeup};
use chopmark_domain::problem::{Code, Problem};
use std::sync::Arc;
use std::time::Duration;

/// How soon it is looked again whether the stop switch is lifted.
const HELD: Duration = Duration::from_millis(500);

/// Whether a wake-up has been served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Served {
    /// It is done with.
    Yes,
    /// It must come again after a while.
    Again(Duration),
}

impl Engine {
    pub(crate) async fn serve(&self, wakeup: &Wakeup) -> Answer<Served> {
        let file = self.file(&wakeup.change).await?;
        match wakeup.effect {
            Effect::Plan => self.plan(file).await,
            Effect::Start => self.start(file).await,
            Effect::Watch => self.watch(file).await,
            Effect::Check => self.check(file).await,
            Effect::Publish => self.publish(file).await,
            Effect::CountRule => self.count_rule(file).await,
            Effect::Remind => self.remind(file, Occasion::Usual).await,
            Effect::RemindLast => self.remind(file, Occasion::ExpiresSoon).await,
            Effect::AwaitExpiry => self.expire(file).await,
            Effect::DraftAgain => self.draft_again(file).await,
            // Released in the transaction that asked for it.
            Effect::ReleaseTarget => Ok(Served::Yes),
        }
    }

    pub(crate) fn runner_of(&self, step: &Step) -> Answer<&Arc<dyn Runner>> {
        self.runner(step.runner.as_str())
    }

    pub(crate) fn runner(&self, name: &str) -> Answer<&Arc<dyn Runner>> {
        let found = self.ports.runners.iter().find(|runner| runner.name().as_str() == name);
        found.ok_or_else(|| Problem::new(Code::Internal).with("what", format!("no runner {name}")))
    }
}
