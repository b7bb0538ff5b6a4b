//! `chopmark explain CM-4008`: what a code means and what to do, without network.
//! Called by `main`; the chat answers the same from the same messages.
//! Must never need a configuration, a database or a cluster.

use crate::cli::Exit;
use crate::terminal;
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::messages::{self, Arg};
use serde_json::json;

/// Prints what the code means.
pub fn run(code: &str, language: Language, as_json: bool) -> Exit {
    let Ok(known) = code.parse::<Code>() else {
        terminal::tell(&messages::text(language, "explain-unknown", &[("code", Arg::from(code))]));
        if let Some(near) = nearest(code) {
            terminal::tell(&messages::text(language, "explain-nearest", &[("codes", Arg::from(&near))]));
        }
        return Exit::Error;
    };
    let words = messages::problem(language, &Problem::new(known));
    terminal::say(&if as_json {
        json!({"kind": "explanation", "code": words.code, "what": words.what, "changed": words.changed, "next": words.next})
            .to_string()
    } else {
        let (changed, next) =
            (messages::text(language, "terminal-changed", &[]), messages::text(language, "terminal-next", &[]));
        format!("{} {}\n{changed}: {}\n{next}: {}", words.code, words.what, words.changed, words.next)
    });
    Exit::Done
}

/// The codes around a number that is none.
fn nearest(code: &str) -> Option<String> {
    let number: i32 = code.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    let mut codes: Vec<_> = Code::ALL.to_vec();
    codes.sort_by_key(|known| (i32::from(known.number()) - number).abs());
    Some(codes.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_none_names_the_nearest_three() {
        assert_eq!(nearest("CM-2099").map(|codes| codes.split(", ").count()), Some(3));
        assert_eq!(nearest("what"), None);
        assert_eq!(nearest("99999999999999"), None);
    }
}
