//! Drawing: cards, posts and parts of answers as Slack's messages. Pure.
//! Called by the adapter before it sends.
//! Must never let a message grow past the limits, or outside text become markup, a mention or a block.

mod buttons;
mod card;
mod lines;
mod pages;
mod post;
mod quote;
mod rich;
mod said;

pub use card::{card, moved};
pub use post::{partial, post};
pub use said::{asked, problem};

use crate::limits::TEXT_CHARACTERS;
use crate::markup;
use chopmark_protocol::chat::Attachment;
use rich::Block;
use serde_json::{Value, json};

/// A message to send: its blocks with their one-line summary, and the files that go with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// What `chat.postMessage` and `chat.update` take, without channel, thread and metadata.
    pub body: Value,
    /// Files; a message with files has no buttons, because Slack shows none there.
    pub files: Vec<Attachment>,
}

/// Longest summary; mentions come before it.
const SUMMARY: usize = 300;

/// The body of a message: nothing in it unfurls, and no name in it becomes a mention.
fn body(mentions: &str, summary: &str, blocks: &[Block]) -> Value {
    let summary = markup::text(summary, SUMMARY);
    // Without any text screen readers and notifications say nothing.
    let text = match format!("{mentions}{summary}") {
        text if text.trim().is_empty() => "Chopmark".to_owned(),
        text if text.chars().count() > TEXT_CHARACTERS => summary,
        text => text,
    };
    json!({
        "text": text,
        "blocks": blocks.iter().map(|block| block.value.clone()).collect::<Vec<_>>(),
        "unfurl_links": false,
        "unfurl_media": false,
        "link_names": false,
        "parse": "none",
    })
}
