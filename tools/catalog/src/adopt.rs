//! Adopting: the value of a template behind something that was found where it had drifted to.
//! Called by the tool that keeps what is there instead of bringing back what is committed.
//! Must never guess: a value counts when rendering with it gives exactly what was found.

use crate::catalog::Catalog;
use crate::parameter::{Parameter, ParameterKind};
use crate::place;
use crate::produce::produce;
use crate::render::Rendered;
use crate::settle::{self, Values};
use crate::terraform;
use chopmark_domain::component::ComponentVersion;
use chopmark_domain::environment::Environment;
use chopmark_domain::literal::Literal;
use chopmark_domain::proposal::{Origin, Sourced};

/// Most renderings of one search: a search is part of an answer to a person.
const MOST_TRIES: usize = 500;

impl Catalog {
    /// The parameter, and the value for it, with which the component holds `found` at a place: an address as plans name
    /// it (`aws_s3_bucket.this`, `Deployment/shop/cart`) and a path within it (`/tags/owner` or `tags.owner`). None as
    /// `found` stands for nothing being there. None when no value of the template does it.
    pub fn adopt(
        &self,
        version: &ComponentVersion,
        environment: &Environment,
        address: &str,
        path: &str,
        found: Option<&Literal>,
    ) -> Option<(String, Literal)> {
        let loaded = self.loaded(&version.template.name)?;
        let majors = terraform::majors(&loaded.template, &terraform::there(environment)).ok()?;
        let settings = terraform::settings(environment);
        let place = place::of(address, path)?;
        let holds = |values: Values| {
            let settled = settle::settle(loaded, &version.component.path, values).ok()?;
            let files: Vec<Rendered> = produce(loaded, &version.component.path, &settled, &majors, &settings).ok()?;
            let there = place::find(&files, &place);
            Some(match (&there, found) {
                (Some(there), Some(found)) => alike(there, found),
                (there, found) => there.is_none() && found.is_none(),
            })
        };
        let with = |change: Option<(&str, &Literal)>| -> Values {
            let kept = version.values.iter().map(|(name, value)| (name.as_str(), value));
            let sourced = |value: &Literal| Sourced { value: value.clone(), origin: Origin::Found };
            kept.chain(change).map(|(name, value)| (name.to_owned(), sourced(value))).collect()
        };
        // What is rendered already was not lost by a value.
        if holds(with(None))? {
            return None;
        }
        let tries = loaded.template.parameters.iter().flat_map(|parameter| {
            let present = version.values.get(&parameter.name);
            let candidates = candidates(parameter, present, place.last(), found).into_iter();
            candidates.filter_map(|value| Some((parameter.name.clone(), parameter.accept(&value).ok()?)))
        });
        tries.take(MOST_TRIES).find(|(name, value)| {
            version.values.get(name) != Some(value) && holds(with(Some((name, value)))) == Some(true)
        })
    }
}

/// The values that a parameter could have for something to become `found`.
fn candidates(parameter: &Parameter, present: Option<&Literal>, last: &str, found: Option<&Literal>) -> Vec<Literal> {
    let mut candidates = match (&parameter.kind, found) {
        // What is found is never a reference.
        (ParameterKind::Secret, _) => return Vec::new(),
        (_, Some(found)) => vec![found.clone()],
        // One entry that is gone does not take the others along.
        (ParameterKind::Map { .. } | ParameterKind::List { .. }, None) => Vec::new(),
        (_, None) => parameter.unset().into_iter().collect(),
    };
    match (&parameter.kind, present) {
        (ParameterKind::Map { .. }, present) => {
            let entries = if let Some(Literal::Map(entries)) = present { entries.clone() } else { Default::default() };
            let keys = std::iter::once(last.to_owned()).chain(entries.keys().filter(|key| *key != last).cloned());
            for key in keys {
                let mut entries = entries.clone();
                match found {
                    Some(found) => entries.insert(key, found.clone()),
                    None => entries.remove(&key),
                };
                candidates.push(Literal::Map(entries));
            }
        }
        (ParameterKind::List { .. }, present) => {
            let items = if let Some(Literal::List(items)) = present { items.clone() } else { Vec::new() };
            for i in 0..=items.len() {
                let mut items = items.clone();
                match found {
                    Some(found) if i < items.len() => items[i] = found.clone(),
                    Some(found) => items.push(found.clone()),
                    None if i < items.len() => {
                        items.remove(i);
                    }
                    None => continue,
                }
                candidates.push(Literal::List(items));
            }
        }
        (ParameterKind::Bool, _) if found.is_none() => candidates.push(Literal::Bool(false)),
        _ => {}
    }
    candidates
}

/// Whether two values are the same to the world: some providers keep numbers and truth values as texts.
fn alike(there: &Literal, found: &Literal) -> bool {
    let plain = |value: &Literal| !matches!(value, Literal::List(_) | Literal::Map(_));
    there == found || (plain(there) && plain(found) && there.to_string() == found.to_string())
}
