//! Rules about single files: the head of three lines, the length, nothing of one machine in them.
//! Reads every file that git knows.
//! Must never list an exception without its reason.

use super::{nothing, texts, texts_ending};

/// Past so many lines a file has more than one subject.
const LONGEST: usize = 400;

/// Files that are longer, with the reason.
const LONGER: [(&str, &str); 0] = [];

#[test]
fn every_source_file_says_its_purpose_its_caller_and_what_it_must_never_do() {
    let complaints = texts_ending(".rs")
        .into_iter()
        .filter_map(|(name, text)| {
            let head: Vec<_> = text.lines().take_while(|line| line.starts_with("//!")).collect();
            let said = head.len() >= 2 && head.join(" ").replace("//!", "").to_lowercase().contains("must never");
            (!said).then_some(name)
        })
        .collect();
    nothing(complaints, "a file begins with `//!` lines: purpose; who calls it; what it must never do");
}

#[test]
fn no_source_file_has_grown_a_second_subject() {
    let complaints = texts_ending(".rs")
        .into_iter()
        .filter(|(name, _)| !LONGER.iter().any(|(longer, _)| longer == name))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    nothing(complaints, "files longer than the limit; split them, or name them with the reason");
}

#[test]
fn nothing_in_the_repository_belongs_to_one_machine() {
    // Written in halves, so that this file does not complain about itself.
    let places = [
        ["/ro", "ot/"].concat(),
        ["/wo", "rk/"].concat(),
        ["/home/", "ubuntu"].concat(),
        ["/Us", "ers/"].concat(),
        ["index.crates.io", "-"].concat(),
        ["/opt/wh", "eels"].concat(),
    ];
    let complaints = texts()
        .into_iter()
        .flat_map(|(name, text)| {
            let found: Vec<_> = places.iter().filter(|place| text.contains(place.as_str())).cloned().collect();
            found.into_iter().map(move |place| format!("{name}: {place}"))
        })
        .collect();
    nothing(complaints, "paths and addresses of one machine");
}

#[test]
fn no_promise_is_put_off_in_the_code() {
    let words = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X:"].concat()];
    let complaints = texts()
        .into_iter()
        .filter(|(name, _)| name.ends_with(".rs") || name.ends_with(".toml") || name.starts_with("tests/"))
        .flat_map(|(name, text)| {
            let found: Vec<_> = words.iter().filter(|word| text.contains(word.as_str())).cloned().collect();
            found.into_iter().map(move |word| format!("{name}: {word}"))
        })
        .collect();
    nothing(complaints, "notes about unfinished work");
}
