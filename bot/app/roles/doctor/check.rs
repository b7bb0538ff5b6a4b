//! One line of the doctor: what was looked at, how it stands, and the fix.
//! Made by every examination; drawn by the doctor.
//! Must never hold a secret: only names, versions and paths.

use chopmark_domain::change::Language;
use chopmark_domain::problem::Problem;
use chopmark_protocol::messages::{self, Arg};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As it should be.
    Ok,
    /// Works, but should be looked at.
    Warn,
    /// Does not work.
    Fail,
    /// Not configured.
    Off,
}

impl Standing {
    /// Its word in the JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Off => "off",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, as scripts know it, such as `git` or `environments.dev.cluster`.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    said: Said,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Message { key: &'static str, facts: BTreeMap<&'static str, String> },
    Problem(Problem),
}

impl Check {
    /// A line with the words of a message.
    pub fn new(name: impl Into<String>, standing: Standing, key: &'static str) -> Self {
        Self { name: name.into(), standing, said: Said::Message { key, facts: BTreeMap::new() } }
    }

    /// A line with the words of a problem.
    pub fn problem(name: impl Into<String>, problem: Problem) -> Self {
        Self { name: name.into(), standing: Standing::Fail, said: Said::Problem(problem) }
    }

    /// Adds a value for the message.
    #[must_use]
    pub fn with(mut self, fact: &'static str, value: impl std::fmt::Display) -> Self {
        if let Said::Message { facts, .. } = &mut self.said {
            facts.insert(fact, value.to_string());
        }
        self
    }

    /// What is the matter.
    pub fn text(&self, language: Language) -> String {
        match &self.said {
            Said::Message { key, facts } => messages::text(language, key, &arguments(facts)),
            Said::Problem(problem) => {
                let words = messages::problem(language, problem);
                format!("{}: {} {}", self.name, words.code, words.what)
            }
        }
    }

    /// What puts it right, when something has to be.
    pub fn fix(&self, language: Language) -> Option<String> {
        match &self.said {
            Said::Message { key, facts } => messages::find(language, &format!("{key}.fix"), &arguments(facts)),
            Said::Problem(problem) => Some(messages::problem(language, problem).next),
        }
    }

    /// The line for scripts.
    pub fn json(&self, language: Language) -> Value {
        let code = match &self.said {
            Said::Message { .. } => None,
            Said::Problem(problem) => Some(problem.code.to_string()),
        };
        json!({
            "kind": "check",
            "name": self.name,
            "state": self.standing.word(),
            "text": self.text(language),
            "fix": self.fix(language),
            "code": code,
        })
    }
}

fn arguments<'a>(facts: &'a BTreeMap<&'static str, String>) -> Vec<(&'a str, Arg<'a>)> {
    facts.iter().map(|(name, value)| (*name, Arg::from(value))).collect()
}
