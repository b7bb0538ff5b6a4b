//! Events as lines of the screen.
//! Called by the screen for every event that is not printed as JSON.
//! Must never leave out a delete or a reason, nor show a model's words without their mark.

use chopmark_domain::change::Language;
use chopmark_protocol::card::Card;
use chopmark_protocol::escape;
use chopmark_protocol::event::{Answer, Body, Event, Finished, Question, Speaker};
use chopmark_protocol::line::{Line, Source, Tone};
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::moment::Moment;
use chopmark_protocol::{view, words};

/// The lines of an event; cards are drawn by [`card`] and its companions.
pub(super) fn event(event: &Event, moment: &Moment) -> Vec<Line> {
    let language = event.language;
    match &event.body {
        Body::Answer(answer) => self::answer(answer, language, moment),
        Body::Question(question) => self::question(question, language),
        Body::Proposal(proposal) => view::proposal(proposal, language),
        Body::Card(card) => card.lines(language, moment),
        Body::Progress(progress) => {
            vec![Line::ours("· ", Tone::Muted).then(&progress.text, Tone::Muted, Source::Tool)]
        }
        Body::Result(finished) => self::finished(finished, language),
        Body::Refusal(trouble) | Body::Error(trouble) => words::problem_text(&trouble.words),
        Body::Notice(notice) => spoken(&notice.text, Tone::Muted),
    }
}

fn spoken(text: &str, tone: Tone) -> Vec<Line> {
    if text.is_empty() {
        return Vec::new();
    }
    escape::visible_lines(text).iter().map(|line| Line::tool(line, tone)).collect()
}

fn answer(answer: &Answer, language: Language, moment: &Moment) -> Vec<Line> {
    let mut lines = match answer.speaker {
        Speaker::Chopmark => spoken(&answer.text, Tone::Plain),
        Speaker::Model => escape::visible_lines(&answer.text).iter().map(|line| words::quoted(line)).collect(),
    };
    if let Some(facts) = &answer.facts {
        lines.extend(view::facts(facts, language, moment));
    }
    lines
}

fn question(question: &Question, language: Language) -> Vec<Line> {
    let mut lines = spoken(&question.text, Tone::Title);
    for (number, option) in question.options.iter().enumerate() {
        let line = Line::ours(&format!("{}. ", number + 1), Tone::Muted).then(option, Tone::Plain, Source::Tool);
        lines.push(line.indented(2));
    }
    if let Some(guess) = &question.guess {
        let words = messages::text(language, "terminal-guess", &[("guess", Arg::from(guess))]);
        lines.push(Line::ours(&words, Tone::Muted).indented(2));
    }
    lines
}

fn finished(finished: &Finished, language: Language) -> Vec<Line> {
    let mut lines = words::finished(language, finished);
    if finished.undo {
        let hint = messages::text(language, "terminal-undo", &[("change", Arg::from(finished.change.as_str()))]);
        lines.push(Line::ours(&hint, Tone::Muted));
    }
    lines
}

/// A card in one line: for a card whose content is on the screen already.
pub(super) fn moved(card: &Card, language: Language) -> Line {
    let state = words::state(language, card.state);
    let facts = [("change", Arg::from(card.change.as_str())), ("state", Arg::from(&state))];
    Line::ours(&messages::text(language, "terminal-news", &facts), Tone::Muted)
}
