//! Posts as messages of Discord: answers, questions, proposals, ends, problems, notices, files.
//! Called by the adapter for every post of the outbox, and for parts of answers.
//! Must never draw a model's words outside a marked quote, nor give a button to words that are a command.

use super::lines::{Piece, pieces, quote, spoken};
use super::pack::{Size, pack};
use super::small::{act_button, word};
use super::{Message, files, parts};
use crate::{limits, markup};
use chopmark_domain::change::Language;
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Act, Asks, Attachment, Button, Outgoing, Post, PostBody, Press, Pressed, Style};
use chopmark_protocol::command;
use chopmark_protocol::event::{Answer, Body, Event, Finished, Question, Speaker};
use chopmark_protocol::line::{self, Line, Source, Tone};
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::{view, words};

/// Room that the line about the file, and what surrounds the text, take from a message.
const REMARK: Size = Size { units: 300, bytes: 900 };

/// The file that holds a text which is too long.
const WHOLE: &str = "answer.txt";

/// What is posted, before it is cut into messages.
#[derive(Default)]
struct Content {
    pieces: Vec<Piece>,
    buttons: Vec<Button>,
    /// The same text for a file.
    plain: String,
}

/// The messages of a post, at least one; the first takes the place of a partial answer.
pub fn post(outgoing: &Outgoing<'_>) -> Vec<Message> {
    let post = outgoing.post;
    match &post.body {
        PostBody::Event { event } => messages(post, event.language, content(event, outgoing.moment)),
        PostBody::File { file, language } => file_messages(post, file, *language),
    }
}

/// A part of a model's answer: its end, when it is longer than a message.
pub fn partial(language: Language, said: &str) -> serde_json::Value {
    let (head, tail) = (model_says(language), Piece::words(format!("-# {}", text(language, "chat-still", &[]))));
    let mut said = quote(said);
    let room = Size::MESSAGE.less(REMARK);
    // From the end, because that is what is new.
    let mut size = Size::default();
    let kept = said
        .iter()
        .rev()
        .take_while(|piece| {
            // The mark of the quote and the line break.
            size = size.plus(Size::of(&piece.text)).plus(Size { units: 3, bytes: 3 });
            room.holds(size)
        })
        .count();
    let said = said.split_off(said.len() - kept);
    let all: Vec<Piece> = std::iter::once(head).chain(said).chain([tail]).collect();
    let texts = pack(&all, Size::MESSAGE);
    let components: Vec<_> = texts.iter().take(1).filter_map(|packed| parts::text(packed)).collect();
    parts::body(&components, &[], &[])
}

fn content(event: &Event, moment: &Moment) -> Content {
    let language = event.language;
    match &event.body {
        Body::Answer(answer) => self::answer(answer, language, moment),
        Body::Question(question) => self::question(question, language),
        Body::Proposal(proposal) => of_lines(view::proposal(proposal, language)),
        Body::Card(card) => of_lines(card.lines(language, moment)),
        Body::Progress(progress) => of_lines(spoken(&progress.text, Tone::Muted)),
        Body::Result(finished) => self::finished(finished, language),
        Body::Refusal(trouble) | Body::Error(trouble) => of_lines(words::problem_text(&trouble.words)),
        Body::Notice(notice) => {
            let show = notice.change.iter().map(|change| act_button(Act::Show, change, word(Act::Show, language)));
            Content { buttons: show.collect(), ..of_lines(spoken(&notice.text, Tone::Plain)) }
        }
    }
}

fn of_lines(lines: Vec<Line>) -> Content {
    Content { pieces: pieces(&lines), plain: line::plain(&lines), ..Content::default() }
}

/// The line that says whose words follow.
fn model_says(language: Language) -> Piece {
    Piece::words(format!("-# {}", markup::escape_line(&text(language, "chat-model-says", &[]))))
}

fn answer(answer: &Answer, language: Language, moment: &Moment) -> Content {
    let buttons = answer.facts.as_ref().map(shown).unwrap_or_default();
    let facts = answer.facts.as_ref().map(|facts| view::facts(facts, language, moment)).unwrap_or_default();
    if answer.speaker == Speaker::Chopmark || answer.text.is_empty() {
        let lines = spoken(&answer.text, Tone::Plain).into_iter().chain(facts).collect();
        return Content { buttons, ..of_lines(lines) };
    }
    let mut said = vec![text(language, "chat-model-says", &[])];
    said.extend(chopmark_protocol::escape::visible_lines(&answer.text).iter().map(|line| format!("> {line}")));
    let facts = of_lines(facts);
    let pieces = std::iter::once(model_says(language)).chain(quote(&answer.text)).chain(facts.pieces).collect();
    said.push(facts.plain);
    Content { pieces, plain: said.join("\n"), buttons }
}

/// Of an overview, a button for each card that whoever looks will want: what waits for them, then what failed.
fn shown(facts: &Facts) -> Vec<Button> {
    let Facts::Overview(overview) = facts else { return Vec::new() };
    let changes = overview.yours.iter().chain(&overview.failed).take(limits::ROW * 2);
    changes.map(|change| act_button(Act::Show, &change.id, change.id.to_string())).collect()
}

