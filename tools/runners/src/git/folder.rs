//! A component's folder at a commit, and the contents of files.
//! Used by every operation of the git runner.
//! Must never read the work tree for what is committed: its names are only a guess of what to ask for.

use super::address::unusable;
use super::program::{Repository, failed, text};
use super::read::{PLAIN, TreeEntry, hash, tree_entries, unreadable};
use super::worktree;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::problem::Problem;
use std::collections::BTreeMap;

/// The largest file we read, as for YAML in shared/security.md 5.13.
const FILE_BYTES: usize = 512 << 10;

/// One entry of a component's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) mode: String,
    pub(super) hash: ObjectHash,
    /// The bytes; for a submodule its commit, in words.
    pub(super) bytes: Vec<u8>,
}

/// A component's folder at a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folder {
    /// Its tree; none when it does not exist.
    pub(super) tree: Option<ObjectHash>,
    /// Everything in it, folders within it included, by path within it.
    pub(super) items: BTreeMap<String, Item>,
}

/// What `cat-file` says of one name it was asked for.
struct Object<'a> {
    name: String,
    kind: String,
    bytes: &'a [u8],
}

impl Repository {
    /// A component's folder at a commit.
    ///
    /// # Errors
    /// [`chopmark_domain::problem::Code::RepositoryUnusable`] when a file, a link or a submodule stands where its folder should.
    pub(super) async fn folder(&self, commit: &ObjectHash, path: &str) -> Result<Folder, Problem> {
        if let Some(folder) = self.guessed(commit, path).await? {
            return Ok(folder);
        }
        if !self.is_folder(commit, path).await? {
            return Ok(Folder::default());
        }
        let arguments = ["ls-tree", "-r", "-t", "-z", "--full-tree", commit.as_str(), "--", path];
        let mut folder = Folder::default();
        let mut wanted = Vec::new();
        for entry in tree_entries(&self.recall(&arguments, Vec::new()).await?)? {
            match entry.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')) {
                Some(name) if entry.kind != "tree" => wanted.push((name.to_owned(), entry)),
                None if entry.kind == "tree" && entry.path == path => folder.tree = Some(entry.hash),
                Some(_) | None => {}
            }
        }
        let blobs =
            self.blobs(wanted.iter().filter(|(_, entry)| entry.kind == "blob").map(|(_, entry)| &entry.hash)).await?;
        for (name, TreeEntry { mode, hash, .. }) in wanted {
            let bytes = blobs.get(&hash).cloned().unwrap_or_else(|| format!("submodule {hash}\n").into_bytes());
            folder.items.insert(name, Item { mode, hash, bytes });
        }
        Ok(folder)
    }

    /// The folder in one call: its tree, and the files that the work tree shows there, which are mostly those that
    /// are committed. None when something else than plain files stands there, or nothing.
    async fn guessed(&self, commit: &ObjectHash, path: &str) -> Result<Option<Folder>, Problem> {
        let names = worktree::names(&self.address.path, path).unwrap_or_default();
        if names.is_empty() {
            return Ok(None);
        }
        let asked: String = names.iter().map(|name| format!("{commit}:{path}/{name}\n")).collect();
        let asked = format!("{commit}:{path}\n{asked}");
        let Ok(out) = self.recall(&["cat-file", "--batch"], asked.into_bytes()).await else { return Ok(None) };
        let mut objects = objects(&out)?.into_iter();
        let (Some(tree), files) = (objects.next(), objects) else { return Ok(None) };
        if tree.kind != "tree" {
            return Ok(None);
        }
        for file in files.filter(|file| file.kind == "blob" && file.bytes.len() <= FILE_BYTES) {
            self.kept.keep_blob(&hash(&file.name)?, file.bytes);
        }
        let Some(entries) = plain_entries(tree.bytes, commit.as_str().len() / 2) else { return Ok(None) };
        let blobs = self.blobs(entries.iter().map(|(_, _, hash)| hash)).await?;
        let mut folder = Folder { tree: Some(hash(&tree.name)?), items: BTreeMap::new() };
        for (mode, name, hash) in entries {
            let bytes = blobs.get(&hash).cloned().ok_or_else(|| unreadable("cat-file"))?;
            folder.items.insert(name, Item { mode, hash, bytes });
        }
        Ok(Some(folder))
    }

    /// Whether a folder is there. Where one is to be made, nothing else may stand, and nothing but folders on the
    /// way to it.
    async fn is_folder(&self, commit: &ObjectHash, path: &str) -> Result<bool, Problem> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let mut arguments = vec!["ls-tree", "-z", "--full-tree", commit.as_str(), "--"];
        arguments.extend(ends.map(|end| &path[..end]));
        let entries = tree_entries(&self.recall(&arguments, Vec::new()).await?)?;
        match entries.iter().find(|entry| entry.kind != "tree") {
            None => Ok(entries.iter().any(|entry| entry.path == path)),
            Some(entry) => {
                let place = self.address.path.display().to_string();
                Err(unusable(&place, format!("{} is no folder", entry.path)))
            }
        }
    }

    /// The contents of blobs, in one call.
    pub(super) async fn blobs<'a>(
        &self,
        hashes: impl Iterator<Item = &'a ObjectHash>,
    ) -> Result<BTreeMap<ObjectHash, Vec<u8>>, Problem> {
        let (mut blobs, mut input) = (BTreeMap::new(), String::new());
        for hash in hashes {
            match self.kept.blob(hash) {
                Some(bytes) => drop(blobs.insert(hash.clone(), bytes)),
                None => input += &format!("{hash}\n"),
            }
        }
        if input.is_empty() {
            return Ok(blobs);
        }
        let out = self.read(&["cat-file", "--batch"], input.into_bytes()).await?;
        for Object { name, kind, bytes } in objects(&out)? {
            if kind != "blob" {
                return Err(failed("cat-file", &format!("{name} {kind}")));
            }
            let size = bytes.len();
            if size > FILE_BYTES {
                return Err(failed("cat-file", &format!("a file has {size} bytes; at most {FILE_BYTES} are read")));
            }
            let name = hash(&name)?;
            self.kept.keep_blob(&name, bytes);
            blobs.insert(name, bytes.to_vec());
        }
        Ok(blobs)
    }
}

