//! Pictures: what a card's message shows just now, and the whole content that has to stand beside it first.
//! Made by cards.rs for every slot that is due.
//! Must never let approve be pressed before everything that would happen stands in that place.

use super::Office;
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, CardSlot};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::card::{Card, Control};
use chopmark_protocol::chat::{Attachment, Audience, CardView, Content, Drawn, Fault, Outgoing, Post, PostBody};
use chopmark_protocol::messages::Arg;
use chopmark_protocol::moment::Moment;
use chopmark_protocol::{line, messages};
use serde::Serialize;

/// What is to be drawn.
pub(super) struct Picture {
    /// The platform's message.
    pub(super) drawn: Drawn,
    /// Digest of that message: the same one is not sent again.
    pub(super) looks: Digest,
    /// Digest of the card alone, without its progress and the moment it is looked at.
    pub(super) card: Digest,
    /// The state it shows.
    pub(super) state: State,
    /// The component, such as `dev/shop/cart`.
    pub(super) component: String,
    /// The digest whose content will stand in the place with it.
    pub(super) content: Option<Digest>,
    /// What kept the whole content from being posted.
    pub(super) owed: Option<Fault>,
}

/// Whether a run is under way.
pub(super) fn runs(state: State) -> bool {
    matches!(state, State::Claimed | State::Executing | State::Applied | State::Verifying)
}

/// The picture of a slot's change as it is now. The whole content is posted first, where it does not fit on the card.
///
/// # Errors
/// The change cannot be read.
pub(super) async fn of(office: &Office, slot: &CardSlot, progress: Option<(String, String)>) -> Answer<Picture> {
    let file = office.house().engine.look(&slot.change).await?;
    let card = Card::of(&file);
    let moment = office.moment();
    let progress = progress.filter(|_| runs(file.change.state));
    let progress =
        progress.map(|(key, about)| messages::text(slot.language, &key, &[("about", Arg::from(about.as_str()))]));
    let view = |content: Content| CardView {
        card: &card,
        language: slot.language,
        moment: &moment,
        progress: progress.as_deref(),
        content,
    };
    let mut content = slot.content;
    let delivered = card.digest.is_some() && content == card.digest;
    let first = if delivered { Content::Delivered } else { Content::Missing };
    let mut drawn = office.chat().card(view(first));
    let mut owed = None;
    let can_be_approved = card.controls.iter().any(|control| matches!(control, Control::Approve { .. }));
    if let Some(digest) = card.digest.filter(|_| can_be_approved && !delivered) {
        if !drawn.whole {
            match deliver(office, slot, &file, &card, &moment).await {
                Ok(()) if drawn.losses_shown => content = Some(digest),
                Ok(()) => {}
                Err(fault) => owed = Some(fault),
            }
        } else if drawn.losses_shown {
            content = Some(digest);
        }
        if content == Some(digest) {
            drawn = office.chat().card(view(Content::Delivered));
        }
    }
    let (looks, bare) = (digest(&drawn.body)?, digest(&card)?);
    Ok(Picture { drawn, looks, card: bare, state: file.change.state, component: card.component, content, owed })
}

fn digest<T: Serialize>(value: &T) -> Answer<Digest> {
    let text = serde_json::to_vec(value).map_err(|error| Problem::new(Code::Internal).with("what", error))?;
    Ok(Digest::of(&text))
}

/// Posts everything that would happen as a file.
async fn deliver(
    office: &Office,
    slot: &CardSlot,
    file: &ChangeFile,
    card: &Card,
    moment: &Moment,
) -> Result<(), Fault> {
    let language = slot.language;
    let name = format!("{}-{}.txt", slot.change, file.record.revision);
    let args = [("change", Arg::from(slot.change.as_str())), ("component", Arg::from(&card.component))];
    let description = messages::text(language, "chat-content-file", &args);
    let attachment = Attachment { name, description, text: line::plain(&card.details(language)) };
    let post = Post {
        audience: Audience::Everybody,
        mentions: vec![],
        to: None,
        body: PostBody::File { file: attachment, language },
        replaces: None,
    };
    let digest = card.digest.map(|digest| digest.to_string()).unwrap_or_default();
    let place = &slot.place;
    let key = format!("content/{}/{}/{}/{}/{digest}", place.surface, place.channel, place.thread, slot.change);
    let outgoing = Outgoing { key: &key, place, post: &post, moment, tries: slot.tries };
    office.chat().post(outgoing).await.map(|_| ())
}
