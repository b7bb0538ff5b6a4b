//! `chopmark completions SHELL`: the shell's own completion script.
//! Called by `main`.
//! Must never offer the hidden commands.

use crate::cli;
use crate::terminal;
use chopmark_domain::change::Language;
use clap_complete::Shell;

/// Prints the script.
pub fn run(shell: Shell, language: Language) {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut visible(cli::command(language)), "chopmark", &mut script);
    terminal::say(&String::from_utf8_lossy(&script));
}

/// The command without what is not for people: clap_complete writes hidden commands too.
fn visible(command: clap::Command) -> clap::Command {
    let seen: Vec<_> = command.get_subcommands().filter(|below| !below.is_hide_set()).cloned().collect();
    let bare = clap::Command::new("chopmark").version(env!("CARGO_PKG_VERSION"));
    let bare = bare.disable_help_flag(true).disable_version_flag(true).disable_help_subcommand(true);
    bare.args(command.get_arguments().cloned()).subcommands(seen)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_shell_gets_every_command_and_nothing_hidden() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut visible(cli::command(Language::En)), "chopmark", &mut script);
            let script = String::from_utf8(script).unwrap();
            for name in ["approve", "audit", "doctor", "templates"] {
                assert!(script.contains(name), "{shell}: {name}");
            }
            assert!(!script.contains("confine"), "{shell}");
        }
    }
}
