//! Rich text: pieces of text as blocks in which nothing but the given styles is alive.
//! Called by draw for cards, posts and parts of answers.
//! Must never make a link, nor an element whose text comes from outside but for `text`.

use crate::limits::BLOCK_CHARACTERS;
use crate::markup::{self, Mention};
use serde_json::{Map, Value, json};
use unicode_segmentation::UnicodeSegmentation;

/// How a run looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Like everything.
    Plain,
    /// Stressed.
    Bold,
    /// Of less interest.
    Italic,
    /// A name or value.
    Code,
    /// A name or value that matters most.
    BoldCode,
}

/// Text in which everything is seen: the only text that a piece is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown(String);

impl Shown {
    /// Any text, with line breaks, as what can be shown of it.
    pub(super) fn of(text: &str) -> Self {
        Self(markup::visible(text))
    }

    /// It with more text behind it.
    fn push(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }
}

/// Text of one look, or a mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Run {
    /// Text; line breaks are line breaks.
    Text(Shown, Look),
    /// Somebody who is notified.
    Mention(Mention),
}

/// What stands at the left of text that keeps its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Border {
    /// Nothing.
    None,
    /// The bar of a quote.
    Bar,
}

/// Adds text to the last run, where that looks the same.
pub(super) fn push(runs: &mut Vec<Run>, text: &str, look: Look) {
    if !text.is_empty() {
        join(runs, Run::Text(Shown::of(text), look));
    }
}

fn join(runs: &mut Vec<Run>, run: Run) {
    match (runs.last_mut(), run) {
        (Some(Run::Text(before, old)), Run::Text(text, look)) if *old == look => before.push(&text),
        (_, run) => runs.push(run),
    }
}

/// A line of ours.
pub(super) fn line(text: &str, look: Look) -> Piece {
    Piece::Text(vec![Run::Text(Shown::of(text), look)])
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Lines of text.
    Text(Vec<Run>),
    /// An entry of a list, so deep.
    Item(usize, Vec<Run>),
    /// Text that keeps its columns.
    Columns(Shown, Border),
    /// A quote.
    Quote(Vec<Run>),
}

/// Whose words a piece holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// Ours, and what we show of others.
    House,
    /// A model's.
    Model,
}

/// A block with what it weighs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// The block.
    pub(super) value: Value,
    /// The characters of its JSON.
    pub(super) weight: usize,
    /// Whose words.
    pub(super) voice: Voice,
}

impl Block {
    /// A block that is no rich text.
    pub(super) fn of(value: Value) -> Self {
        Self { weight: weight(&value), value, voice: Voice::House }
    }
}

/// Characters of a value's JSON.
pub(super) fn weight(value: &Value) -> usize {
    value.to_string().chars().count()
}

/// The most that a run's JSON needs besides its text.
const RUN: usize = 64;
/// The most that a piece's JSON needs besides its runs.
const PIECE: usize = 128;
/// What a block's JSON needs besides its pieces.
const BLOCK: usize = 40;

/// What a text weighs within JSON.
fn text_weight(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            c if c.is_control() => 6,
            _ => 1,
        })
        .sum()
}

/// The pieces as blocks, none heavier than [`BLOCK_CHARACTERS`]. A piece that is too heavy goes on in the next block:
/// broken between lines where it can be, else between graphemes. Two texts in columns never stand in one block, where
/// they would be seen as one.
pub(super) fn blocks(pieces: &[Piece], voice: Voice) -> Vec<Block> {
    let room = BLOCK_CHARACTERS - BLOCK;
    let mut blocks = Vec::new();
    let mut held: Vec<Piece> = Vec::new();
    for piece in pieces.iter().flat_map(|piece| split(piece, room)) {
        let weight = piece_weight(&piece);
        if total(&held) + weight > room {
            let rest = held.split_off(break_before(&held, room.saturating_sub(weight)));
            blocks.extend(filled(&held, voice));
            held = rest;
        }
        if matches!((held.last(), &piece), (Some(Piece::Columns(..)), Piece::Columns(..))) {
            blocks.extend(filled(&std::mem::take(&mut held), voice));
        }
        held.push(piece);
    }
    blocks.extend(filled(&held, voice));
    blocks
}

fn total(pieces: &[Piece]) -> usize {
    pieces.iter().map(piece_weight).sum()
}

/// Where the block ends: before the last text that heads what follows, if that is near, so that a list stays in one
/// block; else after all of them. What goes into the next block leaves so much room there.
fn break_before(held: &[Piece], room: usize) -> usize {
    let near = room.min(BLOCK_CHARACTERS / 2);
    let heading = held.iter().rposition(|piece| matches!(piece, Piece::Text(_))).filter(|at| *at > 0);
    heading.filter(|at| total(&held[*at..]) <= near).unwrap_or(held.len())
}

fn filled(pieces: &[Piece], voice: Voice) -> Option<Block> {
    (!pieces.is_empty()).then(|| block(pieces, voice))
}

fn runs_of(piece: &Piece) -> Vec<Run> {
    match piece {
        Piece::Text(runs) | Piece::Item(_, runs) | Piece::Quote(runs) => runs.clone(),
        Piece::Columns(text, _) => vec![Run::Text(text.clone(), Look::Plain)],
    }
}

fn piece_weight(piece: &Piece) -> usize {
    let of = |run: &Run| match run {
        Run::Text(text, _) => RUN + text_weight(&text.0),
        Run::Mention(_) => RUN + 32,
    };
    PIECE + runs_of(piece).iter().map(of).sum::<usize>()
}

