//! The sections `[people]` and `[roles]`: who is who, and who has which roles.
//! Read by `config::read`; asked by the directory at every request, decision and start.
//! Must never give a role to somebody who is not written, go by a display name, or give one identity to two people.

use super::reader::{Section, nearest};
use super::tokens::Token;
use chopmark_domain::ids::{Identity, PersonId, PolicyName, Role};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// Stands for whoever runs the program.
const WHOEVER_RUNS: &str = "terminal:me";

/// Surfaces that know no groups: whoever is a member through one of them is a person.
const WITHOUT_GROUPS: [&str; 2] = ["terminal:", "token:"];

/// What an identity looks like, for people.
const IDENTITY: &str = "\"terminal:1000\"";

/// People by what configuration alone says of them.
pub(super) type People = BTreeMap<PersonId, Person>;

/// People, and whose each identity is.
pub(super) type Written = (People, BTreeMap<Identity, PersonId>);

/// How identities belong together, as far as configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joined {
    /// Whose an identity is.
    pub identities: BTreeMap<Identity, PersonId>,
    /// Who is in a role: identities, groups of them, people.
    pub members: BTreeMap<Role, BTreeSet<PersonId>>,
    /// Tokens by name; the identity of each is `token:<name>`.
    pub tokens: BTreeMap<PolicyName, Token>,
}

impl Joined {
    /// Roles whose members cannot be counted: a group, or somebody whom only a chat platform knows.
    pub fn open_roles(&self) -> BTreeSet<Role> {
        let known = |member: &PersonId| {
            member.identity().is_none_or(|identity| self.identities.contains_key(&identity) || is_alone(&identity))
        };
        let open = self.members.iter().filter(|(_, members)| !members.iter().all(known));
        open.map(|(role, _)| role.clone()).collect()
    }
}

fn is_alone(identity: &Identity) -> bool {
    WITHOUT_GROUPS.iter().any(|surface| identity.as_str().starts_with(surface))
}

/// The people written in `root` with whose each identity is, or none when the section is not there.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(root: &Section<'_, '_>, me: &Person) -> Result<Option<Written>, Problem> {
    let Some(sections) = root.entries_of("people")? else { return Ok(None) };
    let (mut people, mut identities) = (People::new(), BTreeMap::new());
    // Whoever is written with their number goes before the entry for whoever runs the program.
    let (whoever, written): (Vec<_>, Vec<_>) = sections.keys().into_iter().partition(|key| *key == WHOEVER_RUNS);
    for key in written.into_iter().chain(whoever) {
        let known: &[&str] = if key.contains(':') { &["name", "roles"] } else { &["name", "roles", "identities"] };
        let Some(section) = sections.section(key, known)? else { continue };
        let id = person(&sections, key, me)?;
        if key == WHOEVER_RUNS && id.identity().is_some_and(|identity| identities.contains_key(&identity)) {
            continue;
        }
        let name = match section.filled("name")? {
            Some(name) => name.to_owned(),
            None if id == me.id => me.name.clone(),
            None => key.to_owned(),
        };
        let roles = section.list("roles", "\"owner\"", |text| Role::parse(text).ok())?.unwrap_or_default();
        let listed = section.list("identities", IDENTITY, |text| identity(text, me))?.unwrap_or_default();
        let at = if key.contains(':') { &sections } else { &section };
        for identity in id.identity().into_iter().chain(listed) {
            if let Some(other) = identities.insert(identity.clone(), id.clone()) {
                let problem = if key.contains(':') {
                    at.problem_at_name(Code::ConfigValue, key)
                } else {
                    at.problem(Code::ConfigValue, "identities")
                };
                return Err(problem.with("value", &identity).with("expected", format!("≠ {}", key_of(&other))));
            }
        }
        people.insert(id.clone(), Person { id, name, roles: roles.into_iter().collect() });
    }
    Ok(Some((people, identities)))
}

