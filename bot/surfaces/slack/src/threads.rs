//! Threads: the ones we are in, the root that a slash command gets, and direct messages.
//! Used when something is read and when something is sent.
//! Must never answer in a thread nobody asked us into: only threads that are kept are followed.

use crate::inbound::Who;
use crate::{Inner, draw, fault, names};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ports::Delivery;
use chopmark_protocol::chat::{Fault, Gone};
use serde_json::{Value, json};
use std::sync::PoisonError;

/// What stands for a root that is being posted: after a crash it is looked for before it is posted again.
const BEGUN: &str = "begun/";

/// What stands for a root that was posted, before its channel and time.
const ROOT: &str = "root/";

/// How many threads are remembered beside the store.
const MOST: usize = 10_000;

impl Inner {
    /// Whether we are in a thread: somebody mentioned us there, or we posted in it.
    pub(crate) async fn in_thread(&self, place: &Place) -> Result<bool, Fault> {
        if self.threads.lock().unwrap_or_else(PoisonError::into_inner).contains(place) {
            return Ok(true);
        }
        Ok(self.records.thread(place).await.map_err(fault::of_store)?.is_some())
    }

    /// We are in a thread from now on: what is said there is said to us.
    pub(crate) async fn joined(&self, place: &Place) -> Result<(), Fault> {
        let Some(time) = names::thread_of(place) else { return Ok(()) };
        if names::is_direct(&place.channel) || self.in_thread(place).await? {
            return Ok(());
        }
        let real = names::message(&place.channel, time);
        self.records.keep_thread(place, &real).await.map_err(fault::of_store)?;
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if threads.len() >= MOST {
            threads.clear();
        }
        threads.insert(place.clone());
        Ok(())
    }

    /// The thread of a slash command: a message that says what was asked, posted once, however often it is read. Where
    /// we may not write, a direct message takes its place; none where there is none either.
    pub(crate) async fn root(
        &self,
        delivery: &Delivery,
        who: &Who<'_>,
        channel: &str,
        words: &str,
    ) -> Result<Option<Place>, Fault> {
        if names::is_direct(channel) {
            return self.direct(who.user).await.map(Some);
        }
        let wanted = names::place(channel, &delivery.id);
        let kept = self.records.thread(&wanted).await.map_err(fault::of_store)?;
        let posted = kept.as_deref().and_then(|real| real.strip_prefix(ROOT)).and_then(names::channel_and_time);
        if let Some((channel, time)) = posted {
            return Ok(Some(names::place(channel, time)));
        }
        let before = match kept {
            Some(_) => self.found(channel, None, &delivery.id).await,
            None => {
                let begun = format!("{BEGUN}{}", delivery.id);
                self.records.keep_thread(&wanted, &begun).await.map_err(fault::of_store)?;
                Ok(None)
            }
        };
        let posted = match before {
            Ok(Some(time)) => Ok(time),
            Ok(None) => self.post_root(delivery, who, channel, words).await,
            Err(fault) => Err(fault),
        };
        match posted {
            Ok(time) => {
                let place = names::place(channel, &time);
                let real = format!("{ROOT}{}", names::message(channel, &time));
                self.records.keep_thread(&wanted, &real).await.map_err(fault::of_store)?;
                self.joined(&place).await?;
                Ok(Some(place))
            }
            Err(Fault::Gone { what: Gone::Place, .. }) => self.direct(who.user).await.map(Some),
            Err(fault) => Err(fault),
        }
    }

    async fn post_root(&self, delivery: &Delivery, who: &Who<'_>, channel: &str, words: &str) -> Result<String, Fault> {
        let person = self.people.person(&self.web, who.user, self.clock.now()).await?;
        let body = draw::asked(&person.name, words, person.language.unwrap_or(Language::En));
        self.post_message(channel, None, &body, &delivery.id).await
    }

    /// The direct messages with somebody.
    pub(crate) async fn direct(&self, user: &str) -> Result<Place, Fault> {
        let known = self.directs.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
        let channel = match known {
            Some(channel) => channel,
            None => {
                let opened = self.web.call("conversations.open", &json!({"users": user})).await?;
                let channel = opened.pointer("/channel/id").and_then(Value::as_str);
                let channel = channel.ok_or_else(|| fault::later("an answer without a channel"))?.to_owned();
                let mut directs = self.directs.lock().unwrap_or_else(PoisonError::into_inner);
                directs.insert(user.to_owned(), channel.clone());
                channel
            }
        };
        Ok(names::place(&channel, names::MAIN))
    }
}
