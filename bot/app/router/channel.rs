//! Channels: which news a channel of a chat platform is told of.
//! Used by the router; bot/app/chat/news.rs posts what is subscribed to.
//! Must never let anybody without the right to administer decide what a channel reads.

use super::{Following, Router};
use chopmark_domain::change::Language;
use chopmark_domain::change::Place;
use chopmark_domain::ports::{Answer, ChatRecords as _, NewsKind, Subscription};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::command::{KINDS, Name, form_of, kind_word};
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::{Body, Event, Question};
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::request::Heard;
use chopmark_protocol::words;
use std::collections::BTreeSet;

impl Router {
    /// Only a chat platform has channels.
    pub(super) fn in_a_channel(&self) -> Answer<()> {
        match self.following {
            Following::Feed => Ok(()),
            Following::Request => Err(Problem::new(Code::NoChannel)),
        }
    }

    /// Subscribes the channel; without a kind, asks for one.
    pub(super) async fn subscribe(&self, kinds: BTreeSet<NewsKind>, heard: &Heard, out: &dyn Outlet) -> Answer<()> {
        self.may_subscribe(heard).await?;
        if kinds.is_empty() {
            out.event(which_kind(heard.language)).await;
            return Ok(());
        }
        let now = self.house.now();
        for kind in kinds {
            self.house.store.subscribe(&Subscription { place: channel(&heard.request.place), kind }, now).await?;
        }
        self.subscriptions(heard, out).await
    }

    /// Ends subscriptions of the channel; without a kind, all of them.
    pub(super) async fn unsubscribe(&self, kinds: BTreeSet<NewsKind>, heard: &Heard, out: &dyn Outlet) -> Answer<()> {
        self.may_subscribe(heard).await?;
        let everything = kinds.is_empty();
        for (kind, ..) in KINDS.iter().filter(|(kind, ..)| everything || kinds.contains(kind)) {
            self.house.store.unsubscribe(&Subscription { place: channel(&heard.request.place), kind: *kind }).await?;
        }
        self.subscriptions(heard, out).await
    }

    /// What the channel is told of, and how quiet it is meanwhile.
    pub(super) async fn subscriptions(&self, heard: &Heard, out: &dyn Outlet) -> Answer<()> {
        self.in_a_channel()?;
        let (language, here) = (heard.language, channel(&heard.request.place));
        let all = self.house.store.subscriptions(&here.surface).await?;
        let kinds: BTreeSet<_> =
            all.into_iter().filter(|subscription| subscription.place == here).map(|known| known.kind).collect();
        let names: Vec<_> = kinds.iter().map(|kind| kind_word(*kind, language)).collect();
        let names = names.join(words::comma(language));
        let told = match kinds.is_empty() {
            true => text(language, "subscriptions-none", &[("word", Arg::from(word(language)))]),
            false => text(language, "subscriptions", &[("kinds", Arg::from(&names))]),
        };
        let mut lines = vec![told];
        if kinds.contains(&NewsKind::Alerts) {
            lines.push(text(language, "subscriptions-alerts", &[]));
        }
        out.event(Event::answer(language, lines.join("\n"), None)).await;
        Ok(())
    }

    async fn may_subscribe(&self, heard: &Heard) -> Answer<()> {
        self.in_a_channel()?;
        self.house.engine.administers(&heard.person, &heard.request.place.channel).await
    }
}

/// The channel of a place.
fn channel(place: &Place) -> Place {
    Place { thread: String::new(), ..place.clone() }
}

fn word(language: Language) -> &'static str {
    form_of(Name::Subscribe).map_or("", |form| form.word(language))
}

fn which_kind(language: Language) -> Event {
    let of = |kind| format!("{} {}", word(language), kind_word(kind, language));
    let question = Question {
        parameter: "kinds".to_owned(),
        template: None,
        text: text(language, "question-kinds", &[]),
        options: KINDS.iter().map(|(kind, ..)| of(*kind)).collect(),
        guess: None,
    };
    Event::new(language, Body::Question(question))
}
