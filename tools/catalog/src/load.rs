//! Loading: from the text of a template's files to a template that may be used.
//! Called once for each template when the catalogue is made, and by `templates check`.
//! Must never let a template through whose examples do not render to the expected bytes.

use crate::authoring;
use crate::broken::{BrokenTemplate, nearest};
use crate::inspect;
use crate::metadata::{self, Metadata, RawBound, RawEntry, RawExample, RawKind, RawParameter, RawRestart};
use crate::parameter::{ChoiceOption, EntryKind, KeyKind, Parameter, ParameterKind};
use crate::quantity;
use crate::render::{RenderFault, Renderer};
use crate::settle::{self, RESTARTED_AT};
use crate::source::{METADATA, Source};
use crate::template::{Example, NameRule, Order, Restart, Template, WaysBack};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::digest::Fields;
use chopmark_domain::draft::WayBack;
use chopmark_domain::ids::{ParameterName, TemplateName};
use chopmark_domain::proposal::{Origin, Sourced};
use std::collections::BTreeMap;
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
/// Longest span: 10 years.
const LONGEST_SPAN: i64 = 315_360_000;

/// A template with what renders it.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) template: Template,
    pub(crate) renderer: Renderer,
}

/// What an example should render, by file.
pub(crate) type Expected = BTreeMap<String, String>;

/// Checks everything and compiles.
pub(crate) fn load(source: &Source) -> Result<Loaded, BrokenTemplate> {
    let (loaded, expected) = read(source)?;
    for (example, expected) in loaded.template.examples.iter().zip(&expected) {
        check_example(source, &loaded, example, expected)?;
    }
    Ok(loaded)
}

/// Reads a template without comparing its examples.
pub(crate) fn read(source: &Source) -> Result<(Loaded, Vec<Expected>), BrokenTemplate> {
    let name = TemplateName::parse(&source.name).map_err(|error| source.fault(METADATA, error.to_string()))?;
    if !source.files.contains_key(METADATA) {
        return Err(source.fault(METADATA, "is missing"));
    }
    let files = files(source)?;
    let metadata: Metadata = metadata::read(source, METADATA)?;
    let mut parameters: Vec<Parameter> = Vec::new();
    for raw in &metadata.parameters {
        let parameter = parameter(source, raw)?;
        if parameters.iter().any(|other| other.name == parameter.name) {
            return Err(source.fault_at(METADATA, raw.as_ref().name.span(), "a second parameter of this name"));
        }
        parameters.push(parameter);
    }
    let mut known: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    known.push("component");
    if matches!(metadata.restart, RawRestart::Annotation) {
        known.push(RESTARTED_AT);
    }
    let renderer = Renderer::compile(&files, &known).map_err(|fault| render_fault(source, fault))?;
    let (examples, expected) = examples(source)?;
    let template = Template {
        name,
        family: source.family.clone(),
        version: metadata.version,
        digest: digest(source, &files),
        restart: restart(source, &metadata, &parameters)?,
        orders: orders(source, &metadata, &parameters)?,
        kinds: kinds(source, &metadata)?,
        title: metadata.title,
        summary: metadata.summary,
        words: metadata.words,
        parameters,
        scope: metadata.scope,
        component: NameRule {
            longest: metadata.name.as_ref().and_then(|name| name.longest).unwrap_or(63),
            letter_first: metadata.name.as_ref().is_some_and(|name| name.letter_first),
        },
        verify: metadata.verify,
        way_back: WaysBack {
            create: way_back(metadata.way_back.create),
            edit: way_back(metadata.way_back.edit),
            delete: way_back(metadata.way_back.delete),
        },
        examples,
    };
    if template.examples.is_empty() {
        return Err(source.fault(METADATA, "a template needs an example: examples/<name>.toml"));
    }
    Ok((Loaded { template, renderer }, expected))
}

fn way_back(lost: Option<String>) -> WayBack {
    lost.map_or(WayBack::PreviousVersion, WayBack::NotEverything)
}

/// The files to render, by name; every other file must be one that a template has.
fn files(source: &Source) -> Result<BTreeMap<String, String>, BrokenTemplate> {
    let plain = |stem: &str| chopmark_domain::ids::is_dns_label(stem);
    let mut files = BTreeMap::new();
    for (path, text) in &source.files {
        if let Some(stem) = path.strip_prefix("files/").and_then(|name| name.strip_suffix(".yaml")) {
            if plain(stem) {
                authoring::check(text)
                    .map_err(|mistake| source.fault_at(path, mistake.span, mistake.reason).remedy(mistake.remedy))?;
                files.insert(format!("{stem}.yaml"), text.clone());
                continue;
            }
        } else if path == METADATA
            || path.strip_prefix("examples/").and_then(|name| name.strip_suffix(".toml")).is_some_and(plain)
        {
            continue;
        }
        return Err(source.fault(path, "no template may have this file").remedy(
            "template.toml, files/<name>.yaml and examples/<name>.toml, names in lower-case letters, digits and dashes",
        ));
    }
    if files.is_empty() {
        return Err(source.fault(METADATA, "there is nothing in files/"));
    }
    Ok(files)
}

fn digest(source: &Source, files: &BTreeMap<String, String>) -> String {
    let mut fields = Fields::new("chopmark/template/v1");
    fields.text(&source.name).text(source.metadata());
    for (name, text) in files {
        fields.text(name).text(text);
    }
    fields.finish().to_string()
}

