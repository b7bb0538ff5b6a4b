//! `chopmark templates list|show|check`: the catalogue for people and scripts.
//! Called by `main` before anything is opened.
//! Must never need a configuration, a database or a cluster.

use crate::cli::{Exit, Templates};
use crate::config::reader::nearest;
use crate::terminal::{self, Style};
use chopmark_catalog::{BrokenTemplate, Catalog, Parameter, Template};
use chopmark_domain::change::Language;
use chopmark_domain::ids::TemplateName;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::event::json_safe;
use chopmark_protocol::line::Tone;
use chopmark_protocol::messages::{self, Arg};
use serde_json::json;
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;

/// How the catalogue is shown.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// In which language.
    pub language: Language,
    /// How it is drawn.
    pub style: Style,
    /// As JSON instead.
    pub json: bool,
}

impl Manner {
    fn words(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        messages::text(self.language, key, args)
    }
}

/// Does what was asked.
///
/// # Errors
/// No such template, or the shipped ones do not load.
pub fn run(what: &Templates, catalog: &Catalog, manner: Manner) -> Result<Exit, Problem> {
    match what {
        Templates::List => list(catalog, manner),
        Templates::Show { name } => show(find(catalog, name)?, manner),
        Templates::Check { path } => return Ok(check(path, catalog, manner)),
    }
    Ok(Exit::Done)
}

fn find<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Template, Problem> {
    let found = TemplateName::parse(name).ok().and_then(|name| catalog.get(&name));
    found.ok_or_else(|| {
        let near = nearest(name, catalog.templates().map(|template| template.name.as_str()));
        Problem::new(Code::UnknownTemplate).with("template", name).with("nearest", near.unwrap_or_default())
    })
}

fn list(catalog: &Catalog, manner: Manner) {
    let widest = catalog.templates().map(|template| template.name.as_str().len()).max().unwrap_or_default();
    for template in catalog.templates() {
        if manner.json {
            say_json(&summary(template));
            continue;
        }
        let name = template.name.as_str();
        let (title, sentence) = (template.title.of(manner.language), template.summary.of(manner.language));
        let room = " ".repeat(widest.saturating_sub(name.width()));
        terminal::say(&format!("{}{room}  {title}: {sentence}", manner.style.paint(Tone::Title, name)));
    }
}

fn summary(template: &Template) -> serde_json::Value {
    json!({
        "kind": "template",
        "name": template.name,
        "family": template.family,
        "version": template.version,
        "digest": template.digest,
        "title": template.title,
        "summary": template.summary,
    })
}

fn say_json(value: &serde_json::Value) {
    terminal::say(&json_safe(&value.to_string()));
}

fn show(template: &Template, manner: Manner) {
    if manner.json {
        let mut whole = summary(template);
        whole["parameters"] = json!(template.parameters);
        whole["kinds"] = json!(template.kinds);
        whole["examples"] = json!(template.examples);
        whole["schema"] = template.schema();
        return say_json(&whole);
    }
    terminal::say(&described(template, manner));
}

/// A template with its parameters, as plain text for any surface.
///
/// # Errors
/// No such template.
pub fn plain(catalog: &Catalog, name: &TemplateName, language: Language) -> Result<String, Problem> {
    let style = Style { colour: false, motion: false, prompt: false, cursor: false, width: 0 };
    Ok(described(find(catalog, name.as_str())?, Manner { language, style, json: false }))
}

fn described(template: &Template, manner: Manner) -> String {
    let heading = |key: &str| manner.style.paint(Tone::Title, &manner.words(key, &[]));
    let language = manner.language;
    let mut lines = vec![
        format!("{} · {}", manner.style.paint(Tone::Title, template.name.as_str()), template.title.of(language)),
        template.summary.of(language).to_owned(),
        heading("templates-parameters"),
    ];
    lines.extend(template.parameters.iter().map(|parameter| format!("  {}", one(parameter, manner))));
    lines.push(heading("templates-kinds"));
    lines.push(format!("  {}", template.kinds.join(", ")));
    if !template.examples.is_empty() {
        lines.push(heading("templates-examples"));
        lines.extend(template.examples.iter().map(|example| format!("  {}", example.sentence.of(language))));
    }
    lines.join("\n")
}

fn one(parameter: &Parameter, manner: Manner) -> String {
    let note = match (&parameter.default, parameter.required) {
        (Some(default), _) => manner.words("templates-default", &[("value", Arg::from(&default.to_string()))]),
        (None, true) => manner.words("templates-required", &[]),
        (None, false) => String::new(),
    };
    let unit = parameter.unit.as_ref().map(|unit| format!(" ({})", unit.of(manner.language))).unwrap_or_default();
    let title = parameter.title.of(manner.language);
    let note = if note.is_empty() { note } else { format!(" · {}", manner.style.paint(Tone::Muted, &note)) };
    format!("{}: {title}{unit}{note}", parameter.name)
}

/// Checks the template in `path`, or every one below it, together with the shipped ones: so names that clash are found.
fn check(path: &Path, shipped: &Catalog, manner: Manner) -> Exit {
    let folder = match family_of(path) {
        Some(folder) => folder,
        None => {
            let shown = path.display().to_string();
            terminal::tell(&manner.words("templates-none", &[("path", Arg::from(&shown))]));
            return Exit::Error;
        }
    };
    let catalog = match Catalog::with_folders(std::slice::from_ref(&folder)) {
        Ok(catalog) => catalog,
        Err(broken) => {
            tell_broken(path, broken, manner);
            return Exit::Error;
        }
    };
    let theirs = catalog.templates().filter(|template| shipped.get(&template.name).is_none());
    for template in theirs {
        if manner.json {
            say_json(&summary(template));
            continue;
        }
        let args = [("name", Arg::from(template.name.as_str())), ("examples", Arg::from(template.examples.len()))];
        terminal::say(&manner.words("templates-checked", &args));
    }
    Exit::Done
}

fn tell_broken(path: &Path, broken: BrokenTemplate, manner: Manner) {
    if manner.json {
        return say_json(&json!({
            "kind": "error",
            "code": Code::BrokenTemplate.to_string(),
            "name": broken.template,
            "file": broken.file,
            "line": broken.line,
            "reason": broken.reason,
            "remedy": broken.remedy,
        }));
    }
    let shown = path.display().to_string();
    terminal::tell(&manner.words("templates-broken", &[("path", Arg::from(&shown))]));
    let theme = if manner.style.colour { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::none() };
    let mut drawn = String::new();
    let report: &dyn miette::Diagnostic = &broken;
    match miette::GraphicalReportHandler::new_themed(theme)
        .with_width(manner.style.width)
        .render_report(&mut drawn, report)
    {
        Ok(()) => terminal::tell(&drawn),
        Err(_) => terminal::tell(&broken.to_string()),
    }
}

/// The folder of families that `path` belongs to: the loader reads `<family>/<name>/template.toml`.
fn family_of(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    if path.join("template.toml").is_file() {
        return Some(path.parent()?.parent()?.to_owned());
    }
    let holds = |folder: &Path| {
        let mut below = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
        below.any(|entry| entry.path().join("template.toml").is_file()).then_some(())
    };
    if holds(&path).is_some() {
        return Some(path.parent()?.to_owned());
    }
    let mut below = std::fs::read_dir(&path).ok()?.filter_map(Result::ok);
    below.any(|entry| holds(&entry.path()).is_some()).then_some(path)
}
