//! The card of a change as one message of Discord.
//! Called by the adapter for every move of a change.
//! Must never fold or cut a delete, nor offer to approve what does not stand here or beside it.

use super::lines::{Piece, pieces};
use super::pack::{Size, whole};
use super::parts;
use crate::markup;
use chopmark_domain::change::Language;
use chopmark_domain::lifecycle::State;
use chopmark_protocol::budget::{Budget, Within};
use chopmark_protocol::card::{Card, Control, Parts};
use chopmark_protocol::chat::{CardView, Content, Drawn, buttons};
use chopmark_protocol::line::Line;
use chopmark_protocol::messages;
use serde_json::{Value, json};

/// Longest word of a run's progress, in characters.
const PROGRESS: usize = 300;

/// Lines of a card that stand over everything else: its title and its counts.
const HEAD: usize = 2;

/// The card's picture.
pub fn card(view: CardView<'_>) -> Drawn {
    let CardView { card, language, moment, progress, content } = view;
    // What can be said is said by buttons.
    let mut picture = card.clone();
    picture.controls.clear();
    let progress = progress.map(|progress| {
        let shown = markup::cut(&chopmark_protocol::escape::visible(progress), PROGRESS);
        markup::escape_line(&shown)
    });
    let laid = |lines: &[Line], within: &Within| {
        let remark = remark(card, language, content, within);
        texts(picture.parts(lines, language, moment), progress.as_deref(), remark)
    };
    let drawn = |room: usize| {
        let budget = Budget { characters: room, utf16: room, bytes: Size::MESSAGE.bytes };
        let within = picture.within(language, moment, &budget);
        let texts = laid(&within.lines, &within);
        (within, texts)
    };
    let (within, texts) = largest(drawn);
    let texts = match is_too_small(&within) {
        // Where what goes does not fit, title and counts still do.
        true => {
            let head: Vec<Line> =
                picture.lines(language, moment).into_iter().take(HEAD).chain(within.lines.clone()).collect();
            let headed = laid(&head, &within);
            if fits(&headed) { headed } else { texts }
        }
        false => texts,
    };
    let delivered = within.losses_shown && (within.whole || content == Content::Delivered);
    let offered = buttons(card, language, if delivered { Content::Delivered } else { Content::Missing });
    let container = json!({
        "type": 17,
        "accent_color": accent(card.state),
        "components": components(texts, parts::rows(&offered)),
    });
    Drawn { body: parts::body(&[container], &[], &[]), whole: within.whole, losses_shown: within.losses_shown }
}

/// A line in the place of a card that is shown anew further down, with nothing to press.
pub fn moved(view: CardView<'_>) -> Drawn {
    let args = [("change", messages::Arg::from(view.card.change.as_str()))];
    let line = messages::text(view.language, "chat-card-moved", &args);
    let text = parts::text(&format!("-# {}", markup::escape_line(&line)));
    let body = parts::body(&text.into_iter().collect::<Vec<_>>(), &[], &[]);
    Drawn { body, whole: true, losses_shown: true }
}

/// The largest picture whose markup fits: marks need room of their own, so that the plain text's length is only where
/// the search begins.
fn largest(drawn: impl Fn(usize) -> (Within, Vec<Text>)) -> (Within, Vec<Text>) {
    let all = Size::MESSAGE.units;
    let mut best = drawn(all);
    if fits(&best.1) {
        return best;
    }
    // What is drawn with less room is never longer, so halving finds the most room that still fits.
    let (mut enough, mut too_much) = (0, all);
    best = drawn(SMALLEST);
    while too_much - enough > 1 {
        let room = (enough + too_much) / 2;
        let next = drawn(room.max(SMALLEST));
        if fits(&next.1) {
            (enough, best) = (room, next);
        } else {
            too_much = room;
        }
    }
    best
}

/// Room in which the words that nothing fits still do.
const SMALLEST: usize = 300;

fn fits(texts: &[Text]) -> bool {
    let size = texts.iter().fold(Size::default(), |size, text| size.plus(Size::of(&text.text)));
    Size::MESSAGE.holds(size)
}

/// Whether only the words that it must be read elsewhere are left of it.
fn is_too_small(within: &Within) -> bool {
    !within.whole && within.lines.len() == 1
}

/// What stands over the buttons about approve, where it can't be pressed or not everything stands on the card.
fn remark(card: &Card, language: Language, content: Content, within: &Within) -> Option<String> {
    let can = card.controls.iter().any(|control| matches!(control, Control::Approve { .. }));
    let key = match (within.losses_shown, within.whole, content) {
        _ if !can => return None,
        (false, _, _) => "chat-approve-elsewhere",
        (true, true, _) => return None,
        (true, false, Content::Missing) => "chat-approve-waits",
        (true, false, Content::Delivered) => "chat-card-beside",
    };
    Some(markup::escape_line(&messages::text(language, key, &[])))
}

/// What stands before a text, where one stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Line,
    Space,
}

/// A text of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    text: String,
    before: Before,
}

/// The card's texts: head with what happens just now, content, what is decided by, and what stands before the buttons.
fn texts(parts: Parts<'_>, progress: Option<&str>, remark: Option<String>) -> Vec<Text> {
    let mut head = pieces(parts.head);
    head.extend(progress.map(|progress| Piece::words(progress.to_owned())));
    let mut last = pieces(parts.closing);
    last.extend(remark.map(Piece::words));
    [
        (head, Before::Line),
        (pieces(parts.body), Before::Line),
        (pieces(parts.decision), if parts.body.is_empty() { Before::Line } else { Before::Space }),
        (last, Before::Line),
    ]
    .into_iter()
    .map(|(pieces, before)| Text { text: whole(&pieces), before })
    .filter(|text| !text.text.trim().is_empty())
    .collect()
}

/// The texts with what stands between them, then the buttons.
fn components(texts: Vec<Text>, rows: Vec<Value>) -> Vec<Value> {
    let mut out = Vec::new();
    for Text { text, before } in texts {
        let Some(text) = parts::text(&text) else { continue };
        if !out.is_empty() {
            out.push(match before {
                Before::Line => parts::separator(),
                Before::Space => parts::gap(),
            });
        }
        out.push(text);
    }
    out.extend(rows);
    out
}

/// The colour at the card's side: it repeats what the state says in words. Amber waits for people, blue moves, green
/// is well, red is not, grey is over.
fn accent(state: State) -> u32 {
    match state {
        State::AwaitingApproval => 0x00D9_9A1B,
        State::Draft
        | State::Planning
        | State::Approved
        | State::Claimed
        | State::Executing
        | State::Applied
        | State::Verifying => 0x003B_82C4,
        State::Succeeded | State::NoChanges | State::Resolved => 0x002E_9D5B,
        State::PolicyDenied | State::PlanFailed | State::Failed | State::Degraded | State::NeedsAttention => {
            0x00CC_3D3D
        }
        State::Discarded | State::Rejected | State::Expired | State::Superseded | State::Cancelled => 0x0080_8A94,
    }
}
