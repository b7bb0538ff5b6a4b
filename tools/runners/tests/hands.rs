//! A stand-in for the program in this crate's tests: `confine` and `exec` as chopmark's main calls them.
//! Started by the tests, through `Confiner` and `SpoolExecutor`.
//! Must never do anything that the data folder's file `act` does not say.

use chopmark_domain::ids::RunId;
use chopmark_domain::ports::Progress as _;
use chopmark_domain::problem::Problem;
use chopmark_domain::run::{Outcome, Record};
use chopmark_runners::{confine, exec};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments.first().and_then(|first| first.to_str()) {
        Some("confine") => ExitCode::from(u8::try_from(confine::entry(arguments.into_iter().skip(1))).unwrap_or(1)),
        Some("exec") => match run(&arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(3),
        },
        _ => ExitCode::from(2),
    }
}

fn run(arguments: &[OsString]) -> Result<(), Problem> {
    let [_, run, _, data] = arguments else { return Ok(()) };
    let (Some(run), data) = (run.to_str().and_then(|run| RunId::parse(run).ok()), Path::new(data)) else {
        return Ok(());
    };
    let spool = exec::child::enter(data, &run)?;
    spool.progress().report("began", run.as_str());
    let script = std::fs::read_to_string(data.join("act")).unwrap_or_default();
    // The script stands for the effect; what it leaves behind is the test.
    let status = Command::new("/bin/sh").args(["-c", &script]).current_dir(data).status();
    spool.progress().report("ended", &format!("{:?}", status.map(|status| status.code())));
    spool.finish(&Outcome::Applied { record: Record::default() })
}
