//! The form of an edit: the parameters of the change's template with their present values, and what became of them.
//! Used by forms.rs alone.
//! Must never hand over a value that was not changed: what a form repeats nobody said.

use super::{LONGEST_HINT, LONGEST_LABEL, LONGEST_TEXT, WORDS, cut, titled, value};
use crate::router::Meant;
use chopmark_catalog::{EntryKind, Parameter, ParameterKind, Restart, Template};
use chopmark_domain::change::Language;
use chopmark_domain::draft::Content;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Sourced};
use chopmark_functions::Toolbox;
use chopmark_protocol::chat::{Choice, Field, FieldKind, Filled, Form, FormKind};
use chopmark_protocol::command::Command;
use chopmark_protocol::messages::{Arg, find, text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Answers to choose from that every platform shows: Discord's select menu holds 25.
const MOST_CHOICES: usize = 25;

/// A template's values in a change that waits.
struct Values<'a> {
    template: &'a Template,
    all: &'a BTreeMap<String, Sourced>,
    /// Those that the request named.
    given: Option<&'a BTreeMap<String, Sourced>>,
}

impl<'a> Values<'a> {
    /// # Errors
    /// [`Code::CannotRevise`] for what has no values, such as a delete.
    fn of(file: &'a ChangeFile, toolbox: &'a Toolbox) -> Answer<Self> {
        let change = &file.change;
        let cannot =
            || Problem::new(Code::CannotRevise).with("change", &change.id).with("component", &change.component);
        let given = match &file.record.proposal.intent {
            Intent::Create { values, .. } | Intent::Edit { values } => Some(values),
            _ => return Err(cannot()),
        };
        let Content::Component { template, values, .. } = &file.record.draft.content else { return Err(cannot()) };
        let template = toolbox.catalog.get(&template.name);
        let template = template.ok_or_else(|| Problem::new(Code::UnknownTemplate).with("template", ""))?;
        Ok(Self { template, all: values, given })
    }

    /// The parameters that can be edited in a form, the most likely first: what was said, what has to be said, the rest
    /// as the template has it.
    fn parameters(&self) -> Vec<&'a Parameter> {
        let counts = |parameter: &&Parameter| match &self.template.restart {
            Restart::Counter(counter) => parameter.name != *counter,
            Restart::Never | Restart::Annotation => true,
        };
        let said = |parameter: &Parameter| {
            let given = self.given.and_then(|given| given.get(&parameter.name));
            given.is_some_and(|sourced| sourced.origin == Origin::Said)
        };
        let fits = |parameter: &&Parameter| shown(self.present(parameter)).chars().count() <= LONGEST_TEXT;
        let in_lines = |parameter: &&Parameter| self.present(parameter).is_none_or(is_in_lines);
        let all = self.template.parameters.iter().filter(counts).filter(fits).filter(in_lines);
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|parameter| (!said(parameter), !parameter.required));
        all
    }

    fn present(&self, parameter: &Parameter) -> Option<&'a Literal> {
        self.all.get(&parameter.name).map(|sourced| &sourced.value)
    }
}

/// The form: at most `most` fields, the last of them for words when not every parameter has one.
///
/// # Errors
/// The change has no values.
pub(super) fn form(
    kind: FormKind,
    file: &ChangeFile,
    toolbox: &Toolbox,
    most: usize,
    language: Language,
) -> Answer<Form> {
    let values = Values::of(file, toolbox)?;
    let parameters = values.parameters();
    let all = parameters.len() == values.template.parameters.len() && parameters.len() <= most;
    let shown = if all { parameters.len() } else { parameters.len().min(most.saturating_sub(1)) };
    let mut fields: Vec<_> =
        parameters[..shown].iter().map(|parameter| field(parameter, values.present(parameter), language)).collect();
    if !all {
        let (label, hint) = (text(language, "form-words", &[]), text(language, "form-words-hint", &[]));
        let (kind, value) = (FieldKind::Text, None);
        fields.push(Field { name: WORDS.to_owned(), label, hint: Some(hint), kind, value, required: false });
    }
    Ok(titled(kind, "form-edit", file, language, fields))
}

fn field(parameter: &Parameter, present: Option<&Literal>, language: Language) -> Field {
    let choice = |value: &str, label: String| Choice { value: value.to_owned(), label };
    let kind = match &parameter.kind {
        ParameterKind::Bool => FieldKind::Choice(vec![
            choice("true", text(language, "form-yes", &[])),
            choice("false", text(language, "form-no", &[])),
        ]),
        ParameterKind::Choice { options } if options.len() <= MOST_CHOICES => {
            let of = options.iter().map(|option| choice(&option.value, option.title.of(language).to_owned()));
            FieldKind::Choice(of.collect())
        }
        ParameterKind::Map { .. } | ParameterKind::List { .. } => FieldKind::Text,
        ParameterKind::Text { .. } if shown(present).contains('\n') => FieldKind::Text,
        _ => FieldKind::Line,
    };
    Field {
        name: parameter.name.clone(),
        label: cut(parameter.title.of(language), LONGEST_LABEL),
        hint: hint(parameter, language),
        kind,
        value: Some(shown(present)).filter(|value| !value.is_empty()),
        required: parameter.required,
    }
}

