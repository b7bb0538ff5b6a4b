//! A typed value: what a parameter holds and what is written into infrastructure code.
//! Made by the assistant's tools from checked arguments, written by the catalogue's formatter.
//! Must never hold a float: canonical records know integers and strings only.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A typed literal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string, whatever characters it holds.
    Text(String),
    /// An ordered list.
    List(Vec<Literal>),
    /// String keys to values, sorted.
    Map(BTreeMap<String, Literal>),
}

impl Literal {
    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl fmt::Display for Literal {
    /// For people: text without quotes, lists and maps in short JSON-like form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Map(entries) => {
                let entries: Vec<_> = entries.iter().map(|(k, v)| format!("{k}={v}")).collect();
                write!(f, "{{{}}}", entries.join(", "))
            }
        }
    }
}
