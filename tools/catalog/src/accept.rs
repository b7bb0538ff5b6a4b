//! Accepting values: every value that enters a draft passes here and leaves in one spelling.
//! Called by the tools on what a person or model said, and again by the drafter on everything.
//! Must never repeat a text that might be a secret in what it says about a fault.

use crate::grammar;
use crate::parameter::{EntryKind, KeyKind, Parameter, ParameterKind};
use crate::quantity;
use chopmark_domain::ids::is_dns_label;
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use ipnet::IpNet;
use std::collections::BTreeMap;

impl Parameter {
    /// The value in its one spelling. For a parameter that may be unset, empty text means just that
    /// and comes back as it is.
    ///
    /// # Errors
    /// [`Code::InvalidParameter`] with facts `parameter`, `value`, `rule` (a word for the rule that
    /// was broken), `least`, `most`; [`Code::InvalidSecretReference`] with `parameter`.
    pub fn accept(&self, value: &Literal) -> Result<Literal, Problem> {
        if self.is_optional() && self.is_unset(value) {
            return Ok(Literal::Text(String::new()));
        }
        self.kind.accept(value).map_err(|fault| fault.problem(self, value))
    }

    /// Whether it may be without a value.
    pub fn is_optional(&self) -> bool {
        !self.required && self.default.is_none()
    }

    /// What to give it for taking its value away: its default or, when it may be unset, empty text.
    /// None for what must have a value.
    pub fn unset(&self) -> Option<Literal> {
        if self.required { None } else { Some(self.default.clone().unwrap_or_else(|| Literal::Text(String::new()))) }
    }

    /// Whether the value of an optional parameter says that it has none.
    pub(crate) fn is_unset(&self, value: &Literal) -> bool {
        *value == Literal::Text(String::new())
    }
}

/// A broken rule.
pub(crate) struct Fault {
    rule: &'static str,
    bounds: Option<(String, String)>,
}

impl Fault {
    fn rule(rule: &'static str) -> Self {
        Self { rule, bounds: None }
    }

    fn bounds(rule: &'static str, least: impl ToString, most: impl ToString) -> Self {
        Self { rule, bounds: Some((least.to_string(), most.to_string())) }
    }

