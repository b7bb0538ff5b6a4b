//! Promises of the card: its states in both languages, what stands first, and when it can be approved.
//! Run by `cargo test -p chopmark-discord --test drawing`.
//! Must never accept a card that hides a delete.

use super::{judge, kit};
use chopmark_discord::draw::{card, moved};
use chopmark_domain::approval::SelfApproval;
use chopmark_domain::change::Language;
use chopmark_domain::draft::Action;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::State;
use chopmark_domain::plan::Verb;
use chopmark_protocol::card::Card;
use chopmark_protocol::chat::{Act, Asks, CardView, Content, Drawn, Press, Pressed};
use serde_json::{Value, json};

pub(crate) fn drawn(file: &ChangeFile, language: Language, content: Content, progress: Option<&str>) -> Drawn {
    let card = Card::of(file);
    let drawn = self::card(CardView { card: &card, language, moment: &kit::moment(), progress, content });
    judge::message(&drawn.body);
    assert_eq!(drawn.body["allowed_mentions"], json!({"parse": [], "users": [], "roles": [], "replied_user": false}));
    drawn
}

/// A message as a person reads its source: texts, lines, colours and buttons.
pub(crate) fn picture(body: &Value) -> String {
    let mut out = String::new();
    for part in judge::all_parts(body) {
        match part["type"].as_u64().unwrap() {
            17 => out.push_str(&format!("|#{:06x}\n", part["accent_color"].as_u64().unwrap())),
            10 => out.push_str(&format!("{}\n", part["content"].as_str().unwrap())),
            14 => out.push_str("────\n"),
            13 => out.push_str(&format!("{{{}}}\n", part["file"]["url"].as_str().unwrap())),
            2 => {
                let style =
                    ["", "primary", "plain", "", "danger"][usize::try_from(part["style"].as_u64().unwrap()).unwrap()];
                let off = if part["disabled"] == true { " off" } else { "" };
                out.push_str(&format!(
                    "[{}] {style}{off} {}\n",
                    part["label"].as_str().unwrap(),
                    short(&part["custom_id"])
                ));
            }
            _ => {}
        }
    }
    out
}

fn short(id: &Value) -> String {
    id.as_str().unwrap().chars().take(26).collect()
}

fn states() -> Vec<(&'static str, ChangeFile, Content, Option<&'static str>)> {
    let mut planning = kit::create();
    planning.change.state = State::Planning;
    planning.record.planned = None;
    let mut running = kit::edit();
    running.change.state = State::Executing;
    let mut expired = kit::edit();
    expired.change.state = State::Expired;
    let mut rejected = kit::severe();
    rejected.change.state = State::Rejected;
    vec![
        ("state_planning", planning, Content::Missing, Some("terraform plan: reading the state of dev/shop/cart_1")),
        ("state_create", kit::create(), Content::Missing, None),
        ("state_delivered", kit::create(), Content::Delivered, None),
        ("state_edit", kit::edit(), Content::Missing, None),
        ("state_severe", kit::severe(), Content::Missing, None),
        ("state_scheduled", kit::scheduled(), Content::Missing, None),
        ("state_queued", kit::queued(), Content::Missing, None),
        ("state_running", running, Content::Delivered, Some("Deployment/shop/cart: 1 of 3 pods are ready")),
        ("state_degraded", kit::degraded(), Content::Delivered, None),
        ("state_succeeded", kit::succeeded(), Content::Delivered, None),
        ("state_rejected", rejected, Content::Delivered, None),
        ("state_expired", expired, Content::Delivered, None),
        ("state_superseding", kit::superseding(), Content::Missing, None),
        ("state_bucket", kit::bucket(), Content::Missing, None),
        ("state_root", kit::root(), Content::Missing, None),
        ("state_reconcile", kit::reconcile(), Content::Missing, None),
        ("state_adopted", kit::adopted(), Content::Missing, None),
    ]
}

#[test]
fn every_state_has_its_picture_in_both_languages() {
    for (name, file, content, progress) in states() {
        for (language, suffix) in [(Language::En, "en"), (Language::Zh, "zh")] {
            let drawn = drawn(&file, language, content, progress);
            assert!(drawn.losses_shown, "{name}");
            insta::assert_snapshot!(format!("{name}_{suffix}"), picture(&drawn.body));
        }
    }
}

