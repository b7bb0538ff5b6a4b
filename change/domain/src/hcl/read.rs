//! Reading one file of HCL, strictly.
//! Used by everything in this folder.
//! Must never accept what the two programs' own parser (HCL in Go) could read differently.

use super::Refusal;
use crate::component::ComponentFile;
use hcl_edit::Span;
use hcl_edit::structure::Body;
use hcl_edit::template::{ForTemplateExpr, HeredocTemplate};
use hcl_edit::visit::{Visit, visit_for_template_expr, visit_heredoc_template};

/// Longest file, in bytes (security.md §5.13).
pub const LONGEST_FILE: usize = 256 * 1024;
/// Longest bundle, all files together: existing roots with many modules stay below it.
pub const LONGEST_BUNDLE: usize = 4 * 1024 * 1024;

/// A file that is not HCL as this house reads it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {reason}")]
pub struct InvalidHcl {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl From<InvalidHcl> for Refusal {
    fn from(invalid: InvalidHcl) -> Self {
        Refusal { file: invalid.file, line: invalid.line, what: invalid.reason, rule: "syntax" }
    }
}

/// Parses a file in HCL's own syntax.
pub(super) fn body(file: &ComponentFile) -> Result<Body, InvalidHcl> {
    let text = file.text.as_str();
    let invalid = |line: usize, reason: String| InvalidHcl { file: file.name.clone(), line, reason };
    let at = |position: usize, reason: &str| invalid(line(text, position), reason.to_owned());
    length(file)?;
    if let Some(position) = lone_return(text) {
        return Err(at(position, "a carriage return without a line feed"));
    }
    // The Go scanner refuses all of these outside strings; inside them they need an escape to be seen.
    if let Some(position) = text.find(['\0', '\u{b}', '\u{c}', '\u{feff}']) {
        return Err(at(position, "an invisible control character"));
    }
    let body: Body = text
        .parse()
        .map_err(|error: hcl_edit::parser::Error| invalid(error.location().line(), error.message().to_owned()))?;
    let mut heredocs = Heredocs { text, fault: None };
    heredocs.visit_body(&body);
    match heredocs.fault {
        Some(position) => Err(at(position, "a heredoc whose end is not alone on its line")),
        None => Ok(body),
    }
}

/// Refuses what is too long to be read.
pub(super) fn length(file: &ComponentFile) -> Result<(), InvalidHcl> {
    if file.text.len() <= LONGEST_FILE {
        return Ok(());
    }
    Err(InvalidHcl { file: file.name.clone(), line: 1, reason: format!("longer than {LONGEST_FILE} bytes") })
}

/// The line of a byte position, from 1.
pub(super) fn line(text: &str, position: usize) -> usize {
    text.as_bytes().iter().take(position).filter(|&&byte| byte == b'\n').count() + 1
}

fn lone_return(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().find(|(i, byte)| **byte == b'\r' && bytes.get(i + 1) != Some(&b'\n')).map(|(i, _)| i)
}

/// Go's scanner ends a heredoc at a line that, trimmed of every kind of space, is the word, and nowhere else. This
/// parser ends it at the word wherever a line begins with it. Only where both agree is a heredoc accepted.
struct Heredocs<'a> {
    text: &'a str,
    fault: Option<usize>,
}

impl Visit for Heredocs<'_> {
    fn visit_heredoc_template(&mut self, node: &HeredocTemplate) {
        let word = node.delimiter.as_str();
        let span = node.template.span().unwrap_or(0..0);
        let content = self.text.get(span.clone()).unwrap_or("");
        let behind = self.text.get(span.end..).unwrap_or("").trim_start_matches([' ', '\t']);
        let ends_alone = behind.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_start_matches([' ', '\t']);
            rest.starts_with('\n') || rest.starts_with("\r\n")
        });
        let ends_early = content.lines().any(|line| line.trim() == word);
        if !ends_alone || ends_early {
            self.fault.get_or_insert(span.start);
        }
        visit_heredoc_template(self, node);
    }

    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        // hcl-edit 0.10 walks the body only.
        self.visit_expr(&node.collection_expr);
        visit_for_template_expr(self, node);
    }
}
