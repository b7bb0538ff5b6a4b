//! Finds folders of HCL that are there already, and the program that plans them, to offer them as roots.
//! Called by `init`.
//! Must never run anything, follow a link, or take a module for a root.

use chopmark_runners::confine::find as find_program;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// How far below the folder where init was started it looks.
const DEEPEST: usize = 5;
/// How many folders it looks into: a home folder must not take minutes.
const MOST_FOLDERS: usize = 5_000;
/// How many roots are offered; whoever has more writes them.
const MOST_ROOTS: usize = 50;
/// The longest name of a component.
const LONGEST_NAME: usize = 63;
/// Folders that hold what others made, or what only roots call.
const PASSED_BY: [&str; 5] = ["node_modules", "vendor", "target", "modules", "examples"];

/// The program that plans: the first of `names` that is on the search path.
pub fn program(search: &OsStr) -> Option<&'static str> {
    ["terraform", "tofu"].into_iter().find(|name| find_program(name, search).is_ok())
}

/// Roots below a folder, by a name that people can say.
pub fn find(here: &Path) -> BTreeMap<String, PathBuf> {
    let mut looked = 0;
    let mut folders = Vec::new();
    gather(here, 0, &mut looked, &mut folders);
    let called: BTreeSet<PathBuf> = folders.iter().flat_map(|folder| modules(folder)).collect();
    let mut roots = BTreeMap::new();
    for folder in folders.into_iter().filter(|folder| !called.contains(folder)).take(MOST_ROOTS) {
        let name = name(here, &folder, &roots);
        roots.insert(name, folder);
    }
    roots
}

/// Folders with HCL in them, those nearer first.
fn gather(folder: &Path, depth: usize, looked: &mut usize, found: &mut Vec<PathBuf>) {
    *looked += 1;
    if depth > DEEPEST || *looked > MOST_FOLDERS {
        return;
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.filter_map(|entry| Some((entry.file_name(), entry.file_type().ok()?))).collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    if entries.iter().any(|(name, kind)| kind.is_file() && is_hcl(name)) {
        found.push(folder.to_owned());
    }
    for (name, kind) in &entries {
        let passed_by = name.to_str().is_none_or(|name| name.starts_with('.') || PASSED_BY.contains(&name));
        if kind.is_dir() && !passed_by {
            gather(&folder.join(name), depth + 1, looked, found);
        }
    }
}

fn is_hcl(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.ends_with(".tf") || name.ends_with(".tf.json"))
}

/// The local folders that a folder calls as modules: lines such as `source = "../network"`.
fn modules(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let texts =
        files.filter(|file| is_hcl(&file.file_name())).filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let local = |line: &str| {
        let value = line.trim().strip_prefix("source")?.trim_start().strip_prefix('=')?.trim().strip_prefix('"')?;
        let path = value.split('"').next()?;
        path.starts_with('.').then(|| folder.join(path).canonicalize().ok())?
    };
    texts.flat_map(|text| text.lines().filter_map(local).collect::<Vec<_>>()).collect()
}

/// A component's name: the folder's, and as much of the way to it as it takes to be the only one.
fn name(here: &Path, folder: &Path, taken: &BTreeMap<String, PathBuf>) -> String {
    let inside = folder.strip_prefix(here).unwrap_or(folder);
    let whole = if inside.as_os_str().is_empty() { folder.file_name().map(PathBuf::from) } else { None };
    let parts: Vec<_> = whole.as_deref().unwrap_or(inside).iter().map(|part| part.to_string_lossy()).collect();
    let names = (1..=parts.len()).map(|length| label(&parts[parts.len() - length..].join("-")));
    let numbered = (2..).map(|number| label(&format!("root-{number}")));
    names.chain(numbered).find(|name| !taken.contains_key(name)).unwrap_or_default()
}

/// An RFC 1123 label of a text.
fn label(text: &str) -> String {
    let plain =
        text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
    let name: String = plain.trim_matches('-').chars().take(LONGEST_NAME).collect();
    let name = name.trim_end_matches('-');
    if name.is_empty() { "root".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn write(here: &Path, file: &str, text: &str) {
        let path = here.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn roots_are_offered_and_modules_and_what_programs_made_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().canonicalize().unwrap();
        write(&here, "dev/network/main.tf", "module \"a\" {\n  source = \"../../shared/vpc\"\n}\n");
        write(&here, "prod/network/main.tf", "");
        write(&here, "shared/vpc/main.tf", "");
        write(&here, "modules/queue/main.tf", "");
        write(&here, "dev/network/.terraform/modules/x/main.tf", "");
        write(&here, "node_modules/x/main.tf", "");
        write(&here, "docs/readme.md", "");
        write(&here, "Data Lake/store.tf.json", "{}");
        write(&here, "1/2/3/4/5/6/main.tf", "");
        std::os::unix::fs::symlink(here.join("dev"), here.join("link")).unwrap();
        let found = find(&here);
        let names: Vec<_> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["data-lake", "network", "prod-network"]);
        assert_eq!(found["prod-network"], here.join("prod/network"));
    }

    #[test]
    fn the_folder_itself_may_be_the_root() {
        let folder = tempfile::Builder::new().prefix("Infra_").tempdir().unwrap();
        write(folder.path(), "main.tf", "");
        let found = find(folder.path());
        assert!(found.keys().next().unwrap().starts_with("infra-"), "{found:?}");
        assert_eq!(program(OsStr::new("")), None);
    }
}
