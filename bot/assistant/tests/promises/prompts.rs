//! The system prompts as models get them, in both languages.
//! Run by cargo test; the recorded files are read like any text for people.
//! Must never hold a value that a person did not give or configuration does not name.

use super::kit::{Row, Scene, catalog, context};
use chopmark_assistant::system_prompt;
use chopmark_domain::change::Language;

fn prompt(language: Language, scene: Scene, said: &str) -> String {
    let row = Row { scene, ..Row::default() };
    let whole = system_prompt(&context(&row, said, language), &catalog(), None, u64::MAX).unwrap();
    // The schemas are the catalogue's own, and recorded there.
    whole
        .lines()
        .map(|line| line.split(": {\"").next().unwrap_or(line))
        .map(|line| line.split("：{\"").next().unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_english_prompt_is_recorded() {
    insta::assert_snapshot!(prompt(Language::En, Scene::Waiting, "scale the cron job"));
}

#[test]
fn the_chinese_prompt_is_recorded() {
    insta::assert_snapshot!(prompt(Language::Zh, Scene::Empty, "部署一个网站"));
}
