//! The sections `[model]` and `[models.<name>]`: who turns sentences into tool calls.
//! Read by `config::read`; the chain of models is made of it when the house is assembled.
//! Must never hold a key, only the reference to one.

use super::reader::{Section, nearest};
use crate::secrets;
use chopmark_assistant::models::{ModelAddress, Price};
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeMap;
use std::time::Duration;

/// The planner inside the program.
pub const OFFLINE: &str = "offline";

/// A model outside the program, as it is written.
#[derive(Debug, Clone)]
pub struct ModelEntry {
    /// Where it is and what it may cost, without its key.
    address: ModelAddress,
    /// Reference to its key.
    pub key: Option<String>,
    /// References to further headers.
    headers: BTreeMap<String, String>,
}

impl ModelEntry {
    /// The address as it is written, without secrets.
    pub fn address(&self) -> &ModelAddress {
        &self.address
    }

    /// The address with its key and headers read.
    ///
    /// # Errors
    /// [`Code::SecretUnreadable`].
    pub fn resolved(&self) -> Answer<ModelAddress> {
        let key = self.key.as_deref().map(secrets::read).transpose()?;
        let headers = self.headers.iter().map(|(name, reference)| Ok((name.clone(), secrets::read(reference)?)));
        Ok(ModelAddress { key, headers: headers.collect::<Answer<_>>()?, ..self.address.clone() })
    }
}

/// Every model that is configured.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// The one that is asked first; none for the planner inside the program.
    first: Option<String>,
    /// Who is asked when it does not answer.
    fallback: Vec<String>,
    /// By name.
    pub all: BTreeMap<String, ModelEntry>,
}

impl Models {
    /// Those that are asked, in their order; the planner inside the program comes after them.
    pub fn chain(&self) -> Vec<&ModelEntry> {
        let mut names: Vec<&String> = Vec::new();
        for name in self.first.iter().chain(&self.fallback) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if self.first.is_none() { vec![] } else { names.into_iter().filter_map(|name| self.all.get(name)).collect() }
    }

    /// Takes what `root` says.
    ///
    /// # Errors
    /// A [`Problem`] with file, line and column.
    pub(super) fn read(&mut self, root: &Section<'_, '_>) -> Result<(), Problem> {
        if let Some(sections) = root.entries_of("models")? {
            for name in sections.keys() {
                if name == OFFLINE || !is_name(name) {
                    let problem = sections.problem_at_name(Code::ConfigValue, name);
                    return Err(problem.with("value", name).with("expected", "main | gpt-4o | local.llama"));
                }
                if let Some(section) = sections.section(name, &KEYS)? {
                    self.all.insert(name.to_owned(), entry(&section, name)?);
                }
            }
        }
        let Some(section) = root.section("model", &["use", "fallback"])? else { return Ok(()) };
        let names: Vec<&str> = std::iter::once(OFFLINE).chain(self.all.keys().map(String::as_str)).collect();
        let outside = |name: &str| Some(name.to_owned()).filter(|name| name != OFFLINE);
        let choices: Vec<_> = names.iter().map(|name| (*name, *name)).collect();
        let first = section.choice("use", &choices)?.map(outside);
        let known = |text: &str| names.contains(&text).then(|| text.to_owned());
        let fallback = section.list("fallback", &names.join(" | "), known).map_err(|problem| {
            let said = problem.facts.get("value").map(|value| value.trim_matches('"').to_owned()).unwrap_or_default();
            let near = nearest(&said, names.iter().copied());
            problem.with("nearest", near.unwrap_or_default())
        })?;
        self.first = first.unwrap_or(self.first.take());
        self.fallback = fallback.map_or(std::mem::take(&mut self.fallback), |names| {
            names.iter().filter_map(|name| outside(name)).collect()
        });
        Ok(())
    }
}

const KEYS: [&str; 12] = [
    "base_url",
    "model",
    "key",
    "headers",
    "window",
    "answer",
    "budget",
    "timeout",
    "first_byte",
    "stall",
    "price",
    "azure_api_version",
];

