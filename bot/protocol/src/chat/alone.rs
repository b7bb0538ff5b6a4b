//! Alone: which slash commands are answered to the person only.
//! Called by the adapters, which have to know before anything is served: a channel must not see the question either.
//! Must never let a code for joining into a channel: what is meant for one is decided by the command's kind alone.

use crate::command::{self, Command, Whose};
use crate::plain;

/// Whether what a slash command says is between the person and us: neither it nor its answer is shown to others.
pub fn alone(words: &str) -> bool {
    match command::parse(&plain::plain(words)) {
        Some(Command::Lang { whose, .. }) => whose == Whose::Mine,
        Some(
            Command::Status { .. }
            | Command::Help
            | Command::Access { .. }
            | Command::Link { .. }
            | Command::Unlink { .. }
            | Command::Explain { .. }
            | Command::Subscriptions
            | Command::Quit,
        ) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::alone;

    #[test]
    fn codes_rights_and_help_are_between_the_person_and_us_and_work_is_everybodys() {
        for words in ["help", "status", "link", "link 4F7K-2M9Q", "状态", "lang zh", "explain CM-1003"] {
            assert!(alone(words), "{words}");
        }
        for words in ["approve chg-7f3k", "deploy cart to dev", "changes", ""] {
            assert!(!alone(words), "{words}");
        }
    }
}
