//! Promises about cards, and how they look in both languages.
//! Run with the others.
//! Must never accept a card that hides what goes or offers to approve what was not shown.

use crate::{judge, kit, picture};
use chopmark_domain::change::Language;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::lifecycle::State;
use chopmark_domain::plan::Verb;
use chopmark_domain::risk::{Risk, RiskReason};
use chopmark_protocol::card::Card;
use chopmark_protocol::chat::{Act, Asks, CardView, Content, Drawn, Press, Pressed};
use chopmark_slack::draw;
use serde_json::Value;

pub(crate) fn drawn(file: &ChangeFile, language: Language, content: Content, progress: Option<&str>) -> Drawn {
    let card = Card::of(file);
    let drawn = draw::card(CardView { card: &card, language, moment: &kit::moment(), progress, content });
    assert_eq!(judge::message(&drawn.body, &[]), Vec::<String>::new());
    drawn
}

fn buttons(body: &Value) -> Vec<Value> {
    let actions = body["blocks"].as_array().unwrap().iter().filter(|block| block["type"] == "actions");
    actions.flat_map(|block| block["elements"].as_array().unwrap().clone()).collect()
}

fn press(button: &Value) -> Press {
    Press::parse(button["action_id"].as_str().unwrap()).unwrap()
}

fn act(button: &Value) -> Act {
    match press(button).what {
        Pressed::Act { act, .. } => act,
        Pressed::Say(words) => panic!("{words}"),
    }
}

fn approves(body: &Value) -> bool {
    buttons(body).iter().any(|button| act(button) == Act::Approve)
}

macro_rules! looks {
    ($($test:ident: $file:expr, $progress:expr, $en:literal, $zh:literal;)*) => {$(
        #[test]
        fn $test() {
            let file = $file;
            for (language, name) in [(Language::En, $en), (Language::Zh, $zh)] {
                insta::assert_snapshot!(name, picture::of(&drawn(&file, language, Content::Missing, $progress).body));
            }
        }
    )*};
}

fn in_state(state: State) -> ChangeFile {
    let mut file = kit::edit();
    file.change.state = state;
    file
}

looks! {
    a_create_waits: kit::create(), None, "create_en", "create_zh";
    an_edit_shows_every_field: kit::edit(), None, "edit_en", "edit_zh";
    a_severe_change_names_what_goes_first: kit::severe(), None, "severe_en", "severe_zh";
    a_change_in_the_place_of_another_says_what_differs: kit::superseding(), None, "superseding_en", "superseding_zh";
    a_change_for_a_window_says_when: kit::scheduled(), None, "scheduled_en", "scheduled_zh";
    a_change_behind_another_says_so: kit::queued(), None, "queued_en", "queued_zh";
    a_running_change_shows_its_progress:
        in_state(State::Executing), Some("applying Deployment/shop/cart"), "executing_en", "executing_zh";
    a_change_that_does_not_work_shows_evidence: kit::degraded(), None, "degraded_en", "degraded_zh";
    a_change_that_works_offers_undo: kit::succeeded(), None, "succeeded_en", "succeeded_zh";
    an_expired_change_offers_to_plan_again: in_state(State::Expired), None, "expired_en", "expired_zh";
    an_unknown_end_asks_for_a_person: in_state(State::NeedsAttention), None, "attention_en", "attention_zh";
    a_long_terraform_plan_keeps_its_columns: kit::bucket(), None, "bucket_en", "bucket_zh";
    what_drifted_and_is_kept_is_recorded: kit::adopted(), None, "adopted_en", "adopted_zh";
    an_existing_root_lists_every_file: kit::root(), None, "root_en", "root_zh";
    a_reconcile_shows_both_sides: kit::reconcile(), None, "reconcile_en", "reconcile_zh";
}

