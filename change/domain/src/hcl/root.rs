//! The lane of folders that a team keeps.
//! Called by the screen.
//! Must never be stricter than needed: its backend, its providers, its modules are the team's own.

use super::Refusal;
use super::functions::{self, Path, Use, What};
use super::lists;
use super::modules::{self, Part};
use super::paths;
use super::screen::{at, everywhere};
use crate::component::ComponentFile;

/// Everything that may not stand in the files that Terraform reads.
pub(super) fn screen(files: &[ComponentFile]) -> Vec<Refusal> {
    let (parts, mut refusals) = modules::reached(files);
    for part in &parts {
        refusals.extend(everywhere(part));
        for block in &part.blocks {
            if !lists::ROOT_BLOCKS.contains(&block.kind.as_str()) {
                refusals.push(at(part, block.line, block.shown(), "block"));
            }
            // security.md §5.10: modules are in no lock file, and fetching one runs a fetcher's code.
            let folder = paths::folder(&part.file.name);
            // An override says again only what it changes.
            let said = block.setting("source").is_some() || !is_override(&part.file.name);
            if block.kind == "module" && said && modules::local(folder, block).is_none() {
                let source = block.setting("source").and_then(|source| source.text.as_deref()).unwrap_or("…");
                refusals.push(at(part, block.line, format!("{} from {source:?}", block.shown()), "module-source"));
            }
        }
        let judge = |used: &Use| judge(part, files, used);
        refusals.extend(part.uses.iter().filter_map(judge));
    }
    refusals
}

/// Whether a file's blocks are laid over those of the others.
fn is_override(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

/// Functions of values are free; those that read files name them plainly, and within the bundle.
fn judge(part: &Part<'_>, files: &[ComponentFile], used: &Use) -> Option<Refusal> {
    let refuse = |what: String, rule| Some(at(part, used.line, what, rule));
    match &used.what {
        What::Path(_) => None,
        // Of these the local provider's look at files of the machine.
        What::Provided(provider, name) if provider == "local" => {
            refuse(format!("provider::{provider}::{name}"), "function")
        }
        What::Provided(..) => None,
        What::Function { name, path, plain } if lists::READERS.contains(&name.as_str()) => {
            let folder = paths::folder(&part.file.name);
            let inside = match path {
                Some(Path::Root(path)) => paths::inside("", path),
                Some(Path::Module(path)) => paths::inside(folder, path),
                None => None,
            };
            match inside {
                Some(target) if name == "templatefile" => template(part, files, used.line, &target),
                Some(_) if name != "fileset" || *plain => None,
                _ => refuse(format!("{name}(…)"), "function-path"),
            }
        }
        What::Function { name, .. } => {
            let known = lists::PURE.contains(&name.as_str()) || lists::CHANGING.contains(&name.as_str());
            if known { None } else { refuse(format!("{name}(…)"), "function") }
        }
    }
}

/// A file that is evaluated as a template may call functions itself: it may call those of values.
fn template(part: &Part<'_>, files: &[ComponentFile], line: usize, target: &str) -> Option<Refusal> {
    let refuse = |what: String| Some(at(part, line, what, "template-file"));
    let Some(file) = files.iter().find(|file| file.name == *target) else {
        return refuse(format!("templatefile({target:?}), which is not among the files"));
    };
    let Some(uses) = functions::in_template(&file.text) else {
        return refuse(format!("templatefile({target:?}), which does not parse"));
    };
    uses.iter().find_map(|used| match &used.what {
        What::Function { name, .. } if !lists::PURE.contains(&name.as_str()) => {
            Some(Refusal { file: file.name.clone(), line: used.line, what: format!("{name}(…)"), rule: "function" })
        }
        What::Provided(provider, name) => {
            let what = format!("provider::{provider}::{name}");
            Some(Refusal { file: file.name.clone(), line: used.line, what, rule: "function" })
        }
        What::Function { .. } | What::Path(_) => None,
    })
}
