//! Reads typed values out of a TOML text and says, when one is wrong, at which line and column.
//! Called by every section of the configuration; each section reads itself through a [`Section`].
//! Must never take an unknown key or a value of another type for a default.

use chopmark_domain::literal::Literal;
use chopmark_domain::problem::{Code, Problem};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A configuration text with the name it is quoted under.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// How the file is called in messages and on cards.
    pub name: &'a str,
    /// Where relative paths begin.
    pub base: &'a Path,
    /// What it says.
    pub text: &'a str,
}

impl<'a> Text<'a> {
    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// A problem at a place in the text.
    pub fn problem(&self, code: Code, at: usize) -> Problem {
        let (line, column) = self.position(at);
        Problem::new(code).with("file", self.name).with("line", line).with("column", column)
    }

    /// Parses the whole text.
    ///
    /// # Errors
    /// [`Code::ConfigSyntax`] with the place and the parser's reason.
    pub fn parse(&self) -> Result<Spanned<DeTable<'a>>, Problem> {
        DeTable::parse(self.text).map_err(|error| {
            let at = error.span().map_or(self.text.len(), |span| span.start);
            self.problem(Code::ConfigSyntax, at).with("reason", error.message())
        })
    }
}

/// One table of the text, with its path for messages.
#[derive(Debug, Clone)]
pub struct Section<'a, 't> {
    text: Text<'a>,
    path: String,
    at: Range<usize>,
    table: &'t DeTable<'a>,
}

impl<'a, 't> Section<'a, 't> {
    /// The whole text as a section; only `known` keys may stand in it.
    ///
    /// # Errors
    /// [`Code::ConfigUnknownKey`].
    pub fn root(text: Text<'a>, table: &'t Spanned<DeTable<'a>>, known: &[&str]) -> Result<Self, Problem> {
        Self { text, path: String::new(), at: 0..0, table: table.get_ref() }.checked(known)
    }

