//! Arrivals: what an adapter makes of a platform's event.
//! Made by an adapter's `read`; served by bot/app/chat.
//! Must never hold a display name as a key: a name is only for addressing.

use super::{Filled, Press};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::ids::Identity;
use chopmark_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who speaks, where, and how they can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// What the surface calls them: `discord:<user id>`, `slack:<team id>.<user id>`.
    pub identity: Identity,
    /// The groups that the platform says they are in now: `discord:<server id>.role.<role id>`,
    /// `slack:<team id>.<user group id>`; none where it said nothing.
    pub groups: Option<BTreeSet<Identity>>,
    /// How people call them; to address them, never to know them.
    pub name: String,
    /// Where: the channel, and the thread of the request. In a direct message the thread is `main`, unless they
    /// opened one there.
    pub place: Place,
    /// The language that the platform says they use.
    pub language: Option<Language>,
}

/// How somebody can be answered so that nobody else sees it: the adapter's own words, such as an interaction's token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What the adapter needs to answer.
    pub handle: String,
    /// Until when that works; later the adapter finds another way, such as a direct message.
    pub until: Timestamp,
}

/// What was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// Words, or an exact command: mentions, messages, slash commands.
    Said(String),
    /// A button.
    Pressed(Press),
    /// A form that was sent.
    Filled(Filled),
}

/// One event of a platform, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The platform's id of the event.
    pub delivery: String,
    /// Who and where.
    pub speaker: Speaker,
    /// When the platform took it.
    pub at: Timestamp,
    /// What.
    pub meant: Meant,
    /// The platform's message that the button or form belongs to.
    pub message: Option<String>,
    /// How to answer them alone; none where only everybody can be answered.
    pub reply: Option<Reply>,
}
