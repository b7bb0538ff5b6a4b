//! Where the arguments of a proposal came from: the person's words or text from outside.
//! Asked by the toolbox for every proposing call.
//! Must never let text that was read choose the environment, the template or the component.

use crate::asker::{Asker, Speaker};
use chopmark_catalog::Catalog;
use chopmark_domain::ids::TemplateName;
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal};
use serde_json::Value;

/// Whether `text` stands in `words` as a word of its own. Chinese has no blanks between words, so
/// only letters and digits of the same script continue a word.
pub fn stands_in(words: &str, text: &str) -> bool {
    let (words, text) = (words.to_lowercase(), text.to_lowercase());
    if text.is_empty() {
        return false;
    }
    let continues = |c: char| c.is_ascii_alphanumeric();
    words.match_indices(&text).any(|(at, found)| {
        let before = words[..at].chars().next_back();
        let after = words[at + found.len()..].chars().next();
        let open = |edge: Option<char>, own: Option<char>| !(edge.is_some_and(continues) && own.is_some_and(continues));
        open(before, text.chars().next()) && open(after, text.chars().next_back())
    })
}

/// Refuses a proposal whose environment, template or component nobody said, once text from outside
/// has been read: that text may have asked for it.
pub(crate) fn refuse_foreign_choices(asker: &Asker, catalog: &Catalog, arguments: &Value) -> Result<(), Problem> {
    if asker.outside.is_empty() {
        return Ok(());
    }
    let given = |key: &str| arguments.get(key).and_then(Value::as_str);
    let known = &asker.memory;
    if let Some(environment) = given("environment") {
        let remembered = known.environment.as_ref().is_some_and(|name| name.as_str() == environment);
        if !remembered && !stands_in(&asker.said, environment) {
            return Err(foreign("environment", environment));
        }
    }
    if let Some(component) = given("component") {
        let name = component.rsplit('/').next().unwrap_or(component);
        let path = known.component.as_ref().map(|known| (known.to_string(), known.path.name() == name));
        let remembered = path.is_some_and(|(id, same)| same && id.ends_with(component));
        let every_part_said = component.split('/').all(|part| stands_in(&asker.said, part));
        if !remembered && !every_part_said {
            return Err(foreign("component", component));
        }
    }
    if let Some(template) = given("template") {
        let suggested = asker.outside.iter().any(|outside| stands_in(&outside.text, template));
        if suggested && !template_was_said(asker, catalog, template) {
            return Err(foreign("template", template));
        }
    }
    Ok(())
}

fn template_was_said(asker: &Asker, catalog: &Catalog, name: &str) -> bool {
    if stands_in(&asker.said, name) {
        return true;
    }
    let template = TemplateName::parse(name).ok().and_then(|name| catalog.get(&name));
    template.is_some_and(|template| template_words(template).any(|word| stands_in(&asker.said, word)))
}

fn template_words(template: &chopmark_catalog::Template) -> impl Iterator<Item = &str> {
    let titles = [template.title.en.as_str(), template.title.zh.as_str()];
    template.words.iter().map(String::as_str).chain(titles)
}

fn foreign(what: &str, text: &str) -> Problem {
    let fault = format!("{what} {text:?} was not named by the person, and text from outside may not choose it");
    Problem::new(Code::InvalidArguments).with("tool", "propose").with("fault", fault)
}

/// Labels everything that the person did not say, once text from outside has been read or a model speaks.
pub(crate) fn label(asker: &Asker, proposal: &mut Proposal) {
    if asker.speaker == Speaker::Person && asker.outside.is_empty() {
        return;
    }
    if asker.speaker == Speaker::Model {
        let environment = proposal.component.environment.as_str();
        relabel(asker, environment, &mut proposal.environment_origin);
        relabel(asker, proposal.component.path.group(), &mut proposal.group_origin);
    }
    let values = match &mut proposal.intent {
        Intent::Create { values, .. } | Intent::Edit { values } => values,
        Intent::Restart { .. }
        | Intent::Delete
        | Intent::Reconcile
        | Intent::Root { .. }
        | Intent::Restore { .. }
        | Intent::Patch { .. } => return,
    };
    for sourced in values.values_mut().filter(|sourced| sourced.origin == Origin::Said) {
        if !was_said(asker, &sourced.value) {
            sourced.origin = source(asker, &sourced.value.to_string());
        }
    }
}

/// A choice that a model handed over, and that nobody said, is the model's.
fn relabel(asker: &Asker, chosen: &str, origin: &mut Origin) {
    if *origin == Origin::Said && !stands_in(&asker.said, chosen) {
        *origin = source(asker, chosen);
    }
}

/// Where something came from that nobody said: the text from outside that has it, else the model, else whatever
/// was read.
fn source(asker: &Asker, text: &str) -> Origin {
    let read = asker.outside.iter().find(|outside| stands_in(&outside.text, text));
    match (read, asker.speaker, asker.outside.first()) {
        (Some(outside), _, _) | (None, Speaker::Person, Some(outside)) => Origin::OutsideText(outside.source.clone()),
        (None, _, _) => Origin::Model,
    }
}

fn was_said(asker: &Asker, value: &Literal) -> bool {
    match value {
        Literal::List(items) => items.iter().all(|item| was_said(asker, item)),
        Literal::Map(entries) => {
            entries.iter().all(|(key, value)| stands_in(&asker.said, key) && was_said(asker, value))
        }
        Literal::Bool(_) | Literal::Integer(_) | Literal::Text(_) => stands_in(&asker.said, &value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_as_a_word() {
        assert!(stands_in("scale cart to 3", "3"));
        assert!(!stands_in("scale cart to 30", "3"));
        assert!(stands_in("把cart扩到3个", "3"));
        assert!(stands_in("把cart扩到3个", "CART"));
        assert!(!stands_in("production", "prod"));
        assert!(!stands_in("", ""));
    }
}