    fn checked(self, known: &[&str]) -> Result<Self, Problem> {
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let nearest = nearest(key.get_ref(), known.iter().copied()).unwrap_or_default();
                return Err(self
                    .text
                    .problem(Code::ConfigUnknownKey, key.span().start)
                    .with("key", self.name(key.get_ref()))
                    .with("nearest", nearest)
                    .with("allowed", known.join(", ")));
            }
        }
        Ok(self)
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// `file:line` of the section's name.
    pub fn written_at(&self) -> String {
        format!("{}:{}", self.text.name, self.text.position(self.at.start).0)
    }

    /// The path of this section, such as `environments.dev`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The section of that name, if it is written; only `known` keys may stand in it.
    ///
    /// # Errors
    /// It is not a table, or holds an unknown key.
    pub fn section(&self, key: &str, known: &[&str]) -> Result<Option<Section<'a, 't>>, Problem> {
        self.entries_of(key)?.map(|section| section.checked(known)).transpose()
    }

    /// The section of that name with keys of the user's choosing, if it is written.
    ///
    /// # Errors
    /// It is not a table.
    pub fn entries_of(&self, key: &str) -> Result<Option<Section<'a, 't>>, Problem> {
        let Some((name, value)) = self.find(key) else { return Ok(None) };
        let Some(table) = value.get_ref().as_table() else { return Err(self.wrong(key, "[…]")) };
        Ok(Some(Section { text: self.text, path: self.name(key), at: name.span(), table }))
    }

    /// The sections that `[[key]]` writes, in the order written; only `known` keys may stand in them.
    ///
    /// # Errors
    /// It is no list of tables, or one holds an unknown key.
    pub fn tables(&self, key: &str, known: &[&str]) -> Result<Vec<Section<'a, 't>>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(Vec::new()) };
        let items = value.get_ref().as_array().ok_or_else(|| self.wrong(key, "[[…]]"))?;
        let read = items.iter().map(|item| {
            let table = item.get_ref().as_table().ok_or_else(|| self.wrong(key, "[[…]]"))?;
            Section { text: self.text, path: self.name(key), at: item.span(), table }.checked(known)
        });
        read.collect()
    }

    /// The keys written here, in order of their names.
    pub fn keys(&self) -> Vec<&'t str> {
        self.table.keys().map(|key| key.get_ref().as_ref()).collect()
    }

    fn find(&self, key: &str) -> Option<(&'t Spanned<std::borrow::Cow<'a, str>>, &'t Spanned<DeValue<'a>>)> {
        self.table.iter().find(|(name, _)| name.get_ref() == key)
    }

    /// A problem at a key's value, or at the section when the key is not written.
    pub fn problem(&self, code: Code, key: &str) -> Problem {
        let at = self.find(key).map_or(self.at.start, |(_, value)| value.span().start);
        self.text.problem(code, at).with("key", self.name(key))
    }

    /// A problem at a key's name, for keys of the user's choosing.
    pub fn problem_at_name(&self, code: Code, key: &str) -> Problem {
        let at = self.find(key).map_or(self.at.start, |(name, _)| name.span().start);
        self.text.problem(code, at).with("key", self.name(key))
    }

    /// The problem of a value that cannot be; `expected` in a notation that needs no language.
    pub fn wrong(&self, key: &str, expected: &str) -> Problem {
        let value = self.find(key).map_or("", |(_, value)| self.text.text.get(value.span()).unwrap_or(""));
        self.problem(Code::ConfigValue, key).with("value", value).with("expected", expected)
    }

    /// The problem of a key that is needed and not written.
    pub fn missing(&self, key: &str) -> Problem {
        self.problem(Code::ConfigMissingKey, key)
    }

    /// A text.
    ///
    /// # Errors
    /// It is of another type.
    pub fn text(&self, key: &str) -> Result<Option<&'t str>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        value.get_ref().as_str().map(Some).ok_or_else(|| self.wrong(key, "\"…\""))
    }

    /// A text that stands for nothing when it is empty.
    ///
    /// # Errors
    /// It is of another type.
    pub fn filled(&self, key: &str) -> Result<Option<&'t str>, Problem> {
        Ok(self.text(key)?.filter(|text| !text.is_empty()))
    }

    /// A truth value.
    ///
    /// # Errors
    /// It is of another type.
    pub fn truth(&self, key: &str) -> Result<Option<bool>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        value.get_ref().as_bool().map(Some).ok_or_else(|| self.wrong(key, "true | false"))
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    /// It is of another type or out of bounds.
    pub fn number(&self, key: &str, bounds: std::ops::RangeInclusive<i64>) -> Result<Option<i64>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        value
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|number| bounds.contains(number))
            .map(Some)
            .ok_or_else(|| self.wrong(key, &format!("{}…{}", bounds.start(), bounds.end())))
    }

    /// One of some words, as the thing it stands for.
    ///
    /// # Errors
    /// It is none of them.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        let said = value.get_ref().as_str();
        said.and_then(|said| choices.iter().find(|(word, _)| *word == said)).map(|(_, thing)| Some(*thing)).ok_or_else(
            || {
                let words: Vec<_> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                let near = said.and_then(|said| nearest(said, choices.iter().map(|(word, _)| *word)));
                self.wrong(key, &words.join(" | ")).with("nearest", near.unwrap_or_default())
            },
        )
    }

    /// A list of texts, each as `parse` reads it; `expected` says what one looks like.
    ///
    /// # Errors
    /// It is of another type, or `parse` refuses one.
    pub fn list<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<Vec<T>>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        let items = value.get_ref().as_array().ok_or_else(|| self.wrong(key, &format!("[{expected}, …]")))?;
        let read = items.iter().map(|item| {
            item.get_ref().as_str().and_then(&parse).ok_or_else(|| {
                self.text
                    .problem(Code::ConfigValue, item.span().start)
                    .with("key", self.name(key))
                    .with("value", self.text.text.get(item.span()).unwrap_or(""))
                    .with("expected", expected)
            })
        });
        read.collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// A list of whole numbers within bounds.
    ///
    /// # Errors
    /// It is of another type, or one is out of bounds.
    pub fn numbers(&self, key: &str, bounds: std::ops::RangeInclusive<i64>) -> Result<Option<Vec<i64>>, Problem> {
        let Some(value) = self.literal(key)? else { return Ok(None) };
        let numbers = match &value {
            Literal::List(items) => {
                items.iter().map(|item| item.as_integer().filter(|number| bounds.contains(number))).collect()
            }
            _ => None,
        };
        numbers.map(Some).ok_or_else(|| self.wrong(key, &format!("[{}…{}, …]", bounds.start(), bounds.end())))
    }

    /// A length of time in seconds: a whole number and s, m, h or d.
    ///
    /// # Errors
    /// It is something else, or nothing, or longer than ten years.
    pub fn seconds(&self, key: &str) -> Result<Option<u64>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        value
            .get_ref()
            .as_str()
            .and_then(duration_seconds)
            .map(Some)
            .ok_or_else(|| self.wrong(key, "\"30s\" | \"90m\" | \"4h\" | \"7d\""))
    }

    /// Texts with the place of each, in the order of their keys.
    ///
    /// # Errors
    /// One is of another type.
    pub fn texts(&self) -> Result<Vec<(&'t str, &'t str)>, Problem> {
        let text = |key: &'t str| Ok(self.text(key)?.map(|text| (key, text)));
        self.keys().into_iter().filter_map(|key| text(key).transpose()).collect()
    }

    /// A typed value: text, whole number, truth value, list or table of such.
    ///
    /// # Errors
    /// It holds a fraction or a date, or goes deeper than anybody means.
    pub fn literal(&self, key: &str) -> Result<Option<Literal>, Problem> {
        let Some((_, value)) = self.find(key) else { return Ok(None) };
        literal(value.get_ref(), DEEPEST).map(Some).ok_or_else(|| self.wrong(key, "\"…\" | 1 | true | […] | {…}"))
    }

    /// A secret by reference, as `env:NAME` or `file:/path`. What else stands there is never quoted: it may be the secret.
    ///
    /// # Errors
    /// It is anything but a reference.
    pub fn reference(&self, key: &str) -> Result<Option<String>, Problem> {
        let Some(text) = self.filled(key)? else { return Ok(None) };
        reference(self.text.base, text).map(Some).ok_or_else(|| self.hidden(key, "\"env:NAME\" | \"file:/path\""))
    }

    /// As [`Section::wrong`], without quoting what stands there.
    pub fn hidden(&self, key: &str, expected: &str) -> Problem {
        self.problem(Code::ConfigValue, key).with("value", "•••").with("expected", expected)
    }

    /// A path: `~` is the home folder, relative ones begin at the file's folder.
    ///
    /// # Errors
    /// It is of another type.
    pub fn file(&self, key: &str) -> Result<Option<PathBuf>, Problem> {
        Ok(self.filled(key)?.map(|path| resolve(self.text.base, path)))
    }
}

