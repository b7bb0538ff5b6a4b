//! Rendering: values in, files out, each proven to hold exactly the values given and nothing of their making.
//! Called by the drafter and, for every example, by the loader.
//! Must never let a value's text take part in parsing: the shape is fixed before any value is written.
//!
//! A file is rendered with a marker in place of every literal, and parsed: that is its shape, and each marker
//! must have become one whole literal. Then the markers are replaced by the literals, the text is parsed again,
//! and the result must equal the shape with the values put in.

use crate::shape::{MARK_CLOSE, MARK_OPEN, Shape};
use crate::write::{self, Syntax};
use chopmark_domain::component::ComponentFile;
use chopmark_domain::literal::Literal;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};
use std::collections::BTreeMap;
use std::io;

/// Instructions per file; the longest shipped file uses about 500, one with 100 entries of a map about 3,000.
const FUEL: u64 = 100_000;
/// Longest rendered file in bytes, of whatever language (security.md §5.13).
const LONGEST: usize = crate::screen::LONGEST;

/// What a file cannot be rendered for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RenderFault {
    pub(crate) file: String,
    /// The line of the template's file, where one is known.
    pub(crate) line: Option<usize>,
    pub(crate) reason: String,
}

/// A template's files, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Renderer {
    environment: Environment<'static>,
}

/// A file with what stands in it.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) file: ComponentFile,
    pub(crate) shape: Shape,
}

/// The literals of one file, in the order of their markers.
#[derive(Default)]
struct Written(Vec<Literal>);

impl Renderer {
    /// Compiles files by path. `known` are the variables there will be.
    pub(crate) fn compile(files: &BTreeMap<String, String>, known: &[&str]) -> Result<Self, RenderFault> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        let lines = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        environment.set_syntax(lines.map_err(|error| RenderFault {
            file: String::new(),
            line: None,
            reason: words(&error),
        })?);
        environment.set_formatter(mark);
        environment.add_filter("items", minijinja::filters::items);
        environment.add_filter("json", json);
        environment.add_filter("seconds", seconds);
        environment.add_filter("text", text);
        environment.add_test("none", minijinja::tests::is_none);
        for (name, text) in files {
            let fault = |reason: String, line| RenderFault { file: name.clone(), line, reason };
            environment
                .add_template_owned(name.clone(), text.clone())
                .map_err(|error| fault(words(&error), error.line()))?;
            let template = environment.get_template(name).map_err(|error| fault(words(&error), None))?;
            let unknown = template.undeclared_variables(false).into_iter().find(|name| !known.contains(&name.as_str()));
            if let Some(unknown) = unknown {
                let line = text.lines().position(|line| line.contains(&unknown)).map(|line| line + 1);
                let near = crate::broken::nearest(&unknown, known.iter().copied());
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                return Err(fault(format!("there is no value `{unknown}`{near}"), line));
            }
        }
        Ok(Self { environment })
    }

    /// Whether an expression over the values holds.
    pub(crate) fn holds(&self, expression: &str, context: &Value) -> Result<bool, String> {
        let compiled = self.environment.compile_expression(expression).map_err(|error| words(&error))?;
        compiled.eval(context.clone()).map(|value| value.is_true()).map_err(|error| words(&error))
    }

    /// Renders those of the given files that are not empty, each with what was read back from it. Paths lose their folders.
    pub(crate) fn render<'a>(
        &self,
        files: impl Iterator<Item = &'a str>,
        context: &Value,
    ) -> Result<Vec<Rendered>, RenderFault> {
        let mut rendered = Vec::new();
        for path in files {
            rendered.extend(self.file(path, context)?);
        }
        Ok(rendered)
    }

    fn file(&self, name: &str, context: &Value) -> Result<Option<Rendered>, RenderFault> {
        let fault = |reason: String, line| RenderFault { file: name.to_owned(), line, reason };
        let mut shape = Capped(Vec::new());
        let template = self.environment.get_template(name).map_err(|error| fault(words(&error), None))?;
        let captured = template
            .render_captured_to(context.clone(), &mut shape)
            .map_err(|error| fault(words(&error), error.line()))?;
        let none = Written::default();
        let written = &captured.state().get_extension::<Written>().unwrap_or(&none).0;
        let shape = String::from_utf8(shape.0).map_err(|error| fault(error.to_string(), None))?;
        if shape.trim().is_empty() {
            return Ok(None);
        }
        let plain = name.rsplit('/').next().unwrap_or(name).to_owned();
        let text = fill(Syntax::of(&plain), &shape, written).map_err(|reason| fault(reason, None))?;
        let file = ComponentFile { name: plain.clone(), text };
        let found = Shape::read(&file).map_err(|reason| fault(reason, None))?;
        let mut expected =
            Shape::read(&ComponentFile { name: plain, text: shape }).map_err(|reason| fault(reason, None))?;
        let mut used = vec![false; written.len()];
        expected.put_in(written, &mut used).map_err(|reason| fault(reason, None))?;
        if used.contains(&false) {
            return Err(fault("a placeholder stands where no literal is read, such as in a comment".to_owned(), None));
        }
        if found != expected {
            return Err(fault("the file read back differs from the values put into it".to_owned(), None));
        }
        Ok(Some(Rendered { file, shape: found }))
    }
}

