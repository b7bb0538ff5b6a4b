//! Reading parameters: from the keys of template.toml to a typed, bounded parameter.
//! Used by the loader only.
//! Must never ignore a key that means nothing for its type: an author who wrote it meant something.

use crate::broken::BrokenTemplate;
use crate::metadata::{RawBound, RawEntry, RawKind, RawParameter};
use crate::parameter::{ChoiceOption, EntryKind, KeyKind, Parameter, ParameterKind};
use crate::quantity;
use crate::settle::RESTARTED_AT;
use crate::source::{METADATA, Source};
use chopmark_domain::ids::ParameterName;
use std::ops::Range;
use toml::Spanned;

/// Longest text by default: room for a line of configuration, not for a file.
const LONGEST_TEXT: usize = 4096;
/// Most entries of a map or list by default.
const MOST_ENTRIES: i64 = 200;
/// Largest processor time in thousandths of a core: no machine has more than 1,024 cores.
const MOST_CPU: i64 = 1_024_000;
/// Largest amount of memory in bytes: 64 TiB.
const MOST_MEMORY: i64 = 64 << 40;
/// Least amount of memory: containerd refuses to start a container below some 4 MiB.
const LEAST_MEMORY: i64 = 4 << 20;
/// Longest prefix of a range of addresses: that of one IPv6 address.
const LONGEST_PREFIX: i64 = 128;
/// Longest span: 10 years.
const LONGEST_SPAN: i64 = 315_360_000;

/// One parameter.
pub(crate) fn parameter(source: &Source, raw: &Spanned<RawParameter>) -> Result<Parameter, BrokenTemplate> {
    let (span, raw) = (raw.span(), raw.as_ref());
    let name = raw.name.as_ref().clone();
    let fault = |span: Range<usize>, reason: String| source.fault_at(METADATA, span, reason);
    if let Err(error) = ParameterName::parse(&name) {
        return Err(fault(raw.name.span(), error.to_string()));
    }
    if ["component", RESTARTED_AT].contains(&name.as_str()) {
        return Err(fault(raw.name.span(), format!("`{name}` is reserved")));
    }
    let kind = kind(raw).map_err(|reason| fault(span.clone(), reason))?;
    let mut parameter = Parameter {
        name,
        title: raw.title.clone(),
        words: raw.words.clone(),
        kind,
        default: None,
        default_when: None,
        required: raw.required,
        unit: raw.unit.clone(),
    };
    if let Some(default) = &raw.default {
        if raw.required {
            return Err(fault(default.span(), "a required parameter has no default".to_owned()));
        }
        let accepted = parameter.kind.accept(default.as_ref());
        let Ok(accepted) = accepted else {
            return Err(fault(default.span(), "the default does not fit the parameter's type and bounds".to_owned()));
        };
        parameter.default = Some(accepted);
    }
    if let Some(expression) = &raw.default_when {
        if parameter.kind != ParameterKind::Bool || parameter.default.is_some() || raw.required {
            let reason = "only an optional bool may have `default_when`".to_owned();
            return Err(fault(expression.span(), reason));
        }
        parameter.default_when = Some(expression.as_ref().clone());
    }
    Ok(parameter)
}

