//! The prompts: files in prompts/<language>/ with what is known now.
//! Rendered by the turn loop for every request, for every model.
//! Must never hold a secret, a rendered file, or text from outside that is not marked as such.

use crate::context::{Context, KnownComponent, WaitingChange};
use crate::redact::Clean;
use crate::shortlist::Shelf;
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::EnvironmentName;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::Memory as Known;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;
use std::sync::LazyLock;

/// The files of one language: who the assistant is; what is known; a template; what is said of conventions; what a
/// call that cannot be made is answered with.
struct Files {
    system: &'static str,
    known: &'static str,
    template: &'static str,
    conventions: &'static str,
    mend: &'static str,
}

impl Files {
    fn named(&self) -> [(&'static str, &'static str); 5] {
        [
            ("system", self.system),
            ("known", self.known),
            ("template", self.template),
            ("conventions", self.conventions),
            ("mend", self.mend),
        ]
    }
}

const EN: Files = Files {
    system: include_str!("../../../prompts/en/system.md"),
    known: include_str!("../../../prompts/en/known.md"),
    template: include_str!("../../../prompts/en/template.md"),
    conventions: include_str!("../../../prompts/en/tasks/conventions.md"),
    mend: include_str!("../../../prompts/en/tasks/mend.md"),
};
const ZH: Files = Files {
    system: include_str!("../../../prompts/zh/system.md"),
    known: include_str!("../../../prompts/zh/known.md"),
    template: include_str!("../../../prompts/zh/template.md"),
    conventions: include_str!("../../../prompts/zh/tasks/conventions.md"),
    mend: include_str!("../../../prompts/zh/tasks/mend.md"),
};

/// The prompts of both languages, parsed once.
static PROMPTS: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (language, files) in [("en", EN), ("zh", ZH)] {
        for (name, source) in files.named() {
            environment.add_template_owned(format!("{language}/{name}"), source)?;
        }
    }
    Ok(environment)
});

/// What a prompt says of what is known.
#[derive(Serialize)]
struct Seen<'a> {
    environments: &'a [EnvironmentName],
    default_environment: &'a EnvironmentName,
    components: &'a [KnownComponent],
    waiting: &'a [WaitingChange],
    known: &'a Known,
}

fn folder(language: Language) -> (&'static str, Files) {
    match language {
        Language::En => ("en", EN),
        Language::Zh => ("zh", ZH),
    }
}

fn render(language: Language, name: &str, known: Value) -> Result<String, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(Code::Internal).with("reason", error);
    let prompts = PROMPTS.as_ref().map_err(|error| failed(error))?;
    let template = prompts.get_template(&format!("{}/{name}", folder(language).0)).map_err(|error| failed(&error))?;
    template.render(known).map_err(|error| failed(&error))
}

/// The digest of a language's prompts, as the files are: a prompt's version.
pub fn digest(language: Language) -> Digest {
    static DIGESTS: LazyLock<[Digest; 2]> = LazyLock::new(|| {
        [EN, ZH].map(|files| {
            // Each with its length before it, so that no text moves from one file to another unseen.
            let parts = files.named();
            let joined: String = parts.iter().map(|(_, part)| format!("{}\n{part}", part.len())).collect();
            Digest::of(joined.as_bytes())
        })
    });
    let [en, zh] = *DIGESTS;
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}

/// What is said to everybody, worked out once for each language.
fn opening(language: Language) -> Result<&'static Clean, Problem> {
    static OPENINGS: LazyLock<[Result<Clean, Problem>; 2]> = LazyLock::new(|| {
        [Language::En, Language::Zh].map(|language| {
            let text = render(language, "system", context! {})?;
            Clean::already(&format!("{text}\n\n"))
        })
    });
    let [en, zh] = &*OPENINGS;
    let opening = match language {
        Language::En => en,
        Language::Zh => zh,
    };
    opening.as_ref().map_err(Clone::clone)
}

/// A template in a prompt, from texts that passed the redactor.
///
/// # Errors
/// The prompt's file does not render.
pub(crate) fn entry(language: Language, name: &str, summary: &str, schema: &str) -> Result<Clean, Problem> {
    let text = render(language, "template", context! { name, summary, schema })?;
    Clean::already(&format!("{text}\n"))
}

/// The system prompt. Components are named as far as the prompt stays within `room` tokens.
///
/// # Errors
/// The prompt's file does not render.
pub fn system(known: &Context, catalog: &Catalog, conventions: Option<&str>, room: u64) -> Result<String, Problem> {
    let prompt = rendered(known, &Shelf::of(catalog)?, conventions, room)?;
    serde_json::from_str(&format!("\"{}\"", prompt.escaped()))
        .map_err(|error| Problem::new(Code::Internal).with("reason", error))
}

/// The system prompt, fit to be sent: of what is the same for many requests, only its end is made anew.
pub(crate) fn rendered(known: &Context, shelf: &Shelf, conventions: Option<&str>, room: u64) -> Result<Clean, Problem> {
    let opening = opening(known.language)?;
    let templates = shelf.nearest(known);
    let fixed = opening.tokens() + templates.iter().map(|template| template.tokens()).sum::<u64>();
    let conventions = match conventions {
        Some(text) => render(known.language, "conventions", context! { text })?,
        None => String::new(),
    };
    let mut components = known.components.as_slice();
    loop {
        let seen = Seen {
            environments: &known.environments,
            default_environment: &known.default_environment,
            components,
            waiting: &known.waiting,
            known: &known.known,
        };
        let omitted = known.components.len() - components.len();
        let values = context! { context => Value::from(Serde(&seen)), conventions => &conventions, omitted };
        let middle = Clean::already(&format!("{}\n", render(known.language, "known", values)?))?;
        if components.is_empty() || fixed + middle.tokens() <= room {
            let parts: Vec<&Clean> = [opening, &middle].into_iter().chain(templates).collect();
            return Ok(Clean::joined(&parts));
        }
        components = &components[..components.len() / 2];
    }
}

/// What a model is told of a call whose arguments do not fit.
///
/// # Errors
/// The prompt's file does not render.
pub(crate) fn mend(language: Language, tool: &str, fault: &str) -> Result<String, Problem> {
    render(language, "mend", context! { tool, fault })
}
