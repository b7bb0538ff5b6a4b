//! Questions about rights, and their answers: who, what, yes or no, and why.
//! Asked by a person; answered by the engine with the very checks that its commands make.
//! Must never be what a command goes by: a command asks anew.

use crate::component::ComponentPath;
use crate::ids::{ChangeId, EnvironmentName, PersonId, Role, TemplateName};
use crate::rights::{Grant, Right};
use serde::{Deserialize, Serialize};

/// What somebody may want to do. What is none is left open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The action.
    pub action: Right,
    /// The change.
    pub change: Option<ChangeId>,
    /// The environment.
    pub environment: Option<EnvironmentName>,
    /// The component in it.
    pub component: Option<ComponentPath>,
    /// The template, with its family.
    pub template: Option<(String, TemplateName)>,
}

impl Wanted {
    /// Reads `approve chg-7f3k`, `propose prod aws/object-storage`, `cancel prod/shop/cart`, `administer`.
    pub fn parse(words: &str) -> Option<Self> {
        let mut words = words.split_whitespace();
        let action = action(words.next()?)?;
        let mut wanted = Self { action, change: None, environment: None, component: None, template: None };
        let Some(target) = words.next() else { return Some(wanted) };
        match target.split('/').collect::<Vec<_>>()[..] {
            [id] if id.to_ascii_lowercase().starts_with("chg-") => {
                wanted.change = Some(ChangeId::parse(&id.to_ascii_lowercase()).ok()?);
            }
            [environment] => wanted.environment = Some(EnvironmentName::parse(environment).ok()?),
            [environment, group, name] => {
                wanted.environment = Some(EnvironmentName::parse(environment).ok()?);
                wanted.component = Some(ComponentPath::new(group, name).ok()?);
            }
            _ => return None,
        }
        if let Some(template) = words.next() {
            let (family, name) = template.split_once('/').filter(|_| wanted.environment.is_some())?;
            wanted.template = Some((family.to_owned(), TemplateName::parse(name).ok()?));
        }
        words.next().is_none().then_some(wanted)
    }

    /// The target as people write it; empty for the whole install.
    pub fn about(&self) -> String {
        let place = match (&self.change, &self.environment, &self.component) {
            (Some(change), ..) => change.to_string(),
            (None, Some(environment), Some(component)) => format!("{environment}/{component}"),
            (None, Some(environment), None) => environment.to_string(),
            (None, None, _) => String::new(),
        };
        match &self.template {
            Some((family, name)) => format!("{place} {family}/{name}"),
            None => place,
        }
    }
}

/// The action of a word, in both languages.
fn action(word: &str) -> Option<Right> {
    let word = word.to_ascii_lowercase();
    let chinese = match word.as_str() {
        "查看" | "询问" => Some(Right::Ask),
        "提出" | "提议" => Some(Right::Propose),
        "批准" | "会签" => Some(Right::Approve),
        "取消" | "停止" => Some(Right::Cancel),
        "管理" => Some(Right::Administer),
        _ => None,
    };
    chinese.or_else(|| Right::ALL.into_iter().find(|right| right.word() == word))
}

/// Why a rule of approval counts somebody or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSays {
    /// It counts them.
    Counts,
    /// None of their roles is among its approvers.
    NoRole,
    /// They asked for the change or edited it.
    OwnChange,
    /// It approves by itself; people may only reject.
    ApprovesItself,
}

/// A rule of approval in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleAnswer {
    /// What it says.
    pub says: RuleSays,
    /// Roles whose holders it counts.
    pub approvers: Vec<Role>,
    /// Where it stands.
    pub written_at: String,
}

/// What a person lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacks {
    /// `role`, `action`, `environment`, `template` or `component`.
    pub what: String,
    /// What would have done: roles, or patterns of the grants they have.
    pub would_do: Vec<String>,
}

/// One answer: whether a person may do something, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessAnswer {
    /// What was asked about.
    pub wanted: Wanted,
    /// Yes or no.
    pub allowed: bool,
    /// The grant that gives the right, if one does.
    pub grant: Option<Grant>,
    /// What is missing, if none does.
    pub lacks: Option<Lacks>,
    /// Where approval is asked about: what its rule says.
    pub rule: Option<RuleAnswer>,
    /// Who could, where this person can't: names.
    pub others: Vec<String>,
}

/// Answers about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReport {
    /// The person.
    pub person: PersonId,
    /// Their name; text that configuration wrote.
    pub name: String,
    /// Their roles now.
    pub roles: Vec<Role>,
    /// One for each thing asked about.
    pub answers: Vec<AccessAnswer>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_read_in_its_exact_forms_only() {
        for (words, about) in [
            ("administer", ""),
            ("propose prod aws/object-storage", "prod aws/object-storage"),
            ("approve prod/shop/cart", "prod/shop/cart"),
            ("APPROVE CHG-7F3K", "chg-7f3k"),
            ("批准 chg-7f3k", "chg-7f3k"),
        ] {
            assert_eq!(Wanted::parse(words).map(|wanted| wanted.about()), Some(about.to_owned()), "{words}");
        }
        for words in ["", "delete prod", "approve prod/shop", "approve chg-", "propose prod aws", "ask prod a/b c"] {
            assert_eq!(Wanted::parse(words), None, "{words}");
        }
    }
}
