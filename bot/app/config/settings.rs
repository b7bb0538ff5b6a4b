//! `Settings` from the files: the configuration as it is now, not as it was at the start.
//! Asked by the engine at every decision and every start, and by the tools.
//! Must never answer from an older text than the file holds: while it does not parse, nobody decides.

use super::{Config, Whereabouts, read};
use chopmark_domain::environment::Environments;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::{Answer, Settings};
use chopmark_domain::problem::{Code, Problem};
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The configuration behind the settings port. A cheap handle.
#[derive(Debug, Clone)]
pub struct FileSettings {
    place: Arc<Whereabouts>,
    last: Arc<Mutex<Last>>,
}

/// What was read last. The text itself is compared: a few kilobytes are read faster than a
/// modification time can be trusted.
#[derive(Debug)]
struct Last {
    text: Option<String>,
    config: Result<Arc<Config>, Problem>,
}

impl FileSettings {
    /// Reads the configuration for the first time.
    ///
    /// # Errors
    /// A [`Problem`] with file, line and column.
    pub fn open(place: Whereabouts) -> Answer<Self> {
        let text = text(&place, false)?;
        let config = Arc::new(read(&place, text.as_deref())?);
        Ok(Self { place: Arc::new(place), last: Arc::new(Mutex::new(Last { text, config: Ok(config) })) })
    }

    /// Everything as it is configured now.
    ///
    /// # Errors
    /// A [`Problem`]: the file no longer parses, or is gone.
    pub fn config(&self) -> Answer<Arc<Config>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let text = text(&self.place, last.text.is_some())?;
        if text != last.text {
            last.config = read(&self.place, text.as_deref()).map(Arc::new);
            last.text = text;
        }
        last.config.clone()
    }

    /// Where the files are and who runs the program.
    pub fn place(&self) -> &Whereabouts {
        &self.place
    }
}

/// The text of the user's file; none when there is none and none is expected.
fn text(place: &Whereabouts, was_there: bool) -> Answer<Option<String>> {
    let Some(path) = &place.file else { return Ok(None) };
    let missing = |reason: &dyn std::fmt::Display| {
        Problem::new(Code::ConfigMissing).with("file", path.display()).with("reason", reason)
    };
    let bytes = match read_bounded(path) {
        Ok(bytes) => bytes,
        // A file that vanishes would turn its rules into the built-in ones: that is for people to decide.
        Err(error) if error.kind() == ErrorKind::NotFound && !place.named && !was_there => return Ok(None),
        Err(error) => return Err(missing(&error.kind())),
    };
    if bytes.len() as u64 > LONGEST {
        return Err(syntax(place, 1, 1, &format!("larger than {LONGEST} bytes")));
    }
    // An empty file is what a full disk or a cut write leaves behind.
    if bytes.is_empty() && path.is_file() {
        return Err(syntax(place, 1, 1, "empty"));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        syntax(place, valid.matches('\n').count() + 1, column, "UTF-8")
    })
}

/// The largest configuration that is read.
const LONGEST: u64 = 1024 * 1024;

/// One byte more than is taken, at most.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn syntax(place: &Whereabouts, line: usize, column: usize, reason: &str) -> Problem {
    Problem::new(Code::ConfigSyntax)
        .with("file", place.file_name())
        .with("line", line)
        .with("column", column)
        .with("reason", reason)
}

impl Settings for FileSettings {
    fn environments(&self) -> Answer<Arc<Environments>> {
        self.config().map(|config| Arc::clone(&config.environments))
    }

    fn policy(&self) -> Answer<Arc<Policy>> {
        self.config().map(|config| Arc::clone(&config.policy))
    }
}
