//! The modules of a bundle: the root folder and every folder that a local `module` block reaches from it.
//! Used by the screen of existing roots and for the list of resources.
//! Must never follow a source out of the bundle.

use super::block::{self, Block};
use super::functions::{self, Use};
use super::json;
use super::paths;
use super::read::{self, InvalidHcl, LONGEST_BUNDLE};
use super::{Refusal, Resource};
use crate::component::ComponentFile;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Deepest nesting of modules: Terraform itself sets no limit, people stay below five.
const DEEPEST: usize = 16;
/// Most modules that wait to be looked through at once; beyond it no more are added.
const MOST_MODULES: usize = 1_000;

/// A file with what stands in it.
pub(super) struct Part<'a> {
    pub(super) file: &'a ComponentFile,
    pub(super) blocks: Vec<Block>,
    pub(super) uses: Vec<Use>,
    /// Settings at the top of a file: only a mistake puts one there.
    pub(super) broken: Vec<usize>,
}

/// Reads one file.
pub(super) fn part(file: &ComponentFile) -> Result<Part<'_>, InvalidHcl> {
    if file.name.ends_with(".json") {
        let object = json::object(file)?;
        let (uses, broken) = functions::in_json(&object, &file.text);
        return Ok(Part { file, blocks: block::of_json(&object, &file.text), uses, broken });
    }
    let body = read::body(file)?;
    let uses = functions::in_body(&body, &file.text);
    Ok(Part { file, blocks: block::of_body(&body, &file.text), uses, broken: Vec::new() })
}

/// Every file that Terraform would read, each once: of the root, and of every folder that a module names.
pub(super) fn reached(files: &[ComponentFile]) -> (Vec<Part<'_>>, Vec<Refusal>) {
    let (mut parts, mut refusals) = (Vec::new(), Vec::new());
    if files.iter().map(|file| file.text.len()).sum::<usize>() > LONGEST_BUNDLE {
        let what = format!("more than {LONGEST_BUNDLE} bytes");
        return (parts, vec![Refusal { file: String::new(), line: 1, what, rule: "bundle-size" }]);
    }
    let mut seen = BTreeSet::from([String::new()]);
    let mut waiting = vec![String::new()];
    while let Some(folder) = waiting.pop() {
        for file in files.iter().filter(|file| file.is_terraform() && paths::folder(&file.name) == folder) {
            match part(file) {
                Ok(part) => {
                    let sources = part.blocks.iter().filter(|block| block.kind == "module");
                    let folders = sources.filter_map(|block| local(&folder, block));
                    waiting.extend(folders.filter(|folder| seen.insert(folder.clone())).collect::<Vec<_>>());
                    parts.push(part);
                }
                Err(invalid) => refusals.push(invalid.into()),
            }
        }
    }
    (parts, refusals)
}

/// The folder that a module block names, if its source is local and stays in the bundle.
pub(super) fn local(folder: &str, module: &Block) -> Option<String> {
    let mut sources = module.settings.iter().filter(|setting| setting.name == "source");
    // JSON can say it twice; which one counts is not ours to guess.
    let (Some(source), None) = (sources.next(), sources.next()) else { return None };
    let source = source.text.as_deref()?;
    let begins = source.starts_with("./") || source.starts_with("../");
    if begins { paths::inside(folder, source) } else { None }
}

/// Every managed resource with its address.
pub(super) fn resources(files: &[ComponentFile]) -> Result<Vec<Resource>, InvalidHcl> {
    let mut folders: BTreeMap<String, Vec<Part<'_>>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.is_terraform()) {
        folders.entry(paths::folder(&file.name).to_owned()).or_default().push(part(file)?);
    }
    let mut found = Vec::new();
    let mut waiting = VecDeque::from([(String::new(), String::new(), 0)]);
    while let Some((folder, prefix, depth)) = waiting.pop_front() {
        for part in folders.get(&folder).into_iter().flatten() {
            for block in &part.blocks {
                match block.kind.as_str() {
                    "resource" => found.push(Resource {
                        address: format!("{prefix}{}.{}", block.label(0), block.label(1)),
                        kind: block.label(0).to_owned(),
                        file: part.file.name.clone(),
                        line: block.line,
                    }),
                    "module" if depth < DEEPEST && waiting.len() < MOST_MODULES => {
                        let inner = local(&folder, block)
                            .map(|inner| (inner, format!("{prefix}module.{}.", block.label(0)), depth + 1));
                        waiting.extend(inner);
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(found)
}
