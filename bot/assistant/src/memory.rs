//! What a conversation remembers from one request to the next.
//! Kept by the store as JSON for each place; read and written by the assistant.
//! Must never hold text from outside, and never grow without bound.

use chopmark_domain::component::ComponentId;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::problem::Problem;
use chopmark_functions::{Memory as Known, Question, Toolbox};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Exchanges that are kept; older ones are forgotten.
const MOST_EXCHANGES: usize = 12;
/// Characters kept of what was said or answered.
const LONGEST_EXCHANGE: usize = 2_000;

/// A conversation's memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// What was last spoken of.
    #[serde(default)]
    pub known: Known,
    /// The question that waits for its answer.
    #[serde(default)]
    pub open: Option<OpenQuestion>,
    /// Whether the model has introduced itself.
    #[serde(default)]
    pub introduced: bool,
    /// What was said and answered, oldest first.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

/// A question with the call that it interrupted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenQuestion {
    /// The tool that asked.
    pub tool: String,
    /// The arguments it had.
    pub arguments: Value,
    /// The question.
    pub question: Question,
}

/// What was said and what was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// The person's words.
    pub said: String,
    /// The answer in a line.
    pub answered: String,
    /// Whether it stays inside the program, because it was about an environment that is never sent to a model.
    #[serde(default)]
    pub inside: bool,
    /// Who said it; none for what an older version kept.
    #[serde(default)]
    pub person: Option<PersonId>,
}

impl Memory {
    /// Notes the change that was made from a proposal: what "it" means next.
    pub fn proposed(&mut self, change: &ChangeId, component: &ComponentId) {
        self.known.change = Some(change.clone());
        self.known.used(component);
    }

    /// Notes an exchange.
    pub fn exchanged(&mut self, person: &PersonId, said: &str, answered: &str, inside: bool) {
        let cut = |text: &str| text.chars().take(LONGEST_EXCHANGE).collect();
        self.exchanges.push(Exchange {
            said: cut(said),
            answered: cut(answered),
            inside,
            person: Some(person.clone()),
        });
        let surplus = self.exchanges.len().saturating_sub(MOST_EXCHANGES);
        self.exchanges.drain(..surplus);
    }

    /// The memory as the person sees it through whose eyes the toolbox looks: a place may be shared with people who see
    /// more.
    pub(crate) async fn seen_through(&self, toolbox: &Toolbox) -> Result<Self, Problem> {
        let mut memory = self.clone();
        let Some(sight) = toolbox.sight.as_ref().filter(|sight| !sight.sees_everything()) else { return Ok(memory) };
        let environments = toolbox.settings.environments()?;
        let known = &mut memory.known;
        if known.environment.as_ref().is_some_and(|name| environments.get(name).is_none()) {
            (known.environment, known.group) = (None, None);
        }
        if known.component.as_ref().is_some_and(|id| !sight.sees_path(&id.environment, &id.path)) {
            (known.component, known.group) = (None, None);
        }
        if let Some(id) = &known.change
            && toolbox.records.change(id).await?.is_none()
        {
            known.change = None;
        }
        let own = |exchange: &Exchange| exchange.person.as_ref() == Some(sight.whose());
        memory.exchanges.retain(own);
        if memory.exchanges.is_empty() {
            memory.open = None;
        }
        Ok(memory)
    }

    /// What others said before is kept for them, whoever spoke last.
    pub(crate) fn with_others(&mut self, before: Vec<Exchange>) {
        let new = self.exchanges.pop().filter(|last| before.last() != Some(last));
        self.exchanges = before.into_iter().chain(new).collect();
        let surplus = self.exchanges.len().saturating_sub(MOST_EXCHANGES);
        self.exchanges.drain(..surplus);
    }

    /// From what was stored. What cannot be read is forgotten: a memory is a convenience, never a record.
    pub fn from_stored(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// For the store.
    pub fn to_stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_reads_back_and_a_broken_one_is_forgotten() -> Result<(), Box<dyn std::error::Error>> {
        let mut memory = Memory::default();
        memory.proposed(&"chg-7f3k".parse()?, &"dev/shop/cart".parse()?);
        for i in 0..40 {
            memory.exchanged(&"terminal:1000".parse()?, &format!("say {i}"), &"x".repeat(9_000), false);
        }
        assert_eq!(Memory::from_stored(Some(&memory.to_stored())), memory);
        assert_eq!(memory.exchanges.len(), MOST_EXCHANGES);
        assert_eq!(Memory::from_stored(Some("{\"known\":")), Memory::default());
        assert_eq!(Memory::from_stored(None), Memory::default());
        Ok(())
    }
}