/// The options as buttons, the likely one first; what no button can hold stands in the text.
fn question(question: &Question, language: Language) -> Content {
    let mut lines = spoken(&question.text, Tone::Title);
    let guess = question.guess.as_ref();
    let others = question.options.iter().filter(|option| Some(*option) != guess);
    let mut buttons: Vec<Button> = Vec::new();
    let mut left = Vec::new();
    for option in guess.into_iter().chain(others) {
        match choice(option, Some(option) == guess) {
            Some(button) if buttons.len() < limits::ROW * limits::ROWS => buttons.push(button),
            _ => left.push(option),
        }
    }
    let entry = |option: &&String| Line::ours("", Tone::Plain).then(option, Tone::Plain, Source::Tool).indented(2);
    lines.extend(left.iter().map(entry));
    if let Some(guess) = guess {
        lines.push(Line::ours(&text(language, "chat-guess", &[("guess", Arg::from(guess))]), Tone::Muted));
    }
    Content { buttons, ..of_lines(lines) }
}

/// A button for an answer; none for one that is too long to be handed back or read, and for one that is a command: a
/// model could write that on it.
fn choice(answer: &str, likely: bool) -> Option<Button> {
    let style = if likely { Style::Primary } else { Style::Plain };
    let press = Press { what: Pressed::Say(answer.to_owned()), asks: Asks::Nothing };
    let fits = press.id().is_some() && answer.chars().count() <= limits::BUTTON && !answer.trim().is_empty();
    let plain = chopmark_protocol::plain::plain(answer);
    (fits && command::parse(&plain).is_none()).then(|| Button {
        label: answer.to_owned(),
        style,
        press,
        confirm: None,
        enabled: true,
    })
}

fn finished(finished: &Finished, language: Language) -> Content {
    let lines = words::finished(language, finished);
    let undo = finished.undo.then(|| act_button(Act::Undo, &finished.change, word(Act::Undo, language)));
    Content { buttons: undo.into_iter().collect(), ..of_lines(lines) }
}

/// Who is told, and who is addressed.
fn head(post: &Post, language: Language) -> Vec<Piece> {
    let mentions = parts::mentions(&post.mentions);
    let name = post.to.as_deref().map(|name| markup::cut(&chopmark_protocol::escape::visible(name), 100));
    let to = name.filter(|name| !name.trim().is_empty()).map(|name| {
        let words = text(language, "chat-to", &[("name", Arg::from(&name))]);
        format!("-# {}", markup::escape_line(&words))
    });
    let mentions = (!mentions.is_empty()).then_some(mentions);
    mentions.into_iter().chain(to).map(Piece::words).collect()
}

fn messages(post: &Post, language: Language, content: Content) -> Vec<Message> {
    let rows = parts::rows(&content.buttons);
    let mut pieces = head(post, language);
    pieces.extend(content.pieces);
    let texts = pack(&pieces, Size::MESSAGE);
    if texts.len() > limits::MESSAGES {
        return begun_and_file(post, language, &pieces, content.plain, rows);
    }
    let last = texts.len().saturating_sub(1);
    let mut out = Vec::new();
    for (at, packed) in texts.iter().enumerate() {
        let mut components: Vec<_> = parts::text(packed).into_iter().collect();
        if at == last {
            components.extend(rows.iter().cloned());
        }
        // Only the first one names anybody.
        let mentions: &[Identity] = if at == 0 { &post.mentions } else { &[] };
        out.push(Message { body: parts::body(&components, mentions, &[]), files: Vec::new() });
    }
    if out.is_empty() {
        let nothing: Vec<_> = parts::text("…").into_iter().chain(rows).collect();
        out.push(Message { body: parts::body(&nothing, &post.mentions, &[]), files: Vec::new() });
    }
    out
}

/// The beginning as a message, the whole as a file under it.
fn begun_and_file(
    post: &Post,
    language: Language,
    pieces: &[Piece],
    plain: String,
    rows: Vec<serde_json::Value>,
) -> Vec<Message> {
    let begun = pack(pieces, Size::MESSAGE.less(REMARK)).into_iter().next().unwrap_or_default();
    let lines = plain.lines().count();
    let remark = text(language, "chat-rest-in-file", &[("count", Arg::from(lines)), ("file", Arg::from(WHOLE))]);
    let description = text(language, "chat-file", &[("lines", Arg::from(lines))]);
    let file = Attachment { name: WHOLE.to_owned(), description, text: plain };
    let mut out = Vec::new();
    for (at, file) in files::parts(&file, language).into_iter().enumerate() {
        let mut components = Vec::new();
        if at == 0 {
            components.extend(parts::text(&begun));
            components.extend(parts::text(&format!("-# {}", markup::escape_line(&remark))));
        }
        components.push(parts::file(&file));
        if at == 0 {
            components.extend(rows.iter().cloned());
        }
        let mentions: &[Identity] = if at == 0 { &post.mentions } else { &[] };
        out.push(Message { body: parts::body(&components, mentions, std::slice::from_ref(&file)), files: vec![file] });
    }
    out
}

fn file_messages(post: &Post, file: &Attachment, language: Language) -> Vec<Message> {
    let mut out = Vec::new();
    for (at, file) in files::parts(file, language).into_iter().enumerate() {
        let mut pieces = if at == 0 { head(post, language) } else { Vec::new() };
        pieces.extend(self::pieces(&spoken(&file.description, Tone::Plain)));
        let texts = pack(&pieces, Size::MESSAGE);
        let mut components: Vec<_> = texts.iter().take(1).filter_map(|packed| parts::text(packed)).collect();
        components.push(parts::file(&file));
        let mentions: &[Identity] = if at == 0 { &post.mentions } else { &[] };
        out.push(Message { body: parts::body(&components, mentions, std::slice::from_ref(&file)), files: vec![file] });
    }
    out
}
