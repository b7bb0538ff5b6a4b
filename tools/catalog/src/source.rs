//! Where templates come from: the ones embedded at compile time, and folders of the user's.
//! Read once, when the catalogue is made.
//! Must never follow a link, and never read a file that no template may have.

use crate::broken::BrokenTemplate;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Everything under /templates, by path.
static SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The metadata file of a template.
pub(crate) const METADATA: &str = "template.toml";
/// Longest file of a template, in bytes; the longest shipped one has about 12,000.
const LONGEST: u64 = 256 * 1024;
/// Most files of one template.
const MOST_FILES: usize = 100;

/// The text of one template's files, before anything is checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    pub(crate) family: String,
    pub(crate) name: String,
    /// Path within the template's folder, such as `files/deployment.yaml`, to text.
    pub(crate) files: BTreeMap<String, String>,
}

impl Source {
    /// `<family>/<name>`, as errors name it.
    pub(crate) fn folder(&self) -> String {
        format!("{}/{}", self.family, self.name)
    }

    pub(crate) fn metadata(&self) -> &str {
        self.files.get(METADATA).map_or("", String::as_str)
    }

    /// A fault that has a file but no place in it.
    pub(crate) fn fault(&self, file: &str, reason: impl Into<String>) -> BrokenTemplate {
        let text = self.files.get(file).map_or("", String::as_str);
        BrokenTemplate::at(&self.folder(), file, text, 0..0, reason.into())
    }

    /// A fault at a place of a file.
    pub(crate) fn fault_at(
        &self,
        file: &str,
        span: std::ops::Range<usize>,
        reason: impl Into<String>,
    ) -> BrokenTemplate {
        let text = self.files.get(file).map_or("", String::as_str);
        BrokenTemplate::at(&self.folder(), file, text, span, reason.into())
    }
}

/// The embedded templates.
pub(crate) fn shipped() -> Vec<Source> {
    let mut sources: BTreeMap<(String, String), Source> = BTreeMap::new();
    for (path, text) in SHIPPED {
        let mut parts = path.splitn(3, '/');
        if let (Some(family), Some(name), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
            let source = sources.entry((family.to_owned(), name.to_owned())).or_default();
            source.family = family.to_owned();
            source.name = name.to_owned();
            source.files.insert(rest.to_owned(), (*text).to_owned());
        }
    }
    sources.into_values().collect()
}

/// The templates of a folder with `<family>/<name>/template.toml` in it.
///
/// # Errors
/// A file that cannot be read or may not be there.
pub(crate) fn folder(root: &Path) -> Result<Vec<Source>, BrokenTemplate> {
    let mut sources = Vec::new();
    for family in names(root, &root.display().to_string())? {
        if !root.join(&family).is_dir() {
            continue;
        }
        for name in names(&root.join(&family), &family)? {
            let path = root.join(&family).join(&name);
            if !path.is_dir() {
                continue;
            }
            let mut source = Source { family: family.clone(), name, files: BTreeMap::new() };
            read(&path, "", &mut source)?;
            sources.push(source);
        }
    }
    Ok(sources)
}

fn read(folder: &Path, prefix: &str, source: &mut Source) -> Result<(), BrokenTemplate> {
    for name in names(folder, &source.folder())? {
        let file = format!("{prefix}{name}");
        let path = folder.join(&name);
        let unreadable = |error: std::io::Error| source.fault(&file, format!("cannot be read: {error}"));
        let metadata = fs::symlink_metadata(&path).map_err(unreadable)?;
        if metadata.is_dir() && matches!(prefix, "" | "files/") {
            read(&path, &format!("{prefix}{name}/"), source)?;
        } else if !metadata.is_file() {
            return Err(source.fault(&file, "is neither a plain file nor a folder that a template has"));
        } else if metadata.len() > LONGEST || source.files.len() >= MOST_FILES {
            return Err(source.fault(&file, format!("a template has at most {MOST_FILES} files of {LONGEST} bytes")));
        } else {
            let text = fs::read_to_string(&path).map_err(unreadable)?;
            source.files.insert(file, text);
        }
    }
    Ok(())
}

/// The names in a folder, sorted, without those that begin with a dot.
fn names(folder: &Path, of: &str) -> Result<Vec<String>, BrokenTemplate> {
    let fault = |reason: String| BrokenTemplate::at(of, "", "", 0..0, reason);
    let entries = fs::read_dir(folder).map_err(|error| fault(format!("{}: {error}", folder.display())))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| fault(error.to_string()))?.file_name();
        let name = name.into_string().map_err(|name| fault(format!("{} is not UTF-8", name.display())))?;
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
