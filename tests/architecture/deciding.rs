//! One guard counts decisions: whoever acts on an approval asks it, and nobody counts beside it.
//! Reads the sources.
//! Must never be loosened for a door that is in a hurry: every door goes through the same ones.

use super::{nothing, texts_ending};

/// Words with which decisions are counted, and the only files that say them outside tests.
const COUNTED: [(&str, &[&str]); 6] = [
    (
        "standing(planned",
        &[
            "change/domain/src/approval/counting.rs",
            "change/domain/src/countersigned.rs",
            "change/domain/src/deciders.rs",
            "change/engine/src/commands/decide.rs",
            "change/engine/src/effects/approve.rs",
            "change/engine/src/effects/start.rs",
            // What it waits for, for those who look.
            "change/engine/src/holds.rs",
            "change/engine/src/overview.rs",
        ],
    ),
    (
        "Countersigned::verify(",
        &["bot/app/roles/exec.rs", "change/engine/src/effects/start.rs", "change/domain/src/countersigned.rs"],
    ),
    (".admits_under(", &["change/domain/src/approval/counting.rs", "change/domain/src/deciders.rs"]),
    (
        "Event::RuleMet",
        &[
            "change/domain/src/lifecycle.rs",
            "change/engine/src/commands/decide.rs",
            "change/engine/src/effects/approve.rs",
        ],
    ),
    ("Event::TicketUsed", &["change/domain/src/lifecycle.rs", "change/engine/src/effects/start.rs"]),
    ("seals.seal(", &["change/engine/src/commands/decide.rs"]),
];

/// Whether a line says the word itself, and not a longer one that ends with it.
fn says(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        word.starts_with('.') || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn decisions_are_counted_by_one_guard_and_asked_for_by_named_doors() {
    let sources = texts_ending(".rs");
    let sources = sources.iter().filter(|(name, _)| name.contains("/src/") || name.starts_with("bot/"));
    let sources: Vec<_> = sources.filter(|(name, _)| !name.contains("tests")).collect();
    let complaints = COUNTED.iter().flat_map(|(word, allowed)| {
        let said = sources.iter().filter(move |(_, text)| {
            text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| says(line, word))
        });
        said.filter(|(name, _)| !allowed.contains(&name.as_str())).map(move |(name, _)| format!("{name}: {word}"))
    });
    nothing(complaints.collect(), "decisions counted beside the guard");
}

#[test]
fn nobody_acts_without_having_counted() {
    for file in ["bot/app/roles/exec.rs", "change/engine/src/effects/start.rs"] {
        let sources = texts_ending(".rs");
        let (_, text) = sources.iter().find(|(name, _)| name == file).unwrap();
        assert!(text.contains("Countersigned::verify("), "{file}");
    }
}
