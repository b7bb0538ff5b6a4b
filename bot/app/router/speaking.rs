//! Languages: which one an answer is in, and pinning one for a person or a channel.
//! Used by the router for every request.
//! Must never pin for everybody in a channel what one person without the right to administer says.

use super::{Conversation, Following, Router};
use chopmark_domain::change::Language;
use chopmark_domain::ids::Identity;
use chopmark_domain::ports::{Answer, ChatRecords as _, Speaks};
use chopmark_protocol::command::{Pin, Whose};
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages;
use chopmark_protocol::request::{Heard, Request};
use std::collections::BTreeSet;

impl Router {
    /// The language that is pinned for whoever speaks, and the one for words that belong to none. On a chat platform: the
    /// person's own, else the sentence's, else the channel's, else the one this person spoke here last, else the
    /// platform's.
    pub(super) async fn tongue(
        &self,
        request: &Request,
        conversation: &Conversation,
    ) -> Answer<(Option<Language>, Language)> {
        if self.following == Following::Request {
            let usual = request.language.or(conversation.language).unwrap_or_default();
            return Ok((request.language.or(conversation.pinned), usual));
        }
        let pinned = match request.language {
            Some(language) => Some(language),
            None => self.house.persons_language(&request.identity).await?,
        };
        let channels = self.house.store.pinned_language(&channel(request)).await?;
        let usual = pinned.or(channels).or(conversation.language).or(request.locale);
        Ok((pinned, usual.unwrap_or_default()))
    }

    /// Pins a language, or lets go of one.
    pub(super) async fn pin(
        &self,
        pin: Pin,
        whose: Whose,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let language = match pin {
            Pin::To(language) => Some(language),
            Pin::LetGo => None,
        };
        let on_chat = self.following == Following::Feed;
        match whose {
            Whose::Channels => {
                self.in_a_channel()?;
                self.house.engine.administers(&heard.person, &heard.request.place.channel).await?;
                self.house.store.pin_language(&channel(&heard.request), language).await?;
            }
            Whose::Mine if on_chat => {
                for identity in self.house.identities_of(&heard.request.identity).await? {
                    self.house.store.pin_language(&Speaks::Identity(identity), language).await?;
                }
            }
            Whose::Mine => conversation.pinned = language,
        }
        conversation.language = language.or(conversation.language);
        let key = match (language, whose) {
            (None, _) => "lang-let-go",
            (Some(_), Whose::Channels) => "lang-pinned-channel",
            (Some(_), Whose::Mine) if on_chat => "lang-pinned-mine",
            (Some(_), Whose::Mine) => "lang-pinned",
        };
        let answered = language.unwrap_or(heard.language);
        out.event(Event::notice(answered, messages::text(answered, key, &[]), None)).await;
        Ok(())
    }
}

impl crate::assemble::House {
    /// The language that somebody pinned, through whichever of their identities.
    ///
    /// # Errors
    /// The store cannot be read. A configuration that does not parse joins nobody.
    pub(crate) async fn persons_language(&self, identity: &Identity) -> Answer<Option<Language>> {
        if let Some(language) = self.store.pinned_language(&Speaks::Identity(identity.clone())).await? {
            return Ok(Some(language));
        }
        for other in self.identities_of(identity).await.unwrap_or_default() {
            if let Some(language) = self.store.pinned_language(&Speaks::Identity(other)).await? {
                return Ok(Some(language));
            }
        }
        Ok(None)
    }

    /// Every identity of the person behind one, and that one.
    ///
    /// # Errors
    /// The configuration does not parse, or the identity may not speak any more.
    pub(crate) async fn identities_of(&self, identity: &Identity) -> Answer<BTreeSet<Identity>> {
        let directory = &self.toolbox.directory;
        let person = directory.identify(identity).await?;
        let mut identities = directory.identities(&person).await?;
        identities.insert(identity.clone());
        Ok(identities)
    }
}

fn channel(request: &Request) -> Speaks {
    Speaks::Channel { surface: request.place.surface.clone(), channel: request.place.channel.clone() }
}
