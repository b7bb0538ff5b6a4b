//! Tools that propose. Each is one file; the list of all is in list.rs.
//! Called through the toolbox.
//! Must never make a change: what they return goes to the engine, which plans it and asks people.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod patch;
pub(crate) mod plan_root;
pub(crate) mod reconcile;
pub(crate) mod restart;
pub(crate) mod restore;

use crate::nearest::nearest;
use crate::outcome::Question;
use crate::values::Given;
use chopmark_catalog::{Parameter, ParameterKind, Template};
use chopmark_domain::facts::Bilingual;
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Origin, Sourced};
use std::collections::BTreeMap;

/// Values that were given, checked one by one against the template's parameters. `present` are the
/// values that maps are merged into.
fn checked(
    template: &Template,
    given: &BTreeMap<String, Given>,
    present: &BTreeMap<String, Literal>,
) -> Result<BTreeMap<String, Sourced>, Problem> {
    let mut values = BTreeMap::new();
    for (name, value) in given {
        let parameter = parameter(template, name)?;
        let literal = value.onto(present.get(name)).or_else(|| parameter.unset());
        let literal = literal.ok_or_else(|| {
            Problem::new(Code::MissingParameter).with("template", &template.name).with("parameter", name)
        })?;
        values.insert(name.clone(), Sourced { value: parameter.accept(&literal)?, origin: Origin::Said });
    }
    Ok(values)
}

/// The template's parameter of that name.
fn parameter<'a>(template: &'a Template, name: &str) -> Result<&'a Parameter, Problem> {
    template.parameter(name).ok_or_else(|| {
        let names = template.parameters.iter().map(|parameter| parameter.name.as_str());
        Problem::new(Code::UnknownParameter)
            .with("template", &template.name)
            .with("parameter", crate::clean::text(name, 80))
            .with("nearest", nearest(name, names).join(", "))
    })
}

/// The question for a parameter that is needed and was not given.
fn ask_for(template: &Template, parameter: &Parameter, name: Option<&str>) -> Question {
    let title = &parameter.title;
    let of = name.map_or(Bilingual { en: String::new(), zh: String::new() }, |name| Bilingual {
        en: format!(" of {name}"),
        zh: format!("{name} 的"),
    });
    let en = format!("What is the {}{}?", title.en.to_lowercase(), of.en);
    let zh = format!("{}{}是什么？", of.zh, title.zh);
    let mut question = Question::new(&parameter.name, en, zh);
    if let ParameterKind::Choice { options } = &parameter.kind {
        question.options = options.iter().map(|option| option.value.clone()).collect();
    }
    question.template = Some(template.name.clone());
    question
}