fn pressed(body: &Value, act: Act) -> Option<(Press, bool)> {
    judge::buttons(body).into_iter().find_map(|button| {
        let press = Press::parse(button["custom_id"].as_str()?)?;
        let is = matches!(&press.what, Pressed::Act { act: other, .. } if *other == act);
        is.then(|| (press, button["disabled"] == false))
    })
}

#[test]
fn a_card_that_fits_can_be_approved_and_its_button_names_what_was_seen() {
    let file = kit::edit();
    let card = Card::of(&file);
    let (press, enabled) = pressed(&drawn(&file, Language::En, Content::Missing, None).body, Act::Approve).unwrap();
    assert!(enabled);
    let Pressed::Act { change, seen, .. } = press.what else { panic!("an act") };
    assert_eq!((change, seen.map(|seen| seen.digest)), (card.change.clone(), card.digest));
    let severe = drawn(&kit::severe(), Language::En, Content::Missing, None);
    assert_eq!(pressed(&severe.body, Act::Approve).unwrap().0.asks, Asks::Form, "severe risk asks for the name");
}

#[test]
fn a_card_that_does_not_fit_waits_for_its_file_and_never_cuts_a_delete() {
    let file = kit::vast();
    for language in [Language::En, Language::Zh] {
        let waits = drawn(&file, language, Content::Missing, None);
        assert!(!waits.whole && waits.losses_shown);
        assert!(!pressed(&waits.body, Act::Approve).unwrap().1, "not before the whole content is here");
        let texts = judge::texts(&waits.body).join("\n");
        let (delete, update) =
            (texts.find("Deployment/shop/main").unwrap(), texts.find("ConfigMap/shop/part-000").unwrap());
        assert!(delete < update, "what goes stands first");
        let beside = drawn(&file, language, Content::Delivered, None);
        assert!(pressed(&beside.body, Act::Approve).unwrap().1);
    }
    insta::assert_snapshot!(
        "vast",
        judge::texts(&drawn(&file, Language::En, Content::Missing, None).body).last().unwrap()
    );
}

fn deletes(count: usize, address: &str) -> ChangeFile {
    let actions =
        (0..count).map(|at| kit::action(Verb::Delete, "ConfigMap", &format!("{address}-{at:03}"), vec![])).collect();
    let mut file = kit::waiting(Action::Delete, vec![kit::step("kubernetes", "uid/shop", actions)]);
    kit::planned(&mut file).rule = kit::rule(1, SelfApproval::Allowed);
    file
}

#[test]
fn deletes_that_do_not_fit_are_said_so_and_the_card_cannot_be_approved() {
    for content in [Content::Missing, Content::Delivered] {
        for (language, suffix) in [(Language::En, "en"), (Language::Zh, "zh")] {
            let all = drawn(&deletes(100, "ConfigMap/shop/part"), language, content, None);
            let texts = judge::texts(&all.body).join("\n");
            assert!(all.losses_shown && (0..100).all(|at| texts.contains(&format!("part-{at:03}"))));
            let many = drawn(&deletes(400, "ConfigMap/shop/part"), language, content, Some("…"));
            assert!(!many.losses_shown && !many.whole);
            assert!(!pressed(&many.body, Act::Approve).unwrap().1);
            assert!(pressed(&many.body, Act::Details).is_some_and(|(_, enabled)| enabled), "details are open");
            if content == Content::Delivered {
                insta::assert_snapshot!(format!("deletes_{suffix}"), picture(&many.body));
            }
        }
    }
}

#[test]
fn a_card_that_moved_leaves_a_line_without_a_button() {
    let card = Card::of(&kit::edit());
    let view = CardView {
        card: &card,
        language: Language::En,
        moment: &kit::moment(),
        progress: None,
        content: Content::Delivered,
    };
    let left = moved(view).body;
    judge::message(&left);
    assert_eq!(judge::texts(&left), ["-# The card of chg-7f3k2p stands further down now."]);
    assert!(judge::buttons(&left).is_empty());
}

#[test]
fn names_full_of_marks_leave_less_room_and_still_every_delete_is_whole() {
    // With a fence in them they are drawn as words, where each of these needs a mark of its own.
    for count in 1..60 {
        let drawn = drawn(&deletes(count, "a_b*c```d|e~[f]_购物车"), Language::Zh, Content::Missing, None);
        let texts = judge::texts(&drawn.body).join("\n").replace('\\', "");
        if drawn.losses_shown {
            assert!((0..count).all(|at| texts.contains(&format!("a_b*c```d|e~[f]_购物车-{at:03}"))), "{count}");
        } else {
            assert!(count > 20, "{count} fit");
        }
    }
}