/// The kinds of the elements of each block of rich text.
fn shapes(body: &Value) -> Vec<Vec<String>> {
    let kinds = |block: &Value| {
        let elements = block["elements"].as_array().unwrap();
        elements.iter().map(|element| element["type"].as_str().unwrap().to_owned()).collect()
    };
    body["blocks"].as_array().unwrap().iter().filter(|block| block["type"] == "rich_text").map(kinds).collect()
}

#[test]
fn a_list_stays_with_its_heading_where_a_block_ends() {
    // Longer and longer, so that a block's end comes to every place.
    for count in 1..40 {
        let mut file = kit::queued();
        let risks = &mut kit::planned(&mut file).risk_reasons;
        let one =
            RiskReason { risk: Risk::Moderate, key: "risk-restarts".into(), about: "Deployment/shop/cart".into() };
        risks.extend(std::iter::repeat_n(one, count));
        let body = drawn(&file, Language::En, Content::Missing, None).body;
        let blocks: Vec<String> = body["blocks"].as_array().unwrap().iter().map(Value::to_string).collect();
        let begun = blocks.iter().find(|block| block.contains("Assumed, because")).expect("what nobody said");
        assert!(begun.contains("environment") && begun.contains("64Mi"), "{count}: {blocks:#?}");
    }
}

#[test]
fn what_differs_stands_apart_from_what_is_planned() {
    let body = drawn(&kit::superseding(), Language::En, Content::Missing, None).body;
    let adjacent = |block: &Vec<String>| block.windows(2).any(|two| two == ["rich_text_preformatted"; 2]);
    assert!(!shapes(&body).iter().any(adjacent), "{:?}", shapes(&body));
    let texts = body["blocks"].to_string();
    assert!(!texts.contains("≠ Service/shop/cart: (nothing) → create\\n~"), "{texts}");
}

#[test]
fn approve_is_offered_only_once_everything_is_there() {
    let file = kit::vast();
    for (language, missing) in [(Language::En, "Approve appears here once"), (Language::Zh, "此处才会出现")] {
        let before = drawn(&file, language, Content::Missing, None);
        assert!(!before.whole && before.losses_shown && !approves(&before.body));
        assert!(picture::words(&before.body).contains(missing), "what is missing is said");
        let after = drawn(&file, language, Content::Delivered, None);
        assert!(approves(&after.body) && !picture::words(&after.body).contains(missing));
        assert!(picture::words(&after.body).contains("Deployment/shop/main"), "the delete among 300 is there");
    }
    let new = |content| drawn(&kit::create(), Language::En, content, None).body;
    assert!(!approves(&new(Content::Missing)), "of what is new the card says only how large it is");
    assert!(approves(&new(Content::Delivered)));
    let whole = drawn(&kit::edit(), Language::En, Content::Missing, None);
    assert!(whole.whole && approves(&whole.body), "what stands whole on the card needs no file");
}

#[test]
fn deletes_that_do_not_fit_take_approve_away_even_with_the_file_beside_them() {
    let mut file = kit::severe();
    let actions = &mut kit::planned(&mut file).plan.steps.last_mut().unwrap().actions;
    actions.extend((0..900).map(|i| kit::action(Verb::Delete, "ConfigMap", &format!("ConfigMap/shop/n{i}"), vec![])));
    for (language, said) in [(Language::En, "903 resources"), (Language::Zh, "903")] {
        let drawn = drawn(&file, language, Content::Delivered, None);
        assert!(!drawn.losses_shown && !drawn.whole && !approves(&drawn.body));
        let words = picture::words(&drawn.body);
        assert!(words.contains(said) && words.contains("chg-7f3k2p"), "{words}");
        assert!(buttons(&drawn.body).iter().any(|button| act(button) == Act::Reject), "it can still be rejected");
    }
}