/// The variables of a template: every parameter, unset ones as none, and the component's names.
pub(crate) fn context<'a>(
    values: impl Iterator<Item = (&'a str, Option<&'a Literal>)>,
    names: &[(&str, &str)],
) -> Value {
    let component = Value::from_pairs(names.iter().map(|(name, text)| (name.to_string(), Value::from(*text))));
    let values = values.map(|(name, literal)| (name.to_owned(), literal.map_or_else(|| Value::from(()), to_value)));
    Value::from_pairs(values.chain(std::iter::once(("component".to_owned(), component))))
}

fn to_value(literal: &Literal) -> Value {
    match literal {
        Literal::Bool(value) => Value::from(*value),
        Literal::Integer(value) => Value::from(*value),
        Literal::Text(value) => Value::from(value.as_str()),
        Literal::List(items) => items.iter().map(to_value).collect(),
        Literal::Map(entries) => Value::from_pairs(entries.iter().map(|(key, value)| (key.clone(), to_value(value)))),
    }
}

fn to_literal(value: &Value) -> Result<Literal, Error> {
    let refuse = |what: &str| Err(Error::new(ErrorKind::InvalidOperation, format!("{what} is no literal")));
    Ok(match value.kind() {
        ValueKind::Bool => Literal::Bool(value.is_true()),
        ValueKind::Number if value.is_integer() => Literal::Integer(i64::try_from(value.clone())?),
        ValueKind::String => Literal::Text(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Seq | ValueKind::Iterable => {
            Literal::List(value.try_iter()?.map(|item| to_literal(&item)).collect::<Result<_, _>>()?)
        }
        ValueKind::Map => {
            let mut entries = BTreeMap::new();
            for key in value.try_iter()? {
                let Some(name) = key.as_str() else { return refuse("a map with keys that are no text") };
                entries.insert(name.to_owned(), to_literal(&value.get_item(&key)?)?);
            }
            Literal::Map(entries)
        }
        ValueKind::None => return refuse("an unset value"),
        ValueKind::Undefined => return refuse("an undefined value"),
        ValueKind::Number => return refuse("a fraction"),
        _ => return refuse("this kind of value"),
    })
}

/// The formatter: notes the literal and writes its marker.
fn mark(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let literal = to_literal(value)?;
    let written = &mut state.get_or_insert_extension(Written::default()).0;
    written.push(literal);
    let number = written.len() - 1;
    Ok(write!(out, "\"{MARK_OPEN}{number}{MARK_CLOSE}\"")?)
}

/// A filter: any value as canonical JSON in one text.
fn json(value: &Value) -> Result<String, Error> {
    to_literal(value).map(|literal| chopmark_domain::canonical::to_string(&literal))
}

/// A filter: a span of time as whole seconds.
fn seconds(text: &str) -> Result<i64, Error> {
    let seconds = crate::quantity::seconds(text).and_then(|seconds| i64::try_from(seconds).ok());
    seconds.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a span of time"))
}

/// A filter: a number as text, for fields whose type is a quantity.
fn text(number: i64) -> String {
    number.to_string()
}

/// Replaces every marker by its literal, in one pass: what a literal holds is never looked at.
fn fill(syntax: Syntax, shape: &str, written: &[Literal]) -> Result<String, String> {
    let mut text = String::with_capacity(shape.len() * 2);
    let mut rest = shape;
    while let Some(open) = rest.find(MARK_OPEN) {
        let after = &rest[open + MARK_OPEN.len_utf8()..];
        let (number, behind) = after.split_once(MARK_CLOSE).ok_or("a marker without an end")?;
        let literal = number.parse().ok().and_then(|number: usize| written.get(number)).ok_or("a foreign marker")?;
        text.push_str(rest[..open].strip_suffix('"').ok_or("a marker without quotes")?);
        write::literal(syntax, literal, &mut text);
        if text.len() > LONGEST {
            return Err(format!("longer than {} bytes", LONGEST));
        }
        rest = behind.strip_prefix('"').ok_or("a marker without quotes")?;
    }
    text.push_str(rest);
    Ok(text)
}

/// What a rendering error says, with its cause, without what it was rendering.
fn words(error: &Error) -> String {
    let said = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    match std::error::Error::source(error) {
        Some(cause) => format!("{said}: {cause}"),
        None => said,
    }
}

/// A buffer with an end, because fuel bounds steps, not bytes.
struct Capped(Vec<u8>);

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::Error::other(format!("longer than {} bytes", LONGEST)));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
