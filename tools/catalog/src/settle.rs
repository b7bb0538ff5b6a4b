//! Settling: given values become the full set a component is rendered with.
//! Called by the drafter and, for examples, by the loader.
//! Must never leave a value unaccepted: whatever its origin, it passes its parameter here.

use crate::broken::nearest;
use crate::load::Loaded;
use crate::parameter::ParameterKind;
use crate::quantity;
use crate::render;
use crate::template::{Family, Restart, Scope, Template};
use chopmark_domain::component::{CLUSTER_GROUP, ComponentPath, ROOT_GROUP};
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Origin, Sourced};
use minijinja::Value;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use unicode_normalization::UnicodeNormalization;

/// The value that a restart sets; templates that restart by annotation write it into the pod template.
pub(crate) const RESTARTED_AT: &str = "restarted_at";

/// Every value with its origin.
pub(crate) type Values = BTreeMap<String, Sourced>;

/// Whether a component of the template may be there.
///
/// # Errors
/// [`Code::InvalidName`] with `what`, `text`, `rule` (a key of the message), `most`.
pub(crate) fn place(template: &Template, path: &ComponentPath) -> Result<(), Problem> {
    let invalid = |what: &str, text: &str, rule: &str| {
        let problem = Problem::new(Code::InvalidName).with("what", what).with("text", text).with("rule", rule);
        Err(problem.with("most", template.component.longest))
    };
    let in_cluster = path.group() == CLUSTER_GROUP;
    match template.scope {
        Scope::Namespace if in_cluster => {
            return invalid("group", path.group(), "group-namespace");
        }
        Scope::Cluster if !in_cluster => {
            return invalid("group", path.group(), "group-cluster");
        }
        // Both groups mean something else: what they hold is no component of a template.
        Scope::Main if in_cluster || path.group() == ROOT_GROUP => {
            return invalid("group", path.group(), "group-main");
        }
        Scope::Namespace | Scope::Cluster | Scope::Main => {}
    }
    let makes_namespaces = template.kinds.iter().any(|kind| kind == "v1/Namespace");
    if makes_namespaces && (path.name() == CLUSTER_GROUP || path.name().starts_with("kube-")) {
        return invalid("namespace", path.name(), "reserved-namespace");
    }
    let rule = template.component;
    if path.name().len() > rule.longest {
        return invalid("component", path.name(), "shorter");
    }
    if rule.letter_first && !path.name().starts_with(|c: char| c.is_ascii_lowercase()) {
        return invalid("component", path.name(), "letter-first");
    }
    Ok(())
}

/// Accepts every value, adds defaults, checks what only holds between values.
///
/// # Errors
/// [`Code::UnknownParameter`], [`Code::InvalidParameter`], [`Code::MissingParameter`].
pub(crate) fn settle(loaded: &Loaded, path: &ComponentPath, given: Values) -> Result<Values, Problem> {
    let template = &loaded.template;
    let mut values = Values::new();
    for (name, sourced) in given {
        if name == RESTARTED_AT && template.restart == Restart::Annotation {
            values.insert(name, restarted(sourced)?);
            continue;
        }
        let Some(parameter) = template.parameter(&name) else { return Err(unknown(template, &name)) };
        let value = parameter.accept(&sourced.value)?;
        let value = if template.terraform.is_some() { composed(&name, &value)? } else { value };
        if !(parameter.is_optional() && parameter.is_unset(&value)) {
            values.insert(name, Sourced { value, origin: sourced.origin });
        }
    }
    for parameter in &template.parameters {
        if values.contains_key(&parameter.name) {
            continue;
        }
        if let Some(default) = &parameter.default {
            let sourced = Sourced { value: default.clone(), origin: Origin::Default };
            values.insert(parameter.name.clone(), sourced);
        } else if parameter.required {
            return Err(Problem::new(Code::MissingParameter)
                .with("template", &template.name)
                .with("parameter", &parameter.name));
        }
    }
    switch_on(loaded, path, &mut values)?;
    check_orders(template, &values)?;
    check_addresses(template, &values)?;
    Ok(values)
}

/// The value as Terraform keeps it: its texts are in Unicode's composed form (NFC), whatever form they were written in,
/// and hold no NUL, which no provider's protocol carries.
fn composed(name: &str, value: &Literal) -> Result<Literal, Problem> {
    let text = |text: &str| {
        if text.contains('\0') {
            return Err(Problem::new(Code::InvalidParameter)
                .with("parameter", name)
                .with("value", text.escape_debug().take(80).collect::<String>())
                .with("rule", "text")
                .with("least", "")
                .with("most", "")
                .with("options", ""));
        }
        Ok(text.nfc().collect::<String>())
    };
    Ok(match value {
        Literal::Text(value) => Literal::Text(text(value)?),
        Literal::List(items) => Literal::List(items.iter().map(|item| composed(name, item)).collect::<Result<_, _>>()?),
        Literal::Map(entries) => {
            let entry = |(key, value): (&String, &Literal)| Ok((text(key)?, composed(name, value)?));
            Literal::Map(entries.iter().map(entry).collect::<Result<_, Problem>>()?)
        }
        Literal::Bool(_) | Literal::Integer(_) => value.clone(),
    })
}

