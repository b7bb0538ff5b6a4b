//! Forms: what a platform's modal asks, and what came back.
//! Made by bot/app from a change, a template's parameters or a message; drawn by the adapters.
//! Must never be trusted when it comes back: what was filled in is typed and checked like words.

use super::{Press, Speaker};
use chopmark_domain::change::Language;
use std::collections::BTreeMap;

/// What a form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormKind {
    /// What an act asks first: why it is rejected, the name that severe risk asks for, the values of an edit.
    Of(Press),
    /// A request in words, with what it is about written into it already.
    Ask,
}

/// What every form's id begins with, besides those of presses.
const ASK: &str = "chop.ask";

impl FormKind {
    /// The text that a platform hands back with the form, no longer than that of a press.
    pub fn id(&self) -> Option<String> {
        match self {
            Self::Of(press) => press.id(),
            Self::Ask => Some(ASK.to_owned()),
        }
    }

    /// What a text stands for.
    pub fn parse(id: &str) -> Option<Self> {
        if id == ASK { Some(Self::Ask) } else { Press::parse(id).map(Self::Of) }
    }
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// One of these.
    Choice(Vec<Choice>),
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is called when it comes back: 1 to 60 letters, digits, dashes and underscores.
    pub name: String,
    /// What is shown over it.
    pub label: String,
    /// What belongs in it.
    pub hint: Option<String>,
    /// How.
    pub kind: FieldKind,
    /// What stands in it already.
    pub value: Option<String>,
    /// Whether it may stay empty.
    pub required: bool,
}

/// A form. Titles and words fit every platform's modal: a title has 24 characters at most, as Slack's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What it is for.
    pub kind: FormKind,
    /// Its title.
    pub title: String,
    /// A word of explanation over the fields.
    pub intro: Option<String>,
    /// Its fields, the most likely first.
    pub fields: Vec<Field>,
    /// The word that sends it.
    pub submit: String,
    /// The word that leaves it.
    pub close: String,
}

/// A form that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What it was for.
    pub kind: FormKind,
    /// What stands in its fields.
    pub values: BTreeMap<String, String>,
}

/// Asking for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormAsked {
    /// Who wants it, and where.
    pub speaker: Speaker,
    /// What it is for.
    pub kind: FormKind,
    /// The message it begins from, of "make this a change": outside text that the person may send as theirs.
    pub quoted: Option<String>,
    /// How many fields the platform's modal takes.
    pub most: usize,
    /// The language of the words, where the platform says one.
    pub language: Option<Language>,
}
