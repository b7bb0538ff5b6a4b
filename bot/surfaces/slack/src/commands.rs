//! `/chopmark …`: what follows it is the command or sentence, the same words as everywhere.
//! Called by the adapter for slash commands, and by the manifest for the usage hint.
//! Must never have a list of commands of its own: the registry is the only one.

use crate::markup;
use chopmark_domain::change::Language;
use chopmark_protocol::command::{Form, Name, REGISTRY};
use chopmark_protocol::messages::text as message;

/// The one command that Slack knows.
pub const COMMAND: &str = "/chopmark";

/// What somebody said after the command; help when they said nothing.
pub fn text(after: &str) -> String {
    let said = markup::typed(after).trim().to_owned();
    if said.is_empty() { word(Name::Help, Language::En).to_owned() } else { said }
}

/// Every command that can be said in Slack, in the order of the help, with what it does.
pub fn listing(language: Language) -> Vec<(&'static str, String)> {
    forms().map(|form| (form.word(language), message(language, form.help, &[]))).collect()
}

/// What Slack shows behind the command while it is typed: a sentence, or one of the commands, as many as fit.
pub fn usage_hint(longest: usize) -> String {
    let mut hint = String::from("what you want");
    for form in forms() {
        let more = format!(" | {}", form.word(Language::En));
        if hint.chars().count() + more.chars().count() > longest {
            break;
        }
        hint.push_str(&more);
    }
    hint
}

/// Nobody leaves Slack by a command.
fn forms() -> impl Iterator<Item = &'static Form> {
    REGISTRY.iter().filter(|form| form.name != Name::Quit)
}

fn word(name: Name, language: Language) -> &'static str {
    forms().find(|form| form.name == name).map_or("", |form| form.word(language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chopmark_protocol::command::parse;
    use chopmark_protocol::plain::plain;

    #[test]
    fn what_follows_the_command_is_read_like_everything_else() {
        for (said, meant) in [
            ("", "help"),
            ("  ", "help"),
            ("approve chg-7f3k", "approve chg-7f3k"),
            (
                "deploy <http://registry.example.com/web:1|registry.example.com/web:1>",
                "deploy registry.example.com/web:1",
            ),
            ("批准 chg-7f3k", "批准 chg-7f3k"),
        ] {
            assert_eq!(text(said), meant);
        }
        assert!(parse(&plain(&text(""))).is_some());
    }

    #[test]
    fn every_command_of_the_registry_is_listed_once_in_both_languages_and_none_but_leaving_is_left_out() {
        for language in [Language::En, Language::Zh] {
            let listed = listing(language);
            assert_eq!(listed.len(), REGISTRY.len() - 1);
            for (word, help) in listed {
                assert!(!word.is_empty() && !help.starts_with("command-"), "{word}: {help}");
            }
        }
        let hint = usage_hint(1_000);
        assert!(forms().all(|form| hint.contains(form.word(Language::En))), "{hint}");
        assert!(usage_hint(60).chars().count() <= 60);
    }
}
