//! Limits: how many requests within a minute, and how many tokens within a day.
//! Asked by the router before anything else is done for a request.
//! Must never keep anybody from stopping or deciding: what is urgent has a bound of its own, far higher.

use super::{Meant, Router};
use crate::assemble::House;
use chopmark_assistant::Uses;
use chopmark_domain::ids::PersonId;
use chopmark_domain::ports::{Answer, Metered, Settings as _, Usage as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::command::{self, Command};
use chopmark_protocol::plain;
use chopmark_protocol::request::Request;

/// How much more often than ordinary requests urgent ones may come, and how often at least.
const URGENT: (u32, u32) = (10, 600);
/// No command is longer.
const LONGEST_COMMAND: usize = 4096;

impl Router {
    /// Refuses what is too much, with the seconds to wait. What is refused costs no write.
    pub(super) async fn within_limits(&self, person: &PersonId, request: &Request, meant: &Meant) -> Answer<()> {
        let limits = self.house.settings.policy()?.limits.clone();
        let now = self.house.now();
        let store = &self.house.store;
        if is_urgent(request, meant) {
            return self.house.within_urgent_limit(person).await;
        }
        let limit = limits.person_per_minute;
        if let Err(seconds) = store.request(&Metered::Person(person.clone()), limit, now).await? {
            return too_many(limit, "person", seconds);
        }
        let channel = Metered::Channel(format!("{}/{}", request.place.surface, request.place.channel));
        let limit = limits.channel_per_minute;
        match store.request(&channel, limit, now).await? {
            Ok(()) => Ok(()),
            Err(seconds) => too_many(limit, "channel", seconds),
        }
    }

    /// Where the questions of a request are noted; whose tokens are spent asks no model outside the program.
    pub(super) async fn uses(&self, person: &PersonId) -> Answer<Uses> {
        let (now, limits) = (self.house.now(), self.house.settings.policy()?.limits.clone());
        let uses = Uses::new(now);
        let Some(limit) = limits.tokens_per_day else { return Ok(uses) };
        let spent = self.house.store.spent(person, now).await?;
        if spent < limit {
            return Ok(uses);
        }
        Ok(uses.of_one_who_spent(Problem::new(Code::TokensSpent).with("limit", limit).with("spent", spent)))
    }
}

impl House {
    /// Refuses what is too much even of what is urgent, such as opening the forms of decisions.
    ///
    /// # Errors
    /// [`Code::TooManyRequests`]; the store cannot be read.
    pub(crate) async fn within_urgent_limit(&self, person: &PersonId) -> Answer<()> {
        let limit = self.settings.policy()?.limits.person_per_minute.saturating_mul(URGENT.0).max(URGENT.1);
        match self.store.request(&Metered::Urgent(person.clone()), limit, self.now()).await? {
            Ok(()) => Ok(()),
            Err(seconds) => too_many(limit, "person", seconds),
        }
    }
}

fn too_many(limit: u32, whose: &str, seconds: u64) -> Answer<()> {
    Err(Problem::new(Code::TooManyRequests).with("limit", limit).with("whose", whose).with("seconds", seconds))
}

/// What stops, decides or says how things stand.
fn is_urgent(request: &Request, meant: &Meant) -> bool {
    let said = match meant {
        Meant::Command(command) => Some(command.clone()),
        Meant::Words if request.text.len() <= LONGEST_COMMAND => command::parse(&plain::plain(&request.text)),
        Meant::Words | Meant::Tool(..) => None,
    };
    matches!(
        said,
        Some(
            Command::Halt { .. }
                | Command::Lift
                | Command::Approve { .. }
                | Command::Reject { .. }
                | Command::Cancel { .. }
                | Command::Show { .. }
                | Command::Status { .. }
                | Command::Help
                | Command::Quit
        )
    )
}
