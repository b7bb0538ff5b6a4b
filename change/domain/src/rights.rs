//! Rights: who may do what, where, with which template and component.
//! Read from configuration; asked through [`Rights::check`] by every door alike, and again at every start.
//! Must never allow what no grant names.

use crate::component::ComponentPath;
use crate::ids::{EnvironmentName, InvalidName, Role, TemplateName, invalid};
use crate::person::Person;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What a right is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// See it, and ask about it.
    Ask,
    /// Draft changes of it.
    Propose,
    /// Decide on them, as far as the rule of approval counts the person.
    Approve,
    /// Withdraw changes of others, stop their runs, and pull the stop switch.
    Cancel,
    /// Say what became of an interrupted run, lift the stop switch, read everybody's rights.
    Administer,
}

impl Right {
    /// Every action.
    pub const ALL: [Self; 5] = [Self::Ask, Self::Propose, Self::Approve, Self::Cancel, Self::Administer];

    /// The word of configuration and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Cancel => "cancel",
            Self::Administer => "administer",
        }
    }
}

/// Which names are meant: segments joined by slashes, in each of which `*` stands for any characters; a last
/// segment `*` stands for all that follows. `*` alone is everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

/// The grammar of a pattern, for people.
pub const PATTERN_RULE: &str = "names joined by slashes, in which * stands for any characters, such as prod/shop/*";

impl Pattern {
    /// Checks the grammar.
    ///
    /// # Errors
    /// [`InvalidName`] with the rule that is broken.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let segment = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'*' | b':'))
        };
        let well = text.len() <= 256 && text.split('/').all(segment);
        if well { Ok(Self(text.to_owned())) } else { Err(invalid("pattern", text, PATTERN_RULE)) }
    }

    /// Everything.
    pub fn all() -> Self {
        Self("*".to_owned())
    }

    /// Whether it means `name`.
    pub fn matches(&self, name: &str) -> bool {
        let (mut wanted, mut given) = (self.0.split('/').peekable(), name.split('/').peekable());
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some("*"), Some(_)) if wanted.peek().is_none() => return true,
                (Some(pattern), Some(part)) if segment_matches(pattern.as_bytes(), part.as_bytes()) => {}
                _ => return false,
            }
        }
    }

    /// Whether it surely means all that another pattern does: it may say no of one that it covers in a roundabout way.
    pub fn covers(&self, other: &Self) -> bool {
        let (mut own, mut theirs) = (self.0.split('/').peekable(), other.0.split('/').peekable());
        loop {
            match (own.next(), theirs.next()) {
                (None, None) => return true,
                (Some("*"), Some(_)) if own.peek().is_none() => return true,
                // A last `*` of the other goes on through as many segments as there are; ours would end.
                (Some(_), Some("*")) if theirs.peek().is_none() => return false,
                (Some(wide), Some(narrow)) if wide == narrow => {}
                (Some(wide), Some(narrow))
                    if !narrow.contains('*') && segment_matches(wide.as_bytes(), narrow.as_bytes()) => {}
                _ => return false,
            }
        }
    }

    /// Whether some of `patterns` mean `name`, or there are none to narrow anything. What has no name is meant by none.
    pub fn none_or_some_match(patterns: &[Self], name: Option<&str>) -> bool {
        patterns.is_empty() || name.is_some_and(|name| patterns.iter().any(|pattern| pattern.matches(name)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Linear in the product of the lengths, without recursion: patterns come from people.
fn segment_matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && pattern[p] == text[t] {
            p += 1;
            t += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Pattern {
    type Error = InvalidName;
    fn try_from(text: String) -> Result<Self, InvalidName> {
        Self::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

/// Whom a grant is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holders {
    /// Everybody who has any role.
    AnyRole,
    /// Whoever has one of these; empty is nobody.
    Roles(BTreeSet<Role>),
}

/// A grant: these people may do this there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub holders: Holders,
    /// What.
    pub actions: BTreeSet<Right>,
    /// In which environments.
    pub environments: Vec<Pattern>,
    /// With which templates: patterns over `family/name`, such as `aws/*` or `kubernetes/web-service`.
    pub templates: Vec<Pattern>,
    /// On which components: patterns over `environment/group/name`.
    pub components: Vec<Pattern>,
    /// Where it stands, such as `config.toml:41`.
    pub written_at: String,
}

/// What somebody wants to act on. What is none is not decided yet, and no pattern narrows it.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The environment; none for the whole install, such as the stop switch.
    pub environment: Option<&'a EnvironmentName>,
    /// The template as `family/name`; none where no template is involved, or not yet.
    pub template: Option<TemplateOf<'a>>,
    /// The component within the environment.
    pub component: Option<&'a ComponentPath>,
}

/// A template as rights know it.
#[derive(Debug, Clone, Copy)]
pub enum TemplateOf<'a> {
    /// This template of that family.
    Known {
        /// The folder it stands in, such as `aws`.
        family: &'a str,
        /// Its name.
        name: &'a TemplateName,
    },
    /// A thing that no template made: an existing root, an object that is not ours. Only a grant for every template
    /// reaches it.
    Outside,
}

impl<'a> Target<'a> {
    /// The install as a whole.
    pub const INSTALL: Self = Self { environment: None, template: None, component: None };

    /// An environment, whatever is in it.
    pub fn environment(name: &'a EnvironmentName) -> Self {
        Self { environment: Some(name), ..Self::INSTALL }
    }
}

/// Everybody's grants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// As written; the order means nothing.
    pub grants: Vec<Grant>,
}

/// What [`Rights::check`] answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access<'a> {
    /// This grant allows it.
    Allowed(&'a Grant),
    /// None does.
    Denied(Missing),
}

impl Access<'_> {
    /// Whether it is allowed.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// Why nobody's grant reached: what the nearest one lacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The person has no role at all.
    AnyRole,
    /// No role of theirs has a grant for that action; these have.
    Action(BTreeSet<Role>),
    /// Their grants are for other environments.
    Environment(Vec<Pattern>),
    /// Their grants there are for other templates.
    Template(Vec<Pattern>),
    /// Their grants there are for other components.
    Component(Vec<Pattern>),
}

