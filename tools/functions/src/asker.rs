//! Who asks a tool, and what their conversation already knows.
//! Made by the assistant for every request; read by every tool.
//! Must never let text from outside stand among the person's own words.

use chopmark_domain::change::{Language, Place};
use chopmark_domain::component::{CLUSTER_GROUP, ComponentId, MAIN_GROUP, ROOT_GROUP};
use chopmark_domain::ids::{ChangeId, EnvironmentName, PersonId};
use serde::{Deserialize, Serialize};

/// What was last spoken of in a conversation: the defaults that a card lists as assumptions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The environment last used.
    pub environment: Option<EnvironmentName>,
    /// The namespace last used there.
    pub group: Option<String>,
    /// The change last spoken of.
    pub change: Option<ChangeId>,
    /// The component last spoken of.
    pub component: Option<ComponentId>,
}

impl Memory {
    /// Remembers a component and with it environment and namespace. Of a namespace's own component
    /// the namespace itself is remembered: the next sentence is about what goes into it.
    pub fn used(&mut self, component: &ComponentId) {
        let moved = self.environment.as_ref() != Some(&component.environment);
        self.environment = Some(component.environment.clone());
        let path = &component.path;
        match path.group() {
            // These are no namespaces: the one spoken of before stays.
            MAIN_GROUP | ROOT_GROUP if moved => self.group = None,
            MAIN_GROUP | ROOT_GROUP => {}
            CLUSTER_GROUP => self.group = Some(path.name().to_owned()),
            group => self.group = Some(group.to_owned()),
        }
        self.component = Some(component.clone());
    }
}

/// Who makes arguments of the person's words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Speaker {
    /// The person: a command, or the planner inside the program, which takes nothing from anywhere else.
    #[default]
    Person,
    /// A language model: what the person's words do not contain, the model chose.
    Model,
}

/// Text that came from outside during this request: a log, an event, an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Where it came from, such as `log of shop/cart-7d9`.
    pub source: String,
    /// The text.
    pub text: String,
}

/// Who asks, where, and with which memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The person.
    pub person: PersonId,
    /// Where they speak.
    pub place: Place,
    /// The language of the request.
    pub language: Language,
    /// What the conversation knows.
    pub memory: Memory,
    /// The person's own words: this sentence and those of the conversation that are still in reach.
    pub said: String,
    /// Text from outside that was read while answering; what it suggests is never taken for said.
    pub outside: Vec<Outside>,
    /// Who makes arguments of the words.
    pub speaker: Speaker,
}

impl Asker {
    /// Somebody who has said nothing yet.
    pub fn new(person: PersonId, place: Place, language: Language) -> Self {
        let (memory, speaker) = (Memory::default(), Speaker::Person);
        Self { person, place, language, memory, said: String::new(), outside: Vec::new(), speaker }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_that_was_spoken_of_is_where_the_next_thing_goes() -> Result<(), Box<dyn std::error::Error>> {
        let mut memory = Memory::default();
        memory.used(&"dev/cluster/shop".parse()?);
        assert_eq!(memory.group.as_deref(), Some("shop"));
        memory.used(&"dev/pay/till".parse()?);
        assert_eq!(memory.group.as_deref(), Some("pay"));
        memory.used(&"dev/main/reports".parse()?);
        assert_eq!(memory.group.as_deref(), Some("pay"), "a bucket is in no namespace");
        assert_eq!(memory.environment.map(|name| name.to_string()).as_deref(), Some("dev"));
        Ok(())
    }
}