#[test]
fn deletes_stand_first_whatever_else_is_left_out() {
    let mut file = kit::vast();
    let actions = &mut kit::planned(&mut file).plan.steps.last_mut().unwrap().actions;
    actions.extend(
        (0..150).map(|i| kit::action(Verb::Delete, "ConfigMap", &format!("ConfigMap/shop/gone-{i:03}"), vec![])),
    );
    let drawn = drawn(&file, Language::Zh, Content::Missing, None);
    assert!(drawn.losses_shown && !drawn.whole);
    let words = picture::words(&drawn.body);
    let last = (0..150).map(|i| words.find(&format!("ConfigMap/shop/gone-{i:03}")).expect("every delete")).max();
    assert!(words.find("ConfigMap/shop/part-").is_none_or(|other| Some(other) > last));
}

#[test]
fn a_moderate_change_is_confirmed_by_slacks_own_dialog_a_severe_one_by_a_form() {
    let mut moderate = kit::edit();
    kit::planned(&mut moderate).risk = Risk::Moderate;
    let body = drawn(&moderate, Language::En, Content::Missing, None).body;
    let approve = buttons(&body).into_iter().find(|button| act(button) == Act::Approve).unwrap();
    assert_eq!(press(&approve).asks, Asks::Nothing, "the dialog asked already");
    assert!(approve["confirm"]["text"]["text"].as_str().unwrap().contains("chg-7f3k2p"));
    assert_eq!(approve["style"], "primary");
    let body = drawn(&kit::severe(), Language::En, Content::Missing, None).body;
    let approve = buttons(&body).into_iter().find(|button| act(button) == Act::Approve).unwrap();
    assert_eq!((press(&approve).asks, approve["style"].as_str()), (Asks::Form, Some("danger")));
    assert!(approve.get("confirm").is_none());
    let low = drawn(&kit::edit(), Language::En, Content::Missing, None).body;
    assert!(buttons(&low).iter().all(|button| button.get("confirm").is_none()));
}

#[test]
fn every_button_says_what_it_does_to_what_and_carries_what_was_seen() {
    let file = kit::edit();
    let card = Card::of(&file);
    for language in [Language::En, Language::Zh] {
        let body = drawn(&file, language, Content::Missing, None).body;
        assert!(buttons(&body).len() > 3);
        for button in buttons(&body) {
            assert!(button["accessibility_label"].as_str().unwrap().ends_with(" chg-7f3k2p"), "{button}");
            let Pressed::Act { change, seen, .. } = press(&button).what else { panic!("{button}") };
            assert_eq!((change, seen.unwrap().digest), (card.change.clone(), card.digest.unwrap()));
        }
        let primary = buttons(&body).iter().filter(|button| button["style"] == "primary").count();
        assert!(primary <= 1, "one likely button at most");
    }
}

#[test]
fn a_finished_card_offers_no_decision() {
    for state in [State::Succeeded, State::Rejected, State::Expired, State::Failed, State::Superseded] {
        let body = drawn(&in_state(state), Language::En, Content::Delivered, None).body;
        assert!(buttons(&body).iter().all(|button| !matches!(act(button), Act::Approve | Act::Reject | Act::Edit)));
    }
}

#[test]
fn a_title_longer_than_a_header_is_a_line_and_not_cut() {
    let mut file = kit::edit();
    let name = format!("{}/{}/{}", "e".repeat(60), "g".repeat(60), "n".repeat(60));
    file.change.component = name.parse().unwrap();
    file.record.draft.component = file.change.component.clone();
    let body = drawn(&file, Language::En, Content::Missing, None).body;
    assert!(body["blocks"].as_array().unwrap().iter().all(|block| block["type"] != "header"));
    assert!(picture::words(&body).contains(&"n".repeat(60)));
}

#[test]
fn in_the_place_of_a_card_that_moved_stands_a_line_with_nothing_to_press() {
    let card = Card::of(&kit::edit());
    for language in [Language::En, Language::Zh] {
        let content = Content::Delivered;
        let moved = draw::moved(CardView { card: &card, language, moment: &kit::moment(), progress: None, content });
        assert_eq!(judge::message(&moved.body, &[]), Vec::<String>::new());
        assert!(buttons(&moved.body).is_empty() && picture::words(&moved.body).contains("chg-7f3k2p"));
    }
}
