//! Nothing lies about unused: templates, snapshots, prompts, recorded tables, chat scripts.
//! Reads the folders and looks for whoever uses what is there.
//! Must never accept a file because it may be useful one day.

use super::{folders, house, nothing, texts, texts_ending};

#[test]
fn every_template_is_whole() {
    let mut complaints = Vec::new();
    let families = folders(&house().join("templates"));
    assert!(!families.is_empty(), "there are templates");
    for template in families.iter().flat_map(|family| folders(family)) {
        for part in ["template.toml", "files", "examples"] {
            let path = template.join(part);
            let there = path.is_file() || std::fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some());
            if !there {
                complaints.push(path.display().to_string());
            }
        }
    }
    nothing(complaints, "templates lack parts");
}

#[test]
fn every_snapshot_belongs_to_a_test_that_is_there() {
    let complaints = texts_ending(".snap")
        .into_iter()
        .filter_map(|(name, text)| {
            let source = text.lines().find_map(|line| line.strip_prefix("source: "))?.trim_matches('"').to_owned();
            let stem = name.rsplit('/').next()?.trim_end_matches(".snap").to_owned();
            // `test`, `test-2`, or a name that the test makes of its own and a language.
            let words = stem.rsplit("__").next()?.split('@').next()?.to_owned();
            let words = words.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
            let bare = words.trim_end_matches("_en").trim_end_matches("_zh");
            let used = std::fs::read_to_string(house().join(&source)).is_ok_and(|text| text.contains(bare));
            (!used).then(|| format!("{name} (from {source})"))
        })
        .collect();
    nothing(complaints, "snapshots that no test compares");
}

#[test]
fn every_prompt_is_used_by_the_program() {
    let sources: String = texts_ending(".rs").into_iter().map(|(_, text)| text).collect();
    let complaints = texts()
        .into_iter()
        .filter_map(|(name, _)| name.strip_prefix("prompts/en/").map(str::to_owned))
        .filter(|name| {
            let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or(name);
            !sources.contains(stem)
        })
        .collect();
    nothing(complaints, "prompts that nothing reads");
}

#[test]
fn every_chat_script_and_recorded_table_is_run() {
    let sources: String =
        texts_ending(".rs").into_iter().filter(|(name, _)| name.starts_with("tests/")).map(|(_, text)| text).collect();
    let complaints = texts()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("tests/scripts/") || name.starts_with("tests/matrix/"))
        .filter(|name| !name.ends_with(".rs"))
        .filter(|name| {
            let file = name.rsplit('/').next().unwrap_or(name);
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            !sources.contains(file) && !sources.contains(&format!("{stem}("))
        })
        .collect();
    nothing(complaints, "scripts and tables that no test uses");
}
