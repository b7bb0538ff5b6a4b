//! Both languages say the same things: message keys, variables, prompts, problem codes.
//! Reads bot/protocol/messages and prompts.
//! Must never compare words, only that they are there.

use super::{house, nothing};
use chopmark_domain::problem::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Keys (attributes as `key.attribute`) with the variables each uses.
fn messages(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("messages are there") {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (mut message, mut key) = (String::new(), String::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name_of = |line: &str| line.split_once('=').map(|(name, _)| name.trim().to_owned());
            if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') {
                message = name_of(line).expect("a message has a name");
                key.clone_from(&message);
            } else if line.trim_start().starts_with('.') {
                let attribute = name_of(line.trim_start()).expect("an attribute has a name");
                key = format!("{message}{attribute}");
            }
            if key.is_empty() {
                continue;
            }
            let variables = found.entry(key.clone()).or_default();
            for part in line.split('$').skip(1) {
                variables.insert(part.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect());
            }
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    let folder = house().join("bot/protocol/messages");
    let (english, chinese) = (messages(&folder.join("en")), messages(&folder.join("zh")));
    let keys: BTreeSet<_> = english.keys().chain(chinese.keys()).collect();
    let complaints = keys
        .into_iter()
        .filter(|key| english.get(*key) != chinese.get(*key))
        .map(|key| format!("{key}: en {:?}, zh {:?}", english.get(key), chinese.get(key)))
        .collect();
    nothing(complaints, "messages that differ between the languages");
}

#[test]
fn every_problem_says_what_happened_what_was_changed_and_the_next_step() {
    let messages = messages(&house().join("bot/protocol/messages/en"));
    let complaints = Code::ALL
        .iter()
        .flat_map(|code| ["", ".changed", ".next"].map(|part| format!("cm-{}{part}", code.number())))
        .filter(|key| !messages.contains_key(key))
        .collect();
    nothing(complaints, "problem codes without words");
}

#[test]
fn every_prompt_exists_in_both_languages() {
    let names = |language: &str| -> BTreeSet<String> {
        let root = house().join("prompts").join(language);
        let mut names = BTreeSet::new();
        let mut open = vec![root.clone()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).expect("prompts are there") {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    names.insert(path.strip_prefix(&root).unwrap().display().to_string());
                }
            }
        }
        names
    };
    assert_eq!(names("en"), names("zh"));
}