    fn problem(self, parameter: &Parameter, value: &Literal) -> Problem {
        if self.rule == "secret" {
            return Problem::new(Code::InvalidSecretReference).with("parameter", &parameter.name);
        }
        let (least, most) = self.bounds.unwrap_or_default();
        let options = match &parameter.kind {
            ParameterKind::Choice { options } => {
                options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        Problem::new(Code::InvalidParameter)
            .with("parameter", &parameter.name)
            .with("value", value.to_string().chars().take(80).collect::<String>())
            .with("rule", self.rule)
            .with("least", least)
            .with("most", most)
            .with("options", options)
    }
}

impl ParameterKind {
    /// The value in its one spelling.
    pub(crate) fn accept(&self, value: &Literal) -> Result<Literal, Fault> {
        match self {
            Self::Text { longest } => text(value, *longest).map(Literal::Text),
            Self::Integer { least, most } => integer(value, "integer", *least, *most),
            Self::Bool => boolean(value),
            Self::Choice { options } => {
                let given = value.as_text().ok_or(Fault::rule("choice"))?;
                let option = options.iter().find(|option| option.value.eq_ignore_ascii_case(given));
                option.map(|option| Literal::from(option.value.as_str())).ok_or(Fault::rule("choice"))
            }
            Self::Name => matching(value, "name", is_dns_label),
            Self::Image => matching(value, "image", grammar::is_image),
            Self::Port => integer(value, "port", 1, 65535),
            Self::Cpu { least, most } => {
                let amount = plain(value).and_then(|text| quantity::millicores(&text)).ok_or(Fault::rule("cpu"))?;
                within(amount, *least, *most, quantity::cpu_text).map(quantity::cpu_text).map(Literal::Text)
            }
            Self::Memory { least, most } => {
                let amount = plain(value).and_then(|text| quantity::bytes(&text));
                let (bytes, binary) = amount.ok_or(Fault::rule("memory"))?;
                within(bytes, *least, *most, |bound| quantity::memory_text(bound, true))?;
                Ok(Literal::Text(quantity::memory_text(bytes, binary)))
            }
            Self::Duration { least, most } => {
                let bare = value.as_integer().and_then(|seconds| u64::try_from(seconds).ok());
                let seconds = bare.or_else(|| value.as_text().and_then(quantity::seconds));
                let seconds = seconds.ok_or(Fault::rule("duration"))?;
                within(seconds, *least, *most, quantity::duration_text).map(quantity::duration_text).map(Literal::Text)
            }
            Self::Schedule => matching(value, "schedule", grammar::is_schedule),
            Self::TimeZone => matching(value, "time_zone", grammar::is_time_zone),
            Self::Host => matching(value, "host", grammar::is_host),
            Self::Cidr { least, most } => {
                let range = cidr(value)?;
                let prefix = u64::from(range.prefix_len());
                within(prefix, u64::from(*least), u64::from(*most), |prefix| format!("/{prefix}"))?;
                Ok(Literal::Text(range.to_string()))
            }
            Self::Path => matching(value, "path", grammar::is_path),
            Self::Secret => matching(value, "secret", grammar::is_secret_reference),
            Self::Map { keys, values, most } => map(value, *keys, *values, *most),
            Self::List { items, most } => {
                let Literal::List(given) = value else { return Err(Fault::rule("list")) };
                if given.len() > *most {
                    return Err(Fault::bounds("many", 0, most));
                }
                given.iter().map(|item| items.accept(item)).collect::<Result<_, _>>().map(Literal::List)
            }
        }
    }
}

impl EntryKind {
    fn accept(self, value: &Literal) -> Result<Literal, Fault> {
        match self {
            Self::Text { longest } => text(value, longest).map(Literal::Text),
            Self::Secret => matching(value, "secret", grammar::is_secret_reference),
            Self::Name => matching(value, "name", is_dns_label),
            Self::Cidr => cidr(value).map(|range| Literal::Text(range.to_string())),
        }
    }
}

impl KeyKind {
    pub(crate) fn admits(self, key: &str) -> bool {
        match self {
            Self::Variable => grammar::is_variable(key),
            Self::File => grammar::is_file_key(key),
        }
    }
}

fn map(value: &Literal, keys: KeyKind, values: EntryKind, most: usize) -> Result<Literal, Fault> {
    let Literal::Map(given) = value else {
        // A map of secrets that is no map may be a secret.
        return Err(Fault::rule(if values == EntryKind::Secret { "secret" } else { "map" }));
    };
    if given.len() > most {
        return Err(Fault::bounds("many", 0, most));
    }
    let mut accepted = BTreeMap::new();
    for (key, value) in given {
        if !keys.admits(key) {
            return Err(Fault::rule(match (values, keys) {
                (EntryKind::Secret, _) => "secret",
                (_, KeyKind::Variable) => "variable",
                (_, KeyKind::File) => "file",
            }));
        }
        accepted.insert(key.clone(), values.accept(value)?);
    }
    Ok(Literal::Map(accepted))
}

/// Text; numbers and truth values in their only spelling, because `A=1` is said without quotes.
fn text(value: &Literal, longest: usize) -> Result<String, Fault> {
    let text = match value {
        Literal::Text(text) => text.clone(),
        Literal::Integer(_) | Literal::Bool(_) => value.to_string(),
        Literal::List(_) | Literal::Map(_) => return Err(Fault::rule("text")),
    };
    if text.len() > longest {
        return Err(Fault::bounds("long", 0, longest));
    }
    Ok(text)
}

/// What was said for a quantity: its text or a bare number.
fn plain(value: &Literal) -> Option<String> {
    match value {
        Literal::Text(text) => Some(text.clone()),
        Literal::Integer(number) => Some(number.to_string()),
        Literal::Bool(_) | Literal::List(_) | Literal::Map(_) => None,
    }
}

fn integer(value: &Literal, rule: &'static str, least: i64, most: i64) -> Result<Literal, Fault> {
    let number = match value {
        Literal::Integer(number) => Some(*number),
        // Only the spelling that an integer itself has: `012` and `+1` are somebody's mistake.
        Literal::Text(text) => text.parse::<i64>().ok().filter(|number| number.to_string() == *text),
        Literal::Bool(_) | Literal::List(_) | Literal::Map(_) => None,
    };
    match number {
        Some(number) if (least..=most).contains(&number) => Ok(Literal::Integer(number)),
        _ => Err(Fault::bounds(rule, least, most)),
    }
}

fn boolean(value: &Literal) -> Result<Literal, Fault> {
    match value {
        Literal::Bool(_) => Ok(value.clone()),
        Literal::Text(text) if text == "true" => Ok(Literal::Bool(true)),
        Literal::Text(text) if text == "false" => Ok(Literal::Bool(false)),
        _ => Err(Fault::rule("bool")),
    }
}

/// A range of addresses, in the one spelling that its own type has.
fn cidr(value: &Literal) -> Result<IpNet, Fault> {
    value.as_text().and_then(grammar::cidr).ok_or(Fault::rule("cidr"))
}

fn matching(value: &Literal, rule: &'static str, fits: impl Fn(&str) -> bool) -> Result<Literal, Fault> {
    match value.as_text() {
        Some(text) if fits(text) => Ok(value.clone()),
        _ => Err(Fault::rule(rule)),
    }
}

fn within(amount: u64, least: u64, most: u64, spell: impl Fn(u64) -> String) -> Result<u64, Fault> {
    if (least..=most).contains(&amount) { Ok(amount) } else { Err(Fault::bounds("bounds", spell(least), spell(most))) }
}