fn entry(section: &Section<'_, '_>, name: &str) -> Result<ModelEntry, Problem> {
    let base_url = section.filled("base_url")?.ok_or_else(|| section.missing("base_url"))?;
    if !is_address(base_url) {
        return Err(section.hidden("base_url", "\"https://api.openai.com/v1\" | \"http://127.0.0.1:11434/v1\""));
    }
    let model = section.filled("model")?.ok_or_else(|| section.missing("model"))?;
    if model.len() > 200 || model.contains(char::is_control) {
        return Err(section.wrong("model", "\"gpt-4.1\""));
    }
    let usual = ModelAddress::new(name, base_url, model);
    let tokens = |key: &str, least: i64, usual: u64| -> Result<u64, Problem> {
        Ok(section.number(key, least..=100_000_000)?.and_then(|tokens| u64::try_from(tokens).ok()).unwrap_or(usual))
    };
    let time = |key: &str, usual: Duration| -> Result<Duration, Problem> {
        Ok(section.seconds(key)?.map_or(usual, Duration::from_secs))
    };
    let azure = section.filled("azure_api_version")?.map(str::to_owned);
    if azure.as_deref().is_some_and(|version| !is_version(version)) {
        return Err(section.wrong("azure_api_version", "\"2024-10-21\""));
    }
    let address = ModelAddress {
        window_tokens: tokens("window", 2_000, usual.window_tokens)?,
        answer_tokens: tokens("answer", 64, usual.answer_tokens)?,
        request_tokens: tokens("budget", 1_000, usual.request_tokens)?,
        total: time("timeout", usual.total)?,
        first_byte: time("first_byte", usual.first_byte)?,
        stall: time("stall", usual.stall)?,
        price: price(section)?,
        azure,
        ..usual
    };
    if address.answer_tokens >= address.window_tokens {
        return Err(section.wrong("answer", &format!("64…{}", address.window_tokens - 1)));
    }
    Ok(ModelEntry { address, key: section.reference("key")?, headers: headers(section)? })
}

fn headers(section: &Section<'_, '_>) -> Result<BTreeMap<String, String>, Problem> {
    let mut all = BTreeMap::new();
    let Some(own) = section.entries_of("headers")? else { return Ok(all) };
    for name in own.keys() {
        let is_header = !name.is_empty() && name.len() <= 64;
        if !is_header || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            let problem = own.problem_at_name(Code::ConfigValue, name);
            return Err(problem.with("value", name).with("expected", "api-key"));
        }
        let reference = own.reference(name)?.ok_or_else(|| own.missing(name))?;
        all.insert(name.to_owned(), reference);
    }
    Ok(all)
}

fn price(section: &Section<'_, '_>) -> Result<Option<Price>, Problem> {
    let Some(own) = section.section("price", &["input", "output", "currency"])? else { return Ok(None) };
    let micro = |key: &str| -> Result<u64, Problem> {
        let text = own.filled(key)?.ok_or_else(|| own.missing(key))?;
        millionths(text).ok_or_else(|| own.wrong(key, "\"2.50\""))
    };
    let currency = own.filled("currency")?.unwrap_or("USD");
    if !(currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase())) {
        return Err(own.wrong("currency", "\"USD\""));
    }
    Ok(Some(Price {
        input_micro_per_million: micro("input")?,
        output_micro_per_million: micro("output")?,
        currency: currency.to_owned(),
    }))
}

/// Millionths of what a decimal such as `2.50` says.
fn millionths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1_000_000 + part)
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// An address without a user, a query or anything a log would have to hide.
pub(super) fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest.len() <= 1_000
            && !rest.contains(['@', '?', '#', '\\', '"', '<', '>'])
            && !rest.contains(|c: char| c.is_control() || c.is_whitespace())
    })
}

/// Whether an address is this machine: nothing can be read on the way.
pub fn is_here(address: &str) -> bool {
    let host = address.trim_start_matches("http://").split('/').next().unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| host == *here || host.starts_with(&format!("{here}:")))
}

fn is_version(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
}

#[cfg(test)]
#[path = "models_tests.rs"]
mod tests;