/// How deep a typed value may be nested.
const DEEPEST: usize = 6;

fn literal(value: &DeValue<'_>, deeper: usize) -> Option<Literal> {
    let deeper = deeper.checked_sub(1)?;
    Some(match value {
        DeValue::String(text) => Literal::Text(text.to_string()),
        DeValue::Boolean(truth) => Literal::Bool(*truth),
        DeValue::Integer(number) => Literal::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?),
        DeValue::Array(items) => {
            Literal::List(items.iter().map(|item| literal(item.get_ref(), deeper)).collect::<Option<_>>()?)
        }
        DeValue::Table(table) => {
            let entry = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                Some((key.get_ref().to_string(), literal(value.get_ref(), deeper)?))
            };
            Literal::Map(table.iter().map(entry).collect::<Option<_>>()?)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => return None,
    })
}

/// The reference that `text` is in a file that stands in `base`.
fn reference(base: &Path, text: &str) -> Option<String> {
    if let Some(name) = text.strip_prefix("env:") {
        return is_variable(name).then(|| text.to_owned());
    }
    let path = text.strip_prefix("file:").filter(|path| !path.is_empty() && !path.contains(char::is_control))?;
    Some(format!("file:{}", resolve(base, path).display()))
}

/// The name of an environment variable, as POSIX writes them.
pub fn is_variable(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.len() <= 128 && name.starts_with(first) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Ten years: no plan is worth approving after that, and no sum with it overflows.
const LONGEST: u64 = 10 * 366 * 24 * 60 * 60;

fn duration_seconds(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let number: u64 = if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok()? } else { return None };
    number.checked_mul(unit).filter(|seconds| (1..=LONGEST).contains(seconds))
}

/// The path that `text` means in a file that stands in `base`.
pub fn resolve(base: &Path, text: &str) -> PathBuf {
    match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => match std::env::home_dir() {
            Some(home) => home.join(rest.trim_start_matches('/')),
            None => base.join(text),
        },
        _ => base.join(text),
    }
}

/// The candidate that is most like what was written, when one is like it at all.
pub fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(written, candidate), candidate))
        // Below this likeness (Jaro-Winkler, 0 to 1) a suggestion confuses more than it helps; clap uses 0.7 too.
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
