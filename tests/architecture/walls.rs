//! The walls between rooms, as edges between crates and as words a room may not say.
//! Reads `cargo metadata` and the sources.
//! Must never allow an edge that docs/architecture.md does not draw.

use super::{house, nothing, texts_ending};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Each crate of the house with those of the house that it may use; nothing else.
const EDGES: [(&str, &[&str]); 13] = [
    ("chopmark-domain", &[]),
    ("chopmark-engine", &["chopmark-domain"]),
    ("chopmark-store", &["chopmark-domain"]),
    ("chopmark-catalog", &["chopmark-domain"]),
    ("chopmark-sources", &["chopmark-domain"]),
    ("chopmark-checks", &["chopmark-domain"]),
    ("chopmark-runners", &["chopmark-domain", "chopmark-sources"]),
    ("chopmark-functions", &["chopmark-catalog", "chopmark-checks", "chopmark-domain", "chopmark-sources"]),
    ("chopmark-protocol", &["chopmark-domain"]),
    ("chopmark-discord", &["chopmark-domain", "chopmark-protocol"]),
    ("chopmark-slack", &["chopmark-domain", "chopmark-protocol"]),
    ("chopmark-assistant", &["chopmark-catalog", "chopmark-domain", "chopmark-functions", "chopmark-protocol"]),
    (
        "chopmark",
        &[
            "chopmark-assistant",
            "chopmark-catalog",
            "chopmark-checks",
            "chopmark-discord",
            "chopmark-domain",
            "chopmark-engine",
            "chopmark-functions",
            "chopmark-protocol",
            "chopmark-runners",
            "chopmark-slack",
            "chopmark-sources",
            "chopmark-store",
        ],
    ),
];

/// Edges that tests may have besides: engine's promises are tried on the real store.
const TEST_EDGES: [(&str, &str); 1] = [("chopmark-engine", "chopmark-store")];

/// What the domain may use from outside: none of it does IO.
const DOMAIN_USES: [&str; 9] =
    ["async-trait", "hcl-edit", "jiff", "serde", "serde-saphyr", "serde_json", "sha2", "thiserror", "toml"];

/// Crates that only some rooms may use, tests apart: heavy ones, and those that reach the world.
const KEPT_APART: [(&str, &[&str]); 12] = [
    ("async-openai", &["chopmark-assistant"]),
    ("reqwest", &["chopmark-assistant"]),
    ("hcl-edit", &["chopmark-domain", "chopmark-catalog", "chopmark-runners"]),
    ("sqlx", &["chopmark-store"]),
    ("kube", &["chopmark-sources", "chopmark-runners"]),
    ("k8s-openapi", &["chopmark-sources", "chopmark-runners"]),
    ("landlock", &["chopmark-runners"]),
    ("minijinja", &["chopmark-catalog", "chopmark-assistant"]),
    ("reedline", &["chopmark"]),
    ("serenity", &["chopmark-discord"]),
    ("slack-morphism", &["chopmark-slack"]),
    ("axum", &["chopmark"]),
];

struct Crate {
    ours: BTreeSet<String>,
    others: BTreeSet<String>,
}

/// Each crate of the house with what it depends on outside its own tests.
fn crates() -> BTreeMap<String, Crate> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(house())
        .output()
        .expect("cargo tells about the workspace");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap();
            let name = text(&package["name"]);
            let named = |ours: bool| {
                dependencies
                    .iter()
                    .filter(|dependency| dependency["path"].is_string() == ours)
                    .filter(|dependency| ours || dependency["kind"] != "dev")
                    .map(|dependency| (text(&dependency["name"]), dependency["kind"] == "dev"))
                    .filter(|(used, dev)| !dev || !TEST_EDGES.contains(&(name.as_str(), used.as_str())))
                    .map(|(used, _)| used)
                    .collect()
            };
            let room = Crate { ours: named(true), others: named(false) };
            (name, room)
        })
        .collect()
}

#[test]
fn no_crate_uses_another_through_a_wall() {
    let allowed = BTreeMap::from(EDGES);
    let mut complaints = Vec::new();
    for (name, room) in crates() {
        let Some(may) = allowed.get(name.as_str()) else {
            complaints.push(format!("{name} is not in the list of rooms"));
            continue;
        };
        complaints.extend(
            room.ours.iter().filter(|used| !may.contains(&used.as_str())).map(|used| format!("{name} -> {used}")),
        );
    }
    nothing(complaints, "edges that the walls forbid");
}