fn kinds(source: &Source, metadata: &Metadata) -> Result<Vec<String>, BrokenTemplate> {
    for kind in &metadata.kinds {
        let parts = kind.as_ref().split('/').count();
        if !(2..=3).contains(&parts) || kind.as_ref().split('/').any(str::is_empty) {
            let fault = source.fault_at(METADATA, kind.span(), "not a kind with its version");
            return Err(fault.remedy("write it as apps/v1/Deployment or v1/Service"));
        }
    }
    if metadata.kinds.is_empty() {
        return Err(source.fault(METADATA, "`kinds` is empty: the template could produce nothing"));
    }
    Ok(metadata.kinds.iter().map(|kind| kind.as_ref().clone()).collect())
}

fn restart(source: &Source, metadata: &Metadata, parameters: &[Parameter]) -> Result<Restart, BrokenTemplate> {
    Ok(match &metadata.restart {
        RawRestart::Never => Restart::Never,
        RawRestart::Annotation => Restart::Annotation,
        RawRestart::Counter(name) => {
            let found = parameters.iter().find(|parameter| parameter.name == *name);
            if !found.is_some_and(|p| matches!(p.kind, ParameterKind::Integer { .. }) && p.default.is_some()) {
                let reason = format!("the counter `{name}` is no integer parameter with a default");
                return Err(source.fault(METADATA, reason));
            }
            Restart::Counter(name.clone())
        }
    })
}

fn orders(source: &Source, metadata: &Metadata, parameters: &[Parameter]) -> Result<Vec<Order>, BrokenTemplate> {
    let names = || parameters.iter().map(|parameter| parameter.name.as_str());
    let mut orders = Vec::new();
    for raw in &metadata.orders {
        for name in [&raw.as_ref().least, &raw.as_ref().most] {
            if !names().any(|known| known == name) {
                let fault = source.fault_at(METADATA, raw.span(), format!("there is no parameter `{name}`"));
                return Err(match nearest(name, names()) {
                    Some(near) => fault.remedy(format!("did you mean `{near}`?")),
                    None => fault,
                });
            }
        }
        orders.push(Order { least: raw.as_ref().least.clone(), most: raw.as_ref().most.clone() });
    }
    Ok(orders)
}

fn parameter(source: &Source, raw: &Spanned<RawParameter>) -> Result<Parameter, BrokenTemplate> {
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
    let numbers = matches!(raw.kind, R::Integer | R::Cpu | R::Memory | R::Duration);
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

fn examples(source: &Source) -> Result<(Vec<Example>, Vec<Expected>), BrokenTemplate> {
    let mut examples = Vec::new();
    let mut expected = Vec::new();
    for path in source.files.keys() {
        let Some(name) = path.strip_prefix("examples/").and_then(|name| name.strip_suffix(".toml")) else { continue };
        let raw: RawExample = metadata::read(source, path)?;
        expected.push(raw.expected);
        examples.push(Example {
            name: name.to_owned(),
            sentence: raw.sentence,
            group: raw.group,
            component: raw.component,
            values: raw.values,
        });
    }
    Ok((examples, expected))
}

/// What an example renders.
pub(crate) fn render_example(loaded: &Loaded, example: &Example) -> Result<Expected, String> {
    let path = ComponentPath::new(&example.group, &example.component).map_err(|error| error.to_string())?;
    let given = example
        .values
        .iter()
        .map(|(name, value)| (name.clone(), Sourced { value: value.clone(), origin: Origin::Said }));
    let template = &loaded.template;
    settle::place(template, &path).map_err(|problem| problem.to_string())?;
    let values = settle::settle(loaded, &path, given.collect()).map_err(|problem| problem.to_string())?;
    let files = loaded
        .renderer
        .render(&settle::context(template, &path, &values))
        .map_err(|fault| format!("{}: {}", fault.file, fault.reason))?;
    inspect::inspect(template, &path, &files).map_err(|(file, reason)| format!("{file}: {reason}"))?;
    Ok(files.into_iter().map(|file| (file.name, file.text)).collect())
}

fn check_example(
    source: &Source,
    loaded: &Loaded,
    example: &Example,
    expected: &Expected,
) -> Result<(), BrokenTemplate> {
    let path = format!("examples/{}.toml", example.name);
    let rendered = render_example(loaded, example).map_err(|reason| source.fault(&path, reason))?;
    let text = source.files.get(&path).map_or("", String::as_str);
    let place = |file: &str| text.find(&format!("\"{file}\"")).map_or(0..0, |at| at..at + file.len() + 2);
    for (file, wanted) in expected {
        match rendered.get(file) {
            None => return Err(source.fault_at(&path, place(file), format!("{file} is expected and not rendered"))),
            Some(found) if found != wanted => {
                let lines = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
                let line = lines.unwrap_or_else(|| found.lines().count().min(wanted.lines().count()));
                let found = found.lines().nth(line).unwrap_or("nothing");
                let reason = format!("{file} differs in its line {}: {found:?} was rendered", line + 1);
                return Err(source.fault_at(&path, place(file), reason));
            }
            Some(_) => {}
        }
    }
    match rendered.keys().find(|file| !expected.contains_key(*file)) {
        Some(file) => Err(source.fault(&path, format!("{file} is rendered and not expected"))),
        None => Ok(()),
    }
}

/// A fault of rendering at its line of the template's file.
fn render_fault(source: &Source, fault: RenderFault) -> BrokenTemplate {
    let file = format!("files/{}", fault.file);
    let text = source.files.get(&file).map_or("", String::as_str);
    let before: usize = text.split_inclusive('\n').take(fault.line.unwrap_or(1).saturating_sub(1)).map(str::len).sum();
    let length = text[before..].lines().next().map_or(0, str::len);
    source.fault_at(&file, before..before + length, fault.reason)
}