/// Switches that nobody set turn on when their condition holds, and stay recorded.
fn switch_on(loaded: &Loaded, path: &ComponentPath, values: &mut Values) -> Result<(), Problem> {
    for parameter in &loaded.template.parameters {
        let Some(condition) = &parameter.default_when else { continue };
        if values.contains_key(&parameter.name) {
            continue;
        }
        let context = context(&loaded.template, path, values);
        let holds = loaded.renderer.holds(condition, &context).map_err(|reason| {
            let fault = Problem::new(Code::RenderMismatch).with("template", &loaded.template.name);
            fault.with("file", "template.toml").with("reason", reason)
        })?;
        if holds {
            let sourced = Sourced { value: Literal::Bool(true), origin: Origin::Default };
            values.insert(parameter.name.clone(), sourced);
        }
    }
    Ok(())
}

/// The moment of a restart as we write it: a manifest edited by hand may hold anything.
fn restarted(sourced: Sourced) -> Result<Sourced, Problem> {
    match sourced.value.as_text().map(str::parse::<jiff::Timestamp>) {
        Some(Ok(_)) => Ok(sourced),
        _ => Err(Problem::new(Code::InvalidParameter)
            .with("parameter", RESTARTED_AT)
            .with("value", &sourced.value)
            .with("rule", "text")
            .with("least", "")
            .with("most", "")
            .with("options", "")),
    }
}

fn check_orders(template: &Template, values: &Values) -> Result<(), Problem> {
    let amount = |name: &str| {
        let parameter = template.parameter(name)?;
        magnitude(&parameter.kind, &values.get(name)?.value)
    };
    for order in &template.orders {
        if let (Some(least), Some(most)) = (amount(&order.least), amount(&order.most))
            && least > most
        {
            let value = values.get(&order.least).map(|sourced| sourced.value.to_string()).unwrap_or_default();
            let other = values.get(&order.most).map(|sourced| sourced.value.to_string()).unwrap_or_default();
            return Err(Problem::new(Code::InvalidParameter)
                .with("parameter", &order.least)
                .with("value", value)
                .with("rule", "order")
                .with("least", "")
                .with("most", format!("{} ({other})", order.most))
                .with("options", ""));
        }
    }
    Ok(())
}

/// What is an address because a choice says so: `banana` is no answer of a record of type A.
fn check_addresses(template: &Template, values: &Values) -> Result<(), Problem> {
    for rule in &template.addresses {
        let chosen = values.get(&rule.when).and_then(|sourced| sourced.value.as_text()) == Some(rule.is.as_str());
        let Some(given) = values.get(&rule.parameter).filter(|_| chosen) else { continue };
        let texts = match &given.value {
            Literal::List(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let (name, fits): (_, fn(&str) -> bool) = match rule.family {
            Family::Ipv4 => ("ipv4", |text| text.parse::<Ipv4Addr>().is_ok()),
            Family::Ipv6 => ("ipv6", |text| text.parse::<Ipv6Addr>().is_ok()),
        };
        if let Some(wrong) = texts.iter().find(|item| !item.as_text().is_some_and(fits)) {
            return Err(Problem::new(Code::InvalidParameter)
                .with("parameter", &rule.parameter)
                .with("value", wrong.to_string().chars().take(80).collect::<String>())
                .with("rule", name)
                .with("least", "")
                .with("most", "")
                .with("options", ""));
        }
    }
    Ok(())
}

fn magnitude(kind: &ParameterKind, value: &Literal) -> Option<u64> {
    match (kind, value) {
        (ParameterKind::Cpu { .. }, Literal::Text(text)) => quantity::millicores(text),
        (ParameterKind::Memory { .. }, Literal::Text(text)) => quantity::bytes(text).map(|(bytes, _)| bytes),
        (ParameterKind::Duration { .. }, Literal::Text(text)) => quantity::seconds(text),
        (_, Literal::Integer(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// A name that the template does not have.
pub(crate) fn unknown(template: &Template, name: &str) -> Problem {
    let names = template.parameters.iter().map(|parameter| parameter.name.as_str());
    Problem::new(Code::UnknownParameter)
        .with("template", &template.name)
        .with("parameter", name.chars().take(80).collect::<String>())
        .with("nearest", nearest(name, names).unwrap_or_default())
}

/// The variables for rendering.
pub(crate) fn context(template: &Template, path: &ComponentPath, values: &Values) -> Value {
    let names = template.parameters.iter().map(|parameter| parameter.name.as_str()).chain([RESTARTED_AT]);
    let values = names.map(|name| (name, values.get(name).map(|sourced| &sourced.value)));
    render::context(values, &[("name", path.name()), ("group", path.group())])
}