#[test]
fn what_a_model_can_reach_cannot_name_a_runner() {
    let crates = crates();
    let mut reached = BTreeSet::new();
    let mut open = vec!["chopmark-assistant".to_owned()];
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            open.extend(crates[&name].ours.iter().cloned());
        }
    }
    for forbidden in ["chopmark-runners", "chopmark-engine", "chopmark-store", "chopmark"] {
        assert!(!reached.contains(forbidden), "the assistant reaches {forbidden}");
    }
}

#[test]
fn the_domain_does_no_io() {
    let crates = crates();
    let strangers: Vec<_> =
        crates["chopmark-domain"].others.iter().filter(|name| !DOMAIN_USES.contains(&name.as_str())).collect();
    assert!(strangers.is_empty(), "the domain uses {strangers:?}");
    let words = [
        "std::fs",
        "std::process",
        "std::net",
        "std::env",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "TimeZone::system",
    ];
    let complaints = texts_ending(".rs")
        .into_iter()
        .filter(|(name, _)| name.starts_with("change/domain/src/"))
        .flat_map(|(name, text)| words.map(|word| text.contains(word).then(|| format!("{name}: {word}"))))
        .flatten()
        .collect();
    nothing(complaints, "the domain reads no clock, file, network or environment");
}

#[test]
fn heavy_and_dangerous_crates_stay_in_their_rooms() {
    let mut complaints = Vec::new();
    for (name, room) in crates() {
        for (kept, rooms) in KEPT_APART {
            if room.others.contains(kept) && !rooms.contains(&name.as_str()) {
                complaints.push(format!("{name} uses {kept}"));
            }
        }
    }
    nothing(complaints, "crates outside their rooms");
}

#[test]
fn a_surface_knows_only_the_protocol_and_the_domain() {
    let mut complaints = Vec::new();
    for (name, text) in texts_ending(".rs") {
        let Some(inside) = name.strip_prefix("bot/surfaces/") else { continue };
        let surface = inside.split('/').next().unwrap_or_default();
        let alone = house().join("bot/surfaces").join(surface).join("Cargo.toml").exists();
        let own = [format!("crate::surfaces::{surface}"), format!("crate::{surface}")];
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            let foreign = EDGES
                .iter()
                .map(|(name, _)| name.replace('-', "_"))
                .filter(|name| !["chopmark", "chopmark_domain", "chopmark_protocol"].contains(&name.as_str()))
                // Its own tests know it by the name of its crate.
                .filter(|name| *name != format!("chopmark_{surface}"))
                .any(|name| code.contains(&format!("{name}::")));
            let inside = !alone && code.contains("crate::") && !own.iter().any(|own| code.contains(own.as_str()));
            if !code.starts_with("//") && (foreign || inside) {
                complaints.push(format!("{name}:{}: {code}", number + 1));
            }
        }
    }
    nothing(complaints, "a surface reaches beyond protocol and domain");
}

/// Direct calls that only some files may make, because what they give comes in through a port elsewhere.
const THROUGH_PORTS: [(&[&str], &str, &[&str]); 3] = [
    (
        &["SystemTime::now", "Timestamp::now", "Zoned::now"],
        "the wall clock comes in through the Clock port",
        &["bot/app/", "tests/", "change/store/src/clock.rs"],
    ),
    (
        &["Command::new("],
        "programs start only in the runners and in the program's own assembly",
        &["bot/app/", "tools/runners/", "tests/", "bot/surfaces/terminal/pager.rs"],
    ),
    (
        &["env::var(", "env::vars(", "env::var_os(", "env::set_var("],
        "the environment is read at the rim and handed in",
        // The terminal asks what kind of terminal it is; a crash point, whether it is armed.
        &["bot/app/", "bot/surfaces/terminal/", "tools/runners/", "tests/", "change/engine/src/crash.rs"],
    ),
];

#[test]
fn clock_programs_and_environment_come_in_through_ports() {
    let mut complaints = Vec::new();
    for (name, text) in texts_ending(".rs") {
        for (words, rule, rooms) in THROUGH_PORTS {
            let own_tests = text.find("#[cfg(test)]").unwrap_or(text.len());
            let in_tests_folder = name.contains("/tests/") || name.ends_with("tests.rs") || name.ends_with("build.rs");
            if in_tests_folder || rooms.iter().any(|room| name.starts_with(room)) {
                continue;
            }
            for word in words.iter().filter(|word| text[..own_tests].contains(**word)) {
                complaints.push(format!("{name}: {word} ({rule})"));
            }
        }
    }
    nothing(complaints, "direct calls outside their rooms");
}