/// Reads what `cat-file --batch` answers: a line for each name, and the bytes of what is there.
fn objects(out: &[u8]) -> Result<Vec<Object<'_>>, Problem> {
    let mut rest = out;
    let mut all = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| unreadable("cat-file"))?;
        let head = text(&rest[..end]);
        rest = &rest[end + 1..];
        let words: Vec<&str> = head.rsplitn(3, ' ').collect();
        match words.as_slice() {
            [size, kind, name] if size.bytes().all(|byte| byte.is_ascii_digit()) => {
                let size: usize = size.parse().map_err(|_| unreadable("cat-file"))?;
                let bytes = rest.get(..size).ok_or_else(|| unreadable("cat-file"))?;
                all.push(Object { name: (*name).to_owned(), kind: (*kind).to_owned(), bytes });
                rest = rest.get(size + 1..).unwrap_or_default();
            }
            // Such as `missing`.
            [kind, name @ ..] => {
                let name = name.iter().rev().copied().collect::<Vec<_>>().join(" ");
                all.push(Object { name, kind: (*kind).to_owned(), bytes: &[] });
            }
            [] => return Err(unreadable("cat-file")),
        }
    }
    Ok(all)
}

/// The entries of a tree as it is stored, when all are files: mode, name, hash. None: it holds something else.
fn plain_entries(mut tree: &[u8], hash_bytes: usize) -> Option<Vec<(String, String, ObjectHash)>> {
    let mut entries = Vec::new();
    while !tree.is_empty() {
        let end = tree.iter().position(|byte| *byte == 0)?;
        let (mode, name) = std::str::from_utf8(&tree[..end]).ok()?.split_once(' ')?;
        let raw = tree.get(end + 1..end + 1 + hash_bytes)?;
        if ![PLAIN, "100755", "120000"].contains(&mode) {
            return None;
        }
        let hash: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        entries.push((mode.to_owned(), name.to_owned(), ObjectHash::parse(&hash).ok()?));
        tree = &tree[end + 1 + hash_bytes..];
    }
    Some(entries)
}
