//! The stop switch and where everything stands: `stop everything`, `resume everything`, `status`.
//! Used by the router; works without any model.
//! Must never let a view of the whole hold what the person who asks may not see.

use super::{Conversation, Router};
use chopmark_domain::change::Change;
use chopmark_domain::environment::Environments;
use chopmark_domain::facts::{Facts, FreezeNow, Overview};
use chopmark_domain::lifecycle::State;
use chopmark_domain::policy::Effects;
use chopmark_domain::ports::{Answer, ChangeFilter, Records as _};
use chopmark_domain::time::Timestamp;
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::request::Heard;
use chopmark_protocol::view;

/// What failed longer ago is no news.
const LATELY: i64 = 24 * 60 * 60 * 1000;
/// As many of each kind as anybody reads.
const MOST: u32 = 100;

impl Router {
    /// Pulls the switch, and follows what runs to its end.
    pub(super) async fn halt(
        &self,
        why: Option<&str>,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let language = heard.language;
        let since = self.house.store_notes().await?;
        let stopped = self.house.engine.halt(&heard.person, why).await?;
        let mut text = vec![messages::text(language, "halt-pulled", &[])];
        if stopped.already {
            let at = Moment::local(self.house.now()).absolute(stopped.halt.at);
            let args = [("by", Arg::from(stopped.halt.by.as_str())), ("at", Arg::from(&at))];
            text.push(messages::text(language, "halt-again", &args));
        }
        // Who may stop things somewhere may still not see everywhere; it stops all the same.
        let seen = self.seen(heard).await?;
        let mut running = Vec::new();
        for change in stopped.running {
            if seen.records.change(&change.id).await?.is_some() {
                running.push(change.id);
            }
        }
        text.push(match running.len() {
            0 => messages::text(language, "halt-none-running", &[]),
            count => messages::text(language, "halt-running", &[("count", Arg::from(count))]),
        });
        out.event(Event::notice(language, text.join("\n"), None)).await;
        for id in running {
            self.follow(id, since, language, conversation, out).await?;
        }
        Ok(())
    }

    /// Lifts the switch.
    pub(super) async fn lift(&self, heard: &Heard, out: &dyn Outlet) -> Answer<()> {
        self.house.engine.lift(&heard.person).await?;
        out.event(Event::notice(heard.language, messages::text(heard.language, "halt-lifted", &[]), None)).await;
        Ok(())
    }

    /// Where everything stands, for whoever asks.
    pub(super) async fn overview(&self, heard: &Heard) -> Answer<Facts> {
        let seen = self.seen(heard).await?;
        let at = self.house.now();
        let changes = |states: &[State], since: Option<Timestamp>| {
            let filter = ChangeFilter { states: states.to_vec(), since, limit: MOST, ..ChangeFilter::default() };
            let records = seen.records.clone();
            async move { records.changes(&filter).await }
        };
        let (mut yours, mut others): (Vec<Change>, Vec<Change>) = (vec![], vec![]);
        for change in changes(&[State::AwaitingApproval, State::Approved], None).await? {
            let file = self.house.file(&change.id).await?;
            let mine = self.house.engine.awaits(&file, &heard.person).await?;
            if mine { yours.push(change) } else { others.push(change) }
        }
        let under_way = [State::Planning, State::Claimed, State::Executing, State::Applied, State::Verifying];
        let lately = Timestamp(at.0.saturating_sub(LATELY));
        let mut failed = changes(&[State::NeedsAttention], None).await?;
        let ended = [State::Failed, State::Degraded, State::PlanFailed, State::PolicyDenied];
        failed.extend(changes(&ended, Some(lately)).await?);
        let environments = seen.settings.environments()?;
        let policy = seen.settings.policy()?;
        let names = || environments.all.keys();
        let freezes = policy.freezes.iter().filter_map(|freeze| {
            let held = freeze.when.at(at)?;
            let meant = |name: &&_| policy.freezes_of(name).any(|known| known == freeze);
            let environments: Vec<_> = names().filter(meant).cloned().collect();
            (!environments.is_empty()).then(|| FreezeNow {
                name: freeze.name.clone(),
                reason: freeze.reason.clone(),
                environments,
                until: held.until,
                zone: freeze.when.zone().clone(),
            })
        });
        Ok(Facts::Overview(Box::new(Overview {
            halt: self.house.store.halt().await?,
            yours,
            others,
            running: changes(&under_way, None).await?,
            failed,
            freezes: freezes.collect(),
            read_only: read_only(&environments, policy.effects),
            at,
        })))
    }

    /// One line for banners, while the switch is pulled.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn stopped(&self, language: chopmark_domain::change::Language) -> Answer<Option<String>> {
        let halt = self.house.store.halt().await?;
        Ok(halt.map(|halt| view::stopped(language, &Moment::local(self.house.now()), &halt)))
    }
}

fn read_only(environments: &Environments, everywhere: Effects) -> Vec<chopmark_domain::ids::EnvironmentName> {
    let closed = environments
        .all
        .values()
        .filter(|environment| everywhere == Effects::ReadOnly || environment.effects == Effects::ReadOnly);
    closed.map(|environment| environment.name.clone()).collect()
}
