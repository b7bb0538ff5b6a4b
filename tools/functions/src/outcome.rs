//! What a tool answers with: facts, a proposal or one question.
//! Made by every tool; handled by the assistant's loop.
//! Must never hold a fourth kind: there is no outcome that acts.

use chopmark_domain::facts::{Bilingual, Facts};
use chopmark_domain::ids::TemplateName;
use chopmark_domain::proposal::Proposal;
use serde::{Deserialize, Serialize};

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToolOutcome {
    /// What was found.
    Facts(Facts),
    /// What would be done, for the engine to plan and people to decide on.
    Proposal(Box<Proposal>),
    /// Something needed is missing.
    Question(Question),
}

/// One question to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The argument that the answer is for: a parameter of the template, or `name`, `group`,
    /// `environment`, `component`, `template`, `change`, `version`.
    pub parameter: String,
    /// The template that needs it, where one does.
    pub template: Option<TemplateName>,
    /// The question in both languages.
    pub text: Bilingual,
    /// Answers to choose from, if the choice is closed or some are likely.
    pub options: Vec<String>,
    /// The answer taken when the person just agrees.
    pub guess: Option<String>,
}

impl Question {
    /// A question without options.
    pub fn new(parameter: &str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            parameter: parameter.to_owned(),
            template: None,
            text: Bilingual { en: en.into(), zh: zh.into() },
            options: Vec::new(),
            guess: None,
        }
    }

    /// Adds answers to choose from; a single one is also the guess.
    #[must_use]
    pub fn with_options(mut self, options: Vec<String>) -> Self {
        if let [only] = options.as_slice() {
            self.guess = Some(only.clone());
        }
        self.options = options;
        self
    }
}

impl From<Question> for ToolOutcome {
    fn from(question: Question) -> Self {
        Self::Question(question)
    }
}

impl From<Facts> for ToolOutcome {
    fn from(facts: Facts) -> Self {
        Self::Facts(facts)
    }
}

impl From<Proposal> for ToolOutcome {
    fn from(proposal: Proposal) -> Self {
        Self::Proposal(Box::new(proposal))
    }
}
