//! A prompt costs no more with many templates than with few, and names those that are meant.
//! Run by cargo test with copies of a shipped template under other names.
//! Must never depend on the shipped templates beyond the one that is copied.

use super::kit::{Row, context};
use chopmark_assistant::{system_prompt, system_prompt_digest};
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use std::path::Path;

/// The shipped catalogue with so many more templates, each with words of its own.
fn catalog(count: usize) -> Catalog {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/kubernetes/config-map");
    let metadata = std::fs::read_to_string(shipped.join("template.toml")).unwrap();
    let file = std::fs::read_to_string(shipped.join("files/config-map.yaml")).unwrap();
    let example = std::fs::read_to_string(shipped.join("examples/settings.toml")).unwrap();
    for number in 0..count {
        let name = format!("thing-{number:03}");
        let target = folder.path().join("things").join(&name);
        std::fs::create_dir_all(target.join("files")).unwrap();
        std::fs::write(target.join("files/config-map.yaml"), &file).unwrap();
        std::fs::create_dir_all(target.join("examples")).unwrap();
        std::fs::write(target.join("examples/settings.toml"), &example).unwrap();
        let own = format!("[words]\nen = [\"thing {number:03}\"]\nzh = [\"东西{number:03}\"]\n");
        let (before, rest) = metadata.split_once("[words]\n").unwrap();
        let after = rest.split_once("\n\n").unwrap().1;
        std::fs::write(target.join("template.toml"), format!("{before}{own}\n{after}")).unwrap();
    }
    Catalog::with_folders(&[folder.path().to_owned()]).unwrap()
}

fn prompt(catalog: &Catalog, said: &str, language: Language) -> String {
    let mut known = context(&Row::default(), said, language);
    known.templates = catalog.templates().map(|template| template.name.clone()).collect();
    system_prompt(&known, catalog, None, u64::MAX).unwrap()
}

#[test]
fn with_five_hundred_templates_a_prompt_costs_no_more_than_with_twenty() {
    let (few, many) = (catalog(20), catalog(500));
    for (said, language, meant) in [
        ("create a thing 007 in shop", Language::En, "- thing-007:"),
        ("在 shop 里建一个东西007", Language::Zh, "- thing-007："),
        ("create a config map", Language::En, "- config-map:"),
        ("good morning", Language::En, ""),
    ] {
        let (small, large) = (prompt(&few, said, language), prompt(&many, said, language));
        assert!(small.contains(meant) && large.contains(meant), "{large}");
        assert!(large.len() <= small.len(), "{said}: {} bytes against {}", large.len(), small.len());
    }
    let far = prompt(&many, "create a thing 431", Language::En);
    assert!(far.contains("- thing-431:"), "{far}");
}

#[test]
fn a_prompt_holds_only_templates_that_may_be_used_and_as_many_components_as_there_is_room_for() {
    let catalog = Catalog::shipped().unwrap();
    let mut known = context(&Row::default(), "deploy a web service", Language::En);
    known.templates = ["namespace".parse().unwrap()].into();
    let prompt = system_prompt(&known, &catalog, None, u64::MAX).unwrap();
    assert!(prompt.contains("- namespace:") && !prompt.contains("- web-service:"), "{prompt}");
    let component = known.components[0].clone();
    known.components = vec![component; 300];
    let prompt = system_prompt(&known, &catalog, None, 3_000).unwrap();
    assert!(prompt.contains("more: `list_components` names them"), "{prompt}");
}

#[test]
fn the_version_of_a_prompt_is_the_digest_of_its_files() {
    assert_eq!(system_prompt_digest(Language::En), system_prompt_digest(Language::En));
    assert_ne!(system_prompt_digest(Language::En), system_prompt_digest(Language::Zh));
}
