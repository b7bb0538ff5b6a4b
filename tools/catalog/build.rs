//! Embeds the folder /templates into the program, as a list of paths and texts.
//! Run by cargo before the catalogue is compiled.
//! Must never look outside that folder.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../../templates");
    let root = root.canonicalize()?;
    let mut entries = Vec::new();
    collect(&root, &root, &mut entries)?;
    entries.sort();
    let mut code = String::from("&[\n");
    for (name, path) in entries {
        code.push_str(&format!("    ({name:?}, include_str!({path:?})),\n"));
    }
    code.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("shipped.rs"), code)
}

fn collect(root: &Path, folder: &Path, entries: &mut Vec<(String, String)>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, entries)?;
        } else {
            let name = path.strip_prefix(root).map_err(io::Error::other)?;
            let name: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            entries.push((name.join("/"), path.display().to_string()));
        }
    }
    Ok(())
}
