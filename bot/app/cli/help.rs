//! The words of the command line's help, in both languages.
//! Called when the arguments are parsed, and for completions.
//! Must never leave a command or a flag without words: a test looks at every one.

use super::Cli;
use chopmark_domain::change::Language;
use chopmark_protocol::messages;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Arg, ArgAction, CommandFactory};

/// The command with its help in a language.
pub fn command(language: Language) -> clap::Command {
    let say = |key: &str| messages::text(language, key, &[]);
    let template = format!(
        "{{about-with-newline}}\n{}\n{{before-help}}\n{} {{usage}}\n\n{{all-args}}\n",
        say("cli-examples"),
        say("cli-usage")
    );
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let styles = Styles::styled().literal(AnsiColor::Cyan.on_default());
    let top = Cli::command().styles(styles).arg(help).arg(version);
    described(top, "cli", &say).before_help(say("cli-examples-list")).help_template(template)
}

/// Gives a command, its flags and everything below the words of its language.
fn described(command: clap::Command, key: &str, say: &dyn Fn(&str) -> String) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let flags = say("cli-options");
    let mut command =
        command.about(say(&format!("{key}-about"))).subcommand_help_heading(say("cli-commands")).mut_args(|arg| {
            let words = say(&format!("cli-arg-{}", arg.get_id().as_str().replace('_', "-")));
            let heading = if arg.is_positional() { say("cli-arguments") } else { flags.clone() };
            arg.help(words).help_heading(heading)
        });
    if key != "cli" {
        command =
            command.help_template(format!("{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}\n", say("cli-usage")));
    }
    for name in names {
        command = command.mut_subcommand(&name, |below| described(below, &format!("{key}-{name}"), say));
    }
    command
}
