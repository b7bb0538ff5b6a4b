//! Pages: blocks over several messages, and what is longer than those as a file.
//! Called by post.
//! Must never leave a text out, nor a model's words without the line over them.

use super::rich::{Block, Look, Piece, Voice, blocks, line};
use super::{Message, body, quote};
use crate::limits::{BLOCKS, BLOCKS_CHARACTERS, DESCRIPTION_CHARACTERS, MESSAGES};
use crate::markup;
use chopmark_domain::change::Language;
use chopmark_protocol::chat::Attachment;
use chopmark_protocol::messages::{Arg, text};

/// Pieces in one voice.
pub(super) struct Part {
    /// Whose.
    pub(super) voice: Voice,
    /// What.
    pub(super) pieces: Vec<Piece>,
}

/// What a post is made of.
pub(super) struct Content {
    /// In which language we say what we add.
    pub(super) language: Language,
    /// Who is notified, in the markup of `text`.
    pub(super) mentions: String,
    /// The line for notifications.
    pub(super) summary: String,
    /// The text.
    pub(super) parts: Vec<Part>,
    /// What stands below it: buttons.
    pub(super) controls: Option<Block>,
    /// The whole text, for the file that it becomes when it is too long.
    pub(super) whole: String,
}

/// The name of the file that a long text becomes.
const FILE: &str = "answer.txt";

/// What the note about the file weighs at most.
const NOTE: usize = 600;

/// The messages of a post; only the first notifies anybody.
pub(super) fn messages(content: Content) -> Vec<Message> {
    let language = content.language;
    let flow: Vec<Block> = content.parts.iter().flat_map(|part| blocks(&part.pieces, part.voice)).collect();
    let mut pages = fill(&flow, content.controls.as_ref(), language, BLOCKS_CHARACTERS);
    let mut files = Vec::new();
    if pages.len() > MESSAGES {
        let room = BLOCKS_CHARACTERS - NOTE - content.controls.as_ref().map_or(0, |controls| controls.weight);
        pages = fill(&flow, None, language, room);
        pages.truncate(1);
        files.push(file(&content.whole, language));
        if let Some(page) = pages.first_mut() {
            let args = [("count", Arg::from(content.whole.lines().count())), ("file", Arg::from(FILE))];
            page.extend(ours(&text(language, "chat-rest-in-file", &args)));
            page.extend(content.controls);
        }
    }
    let mut messages: Vec<Message> = pages
        .iter()
        .enumerate()
        .map(|(number, page)| {
            let mentions = if number == 0 { content.mentions.as_str() } else { "" };
            Message { body: body(mentions, &content.summary, page), files: Vec::new() }
        })
        .collect();
    messages.extend(files.into_iter().map(with_file));
    messages
}

/// A file with its line: a message of its own.
pub(super) fn with_file(file: Attachment) -> Message {
    let words = introduced(&file);
    Message { body: body("", &words, &ours(&words)), files: vec![file] }
}

/// The line of a file.
pub(super) fn introduced(file: &Attachment) -> String {
    markup::line(&format!("{}: {}", file.name, file.description), DESCRIPTION_CHARACTERS)
}

fn ours(words: &str) -> Vec<Block> {
    blocks(&[line(words, Look::Plain)], Voice::House)
}

fn file(whole: &str, language: Language) -> Attachment {
    let description = text(language, "chat-file", &[("lines", Arg::from(whole.lines().count()))]);
    Attachment { name: FILE.to_owned(), description, text: whole.to_owned() }
}

fn lead(language: Language) -> Option<Block> {
    blocks(&[quote::lead(language)], Voice::House).into_iter().next()
}

/// The blocks over as many messages as they need. Where a model speaks, and wherever it goes on in a new message,
/// stands the line that says so.
fn fill(flow: &[Block], controls: Option<&Block>, language: Language, room: usize) -> Vec<Vec<Block>> {
    let lead = lead(language);
    let mut pages: Vec<Vec<Block>> = vec![Vec::new()];
    let mut used = 0;
    let mut before = Voice::House;
    for block in flow.iter().chain(controls) {
        let needs_lead = |fresh: bool| block.voice == Voice::Model && (fresh || before == Voice::House);
        let extra = |fresh: bool| if needs_lead(fresh) { lead.as_ref().map_or(0, |lead| lead.weight + 1) } else { 0 };
        let page = pages.last().map_or(0, Vec::len);
        let full = page > 0 && (used + extra(false) + block.weight + 1 > room - 2 || page + 2 > BLOCKS);
        if full {
            pages.push(Vec::new());
            used = 0;
        }
        let fresh = full || page == 0;
        used += extra(fresh) + block.weight + 1;
        if let Some(page) = pages.last_mut() {
            page.extend(lead.clone().filter(|_| needs_lead(fresh)));
            page.push(block.clone());
        }
        before = block.voice;
    }
    pages.retain(|page| !page.is_empty());
    pages
}

/// The first message of a model's words, while it still speaks.
pub(super) fn first(flow: &[Block], language: Language, room: usize) -> Vec<Block> {
    fill(flow, None, language, room).into_iter().next().unwrap_or_default()
}
