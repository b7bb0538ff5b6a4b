//! The log: a file in the data folder, apart from everything people read.
//! Set up by `main` once the configuration is known.
//! Must never write to a terminal where people talk, and never be a reason not to start.

use crate::config::{Log, LogFormat};
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::fmt::writer::{BoxMakeWriter, MakeWriterExt as _};

/// The file's name in the data folder.
pub const FILE: &str = "chopmark.log";

/// What is never written, whatever level is said: the first writes a model's whole answer when it cannot read it, the
/// second events with people's words and the tokens of interactions. Nothing people said belongs in a log.
const QUIET: [&str; 2] = ["async_openai=off", "serenity=off"];

/// Bytes after which a log is put aside at the next start; one older one is kept.
const PUT_ASIDE_AFTER: u64 = 10 * 1024 * 1024;

/// Who reads the log besides its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Nobody: standard error belongs to people.
    File,
    /// A supervisor, which collects standard error.
    Supervisor,
}

/// Starts the log. `CHOPMARK_LOG` goes before the configured level and may name parts of the
/// program, as tracing's directives do. A log that cannot be written is left out: the chat goes on,
/// and `doctor` names the folder's trouble.
pub fn start(data: &Path, log: &Log, reader: Reader) {
    let said = std::env::var("CHOPMARK_LOG").ok().filter(|level| !level.is_empty());
    let directives = said.as_deref().unwrap_or(log.level);
    let Ok(filter) = EnvFilter::try_new(directives).or_else(|_| EnvFilter::try_new(log.level)) else { return };
    let filter = QUIET.iter().filter_map(|quiet| quiet.parse().ok()).fold(filter, EnvFilter::add_directive);
    let file = open(&data.join(FILE)).ok().map(Mutex::new);
    let writer = match (file, reader) {
        (Some(file), Reader::File) => BoxMakeWriter::new(file),
        (Some(file), Reader::Supervisor) => BoxMakeWriter::new(file.and(std::io::stderr)),
        (None, Reader::Supervisor) => BoxMakeWriter::new(std::io::stderr),
        (None, Reader::File) => return,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE);
    // A second start in one process, as in tests, keeps the first log.
    let _kept = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

fn open(path: &Path) -> std::io::Result<File> {
    // The log begins before anything else makes the data folder, which only its owner reads.
    DirBuilder::new().recursive(true).mode(0o700).create(path.parent().unwrap_or(path))?;
    if std::fs::metadata(path).is_ok_and(|file| file.len() > PUT_ASIDE_AFTER) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_long_log_is_put_aside_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        File::create(&path).unwrap().set_len(PUT_ASIDE_AFTER + 1).unwrap();
        let file = open(&path).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 0);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(folder.path().join("chopmark.log.1").exists());
    }
}
