//! What git answered about commits, trees and files by their hashes: that can't change, so it is asked once.
//! Used by reading; each repository has what was said of it, each process begins with nothing.
//! Must never hold an answer about a branch, an index or a work tree without what it was the answer to.

use chopmark_domain::digest::Digest;
use chopmark_domain::ids::ObjectHash;
use std::collections::HashMap;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// As many bytes are held in all; then everything is forgotten, which only costs a question.
const ROOM: usize = 32 << 20;
/// A longer answer is not held.
const LONGEST: usize = 4 << 20;
/// As much of a repository's own file is read to see whether it is still what it was.
const FILE_BYTES: u64 = 8 << 20;
/// About what an entry takes besides its text.
const ENTRY: usize = 200;

/// What a question was about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Asked {
    /// Arguments and standard input of a call.
    Call(Vec<String>, Vec<u8>),
    Blob(ObjectHash),
    /// The first parent of a commit; none of a first one.
    Parent(ObjectHash),
    Root(ObjectHash),
}

/// All that is remembered, of every repository.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    answers: HashMap<(Arc<str>, Asked), Arc<[u8]>>,
    bytes: usize,
}

/// What is remembered of one repository.
#[derive(Debug)]
pub(super) struct Recollection {
    memory: Arc<Memory>,
    /// Where its objects are, and what of it besides objects says how they hang together. None: that cannot be
    /// told, so nothing is remembered.
    whose: Option<Arc<str>>,
}

impl Recollection {
    /// Of the repository whose common folder this is. A history that was cut elsewhere is another history.
    pub(super) fn of(memory: &Arc<Memory>, common: &Path) -> Self {
        let cuts = ["shallow", "info/grafts"].map(|name| fingerprint(&common.join(name)));
        let whose = cuts.iter().all(Option::is_some).then(|| format!("{} {cuts:?}", common.display()).into());
        Self { memory: Arc::clone(memory), whose }
    }

    /// The answer to a call, if it was made before.
    pub(super) fn call(&self, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
        self.get(asked(arguments, input)).map(|answer| answer.to_vec())
    }

    pub(super) fn keep_call(&self, arguments: &[&str], input: &[u8], answer: &[u8]) {
        self.put(asked(arguments, input), answer);
    }

    /// A file's bytes, if they were read or written before.
    pub(super) fn blob(&self, hash: &ObjectHash) -> Option<Vec<u8>> {
        self.get(Asked::Blob(hash.clone())).map(|answer| answer.to_vec())
    }

    pub(super) fn keep_blob(&self, hash: &ObjectHash, bytes: &[u8]) {
        self.put(Asked::Blob(hash.clone()), bytes);
    }

    pub(super) fn keep_parent(&self, commit: &ObjectHash, parent: Option<&ObjectHash>) {
        self.put(Asked::Parent(commit.clone()), parent.map(ObjectHash::as_str).unwrap_or_default().as_bytes());
    }

    /// The first commit of the line that a commit is on, as far as it is known.
    pub(super) fn root(&self, commit: &ObjectHash) -> Option<ObjectHash> {
        let mut at = commit.clone();
        loop {
            if let Some(root) = self.get(Asked::Root(at.clone())) {
                return parse(&root);
            }
            let parent = self.get(Asked::Parent(at.clone()))?;
            if parent.is_empty() {
                return Some(at);
            }
            at = parse(&parent)?;
        }
    }

    pub(super) fn keep_root(&self, commit: &ObjectHash, root: &ObjectHash) {
        self.put(Asked::Root(commit.clone()), root.as_str().as_bytes());
    }

    fn get(&self, asked: Asked) -> Option<Arc<[u8]>> {
        let whose = Arc::clone(self.whose.as_ref()?);
        self.memory.0.lock().ok()?.answers.get(&(whose, asked)).cloned()
    }

    fn put(&self, asked: Asked, answer: &[u8]) {
        let size = ENTRY + asked.size() + answer.len();
        let (Some(whose), Ok(mut held)) = (self.whose.clone(), self.memory.0.lock()) else { return };
        if size > LONGEST {
            return;
        }
        if held.bytes + size > ROOM {
            *held = Held::default();
        }
        if held.answers.insert((whose, asked), answer.into()).is_none() {
            held.bytes += size;
        }
    }
}

impl Asked {
    fn size(&self) -> usize {
        match self {
            Self::Call(arguments, input) => arguments.iter().map(String::len).sum::<usize>() + input.len(),
            Self::Blob(_) | Self::Parent(_) | Self::Root(_) => 0,
        }
    }
}

fn asked(arguments: &[&str], input: &[u8]) -> Asked {
    Asked::Call(arguments.iter().map(|argument| (*argument).to_owned()).collect(), input.to_vec())
}

fn parse(bytes: &[u8]) -> Option<ObjectHash> {
    ObjectHash::parse(std::str::from_utf8(bytes).ok()?).ok()
}

/// What a repository's own file says, in short. None when it cannot be told, so that nothing rests on it; the
/// digest of nothing when it is not there.
pub(super) fn fingerprint(path: &Path) -> Option<Digest> {
    content(path, FILE_BYTES).map(|bytes| Digest::of(&bytes.unwrap_or_default())).ok()
}

/// The bytes of a repository's own plain file; none when it is not there.
///
/// # Errors
/// It is a link or no file, or longer than `most`.
pub(super) fn content(path: &Path, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).map_err(std::io::Error::other)?;
    let file = match std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("no plain file"));
    }
    let mut bytes = Vec::new();
    if file.take(most + 1).read_to_end(&mut bytes)? as u64 > most {
        return Err(std::io::Error::other("longer than it may be"));
    }
    Ok(Some(bytes))
}
