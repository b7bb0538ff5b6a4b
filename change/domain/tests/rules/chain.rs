//! The ledger's chain: every single change to it is found, and named.
//! Run on the domain's verifier in memory; the store's tests do the same in the database.
//! Must never sample: every byte, every entry, every place.

use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::ledger::{Break, Entry, EntryDraft, EntryKind, Verifier, genesis};
use chopmark_domain::person::Actor;
use chopmark_domain::time::Timestamp;
use serde_json::json;

const ENTRIES: i64 = 1000;

fn chain_of(entries: i64) -> Vec<Entry> {
    let mut previous = genesis();
    (1..=entries)
        .map(|number| {
            let draft = EntryDraft {
                kind: EntryKind::Decided,
                actor: Actor::Person(PersonId::parse("terminal:1000").unwrap()),
                change: ChangeId::parse("chg-7f3k").ok(),
                digest: Some(Digest::of(b"plan")),
                payload: json!({"number": number, "text": "验\n"}),
            };
            let entry = draft.seal(number, Timestamp(1_800_000_000_000 + number), previous);
            previous = entry.hash;
            entry
        })
        .collect()
}

/// What the verifier says of a chain: the break, or how many entries are whole.
fn verdict(entries: &[Entry]) -> Result<i64, Break> {
    let mut verifier = Verifier::default();
    entries.iter().try_for_each(|entry| verifier.check(entry))?;
    Ok(verifier.count())
}

#[test]
fn a_chain_that_nobody_touched_is_whole() {
    let entries = chain_of(ENTRIES);
    assert_eq!(verdict(&entries), Ok(ENTRIES));
    assert!(entries.iter().all(|entry| entry.content().unwrap().sequence == entry.sequence));
    assert_eq!(verdict(&[]), Ok(0));
}

#[test]
fn every_flipped_byte_is_found_and_its_entry_named() {
    let mut verifier = Verifier::default();
    for entry in chain_of(ENTRIES) {
        for at in 0..entry.bytes.len() {
            // All eight bits of every byte would be the same code eight times; the bit moves along instead.
            let mut bytes = entry.bytes.clone().into_bytes();
            bytes[at] ^= 1 << (at % 7);
            // What is no text any more cannot even be read as an entry; the store names it.
            let Ok(bytes) = String::from_utf8(bytes) else { continue };
            let flipped = Entry { bytes, ..entry.clone() };
            assert_eq!(verifier.clone().check(&flipped), Err(Break::Edited(entry.sequence)), "byte {at}");
        }
        let other = Digest::of(b"other");
        for edited in [Entry { previous: other, ..entry.clone() }, Entry { hash: other, ..entry.clone() }] {
            assert_eq!(verifier.clone().check(&edited), Err(Break::Edited(entry.sequence)));
        }
        verifier.check(&entry).unwrap();
    }
}

#[test]
fn every_deletion_swap_and_insertion_is_found_and_named() {
    let entries = chain_of(60);
    for (index, entry) in entries.iter().enumerate() {
        let number = entry.sequence;
        let mut fewer = entries.clone();
        fewer.remove(index);
        let gap = Break::Gap { expected: number, found: number + 1 };
        // The last one is missed by whoever knows the size: head row or checkpoint.
        assert_eq!(verdict(&fewer), if number == 60 { Ok(59) } else { Err(gap) });

        for other in index + 1..entries.len() {
            let mut swapped = entries.clone();
            swapped.swap(index, other);
            let found = entries[other].sequence;
            assert_eq!(verdict(&swapped), Err(Break::Gap { expected: number, found }));
            // Swapped with their numbers put right, they no longer follow one another.
            swapped[index].sequence = number;
            swapped[other].sequence = found;
            assert_eq!(verdict(&swapped), Err(Break::Fork(number)));
        }

        let mut doubled = entries.clone();
        doubled.insert(index, entry.clone());
        assert_eq!(verdict(&doubled), Err(Break::Order(number)));

        // A forged entry that follows its neighbour, with every later one renumbered but not rewritten.
        let mut forged = entries[..index].to_vec();
        let previous = forged.last().map_or(genesis(), |last| last.hash);
        let draft = EntryDraft {
            kind: EntryKind::Decided,
            actor: Actor::System("nobody".to_owned()),
            change: None,
            digest: None,
            payload: json!({}),
        };
        forged.push(draft.seal(number, Timestamp(0), previous));
        forged.extend(entries[index..].iter().map(|entry| Entry { sequence: entry.sequence + 1, ..entry.clone() }));
        assert_eq!(verdict(&forged), Err(Break::Fork(number + 1)));
    }
}

#[test]
fn an_entry_whose_bytes_say_another_number_is_out_of_order() {
    let draft = |number| EntryDraft {
        kind: EntryKind::Alarm,
        actor: Actor::System("test".to_owned()),
        change: None,
        digest: None,
        payload: json!({ "number": number }),
    };
    let renumbered = Entry { sequence: 1, ..draft(1).seal(2, Timestamp(0), genesis()) };
    assert_eq!(verdict(&[renumbered]), Err(Break::Order(1)));
    let mut nonsense = draft(1).seal(1, Timestamp(0), genesis());
    nonsense.bytes = "not json".to_owned();
    nonsense.hash = chopmark_domain::ledger::chain(&nonsense.previous, &nonsense.bytes);
    assert_eq!(verdict(&[nonsense]), Err(Break::Order(1)));
}
