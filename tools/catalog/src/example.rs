//! Examples: sentences with the values they mean and the bytes these must render to.
//! Used by the loader, and by whoever writes the expected bytes anew.
//! Must never accept a rendering that merely means the same.

use crate::broken::BrokenTemplate;
use crate::load::Loaded;
use crate::metadata::{self, RawExample};
use crate::produce::produce;
use crate::settle;
use crate::source::Source;
use crate::template::Example;
use crate::terraform;
use chopmark_domain::component::ComponentPath;
use chopmark_domain::proposal::{Origin, Sourced};
use std::collections::BTreeMap;

/// What an example should render, by file.
pub(crate) type Expected = BTreeMap<String, String>;

/// Every example of a template.
pub(crate) fn read(source: &Source) -> Result<(Vec<Example>, Vec<Expected>), BrokenTemplate> {
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
            majors: raw.majors,
        });
    }
    Ok((examples, expected))
}

/// What an example renders.
pub(crate) fn render(loaded: &Loaded, example: &Example) -> Result<Expected, String> {
    let path = ComponentPath::new(&example.group, &example.component).map_err(|error| error.to_string())?;
    let given = example
        .values
        .iter()
        .map(|(name, value)| (name.clone(), Sourced { value: value.clone(), origin: Origin::Said }));
    let template = &loaded.template;
    settle::place(template, &path).map_err(|problem| problem.to_string())?;
    let values = settle::settle(loaded, &path, given.collect()).map_err(|problem| problem.to_string())?;
    let majors = terraform::majors(template, &example.majors).map_err(|problem| problem.to_string())?;
    let files = produce(loaded, &path, &values, &majors, &BTreeMap::new());
    let files = files.map_err(|(file, reason)| format!("{file}: {reason}"))?;
    Ok(files.into_iter().map(|rendered| (rendered.file.name, rendered.file.text)).collect())
}

/// Renders an example and compares every byte.
pub(crate) fn check(
    source: &Source,
    loaded: &Loaded,
    example: &Example,
    expected: &Expected,
) -> Result<(), BrokenTemplate> {
    let path = format!("examples/{}.toml", example.name);
    let rendered = render(loaded, example).map_err(|reason| source.fault(&path, reason))?;
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