impl Grant {
    fn is_for(&self, person: &Person) -> bool {
        match &self.holders {
            Holders::AnyRole => !person.roles.is_empty(),
            Holders::Roles(roles) => !roles.is_disjoint(&person.roles),
        }
    }

    fn reaches_environment(&self, target: &Target<'_>) -> bool {
        match target.environment {
            Some(name) => self.environments.iter().any(|pattern| pattern.matches(name.as_str())),
            // What concerns the whole install needs a grant for every environment, template and component.
            None => self.environments.contains(&Pattern::all()),
        }
    }

    fn reaches_template(&self, target: &Target<'_>) -> bool {
        match target.template {
            None if target.environment.is_none() => self.templates.contains(&Pattern::all()),
            None => true,
            Some(TemplateOf::Outside) => self.templates.contains(&Pattern::all()),
            Some(TemplateOf::Known { family, name }) => {
                let full = format!("{family}/{name}");
                self.templates.iter().any(|pattern| pattern.matches(&full))
            }
        }
    }

    fn reaches_component(&self, target: &Target<'_>) -> bool {
        let Some(environment) = target.environment else { return self.components.contains(&Pattern::all()) };
        let Some(component) = target.component else { return true };
        let full = format!("{environment}/{component}");
        self.components.iter().any(|pattern| pattern.matches(&full))
    }
}

impl Rights {
    /// Whoever has any role may do everything, as far as the rules of approval count them.
    pub fn of_any_role(written_at: &str) -> Self {
        let all = || vec![Pattern::all()];
        let grant = Grant {
            holders: Holders::AnyRole,
            actions: Right::ALL.into_iter().collect(),
            environments: all(),
            templates: all(),
            components: all(),
            written_at: written_at.to_owned(),
        };
        Self { grants: vec![grant] }
    }

    /// Whether `person` may do `action` on `target`, by which grant or for want of what.
    pub fn check(&self, person: &Person, action: Right, target: &Target<'_>) -> Access<'_> {
        if person.roles.is_empty() {
            return Access::Denied(Missing::AnyRole);
        }
        let about: Vec<_> = self.grants.iter().filter(|grant| grant.actions.contains(&action)).collect();
        let own: Vec<_> = about.iter().copied().filter(|grant| grant.is_for(person)).collect();
        if own.is_empty() {
            let roles = about.iter().flat_map(|grant| match &grant.holders {
                Holders::Roles(roles) => roles.iter().cloned().collect::<Vec<_>>(),
                Holders::AnyRole => vec![],
            });
            return Access::Denied(Missing::Action(roles.collect()));
        }
        let there: Vec<_> = own.iter().copied().filter(|grant| grant.reaches_environment(target)).collect();
        if there.is_empty() {
            return Access::Denied(Missing::Environment(patterns(&own, |grant| &grant.environments)));
        }
        let fitting: Vec<_> = there.iter().copied().filter(|grant| grant.reaches_template(target)).collect();
        if fitting.is_empty() {
            return Access::Denied(Missing::Template(patterns(&there, |grant| &grant.templates)));
        }
        match fitting.iter().copied().find(|grant| grant.reaches_component(target)) {
            Some(grant) => Access::Allowed(grant),
            None => Access::Denied(Missing::Component(patterns(&fitting, |grant| &grant.components))),
        }
    }
}

fn patterns(grants: &[&Grant], of: impl Fn(&Grant) -> &Vec<Pattern>) -> Vec<Pattern> {
    let all: BTreeSet<_> = grants.iter().flat_map(|grant| of(grant).iter().cloned()).collect();
    all.into_iter().collect()
}
