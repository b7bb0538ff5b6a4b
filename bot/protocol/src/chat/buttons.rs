//! Buttons: the controls of a card as every chat platform offers them.
//! Called by the adapters when they draw a card.
//! Must never offer to approve what was not delivered whole.

use super::{Act, Asks, Content, Press, Pressed};
use crate::card::{Card, Control};
use crate::command::{self, Name};
use crate::messages::{Arg, text};
use crate::request::Seen;
use chopmark_domain::change::Language;
use chopmark_domain::risk::Risk;

/// How a button looks, where a platform has looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The one that is likely meant.
    Primary,
    /// One that takes something away.
    Danger,
    /// Any other.
    Plain,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Its word.
    pub label: String,
    /// How it looks.
    pub style: Style,
    /// What it stands for.
    pub press: Press,
    /// What is said before it takes effect, where it asks for a confirmation.
    pub confirm: Option<String>,
    /// Whether it can be pressed now; one that can't is drawn, so that people see what is missing.
    pub enabled: bool,
}

impl Button {
    /// What it shows: commands are said in small letters, but a button's word begins with a large one. An answer's
    /// button says exactly what it answers, and an id is no word.
    pub fn shown(&self) -> String {
        match &self.press.what {
            Pressed::Act { .. } => capital(&self.label),
            Pressed::Say(_) => self.label.clone(),
        }
    }
}

/// A word with a large first letter where its writing knows one; an id stays as it is.
pub fn capital(word: &str) -> String {
    match word.chars().next() {
        Some(first) if !word.bytes().any(|b| b.is_ascii_digit()) => {
            format!("{}{}", first.to_ascii_uppercase(), &word[first.len_utf8()..])
        }
        _ => word.to_owned(),
    }
}

/// The buttons of a card, the likely one first.
pub fn buttons(card: &Card, language: Language, content: Content) -> Vec<Button> {
    card.controls.iter().flat_map(|control| of(card, control, language, content)).collect()
}

fn of(card: &Card, control: &Control, language: Language, content: Content) -> Vec<Button> {
    let word = |name: Name| command::form_of(name).map_or("", |form| form.word(language)).to_owned();
    let seen = card.digest.map(|digest| Seen { revision: card.revision, digest });
    let button = |label: String, act: Act, style: Style, asks: Asks| Button {
        label,
        style,
        press: Press { what: Pressed::Act { act, change: card.change.clone(), seen }, asks },
        confirm: None,
        enabled: true,
    };
    match control {
        Control::Approve { confirm } => {
            let asks = match (confirm, card.risk) {
                (Some(_), _) => Asks::Form,
                (None, Some(Risk::Low)) => Asks::Nothing,
                (None, _) => Asks::Confirmation,
            };
            let confirm = (asks == Asks::Confirmation).then(|| {
                let args = [("change", Arg::from(card.change.as_str())), ("component", Arg::from(&card.component))];
                text(language, "confirm-approve", &args)
            });
            let style = if card.risk == Some(Risk::Severe) { Style::Danger } else { Style::Primary };
            let enabled = content == Content::Delivered;
            vec![Button { confirm, enabled, ..button(word(Name::Approve), Act::Approve, style, asks) }]
        }
        Control::Reject => vec![button(word(Name::Reject), Act::Reject, Style::Plain, Asks::Form)],
        Control::Edit => vec![button(word(Name::Edit), Act::Edit, Style::Plain, Asks::Form)],
        Control::Details => vec![button(word(Name::Details), Act::Details, Style::Plain, Asks::Nothing)],
        Control::Cancel => vec![button(word(Name::Cancel), Act::Cancel, Style::Plain, Asks::Nothing)],
        Control::Undo => vec![button(word(Name::Undo), Act::Undo, Style::Plain, Asks::Nothing)],
        Control::PlanAgain => vec![button(word(Name::PlanAgain), Act::PlanAgain, Style::Primary, Asks::Nothing)],
        Control::Resolve => [
            ("resolution-applied", Act::Applied),
            ("resolution-partial", Act::Partial),
            ("resolution-not-started", Act::NotStarted),
        ]
        .map(|(key, act)| button(text(language, key, &[]), act, Style::Plain, Asks::Confirmation))
        .map(|button| Button { confirm: Some(text(language, "confirm-resolve", &[])), ..button })
        .into(),
    }
}
