//! Posts: answers, questions, proposals, ends of changes, refusals, notices and files.
//! Called through `Chat::post` and `Chat::partial`.
//! Must never mention anybody whom the post does not name, nor show a model's words as ours.

use super::pages::{self, Content, Part};
use super::rich::{Block, Look, Piece, Run, Voice, blocks, line, push};
use super::{Message, body, buttons, lines, quote};
use crate::limits::{BLOCKS_CHARACTERS, MENTIONS, NAME_CHARACTERS};
use crate::markup::{self, Mention};
use chopmark_domain::change::Language;
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::ChangeId;
use chopmark_protocol::chat::{Act, Asks, Button, Outgoing, Post, PostBody, Press, Pressed, Style};
use chopmark_protocol::command::{self, Name};
use chopmark_protocol::event::{Answer, Body, Event, Finished, Question, Speaker};
use chopmark_protocol::line::{Line, Tone, plain};
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::{escape, view, words};

/// Changes of an overview that get a button.
const SHOWN: usize = 10;

/// A post as messages: mostly one; several when it is long, and a file when it is longer than those.
pub fn post(outgoing: &Outgoing<'_>) -> Vec<Message> {
    let post = outgoing.post;
    match &post.body {
        PostBody::Event { event } => {
            let mut content = content(event, outgoing.moment);
            content.mentions = mentions(post).iter().map(|mention| mention.markup() + " ").collect();
            if let Some(addressed) = addressed(post, event.language) {
                content.parts.insert(0, Part { voice: Voice::House, pieces: vec![addressed] });
            }
            pages::messages(content)
        }
        PostBody::File { file, language } => {
            let mut message = pages::with_file(file.clone());
            if let Some(addressed) = addressed(post, *language) {
                let mut all = blocks(&[addressed], Voice::House);
                let words = pages::introduced(file);
                all.extend(blocks(&[line(&words, Look::Plain)], Voice::House));
                let mentions: String = mentions(post).iter().map(|mention| mention.markup() + " ").collect();
                message.body = body(&mentions, &words, &all);
            }
            vec![message]
        }
    }
}

/// What a model said so far, as one message: its beginning where it became long.
pub fn partial(language: Language, said_so_far: &str) -> serde_json::Value {
    let still = line(&text(language, "chat-still", &[]), Look::Italic);
    let tail = blocks(&[still], Voice::House);
    let room = BLOCKS_CHARACTERS - tail.iter().map(|block| block.weight + 1).sum::<usize>();
    let flow = blocks(&quote::pieces(said_so_far), Voice::Model);
    let mut page = pages::first(&flow, language, room);
    page.extend(tail);
    body("", &summary_of_model(language, said_so_far), &page)
}

fn mentions(post: &Post) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for mention in post.mentions.iter().filter_map(Mention::of) {
        if !found.contains(&mention) && found.len() < MENTIONS {
            found.push(mention);
        }
    }
    found
}

/// Whom it is for: those who are notified, and the name of whoever is answered.
fn addressed(post: &Post, language: Language) -> Option<Piece> {
    let mut runs: Vec<Run> = Vec::new();
    for mention in mentions(post) {
        runs.push(Run::Mention(mention));
        push(&mut runs, " ", Look::Plain);
    }
    if let Some(name) = post.to.as_deref().filter(|name| !name.trim().is_empty()) {
        let name = markup::line(name, NAME_CHARACTERS);
        push(&mut runs, &text(language, "chat-to", &[("name", Arg::from(&name))]), Look::Bold);
    }
    (!runs.is_empty()).then_some(Piece::Text(runs))
}

fn content(event: &Event, moment: &Moment) -> Content {
    let language = event.language;
    let house = |lines: Vec<Line>, controls: Option<Block>| Content {
        language,
        mentions: String::new(),
        summary: summary(&lines),
        parts: vec![Part { voice: Voice::House, pieces: lines::pieces(&lines) }],
        controls,
        whole: plain(&lines),
    };
    match &event.body {
        Body::Answer(answer) => self::answer(answer, language, moment),
        Body::Question(question) => {
            house(self::question(question, language), buttons::block(&options(question), "", language))
        }
        Body::Proposal(proposal) => house(view::proposal(proposal, language), None),
        // A card has a slot of its own; here it is only read.
        Body::Card(card) => house(card.lines(language, moment), None),
        Body::Progress(progress) => house(spoken(&progress.text, Tone::Muted), None),
        Body::Result(finished) => {
            let undo: Vec<Button> = finished.undo.then(|| undo(finished, language)).into_iter().collect();
            house(words::finished(language, finished), buttons::block(&undo, finished.change.as_str(), language))
        }
        Body::Refusal(trouble) | Body::Error(trouble) => house(words::problem_text(&trouble.words), None),
        Body::Notice(notice) => {
            let word = command::form_of(Name::Show).map_or("", |form| form.word(language));
            let show: Vec<Button> = notice.change.iter().map(|change| show(change, word)).collect();
            let target = notice.change.as_ref().map_or("", ChangeId::as_str);
            house(spoken(&notice.text, Tone::Plain), buttons::block(&show, target, language))
        }
    }
}

