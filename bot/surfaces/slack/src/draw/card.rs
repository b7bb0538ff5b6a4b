//! The card: title, counts, progress, what goes, everything else, digest, buttons.
//! Called through `Chat::card`.
//! Must never fold or cut what goes, nor offer to approve what was not shown whole.

use super::rich::{Block, Voice, blocks};
use super::{body, buttons, lines};
use crate::limits::{BLOCKS, BLOCKS_CHARACTERS, HEADER_CHARACTERS};
use crate::markup::plain_text;
use chopmark_protocol::budget::{Budget, Within};
use chopmark_protocol::card::{Card, Control, Parts};
use chopmark_protocol::chat::{Act, Button, CardView, Content, Drawn, Pressed};
use chopmark_protocol::line::{Line, Tone};
use chopmark_protocol::messages::{Arg, text};
use serde_json::json;

/// Longest word of progress.
const PROGRESS: usize = 300;

/// How the lines are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// With lists and styles.
    Rich,
    /// What it does as it stands: most text for the least JSON.
    Dense,
}

/// What is tried until the JSON fits: a shape, and characters for the lines. The last always does.
const TRIES: [(Shape, usize); 8] = [
    (Shape::Rich, 11_000),
    (Shape::Dense, 11_000),
    (Shape::Dense, 10_000),
    (Shape::Dense, 8_000),
    (Shape::Dense, 6_000),
    (Shape::Dense, 4_000),
    (Shape::Dense, 2_000),
    (Shape::Dense, 500),
];

/// A card's picture within Slack's limits.
pub fn card(view: CardView<'_>) -> Drawn {
    // Buttons say what can be done; the words for it would only repeat them.
    let bare = Card { controls: Vec::new(), ..view.card.clone() };
    let all = bare.lines(view.language, view.moment);
    let mut drawn = Drawn { body: json!({}), whole: false, losses_shown: false };
    for (shape, characters) in TRIES {
        let within = bare.within(view.language, view.moment, &Budget::characters(characters));
        let picture = picture(view, &bare, &all, &within, shape);
        let fits = picture.iter().map(|block| block.weight + 1).sum::<usize>() < BLOCKS_CHARACTERS;
        let summary = all.iter().take(2).map(Line::plain).collect::<Vec<_>>().join(": ");
        drawn = Drawn { body: body("", &summary, &picture), whole: within.whole, losses_shown: within.losses_shown };
        if fits && picture.len() <= BLOCKS {
            break;
        }
    }
    drawn
}

/// A line in the place of a card that is shown anew further down, with nothing to press.
pub fn moved(view: CardView<'_>) -> Drawn {
    let said = text(view.language, "chat-card-moved", &[("change", Arg::from(view.card.change.as_str()))]);
    Drawn { body: body("", &said, &[context(&said)]), whole: true, losses_shown: true }
}

fn picture(view: CardView<'_>, card: &Card, all: &[Line], within: &Within, shape: Shape) -> Vec<Block> {
    let language = view.language;
    let mut picture = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    // Where not even what goes fits, it is still said which change this is.
    if !within.lines.first().is_some_and(|line| Some(line) == all.first()) {
        lines.extend(all.iter().take(2).cloned());
    }
    lines.extend(within.lines.iter().cloned());
    let Parts { head, body, decision, closing } = card.parts(&lines, language, view.moment);
    let mut head = head.to_vec();
    if let Some((title, line)) = header(head.first()) {
        picture.push(Block::of(title));
        head[0] = line;
        if head[0].spans.is_empty() {
            head.remove(0);
        }
    }
    // Two spaces side by side would make a table of it.
    let progress = view.progress.map(|progress| progress.split_whitespace().collect::<Vec<_>>().join(" "));
    let progress = progress.filter(|progress| !progress.is_empty());
    head.extend(progress.map(|progress| Line::tool(&Budget::characters(PROGRESS).cut(&progress), Tone::Plain)));
    picture.extend(blocks(&lines::pieces(&head), Voice::House));
    picture.extend(match shape {
        _ if body.is_empty() => Vec::new(),
        Shape::Rich => blocks(&lines::pieces(body), Voice::House),
        Shape::Dense => blocks(&lines::dense(body), Voice::House),
    });
    picture.extend(blocks(&lines::pieces(decision), Voice::House));
    picture.extend(closing.iter().map(|line| context(&line.plain())));
    let (buttons, missing) = offered(view, within);
    picture.extend(missing.map(|key| context(&text(language, key, &[]))));
    picture.extend(buttons::block(&buttons, view.card.change.as_str(), language));
    picture
}

/// The title as a header, and what is left of its line.
fn header(line: Option<&Line>) -> Option<(serde_json::Value, Line)> {
    let (first, rest) = line?.spans.split_first()?;
    // A header cuts what is longer: then it stays a line.
    let fits = first.tone == Tone::Title && first.text().chars().count() <= HEADER_CHARACTERS;
    let rest = rest.iter().skip_while(|span| span.text().trim().is_empty()).cloned().collect();
    fits.then(|| {
        let header = json!({"type": "header", "text": plain_text(first.text(), HEADER_CHARACTERS)});
        (header, Line { spans: rest })
    })
}

fn context(text: &str) -> Block {
    Block::of(json!({"type": "context", "elements": [plain_text(text, PROGRESS)]}))
}

/// The buttons that can be pressed now, and the message for what is missing. Slack has no button that can't be pressed.
fn offered(view: CardView<'_>, within: &Within) -> (Vec<Button>, Option<&'static str>) {
    let content = if within.whole { Content::Delivered } else { view.content };
    let all = chopmark_protocol::chat::buttons(view.card, view.language, content);
    let approvable = view.card.controls.iter().any(|control| matches!(control, Control::Approve { .. }));
    let is_approve = |button: &Button| matches!(button.press.what, Pressed::Act { act: Act::Approve, .. });
    let offered: Vec<Button> =
        all.into_iter().filter(|button| button.enabled && (within.losses_shown || !is_approve(button))).collect();
    let missing = match approvable && !offered.iter().any(is_approve) {
        true if !within.losses_shown => Some("chat-approve-elsewhere"),
        true => Some("chat-approve-waits"),
        false if approvable && !within.whole => Some("chat-card-beside"),
        false => None,
    };
    (offered, missing)
}
