//! The table of all sixty cases: each is attacked by a test of its number, or waits for a part that is named.
//! Reads the sources beside it.
//! Must never let a case be in neither list, or in both.

use std::collections::BTreeSet;

/// Cases that wait, with the part that they wait for.
const WAITING: [(u8, &str); 0] = [];

/// Cases that are attacked here, with doors that join when their part does.
const DOORS_TO_COME: [(u8, &str); 8] = [
    (1, "the web"),
    (2, "accounts of the web that are linked"),
    (28, "links in the web"),
    (41, "names through the web's API"),
    (50, "the web"),
    (51, "the support bundle, the web, traces and metrics"),
    (54, "PostgreSQL"),
    (56, "PostgreSQL with workers on several machines"),
];

/// The numbers in the names of tests of a source.
fn numbers(source: &str) -> BTreeSet<u8> {
    let names = source.lines().filter_map(|line| line.trim_start().strip_prefix("fn p"));
    let mut found = BTreeSet::new();
    for name in names {
        let words: Vec<_> = name.split('(').next().unwrap_or_default().split('_').collect();
        let number = |word: &str| word.trim_start_matches('p').parse::<u8>().ok().filter(|_| word.len() <= 3);
        let mut before: Option<u8> = None;
        for (place, word) in words.iter().enumerate() {
            let Some(here) = number(word) else {
                if *word == "to" && before.is_some() {
                    continue;
                }
                break;
            };
            if place > 0 && words[place - 1] == "to" {
                found.extend(before.unwrap_or(here)..=here);
            }
            found.insert(here);
            before = Some(here);
        }
    }
    found
}

#[test]
fn every_case_is_attacked_or_waits_for_a_part_that_is_named() {
    let sources = [
        include_str!("binding.rs"),
        include_str!("chat_text.rs"),
        include_str!("chats.rs"),
        include_str!("configurations.rs"),
        include_str!("decisions.rs"),
        include_str!("ingress.rs"),
        include_str!("kubernetes.rs"),
        include_str!("ledger.rs"),
        include_str!("model.rs"),
        include_str!("output.rs"),
        include_str!("races.rs"),
        include_str!("rendering.rs"),
        include_str!("repositories.rs"),
        include_str!("runners.rs"),
    ];
    let attacked: BTreeSet<u8> = sources.iter().flat_map(|source| numbers(source)).collect();
    let waiting: BTreeSet<u8> = WAITING.iter().map(|(number, _)| *number).collect();
    assert_eq!(attacked.intersection(&waiting).collect::<Vec<_>>(), Vec::<&u8>::new(), "it waits no more");
    let all: BTreeSet<u8> = attacked.union(&waiting).copied().collect();
    assert_eq!(all, (1..=60).collect());
    for (number, part) in DOORS_TO_COME {
        assert!(attacked.contains(&number) && !part.is_empty(), "P{number:02} has no door yet");
    }
}
