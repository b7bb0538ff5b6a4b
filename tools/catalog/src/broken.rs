//! A template that does not hold: file, place, what is wrong, and the nearest thing that would do.
//! Made while loading; drawn by miette in `templates check`, turned into a problem elsewhere.
//! Must never be swallowed: a catalogue with a broken template does not load.

use chopmark_domain::problem::{Code, Problem};
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::sync::Arc;

/// Why a template does not load.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("template {template}: {reason}")]
#[diagnostic(code("CM-3005"))]
pub struct BrokenTemplate {
    /// The template's folder, as `<family>/<name>`.
    pub template: Box<str>,
    /// The file within it.
    pub file: Box<str>,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
    /// What would do, such as the nearest valid key.
    #[help]
    pub remedy: Option<String>,
    #[source_code]
    pub(crate) source_code: Arc<NamedSource<String>>,
    #[label("here")]
    pub(crate) place: SourceSpan,
}

impl From<BrokenTemplate> for Problem {
    fn from(broken: BrokenTemplate) -> Self {
        Problem::new(Code::BrokenTemplate)
            .with("template", &broken.template)
            .with("file", &broken.file)
            .with("line", broken.line)
            .with("reason", &broken.reason)
            .with("remedy", broken.remedy.as_deref().unwrap_or(""))
    }
}

impl BrokenTemplate {
    /// A fault in a file, at a byte position of its text.
    pub(crate) fn at(template: &str, file: &str, text: &str, span: std::ops::Range<usize>, reason: String) -> Self {
        let start = span.start.min(text.len());
        Self {
            template: template.into(),
            file: file.into(),
            line: text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count() + 1,
            reason,
            remedy: None,
            source_code: Arc::new(NamedSource::new(format!("{template}/{file}"), text.to_owned())),
            place: SourceSpan::new(start.into(), span.end.min(text.len()).saturating_sub(start)),
        }
    }

    /// Adds what would do.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// The valid name nearest to a wrong one, when it is near enough to be meant.
pub(crate) fn nearest<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = valid.into_iter().map(|name| (strsim::damerau_levenshtein(wrong, name), name)).min()?;
    (near.0 <= 1 + wrong.chars().count() / 3).then_some(near.1)
}