/// What belongs in it: its kind in words, its bounds, what it counts.
fn hint(parameter: &Parameter, language: Language) -> Option<String> {
    let kind = match &parameter.kind {
        ParameterKind::Map { .. } => Some(text(language, "form-kind-map", &[])),
        ParameterKind::List { .. } => Some(text(language, "form-kind-list", &[])),
        ParameterKind::Bool | ParameterKind::Choice { .. } | ParameterKind::Text { .. } => None,
        kind => find(language, &format!("form-kind-{}", word(kind)), &[]),
    };
    let bounds = parameter.kind.bounds().map(|(least, most)| {
        text(language, "form-bounds", &[("least", Arg::from(&least)), ("most", Arg::from(&most))])
    });
    let unit = parameter.unit.as_ref().map(|unit| unit.of(language).to_owned());
    let parts: Vec<_> = [kind, bounds, unit].into_iter().flatten().collect();
    Some(cut(&parts.join(" · "), LONGEST_HINT)).filter(|hint| !hint.is_empty())
}

/// The kind as its message is called.
fn word(kind: &ParameterKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.get("type").and_then(Value::as_str).unwrap_or_default().replace('_', "-")
}

/// A value as it stands in a field: entries of maps and lists one to a line.
fn shown(value: Option<&Literal>) -> String {
    match value {
        None => String::new(),
        Some(Literal::List(items)) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        Some(Literal::Map(entries)) => {
            entries.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
        }
        Some(value) => value.to_string(),
    }
}

/// Whether entries of a map or list can stand one to a line.
fn is_in_lines(value: &Literal) -> bool {
    let one = |value: &Literal| !value.to_string().contains('\n');
    match value {
        Literal::Map(entries) => entries.values().all(one),
        Literal::List(items) => items.iter().all(one),
        Literal::Bool(_) | Literal::Integer(_) | Literal::Text(_) => true,
    }
}

/// The typed call that the changed values make, or the words of an edit; with what was changed, for the record.
///
/// # Errors
/// Nothing was changed, or a line is no entry.
pub(super) fn meant(filled: &Filled, file: &ChangeFile, toolbox: &Toolbox) -> Answer<(String, Meant)> {
    let values = Values::of(file, toolbox)?;
    let id = &file.change.id;
    let (mut changed, mut said) = (Map::new(), Vec::new());
    for parameter in values.parameters() {
        let Some(sent) = filled.values.get(&parameter.name) else { continue };
        let (sent, present) = (sent.replace("\r\n", "\n").trim().to_owned(), values.present(parameter));
        if sent == shown(present).trim() {
            continue;
        }
        said.push(format!("{}={}", parameter.name, sent.replace('\n', ", ")));
        changed.insert(parameter.name.clone(), typed(parameter, &sent, present)?);
    }
    match (value(filled, WORDS), changed.is_empty()) {
        (None, true) => Err(Problem::new(Code::NothingToChange).with("component", &file.change.component)),
        (None, false) => Ok((said.join(" "), Meant::Tool("propose_edit", json!({ "change": id, "values": changed })))),
        // Both go to the assistant, in words: it hands over one edit.
        (Some(words), _) => {
            said.push(words);
            Ok(in_words(id, said.join(", ")))
        }
    }
}

fn in_words(id: &ChangeId, words: String) -> (String, Meant) {
    (words.clone(), Meant::Command(Command::Edit { change: Some(id.clone()), words }))
}

/// What was sent, as the tool takes it; whether it fits is the parameter's to say.
fn typed(parameter: &Parameter, sent: &str, present: Option<&Literal>) -> Answer<Value> {
    if sent.is_empty() && !matches!(parameter.kind, ParameterKind::Map { .. } | ParameterKind::List { .. }) {
        return Ok(Value::Null);
    }
    let lines = || sent.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(match &parameter.kind {
        ParameterKind::Bool => sent.parse::<bool>().map_or_else(|_| json!(sent), |truth| json!(truth)),
        ParameterKind::Integer { .. } | ParameterKind::Port => {
            sent.parse::<i64>().map_or_else(|_| json!(sent), |number| json!(number))
        }
        ParameterKind::List { .. } => json!(lines().collect::<Vec<_>>()),
        ParameterKind::Map { .. } => {
            let mut entries = Map::new();
            for line in lines() {
                let entry = line.split_once('=').ok_or_else(|| no_entry(parameter))?;
                entries.insert(entry.0.trim().to_owned(), json!(entry.1.trim()));
            }
            // Only references may go on to where a record or a model reads them.
            if matches!(parameter.kind, ParameterKind::Map { values: EntryKind::Secret, .. }) {
                let given = entries.iter().map(|(name, value)| (name.clone(), literal(value)));
                parameter.accept(&Literal::Map(given.collect()))?;
            }
            // What was taken out goes; a map that is handed over is laid over the one that is there.
            if let Some(Literal::Map(present)) = present {
                let gone = present.keys().filter(|name| !entries.contains_key(*name)).cloned().collect::<Vec<_>>();
                entries.extend(gone.into_iter().map(|name| (name, Value::Null)));
            }
            Value::Object(entries)
        }
        ParameterKind::Secret => {
            parameter.accept(&Literal::Text(sent.to_owned()))?;
            json!(sent)
        }
        _ => json!(sent),
    })
}

fn literal(value: &Value) -> Literal {
    Literal::Text(value.as_str().unwrap_or_default().to_owned())
}

/// A line that is no entry of a map. The line itself may hold a secret, and is not repeated.
fn no_entry(parameter: &Parameter) -> Problem {
    Problem::new(Code::InvalidParameter).with("parameter", &parameter.name).with("value", "").with("rule", "map")
}