/// A key of `[people]` as a person.
fn person(sections: &Section<'_, '_>, key: &str, me: &Person) -> Result<PersonId, Problem> {
    let parsed = match key {
        WHOEVER_RUNS => Some(me.id.clone()),
        key if key.contains(':') => Identity::parse(key).ok().map(PersonId::from),
        key => PolicyName::parse(key).ok().and_then(|name| PersonId::named(name.as_str()).ok()),
    };
    parsed.ok_or_else(|| {
        let expected = format!("alice | {IDENTITY}");
        sections.problem_at_name(Code::ConfigValue, key).with("value", key).with("expected", expected)
    })
}

fn identity(text: &str, me: &Person) -> Option<Identity> {
    if text == WHOEVER_RUNS { me.id.identity() } else { Identity::parse(text).ok() }
}

/// A person as a key of `[people]` writes them.
pub(super) fn key_of(id: &PersonId) -> String {
    let text = id.as_str();
    text.strip_prefix("person:").map_or_else(|| format!("people.\"{text}\""), |name| format!("people.{name}"))
}

/// The person that a word means: a name of `[people]`, or an identity that stands there.
pub(super) fn meant(text: &str, people: &People, me: &Person) -> Option<PersonId> {
    let id = match text {
        WHOEVER_RUNS => Some(me.id.clone()),
        text if text.contains(':') => PersonId::parse(text).ok(),
        text => PersonId::named(text).ok(),
    };
    id.filter(|id| people.contains_key(id))
}

/// The names by which people are written, for suggestions.
pub(super) fn words(people: &People) -> Vec<&str> {
    people.keys().map(|id| id.as_str().strip_prefix("person:").unwrap_or(id.as_str())).collect()
}

/// The roles written in `root`, or none when the section is not there.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn roles(
    root: &Section<'_, '_>,
    people: &People,
    me: &Person,
) -> Result<Option<BTreeMap<Role, BTreeSet<PersonId>>>, Problem> {
    let Some(sections) = root.entries_of("roles")? else { return Ok(None) };
    let mut roles = BTreeMap::new();
    for key in sections.keys() {
        let role = Role::parse(key).map_err(|error| {
            sections.problem_at_name(Code::ConfigValue, key).with("value", key).with("expected", error.rule)
        })?;
        let Some(section) = sections.section(key, &["members"])? else { continue };
        let texts = section.list("members", IDENTITY, |text| Some(text.to_owned()))?;
        let mut members = BTreeSet::new();
        for text in texts.ok_or_else(|| section.missing("members"))? {
            let member = match identity(&text, me) {
                Some(identity) => Some(PersonId::from(identity)),
                // A name without a surface is one of [people].
                None => meant(&text, people, me).filter(|_| !text.contains(':')),
            };
            members.insert(member.ok_or_else(|| {
                let near = nearest(&text, words(people)).unwrap_or_default();
                let expected = format!("{IDENTITY} | \"slack:T1.S2\" | alice");
                section
                    .problem(Code::ConfigValue, "members")
                    .with("value", &text)
                    .with("expected", expected)
                    .with("nearest", near)
            })?);
        }
        roles.insert(role, members);
    }
    Ok(Some(roles))
}

/// Gives people the roles whose members they are, as far as that can be known without asking a platform.
pub(super) fn with_members(mut people: People, joined: &Joined, me: &Person) -> People {
    for (role, members) in &joined.members {
        for member in members {
            let owner = match member.identity() {
                None => member.clone(),
                Some(identity) => match joined.identities.get(&identity) {
                    Some(owner) => owner.clone(),
                    None if is_alone(&identity) => member.clone(),
                    None => continue,
                },
            };
            let name = if owner == me.id { me.name.clone() } else { owner.to_string() };
            let person = people.entry(owner.clone());
            let person = person.or_insert_with(|| Person { id: owner, name, roles: BTreeSet::new() });
            person.roles.insert(role.clone());
        }
    }
    people
}
