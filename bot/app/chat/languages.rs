//! Languages: the one in which something is said that answers no words, such as a form.
//! Called by forms.rs and the desk; the router finds the language of an answer by itself.
//! Must never go before what the person pinned.

use crate::assemble::House;
use chopmark_domain::change::Language;
use chopmark_domain::ports::{Answer, ChatRecords as _, Speaks};
use chopmark_protocol::chat::Speaker;

/// The person's own language, else the channel's, else the platform's.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn of(house: &House, speaker: &Speaker) -> Answer<Language> {
    if let Some(language) = house.persons_language(&speaker.identity).await? {
        return Ok(language);
    }
    let place = &speaker.place;
    let channel = Speaks::Channel { surface: place.surface.clone(), channel: place.channel.clone() };
    let pinned = house.store.pinned_language(&channel).await?;
    Ok(pinned.or(speaker.language).unwrap_or_default())
}
