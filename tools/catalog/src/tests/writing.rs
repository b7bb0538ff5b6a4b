//! The writing of what examples expect.
//! Run by hand: `cargo test -p chopmark-catalog -- --ignored write_expected`.
//! Must never be the place where an expectation is invented: what is written is reviewed as a diff.

use crate::example;
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
        for shown in &loaded.template.examples {
            let name = format!("examples/{}.toml", shown.name);
            let text = &source.files[&name];
            let head = text.split("[expected]").next().unwrap();
            let mut written = format!("{head}[expected]\n");
            for (file, text) in example::render(&loaded, shown).unwrap() {
                written.push_str(&format!("\"{file}\" = '''\n{text}'''\n"));
            }
            fs::write(root.join(source.folder()).join(name), written).unwrap();
        }
    }
}
