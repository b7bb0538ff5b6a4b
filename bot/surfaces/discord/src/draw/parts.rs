//! Parts of a message: texts, rows of buttons, files, and the body around them.
//! Used by everything in this room.
//! Must never make a message that may mention somebody who is not named.

use crate::{limits, markup};
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Attachment, Button, Style};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Flag of a message of the second generation of components (reference "Message", flags).
const SECOND_GENERATION: u64 = 1 << 15;
/// Flag that keeps links from being unfurled (the same).
const NO_UNFURL: u64 = 1 << 2;
/// Flag of an answer that only one person sees (the same): for answers to interactions only.
pub const EPHEMERAL: u64 = 1 << 6;

/// A line between two texts of a card.
pub(super) fn separator() -> Value {
    json!({"type": 14, "divider": true, "spacing": 1})
}

/// Space between two texts that belong together.
pub(super) fn gap() -> Value {
    json!({"type": 14, "divider": false, "spacing": 1})
}

/// A text; none for one that nobody would see, which Discord refuses.
pub(super) fn text(content: &str) -> Option<Value> {
    (!content.trim().is_empty()).then(|| json!({"type": 10, "content": content}))
}

/// Buttons in rows of five. At most one is the primary one; a button that stands for nothing, or for what another
/// one stands for, is left out.
pub(super) fn rows(buttons: &[Button]) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let mut primary = true;
    let drawn: Vec<Value> = buttons
        .iter()
        .filter_map(|button| {
            let id = button.press.id()?;
            let style = match button.style {
                Style::Primary if std::mem::take(&mut primary) => 1,
                Style::Primary | Style::Plain => 2,
                Style::Danger => 4,
            };
            known.insert(id.clone()).then(|| one(&button.shown(), style, &id, button.enabled))
        })
        .take(limits::ROW * limits::ROWS)
        .collect();
    drawn.chunks(limits::ROW).map(|row| json!({"type": 1, "components": row})).collect()
}

/// A row of two: one that does it, in the style of its danger, and one that leaves it.
pub(super) fn pair(yes: (&str, &str), no: (&str, &str)) -> Value {
    json!({"type": 1, "components": [one(yes.0, 1, yes.1, true), one(no.0, 2, no.1, true)]})
}

fn one(label: &str, style: u8, id: &str, enabled: bool) -> Value {
    let shown = chopmark_protocol::escape::visible(label);
    let shown = markup::cut(shown.trim(), limits::BUTTON);
    let label = if shown.is_empty() { "…".to_owned() } else { shown };
    json!({"type": 2, "style": style, "label": label, "custom_id": id, "disabled": !enabled})
}

/// A file in a message: Discord shows only those that a part refers to.
pub(super) fn file(file: &Attachment) -> Value {
    json!({"type": 13, "file": {"url": format!("attachment://{}", file.name)}})
}

/// A message of these parts that may mention these and nobody else.
pub(super) fn body(parts: &[Value], mentions: &[Identity], files: &[Attachment]) -> Value {
    let attachments: Vec<Value> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            let alt = markup::cut(&file.description, limits::ALT_TEXT);
            json!({"id": at.to_string(), "filename": file.name, "description": alt})
        })
        .collect();
    let mut body = json!({
        "flags": SECOND_GENERATION | NO_UNFURL,
        "components": parts,
        "allowed_mentions": allowed(mentions),
    });
    if !attachments.is_empty() {
        body["attachments"] = Value::Array(attachments);
    }
    body
}

/// The same for one person's eyes.
pub(super) fn private(parts: &[Value]) -> Value {
    let mut body = body(parts, &[], &[]);
    body["flags"] = json!(SECOND_GENERATION | NO_UNFURL | EPHEMERAL);
    body
}

/// The field without which Discord would mention everybody whom the text names.
fn allowed(mentions: &[Identity]) -> Value {
    let named = mentions.iter().filter_map(Named::of).collect::<BTreeSet<_>>();
    let users: Vec<_> =
        named.iter().filter_map(|named| if let Named::User(id) = named { Some(*id) } else { None }).collect();
    let roles: Vec<_> =
        named.iter().filter_map(|named| if let Named::Role(id) = named { Some(*id) } else { None }).collect();
    json!({
        "parse": [],
        "users": users.iter().take(limits::MENTIONS).collect::<Vec<_>>(),
        "roles": roles.iter().take(limits::MENTIONS).collect::<Vec<_>>(),
        "replied_user": false,
    })
}

/// The words that mention them; empty when there is nobody to mention.
pub(super) fn mentions(mentions: &[Identity]) -> String {
    let mut known = BTreeSet::new();
    let named = mentions.iter().filter_map(Named::of).filter(|named| known.insert(*named));
    let words: Vec<_> = named
        .take(limits::MENTIONS)
        .map(|named| match named {
            Named::User(id) => format!("<@{id}>"),
            Named::Role(id) => format!("<@&{id}>"),
        })
        .collect();
    words.join(" ")
}

/// Whom an identity of Discord's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named<'i> {
    User(&'i str),
    Role(&'i str),
}

impl<'i> Named<'i> {
    /// None for identities of other surfaces, and for the role that is everybody: its id is that of the server.
    fn of(identity: &'i Identity) -> Option<Self> {
        let is_id = |id: &str| !id.is_empty() && id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit());
        let rest = identity.as_str().strip_prefix("discord:")?;
        match rest.split_once(".role.") {
            Some((server, role)) => (is_id(role) && is_id(server) && role != server).then_some(Self::Role(role)),
            None => is_id(rest).then_some(Self::User(rest)),
        }
    }
}
