//! The lane of what was rendered from a template: only what templates are made of.
//! Called by the screen.
//! Must never be widened for one template: what it needs beyond this is an existing root.

use super::Refusal;
use super::block::Block;
use super::functions::What;
use super::lists;
use super::modules::{self, Part};
use super::read::LONGEST_BUNDLE;
use super::screen::{at, everywhere};
use crate::component::ComponentFile;
use crate::manifest::MANIFEST_NAME;
use std::collections::BTreeMap;

/// The files of a component: no overrides, no JSON, no variable files, which join a configuration silently
/// (security.md §3.5).
const FILES: [&str; 7] =
    ["main.tf", "variables.tf", "outputs.tf", "versions.tf", "providers.tf", ".terraform.lock.hcl", MANIFEST_NAME];
/// Registries whose name may be left out.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];
/// The one resource that needs no provider.
const BUILT_IN: &str = "terraform_data";

/// Everything that may not stand there.
pub(super) fn screen(files: &[ComponentFile], kinds: &[String], providers: &[String]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut parts = Vec::new();
    if files.iter().map(|file| file.text.len()).sum::<usize>() > LONGEST_BUNDLE {
        let what = format!("more than {LONGEST_BUNDLE} bytes");
        return vec![Refusal { file: String::new(), line: 1, what, rule: "bundle-size" }];
    }
    for file in files {
        if !FILES.contains(&file.name.as_str()) {
            let what = format!("the file {}", file.name);
            refusals.push(Refusal { file: file.name.clone(), line: 1, what, rule: "file-name" });
        } else if file.is_terraform() {
            match modules::part(file) {
                Ok(part) => parts.push(part),
                Err(invalid) => refusals.push(invalid.into()),
            }
        }
    }
    let listed = |source: &str| providers.iter().any(|listed| bare(listed) == bare(source));
    let required = required(&parts);
    // A provider that nothing requires is one of HashiCorp's by the program's own rule.
    let known = |name: &str| {
        required.get(name).map_or_else(|| listed(&format!("hashicorp/{name}")), |(source, _)| listed(source))
    };
    for part in &parts {
        refusals.extend(everywhere(part));
        for block in &part.blocks {
            refusals.extend(self::block(part, block, kinds, &known));
        }
        refusals.extend(part.uses.iter().filter_map(|used| match &used.what {
            What::Function { name, .. } if lists::PURE.contains(&name.as_str()) => None,
            What::Function { name, .. } => Some(at(part, used.line, format!("{name}(…)"), "function")),
            What::Provided(provider, name) => {
                Some(at(part, used.line, format!("provider::{provider}::{name}"), "function"))
            }
            What::Path(path) => Some(at(part, used.line, path, "path")),
        }));
    }
    for (name, (source, place)) in &required {
        if !listed(source) {
            refusals.push(Refusal {
                what: format!("provider {name} from {source:?}"),
                rule: "provider",
                ..place.clone()
            });
        }
    }
    refusals
}

fn block(part: &Part<'_>, block: &Block, kinds: &[String], known: &impl Fn(&str) -> bool) -> Vec<Refusal> {
    let refuse = |line, what: String, rule| at(part, line, what, rule);
    let mut found = Vec::new();
    if !lists::TEMPLATE_BLOCKS.contains(&block.kind.as_str()) {
        let rule = match block.kind.as_str() {
            "data" => "data",
            "module" => "module",
            _ => "block",
        };
        return vec![refuse(block.line, block.shown(), rule)];
    }
    match block.kind.as_str() {
        "terraform" => {
            // Where the state is kept is the environment's say, and the runner's to write.
            for inner in block.inner.iter().filter(|inner| inner.kind != "required_providers") {
                found.push(refuse(
                    inner.line,
                    inner.shown(),
                    if inner.kind == "backend" { "backend" } else { "block" },
                ));
            }
            for setting in block.settings.iter().filter(|setting| setting.name != "required_version") {
                found.push(refuse(setting.line, setting.name.clone(), "block"));
            }
        }
        "provider" => {
            if !known(block.label(0)) {
                found.push(refuse(block.line, block.shown(), "provider"));
            }
            for setting in block.all().iter().flat_map(|block| &block.settings) {
                if lists::CREDENTIAL_SETTINGS.contains(&setting.name.as_str()) {
                    found.push(refuse(setting.line, setting.name.clone(), "credential"));
                }
            }
        }
        "resource" => {
            let kind = block.label(0);
            if !kinds.iter().any(|declared| declared.strip_prefix("terraform/").unwrap_or(declared) == kind) {
                found.push(refuse(block.line, block.shown(), "kind"));
            }
            let provider = kind.split('_').next().unwrap_or_default();
            if kind != BUILT_IN && !known(provider) {
                found.push(refuse(block.line, block.shown(), "provider"));
            }
        }
        // Nobody is asked for a value at a plan's time.
        "variable" if block.setting("default").is_none() => {
            found.push(refuse(block.line, block.shown(), "variable"));
        }
        _ => {}
    }
    found
}

/// The required providers by local name, each with its source and place.
fn required(parts: &[Part<'_>]) -> BTreeMap<String, (String, Refusal)> {
    let mut required = BTreeMap::new();
    for part in parts {
        let blocks = part.blocks.iter().filter(|block| block.kind == "terraform").flat_map(|block| &block.inner);
        for setting in blocks.filter(|inner| inner.kind == "required_providers").flat_map(|block| &block.settings) {
            let source = setting.entries.iter().find(|(key, _)| key == "source").map(|(_, source)| source);
            let source = match source {
                Some(source) => source.clone().unwrap_or_default(),
                None => format!("hashicorp/{}", setting.name),
            };
            let place = at(part, setting.line, String::new(), "provider");
            required.insert(setting.name.clone(), (source, place));
        }
    }
    required
}

fn bare(source: &str) -> &str {
    REGISTRIES.iter().find_map(|registry| source.strip_prefix(registry)).unwrap_or(source)
}