fn summary(lines: &[Line]) -> String {
    lines.iter().map(Line::plain).find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned()
}

fn summary_of_model(language: Language, words: &str) -> String {
    let first = words.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    format!("{} {}", text(language, "chat-model-says", &[]), first.trim())
}

fn spoken(words: &str, tone: Tone) -> Vec<Line> {
    if words.is_empty() {
        return Vec::new();
    }
    escape::visible_lines(words).iter().map(|line| Line::tool(line, tone)).collect()
}

fn answer(answer: &Answer, language: Language, moment: &Moment) -> Content {
    let facts = answer.facts.as_ref().map(|facts| view::facts(facts, language, moment)).unwrap_or_default();
    let shown = Part { voice: Voice::House, pieces: lines::pieces(&facts) };
    let (first, line, whole) = match answer.speaker {
        Speaker::Chopmark => {
            let said = spoken(&answer.text, Tone::Plain);
            let line = if said.is_empty() { summary(&facts) } else { summary(&said) };
            (Part { voice: Voice::House, pieces: lines::pieces(&said) }, line, plain(&said))
        }
        Speaker::Model => {
            let part = Part { voice: Voice::Model, pieces: quote::pieces(&answer.text) };
            let quoted = escape::visible_lines(&answer.text).iter().map(|line| words::quoted(line)).collect::<Vec<_>>();
            let whole = format!("{}\n{}", text(language, "chat-model-says", &[]), plain(&quoted));
            (part, summary_of_model(language, &answer.text), whole)
        }
    };
    let whole = [whole, plain(&facts)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let controls = answer.facts.as_ref().and_then(|facts| buttons::block(&shows(facts), "", language));
    Content { language, mentions: String::new(), summary: line, parts: vec![first, shown], controls, whole }
}

/// Of an overview, the first changes that wait for whoever asks, then those that failed: each one press away.
fn shows(facts: &Facts) -> Vec<Button> {
    let Facts::Overview(overview) = facts else { return Vec::new() };
    let changes = overview.yours.iter().chain(&overview.failed);
    changes.take(SHOWN).map(|change| show(&change.id, change.id.as_str())).collect()
}

fn show(change: &ChangeId, label: &str) -> Button {
    button(label, Act::Show, change)
}

fn button(label: &str, act: Act, change: &ChangeId) -> Button {
    let what = Pressed::Act { act, change: change.clone(), seen: None };
    let press = Press { what, asks: Asks::Nothing };
    Button { label: label.to_owned(), style: Style::Plain, press, confirm: None, enabled: true }
}

fn question(question: &Question, language: Language) -> Vec<Line> {
    let mut lines = spoken(&question.text, Tone::Title);
    for option in &question.options {
        lines.push(Line::tool(&option.replace('\n', " "), Tone::Plain).indented(2));
    }
    if let Some(guess) = &question.guess {
        lines.push(Line::ours(&text(language, "chat-guess", &[("guess", Arg::from(guess))]), Tone::Muted));
    }
    lines
}

/// A button for every answer that is offered, the likely one first. What would be a command gets none: a person who
/// presses an answer does not decide anything.
fn options(question: &Question) -> Vec<Button> {
    let guess = question.guess.iter();
    let others = question.options.iter().filter(|option| Some(*option) != question.guess.as_ref());
    guess
        .chain(others)
        .filter(|option| command::parse(&chopmark_protocol::plain::plain(option)).is_none())
        .filter(|option| !option.trim().is_empty())
        .map(|option| Button {
            label: option.clone(),
            style: if Some(option) == question.guess.as_ref() { Style::Primary } else { Style::Plain },
            press: Press { what: Pressed::Say(option.clone()), asks: Asks::Nothing },
            confirm: None,
            enabled: true,
        })
        .collect()
}

fn undo(finished: &Finished, language: Language) -> Button {
    let word = command::form_of(Name::Undo).map_or("", |form| form.word(language));
    button(word, Act::Undo, &finished.change)
}
