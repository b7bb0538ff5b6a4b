//! Tests that need the inside of the catalogue, and the writing of examples.
//! Run by cargo; `cargo test -p chopmark-catalog -- --ignored` writes what examples expect.
//! Must never be the place where an expectation is invented: what is written is reviewed as a diff.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::load;
use crate::source;
use std::fs;
use std::path::Path;

/// Not a test: brings `[expected]` of every shipped example up to what is rendered now.
#[test]
#[ignore = "writes files; run it after changing a template and read the diff"]
fn write_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    for source in source::folder(&root).unwrap() {
        let (loaded, _) = load::read(&source).unwrap();
        for example in &loaded.template.examples {
            let name = format!("examples/{}.toml", example.name);
            let text = &source.files[&name];
            let head = text.split("[expected]").next().unwrap();
            let mut written = format!("{head}[expected]\n");
            for (file, text) in load::render_example(&loaded, example).unwrap() {
                written.push_str(&format!("\"{file}\" = '''\n{text}'''\n"));
            }
            fs::write(root.join(source.folder()).join(name), written).unwrap();
        }
    }
}