/// A piece in parts that fit into so much room.
fn split(piece: &Piece, room: usize) -> Vec<Piece> {
    if piece_weight(piece) <= room {
        return vec![piece.clone()];
    }
    let parts = parts(&runs_of(piece), room - PIECE);
    parts
        .into_iter()
        .map(|runs| match piece {
            Piece::Text(_) => Piece::Text(runs),
            Piece::Item(level, _) => Piece::Item(*level, runs),
            Piece::Quote(_) => Piece::Quote(runs),
            Piece::Columns(_, border) => {
                let text = runs.iter().map(|run| if let Run::Text(text, _) = run { text.0.as_str() } else { "" });
                Piece::Columns(Shown(text.collect()), *border)
            }
        })
        .collect()
}

fn parts(runs: &[Run], room: usize) -> Vec<Vec<Run>> {
    let mut parts: Vec<Vec<Run>> = vec![Vec::new()];
    let mut used = 0;
    let mut put = |run: Run, weight: usize| {
        if used + weight > room {
            parts.push(Vec::new());
            used = 0;
        }
        used += weight;
        if let Some(part) = parts.last_mut() {
            join(part, run);
        }
    };
    for run in runs {
        match run {
            Run::Mention(_) => put(run.clone(), RUN + 32),
            Run::Text(text, look) => {
                for line in text.0.split_inclusive('\n').flat_map(|line| crumbs(line, room - RUN)) {
                    let weight = RUN + text_weight(line);
                    put(Run::Text(Shown(line.to_owned()), *look), weight);
                }
            }
        }
    }
    // A break between parts stands for the line break that ended the one before.
    for part in &mut parts {
        if let Some(Run::Text(text, _)) = part.last_mut() {
            let kept = text.0.strip_suffix('\n').unwrap_or(&text.0).len();
            text.0.truncate(kept);
        }
        part.retain(|run| !matches!(run, Run::Text(text, _) if text.0.is_empty()));
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A line in parts of at most so much weight, broken between graphemes; within one only where it alone is too heavy.
fn crumbs(line: &str, room: usize) -> Vec<&str> {
    if text_weight(line) <= room {
        return vec![line];
    }
    let mut crumbs = Vec::new();
    let (mut start, mut used) = (0, 0);
    let steps = line.grapheme_indices(true).flat_map(|(at, grapheme)| {
        let heavy = text_weight(grapheme) > room;
        let whole = (!heavy).then_some((at, grapheme));
        let single = heavy.then(|| grapheme.char_indices().map(move |(i, c)| (at + i, &grapheme[i..i + c.len_utf8()])));
        whole.into_iter().chain(single.into_iter().flatten())
    });
    for (at, step) in steps {
        let weight = text_weight(step);
        if used + weight > room {
            crumbs.push(&line[start..at]);
            (start, used) = (at, 0);
        }
        used += weight;
    }
    crumbs.push(&line[start..]);
    crumbs
}

fn block(pieces: &[Piece], voice: Voice) -> Block {
    let mut elements: Vec<Value> = Vec::new();
    let mut list: Vec<Value> = Vec::new();
    let mut depth = 0;
    let flush = |list: &mut Vec<Value>, depth: usize, elements: &mut Vec<Value>| {
        if !list.is_empty() {
            let entries = std::mem::take(list);
            elements.push(json!({"type": "rich_text_list", "style": "bullet", "indent": depth, "elements": entries}));
        }
    };
    for piece in pieces {
        if let Piece::Item(level, runs) = piece {
            if *level != depth {
                flush(&mut list, depth, &mut elements);
                depth = *level;
            }
            list.push(json!({"type": "rich_text_section", "elements": elements_of(runs)}));
            continue;
        }
        flush(&mut list, depth, &mut elements);
        elements.push(match piece {
            Piece::Quote(runs) => json!({"type": "rich_text_quote", "elements": elements_of(runs)}),
            Piece::Columns(text, border) => {
                let text = if text.0.is_empty() { " " } else { text.0.as_str() };
                let mut element =
                    json!({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]});
                if *border == Border::Bar {
                    element["border"] = json!(1);
                }
                element
            }
            Piece::Text(runs) | Piece::Item(_, runs) => {
                json!({"type": "rich_text_section", "elements": elements_of(runs)})
            }
        });
    }
    flush(&mut list, depth, &mut elements);
    let value = json!({"type": "rich_text", "elements": elements});
    Block { weight: weight(&value), value, voice }
}

fn elements_of(runs: &[Run]) -> Vec<Value> {
    let mut elements: Vec<Value> = runs.iter().filter_map(element_of).collect();
    // Slack takes no empty text.
    if elements.is_empty() {
        elements.push(json!({"type": "text", "text": " "}));
    }
    elements
}

fn element_of(run: &Run) -> Option<Value> {
    let (text, look) = match run {
        Run::Mention(mention) => return Some(mention.element()),
        Run::Text(text, _) if text.0.is_empty() => return None,
        Run::Text(text, look) => (&text.0, look),
    };
    let styles: &[&str] = match look {
        Look::Plain => &[],
        Look::Bold => &["bold"],
        Look::Italic => &["italic"],
        Look::Code => &["code"],
        Look::BoldCode => &["bold", "code"],
    };
    let mut element = json!({"type": "text", "text": text});
    if !styles.is_empty() {
        let style: Map<String, Value> = styles.iter().map(|style| ((*style).to_owned(), json!(true))).collect();
        element["style"] = Value::Object(style);
    }
    Some(element)
}
