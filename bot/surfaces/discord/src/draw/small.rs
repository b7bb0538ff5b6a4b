//! Small messages around a press or a command: the question before it takes effect, and what comes of it.
//! Called by the adapter while it answers an interaction.
//! Must never take effect by themselves: the button of a confirmation is a press like any other.

use super::lines::{pieces, spoken};
use super::pack::{Size, pack};
use super::parts;
use crate::markup;
use chopmark_domain::change::Language;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::problem::Problem;
use chopmark_protocol::chat::{Act, Asks, Button, Press, Pressed, Style, capital};
use chopmark_protocol::command::{self, Name};
use chopmark_protocol::line::{Line, Tone};
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::words;
use serde_json::Value;

/// The id of the button that leaves a confirmation. No press reads so.
pub const LEAVE: &str = "chop.leave";

/// Characters of somebody's words that everybody is shown above a thread.
const ASKED: usize = 1_500;

/// What is asked before a press takes effect, for whoever pressed; none where it asks for nothing.
pub fn confirm(press: &Press, language: Language) -> Option<Value> {
    let Pressed::Act { act, change, seen } = &press.what else { return None };
    if press.asks != Asks::Confirmation {
        return None;
    }
    let question = match (act, seen) {
        (Act::Approve, Some(seen)) => {
            let digest = seen.digest.short();
            let args = [
                ("change", Arg::from(change.as_str())),
                ("revision", Arg::from(i64::from(seen.revision.0))),
                ("digest", Arg::from(&digest)),
            ];
            text(language, "chat-confirm", &args)
        }
        (Act::Applied | Act::Partial | Act::NotStarted, _) => text(language, "confirm-resolve", &[]),
        _ => text(language, "chat-confirm-title", &[]),
    };
    let done = Press { asks: Asks::Nothing, ..press.clone() }.id()?;
    let (yes, no) = (capital(&word(*act, language)), text(language, "chat-confirm-no", &[]));
    Some(parts::private(&[said(&question, Tone::Plain)?, parts::pair((&yes, &done), (&no, LEAVE))]))
}

/// A button for an act on a change, whatever its card shows now.
pub(super) fn act_button(act: Act, change: &ChangeId, label: String) -> Button {
    let what = Pressed::Act { act, change: change.clone(), seen: None };
    Button { label, style: Style::Plain, press: Press { what, asks: Asks::Nothing }, confirm: None, enabled: true }
}

/// What a confirmation becomes when it was left.
pub fn left(language: Language) -> Value {
    closed(&text(language, "chat-left", &[]))
}

/// What a confirmation becomes when it was given: so that it is not given twice.
pub fn taken(press: &Press, language: Language) -> Value {
    let word = match &press.what {
        Pressed::Act { act, .. } => word(*act, language),
        Pressed::Say(words) => words.clone(),
    };
    closed(&text(language, "chat-taken", &[("word", Arg::from(&word))]))
}

/// A problem, for the one whom it concerns.
pub fn problem(problem: &Problem, language: Language) -> Value {
    private(&words::problem(language, problem))
}

/// A request by command, above the thread that it begins: who asks what.
pub fn asked(name: &str, words: &str, language: Language) -> Value {
    let words = markup::cut(&words.replace('\n', " ⏎ "), ASKED);
    let name = markup::cut(name, 100);
    let line = text(language, "chat-asked", &[("name", Arg::from(&name)), ("words", Arg::from(&words))]);
    parts::body(&said(&line, Tone::Plain).into_iter().collect::<Vec<_>>(), &[], &[])
}

fn closed(line: &str) -> Value {
    private(&spoken(line, Tone::Muted))
}

fn private(lines: &[Line]) -> Value {
    let texts = pack(&pieces(lines), Size::MESSAGE);
    parts::private(&texts.iter().take(1).filter_map(|packed| parts::text(packed)).collect::<Vec<_>>())
}

fn said(line: &str, tone: Tone) -> Option<Value> {
    let texts = pack(&pieces(&spoken(line, tone)), Size::MESSAGE);
    texts.first().and_then(|packed| parts::text(packed))
}

/// The word of an act, as it stands on its button.
pub(super) fn word(act: Act, language: Language) -> String {
    let of = |name: Name| command::form_of(name).map_or("", |form| form.word(language)).to_owned();
    match act {
        Act::Approve => of(Name::Approve),
        Act::Reject => of(Name::Reject),
        Act::Edit => of(Name::Edit),
        Act::Details => of(Name::Details),
        Act::Cancel => of(Name::Cancel),
        Act::Undo => of(Name::Undo),
        Act::PlanAgain => of(Name::PlanAgain),
        Act::Show => of(Name::Show),
        Act::Applied => text(language, "resolution-applied", &[]),
        Act::Partial => text(language, "resolution-partial", &[]),
        Act::NotStarted => text(language, "resolution-not-started", &[]),
    }
}
