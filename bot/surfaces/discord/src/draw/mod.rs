//! What Discord is shown: cards, posts, parts of answers and small messages, as bodies within its limits.
//! Called by the adapter; pure.
//! Must never read a clock, a network or a store, nor draw a model's words like ours.

mod card;
mod files;
mod lines;
mod pack;
mod parts;
mod post;
mod small;

pub use card::{card, moved};
pub use parts::EPHEMERAL;
pub use post::{partial, post};
pub use small::{LEAVE, asked, confirm, left, problem, taken};

use chopmark_protocol::chat::Attachment;
use serde_json::Value;

/// A message on its way to Discord.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The body, with `allowed_mentions`, and with `attachments` in the order of the files.
    pub body: Value,
    /// The files, which go beside the body as `files[0]` and so on.
    pub files: Vec<Attachment>,
}
