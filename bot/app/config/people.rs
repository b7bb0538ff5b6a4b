//! The section `[people]`: who has which roles.
//! Read by `config::read`; asked by the engine at every decision through `Settings`.
//! Must never give a role to somebody who is not written, and never go by a display name.

use super::reader::Section;
use chopmark_domain::ids::{PersonId, Role};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeMap;

/// Stands for whoever runs the program.
const WHOEVER_RUNS: &str = "terminal:me";

/// The people written in `root`, or none when the section is not there.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(root: &Section<'_, '_>, me: &Person) -> Result<Option<BTreeMap<PersonId, Person>>, Problem> {
    let Some(sections) = root.entries_of("people")? else { return Ok(None) };
    let mut people = BTreeMap::new();
    let keys = sections.keys();
    // Whoever is written with their number goes before the entry for whoever runs the program.
    for key in keys.iter().filter(|key| **key == WHOEVER_RUNS).chain(keys.iter().filter(|key| **key != WHOEVER_RUNS)) {
        let Some(section) = sections.section(key, &["name", "roles"])? else { continue };
        let id = match *key {
            WHOEVER_RUNS => me.id.clone(),
            key => PersonId::parse(key).map_err(|_| {
                sections
                    .problem_at_name(Code::ConfigValue, key)
                    .with("value", key)
                    .with("expected", "\"terminal:1000\"")
            })?,
        };
        let name = match section.filled("name")? {
            Some(name) => name.to_owned(),
            None if id == me.id => me.name.clone(),
            None => id.to_string(),
        };
        let roles = section.list("roles", "\"owner\"", |text| Role::parse(text).ok())?.unwrap_or_default();
        people.insert(id.clone(), Person { id, name, roles: roles.into_iter().collect() });
    }
    Ok(Some(people))
}
