//! The program `chopmark`.
//! Called by the operating system: by people, by scripts, and by itself as exec child.
//! Must never start a runtime or a thread before `confine` and `exec` have had their turn.

use chopmark::cli::{self, Cli, Command, Exit};
use chopmark::{roles, run};
use std::ffi::OsString;
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
            // Nothing better can be done when even the terminal is gone.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
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
