//! The rules for the text of a template's files, checked once at load.
//! Called by the loader, so that an author learns of a mistake with its line before anything renders.
//! Must never be the only defence: the renderer proves every result again.

use crate::write::Syntax;
use std::ops::Range;

/// Words that may begin a directive. Without `set`, macros and captures nothing can grow in a loop.
const DIRECTIVES: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];

/// A mistake: where, what, and what would do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) span: Range<usize>,
    pub(crate) reason: String,
    pub(crate) remedy: &'static str,
}

/// Looks through the text of a file.
///
/// # Errors
/// The first [`Mistake`].
pub(crate) fn check(syntax: Syntax, text: &str) -> Result<(), Mistake> {
    let mistake = |span: Range<usize>, reason: &str, remedy: &'static str| {
        Err(Mistake { span, reason: reason.to_owned(), remedy })
    };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| matches!(c, '\u{e000}'..='\u{f8ff}')) {
        return mistake(at..at + c.len_utf8(), "a private-use character", "leave it out: the renderer uses these");
    }
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|found| at + found) {
        let close = match text[open..].get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let end = end_of_tag(&text[open + 2..], close).map(|found| open + 2 + found);
        let Some(end) = end else {
            return mistake(open..open + 2, "an opening that is never closed", "close it");
        };
        let span = open..end + 2;
        let inner = &text[open + 2..end];
        if close != "#}" && outside_quotes(inner).any(|c| c == '*') {
            return mistake(span, "a multiplication", "leave it out: repeating text is how templates use up memory");
        }
        match close {
            "}}" => placeholder(syntax, text, &span)?,
            "%}" => directive(text, &span, inner)?,
            _ => {}
        }
        at = span.end;
    }
    Ok(())
}

/// The position of the closing sign, not counting any inside quotes of a tag.
fn end_of_tag(text: &str, close: &str) -> Option<usize> {
    if close == "#}" {
        return text.find(close);
    }
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if text[at..].starts_with(close) => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            None => {}
        }
    }
    None
}

fn outside_quotes(inner: &str) -> impl Iterator<Item = char> {
    let mut quote = None;
    let mut escaped = false;
    inner.chars().filter(move |&c| match quote {
        Some(_) if escaped => {
            escaped = false;
            false
        }
        Some(_) if c == '\\' => {
            escaped = true;
            false
        }
        Some(open) => {
            if c == open {
                quote = None;
            }
            false
        }
        None if c == '"' || c == '\'' => {
            quote = Some(c);
            false
        }
        None => true,
    })
}

/// A placeholder stands where a whole literal stands: after a colon, dash, bracket or comma (in HCL an equals sign or
/// a bracket), or at the beginning of its line; before a colon, comma, closing bracket (in HCL an equals sign) or the
/// end of its line.
fn placeholder(syntax: Syntax, text: &str, span: &Range<usize>) -> Result<(), Mistake> {
    let before = text[..span.start].rsplit('\n').next().unwrap_or("");
    let after = text[span.end..].split('\n').next().unwrap_or("");
    let begins = before.trim_ascii_end();
    let spaced = before.len() > begins.len();
    let after_sign = match syntax {
        Syntax::Yaml => spaced && (begins.ends_with(':') || begins.trim_start_matches([' ', '-']).is_empty()),
        Syntax::Hcl => begins.ends_with('(') || (spaced && begins.ends_with('=')),
    };
    let begins_well = begins.is_empty() || begins.ends_with(['[', '{', ',']) || after_sign;
    let ends = after.trim_ascii_start();
    let before_sign = match syntax {
        Syntax::Yaml => ends.starts_with(':'),
        Syntax::Hcl => ends.starts_with([')', '=']),
    };
    let ends_well = ends.is_empty() || ends.starts_with([',', ']', '}']) || before_sign;
    // In HCL a line may begin like this within a comment or a heredoc; what is rendered there is refused.
    if begins_well && ends_well {
        return Ok(());
    }
    Err(Mistake {
        span: span.clone(),
        reason: "a placeholder that does not stand for a whole literal".to_owned(),
        remedy: "write no quotes around it, and join texts inside it: {{ name ~ \"-config\" }}",
    })
}

fn directive(text: &str, span: &Range<usize>, inner: &str) -> Result<(), Mistake> {
    let mistake = |reason: String, remedy: &'static str| Err(Mistake { span: span.clone(), reason, remedy });
    let word: String = inner
        .trim_start_matches(['-', '+'])
        .trim_start()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    if !DIRECTIVES.contains(&word.as_str()) {
        return mistake(format!("the directive `{word}`"), "use if, elif, else and for");
    }
    if outside_quotes(inner).collect::<String>().contains(" recursive") {
        return mistake("a recursive loop".to_owned(), "use a plain loop");
    }
    let before = text[..span.start].rsplit('\n').next().unwrap_or("");
    let after = text[span.end..].split('\n').next().unwrap_or("");
    if !before.trim_ascii().is_empty() || !after.trim_ascii().is_empty() {
        return mistake("a directive beside other text".to_owned(), "give each directive a line of its own");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_for_whole_literals_only() {
        for good in [
            "a: {{ x }}\n",
            "- {{ x }}\n",
            "  - name: {{ key }}\n",
            "{{ key }}: {{ value }}\n",
            "a: [{{ x }}, {{ y }}]\n",
            "a: {b: {{ x }}}\n",
            "a: {{ x ~ \"}}\" }}\n",
            "{% if x %}\na: {{ x }}\n{% endif %}\n",
            "{# a note: * #}\n",
        ] {
            assert_eq!(check(Syntax::Yaml, good), Ok(()), "{good}");
        }
        for bad in [
            "a: \"{{ x }}\"\n",
            "a: x{{ x }}\n",
            "a: x {{ x }}\n",
            "a: {{ x }}-y\n",
            "a: {{ x }}{{ y }}\n",
            "# {{ x }}\n",
            "a:{{ x }}\n",
            "a: {{ x }} # note\n",
            "a: {{ x\n",
            "{% set a = 1 %}\n",
            "{% filter upper %}\n{% endfilter %}\n",
            "{% raw %}{{ x }}{% endraw %}\n",
            "a: {% if x %}1{% endif %}\n",
            "{% for a in b recursive %}\n{% endfor %}\n",
            "a: {{ \"x\" * 100000000 }}\n",
            "a: \u{e000}\n",
        ] {
            assert!(check(Syntax::Yaml, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn placeholders_of_configurations_stand_for_whole_literals_only() {
        for good in [
            "  bucket = {{ x }}\n",
            "  a = [{{ x }}, {{ y }}]\n",
            "  a = merge({{ x }}, { b = {{ y }} })\n",
            "    {{ key }} = {{ value }}\n",
            "{% if x %}\n  a = {{ x ~ \"-logs\" }}\n{% endif %}\n",
        ] {
            assert_eq!(check(Syntax::Hcl, good), Ok(()), "{good}");
        }
        for bad in [
            "  bucket = \"{{ x }}\"\n",
            "  bucket = \"${a}-{{ x }}\"\n",
            "  bucket ={{ x }}\n",
            "  bucket = {{ x }} # note\n",
            "# {{ x }}\n",
            "resource {{ x }} \"this\" {\n}\n",
            "resource \"a\" {{ x }} {\n}\n",
            "  a = {{ x }}{{ y }}\n",
            "  a = b ? {{ x }} : 1\n",
        ] {
            assert!(check(Syntax::Hcl, bad).is_err(), "{bad}");
        }
    }
}
