//! The prompts: files in prompts/<language>/ with what is known now.
//! Rendered by the turn loop for every request, for every model.
//! Must never hold a secret, a rendered file, or text from outside that is not marked as such.

use crate::context::Context;
use crate::shortlist::Shelf;
use crate::tokens;
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::problem::{Code, Problem};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use std::sync::LazyLock;

/// The files of one language: who the assistant is and what is known; what is said of conventions; what a call
/// that cannot be made is answered with.
struct Files {
    system: &'static str,
    conventions: &'static str,
    mend: &'static str,
}

const EN: Files = Files {
    system: include_str!("../../../prompts/en/system.md"),
    conventions: include_str!("../../../prompts/en/tasks/conventions.md"),
    mend: include_str!("../../../prompts/en/tasks/mend.md"),
};
const ZH: Files = Files {
    system: include_str!("../../../prompts/zh/system.md"),
    conventions: include_str!("../../../prompts/zh/tasks/conventions.md"),
    mend: include_str!("../../../prompts/zh/tasks/mend.md"),
};

/// The prompts of both languages, parsed once.
static PROMPTS: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (language, files) in [("en", EN), ("zh", ZH)] {
        for (name, source) in [("system", files.system), ("conventions", files.conventions), ("mend", files.mend)] {
            environment.add_template_owned(format!("{language}/{name}"), source)?;
        }
    }
    Ok(environment)
});

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
            let parts = [files.system, files.conventions, files.mend];
            let joined: String = parts.iter().map(|part| format!("{}\n{part}", part.len())).collect();
            Digest::of(joined.as_bytes())
        })
    });
    let [en, zh] = *DIGESTS;
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}

/// The system prompt. Components are named as far as the prompt stays within `room` tokens.
///
/// # Errors
/// The prompt's file does not render.
pub fn system(known: &Context, catalog: &Catalog, conventions: Option<&str>, room: u64) -> Result<String, Problem> {
    Ok(rendered(known, &Shelf::of(catalog), conventions, room)?.0)
}

/// The system prompt, fit to be sent.
pub(crate) fn rendered(
    known: &Context,
    shelf: &Shelf,
    conventions: Option<&str>,
    room: u64,
) -> Result<(String, u64), Problem> {
    let templates = Value::from(Serde(shelf.nearest(known)));
    let conventions = match conventions {
        Some(text) => render(known.language, "conventions", context! { text })?,
        None => String::new(),
    };
    let mut seen = known.clone();
    loop {
        let omitted = known.components.len() - seen.components.len();
        let values = context! {
            context => Value::from(Serde(&seen)), templates => &templates, conventions => &conventions, omitted
        };
        let prompt = render(known.language, "system", values)?;
        let tokens = tokens::estimate(&prompt);
        if seen.components.is_empty() || tokens <= room {
            return Ok((prompt, tokens));
        }
        seen.components.truncate(seen.components.len() / 2);
    }
}

/// What a model is told of a call whose arguments do not fit.
///
/// # Errors
/// The prompt's file does not render.
pub(crate) fn mend(language: Language, tool: &str, fault: &str) -> Result<String, Problem> {
    render(language, "mend", context! { tool, fault })
}