fn kind(raw: &RawParameter) -> Result<ParameterKind, String> {
    use RawKind as R;
    let numbers = matches!(raw.kind, R::Integer | R::Cpu | R::Memory | R::Duration | R::Cidr);
    let entries = matches!(raw.kind, R::Map | R::List);
    let misplaced = [
        ("least", raw.least.is_some() && !numbers),
        ("most", raw.most.is_some() && !numbers && !entries),
        ("longest", raw.longest.is_some() && !entries && raw.kind != R::Text),
        ("options", raw.options.is_some() && raw.kind != R::Choice),
        ("keys", raw.keys.is_some() && raw.kind != R::Map),
        ("values", raw.values.is_some() && raw.kind != R::Map),
        ("items", raw.items.is_some() && raw.kind != R::List),
    ];
    if let Some((key, _)) = misplaced.iter().find(|(_, misplaced)| *misplaced) {
        return Err(format!("`{key}` has no meaning for this type"));
    }
    let longest = raw.longest.unwrap_or(LONGEST_TEXT);
    let entry = |raw: RawEntry| match raw {
        RawEntry::Text => EntryKind::Text { longest },
        RawEntry::Secret => EntryKind::Secret,
        RawEntry::Name => EntryKind::Name,
        RawEntry::Cidr => EntryKind::Cidr,
    };
    let bounds = |least: i64, most: i64, read: fn(&str) -> Option<u64>| -> Result<(i64, i64), String> {
        let least = bound(raw.least.as_ref(), read)?.unwrap_or(least);
        let most = bound(raw.most.as_ref(), read)?.unwrap_or(most);
        if least > most { Err("`least` is larger than `most`".to_owned()) } else { Ok((least, most)) }
    };
    let positive = |least, most, read| -> Result<(u64, u64), String> {
        let (least, most) = bounds(least, most, read)?;
        u64::try_from(least).ok().zip(u64::try_from(most).ok()).ok_or_else(|| "a bound below nothing".to_owned())
    };
    Ok(match raw.kind {
        R::Text => ParameterKind::Text { longest },
        R::Integer => {
            let (least, most) = bounds(0, i64::from(i32::MAX), |_| None)?;
            ParameterKind::Integer { least, most }
        }
        R::Bool => ParameterKind::Bool,
        R::Choice => {
            let options = raw.options.iter().flatten().map(|option| ChoiceOption {
                value: option.value.clone(),
                title: option.title.clone(),
                words: option.words.clone(),
            });
            let options: Vec<ChoiceOption> = options.collect();
            if options.is_empty() {
                return Err("a choice needs `options`".to_owned());
            }
            ParameterKind::Choice { options }
        }
        R::Name => ParameterKind::Name,
        R::Image => ParameterKind::Image,
        R::Port => ParameterKind::Port,
        R::Cpu => {
            let (least, most) = positive(1, MOST_CPU, quantity::millicores)?;
            ParameterKind::Cpu { least, most }
        }
        R::Memory => {
            let (least, most) = positive(LEAST_MEMORY, MOST_MEMORY, |text| quantity::bytes(text).map(|(n, _)| n))?;
            ParameterKind::Memory { least, most }
        }
        R::Duration => {
            let (least, most) = positive(1, LONGEST_SPAN, quantity::seconds)?;
            ParameterKind::Duration { least, most }
        }
        R::Schedule => ParameterKind::Schedule,
        R::TimeZone => ParameterKind::TimeZone,
        R::Host => ParameterKind::Host,
        R::Cidr => {
            let (least, most) = bounds(0, LONGEST_PREFIX, |_| None)?;
            let prefix = |bound: i64| u8::try_from(bound).map_err(|error| error.to_string());
            ParameterKind::Cidr { least: prefix(least)?, most: prefix(most)? }
        }
        R::Path => ParameterKind::Path,
        R::Secret => ParameterKind::Secret,
        R::Map => ParameterKind::Map {
            keys: raw.keys.unwrap_or(KeyKind::Variable),
            values: entry(raw.values.ok_or("a map needs `values`")?),
            most: most_entries(bounds(0, MOST_ENTRIES, |_| None)?.1)?,
        },
        R::List => ParameterKind::List {
            items: entry(raw.items.ok_or("a list needs `items`")?),
            most: most_entries(bounds(0, MOST_ENTRIES, |_| None)?.1)?,
        },
    })
}

fn most_entries(most: i64) -> Result<usize, String> {
    usize::try_from(most).map_err(|error| error.to_string())
}

fn bound(raw: Option<&Spanned<RawBound>>, read: fn(&str) -> Option<u64>) -> Result<Option<i64>, String> {
    match raw.map(Spanned::as_ref) {
        None => Ok(None),
        Some(RawBound::Number(number)) => Ok(Some(*number)),
        Some(RawBound::Text(text)) => {
            let number = read(text).and_then(|number| i64::try_from(number).ok());
            number.map(Some).ok_or_else(|| format!("the bound `{text}` does not fit the parameter's type"))
        }
    }
}
