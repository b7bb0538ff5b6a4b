//! The program `chopmark`.
//! Called by the operating system: by people, by scripts, and by itself as exec child.
//! Must never start a runtime or a thread before `confine` and `exec` have had their turn.

use chopmark::cli::{self, Cli, Command, Exit};
use chopmark::{roles, run};
use chopmark_protocol::escape::{is_hazardous, visible, visible_lines};
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "confine") {
        let code = chopmark_runners::confine::entry(arguments.into_iter().skip(2));
        return ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX));
    }
    let cli = match cli::parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let code = error.exit_code();
            complain(error, &arguments);
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let Cli { global, command } = cli;
    let exit = match command.unwrap_or(Command::Chat) {
        Command::Exec { run } => roles::exec::enter(&global, &run),
        command => run(&global, command),
    };
    exit.unwrap_or_else(|problem| {
        roles::report(&global, &problem);
        Exit::Error
    })
    .into()
}

/// Says what was not understood, or the help that was asked for. What was typed is repeated as it can be read: a script
/// that hands over a text from elsewhere must not let that text speak to the terminal, or stand there as a line of ours.
fn complain(error: clap::Error, arguments: &[OsString]) {
    let hazardous = |text: &str| text.chars().any(is_hazardous);
    let shown: Vec<OsString> = arguments.iter().map(|argument| visible(&argument.to_string_lossy()).into()).collect();
    let error = if shown == arguments { error } else { cli::parse(&shown).err().unwrap_or(error) };
    let of_environment = std::env::vars_os()
        .any(|(name, value)| name.to_string_lossy().starts_with("CHOPMARK_") && hazardous(&value.to_string_lossy()));
    // Nothing better can be done when even the terminal is gone.
    let _ = if of_environment && error.use_stderr() {
        writeln!(std::io::stderr(), "{}", visible_lines(&error.render().to_string()).join("\n"))
    } else {
        error.print()
    };
}
