//! A stand-in for the program in this crate's tests: `confine` and `exec` as chopmark's main calls them.
//! Started by the tests, through `Confiner` and `SpoolExecutor`.
//! Must never do anything that the data folder's file `act` does not say.

use chopmark_domain::ids::RunId;
use chopmark_domain::ports::Progress as _;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::{Outcome, Record};
use chopmark_runners::confine::{Confiner, End, Invocation, Limits, Policy};
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
    if data.join("followed").exists() {
        return follow(spool, data, script);
    }
    // The script stands for the effect; what it leaves behind is the test.
    let status = Command::new("/bin/sh").args(["-c", &script]).current_dir(data).status();
    spool.progress().report("ended", &format!("{:?}", status.map(|status| status.code())));
    spool.finish(&Outcome::Applied { record: Record::default() })
}

/// The script as a confined program that is followed, as the exec child's runners do.
fn follow(spool: exec::child::ChildSpool, data: &Path, script: String) -> Result<(), Problem> {
    let interrupt = spool.interrupt();
    let broken = |error| Problem::new(Code::ExecFailed).with("reason", error);
    let confiner = Confiner::reduced(std::env::current_exe().map_err(broken)?).interrupted_by(interrupt.clone());
    let limits = Limits { grace_milliseconds: 15_000, ..Limits::default() };
    let invocation = Invocation {
        program: "/bin/sh".into(),
        arguments: vec!["-c".to_owned(), script],
        environment: [("PATH".to_owned(), "/usr/bin:/bin".to_owned())].into(),
        folder: data.to_owned(),
        input: Vec::new(),
        policy: Policy { write: vec![data.to_owned()], limits, ..Policy::default() },
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = confiner.follow(invocation, &|_| ()) => Some(ended),
            () = exec::broken_off(&interrupt) => None,
        }
    });
    drop(runtime);
    let Some(ended) = ended else { return Err(Problem::new(Code::Cancelled)) };
    let problem = match ended?.end {
        End::Interrupted => Problem::new(Code::Cancelled),
        End::Itself | End::Timeout | End::Flood => Problem::new(Code::Internal),
    };
    spool.finish(&Outcome::Failed { problem, done: vec!["a".to_owned()], record: Record::default() })
}
