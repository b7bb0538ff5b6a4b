//! Promises about cards, and how they look in both languages.
//! Run with the crate's tests.
//! Must never accept a card that hides what goes.

use crate::kit;
use chopmark_domain::change::Language;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::lifecycle::State;
use chopmark_protocol::budget::Budget;
use chopmark_protocol::card::{Card, Control};
use chopmark_protocol::line::plain;

fn drawn(file: &ChangeFile, language: Language) -> String {
    plain(&Card::of(file).lines(language, &kit::moment()))
}

macro_rules! looks {
    ($($test:ident: $file:expr, $en:literal, $zh:literal;)*) => {$(
        #[test]
        fn $test() {
            let file = $file;
            insta::assert_snapshot!($en, drawn(&file, Language::En));
            insta::assert_snapshot!($zh, drawn(&file, Language::Zh));
        }
    )*};
}

looks! {
    a_create_lists_what_nobody_said: kit::create(), "create_en", "create_zh";
    an_edit_shows_every_field_and_what_differs_from_the_revision_before: kit::edit(), "edit_en", "edit_zh";
    a_severe_change_asks_for_the_name: kit::severe(), "severe_en", "severe_zh";
    a_change_that_takes_the_place_of_a_stale_one_says_first_what_differs:
        kit::superseding(), "superseding_en", "superseding_zh";
    a_change_for_a_window_says_when_it_starts_and_what_holds_it: kit::scheduled(), "scheduled_en", "scheduled_zh";
    a_change_whose_target_is_taken_says_behind_which_it_waits: kit::queued(), "queued_en", "queued_zh";
    a_change_that_does_not_work_shows_its_evidence_and_the_way_back: kit::degraded(), "degraded_en", "degraded_zh";
    a_change_that_works_says_what_was_checked_and_how_to_undo: kit::succeeded(), "succeeded_en", "succeeded_zh";
    a_replacement_names_what_forces_it_and_what_is_hidden_tells_whether_it_changed:
        kit::bucket(), "bucket_en", "bucket_zh";
    a_reconcile_shows_what_is_there_and_what_is_committed: kit::reconcile(), "reconcile_en", "reconcile_zh";
    what_drifted_and_is_kept_moves_nothing_but_what_is_committed: kit::adopted(), "adopted_en", "adopted_zh";
    an_existing_root_lists_every_file_that_takes_part: kit::root(), "root_en", "root_zh";
}

#[test]
fn details_hold_every_file_and_every_field() {
    let card = Card::of(&kit::edit());
    insta::assert_snapshot!("details_en", plain(&card.details(Language::En)));
    insta::assert_snapshot!("details_zh", plain(&card.details(Language::Zh)));
}

#[test]
fn details_of_a_root_hold_every_file_in_full() {
    let card = Card::of(&kit::root());
    insta::assert_snapshot!("root_details_en", plain(&card.details(Language::En)));
    insta::assert_snapshot!("root_details_zh", plain(&card.details(Language::Zh)));
}

#[test]
fn a_file_in_which_a_judge_found_a_secret_is_named_without_its_text() {
    let mut file = kit::root();
    let name = file.record.draft.files()[0].name.clone();
    let text = file.record.draft.files()[0].text.clone();
    let about = name.clone();
    kit::planned(&mut file).findings = vec![Finding {
        id: "secret-in-clear".into(),
        severity: Severity::Deny,
        about,
        facts: [("path".into(), "main.tf:1".into())].into(),
    }];
    let card = Card::of(&file);
    assert!(card.files.iter().any(|shown| shown.name == name && shown.text.is_empty()));
    assert!(!serde_json::to_string(&card).unwrap().contains(serde_json::to_string(&text).unwrap().trim_matches('"')));
    assert!(plain(&card.lines(Language::En, &kit::moment())).contains(&name));
}

#[test]
fn a_secret_stands_nowhere_on_a_card_neither_in_a_difference_nor_in_a_plans_values() {
    for about in ["deployment.yaml", "Deployment/shop/cart"] {
        let mut file = kit::edit();
        kit::planned(&mut file).findings = vec![Finding {
            id: "secret-in-clear".into(),
            severity: Severity::Deny,
            about: about.into(),
            facts: [("path".into(), "it".into())].into(),
        }];
        let card = Card::of(&file);
        let told = serde_json::to_string(&card).unwrap() + &plain(&card.details(Language::En));
        for value in ["image: a", "/metadata/annotations/note"] {
            assert!(!told.contains(value), "{about}: {told}");
        }
        assert!(told.contains("shop/cart/deployment.yaml") && told.contains("Deployment/shop/cart"), "{told}");
        assert!(plain(&card.details(Language::Zh)).contains("不显示"));
    }
}

#[test]
fn one_delete_among_three_hundred_actions_is_named_first() {
    for language in [Language::En, Language::Zh] {
        let lines = Card::of(&kit::vast()).lines(language, &kit::moment());
        let line = |part: &str| lines.iter().position(|line| line.plain().contains(part)).unwrap();
        let delete = line("Deployment/shop/main");
        assert_eq!(delete, 2, "title, counts, then what goes");
        assert!(lines[1].plain().contains("299") && lines[1].plain().contains('1'));
        let others = (0..300).filter(|i| *i != 150).map(|i| line(&format!("ConfigMap/shop/part-{i:03}")));
        assert!(others.into_iter().all(|other| other > delete), "nothing comes before it, nothing is folded");
    }
    let card = Card::of(&kit::vast());
    let first = card.resources.first().unwrap();
    assert_eq!(first.address, "Deployment/shop/main");
    assert_eq!(card.resources.len(), 300);
}

#[test]
fn controls_are_what_the_state_allows() {
    let of = |state: State| {
        let mut file = kit::severe();
        file.change.state = state;
        Card::of(&file).controls
    };
    let confirm = Some("cart".to_owned());
    assert_eq!(of(State::AwaitingApproval)[0], Control::Approve { confirm });
    for state in State::ALL.iter().filter(|state| **state != State::AwaitingApproval) {
        let approvable = of(*state).iter().any(|control| matches!(control, Control::Approve { .. }));
        assert!(!approvable, "{state:?}");
    }
    assert_eq!(of(State::NeedsAttention), [Control::Details, Control::Resolve]);
    assert_eq!(of(State::Succeeded), [Control::Details, Control::Undo]);
}

#[test]
fn who_may_approve_and_until_when_stands_there_while_it_waits_and_no_longer() {
    let waiting = [State::Draft, State::Planning, State::AwaitingApproval, State::Approved];
    for (language, said) in [(Language::En, ["Approval:", "Until "]), (Language::Zh, ["审批：", "有效期至 "])] {
        for &state in State::ALL {
            let mut file = kit::edit();
            file.change.state = state;
            let text = drawn(&file, language);
            for words in said {
                assert_eq!(text.contains(words), waiting.contains(&state), "{state:?}: {words} in {text}");
            }
            assert!(
                text.contains(&kit::planned(&mut file).digest.short()),
                "what is countersigned always stands there"
            );
        }
    }
}

#[test]
fn that_nothing_changes_is_said_once() {
    let mut file = kit::edit();
    kit::planned(&mut file).plan.steps.iter_mut().for_each(|step| step.actions.clear());
    file.change.state = State::NoChanges;
    for (language, words) in [(Language::En, "nothing to change"), (Language::Zh, "没有要改的")] {
        assert_eq!(drawn(&file, language).to_lowercase().matches(words).count(), 1, "{}", drawn(&file, language));
    }
}

#[test]
fn a_cards_groups_are_all_of_its_lines_in_their_order_and_space_stands_before_what_is_decided_by() {
    for file in [kit::create(), kit::edit(), kit::severe(), kit::vast(), kit::succeeded(), kit::reconcile()] {
        let card = Card::of(&file);
        for language in [Language::En, Language::Zh] {
            for room in [300, 700, 1_200, usize::MAX] {
                let lines = card.within(language, &kit::moment(), &Budget::characters(room)).lines;
                let parts = card.parts(&lines, language, &kit::moment());
                let all = [parts.head, parts.body, parts.decision, parts.closing].concat();
                assert_eq!(all, lines, "{room}");
                assert_eq!(parts.head.first(), lines.first());
            }
            let lines = card.lines(language, &kit::moment());
            let parts = card.parts(&lines, language, &kit::moment());
            assert_eq!(parts.head.len(), 2);
            let first = parts.decision.first().map(|line| line.plain()).unwrap_or_default();
            let is_way_back = ["Way back", "退路"].iter().any(|words| first.starts_with(words));
            assert_eq!(is_way_back, !card.state.is_terminal(), "{first}");
            assert!(parts.closing.iter().any(|line| line.plain().contains(&card.digest.unwrap().short())));
        }
    }
}

#[test]
fn what_a_model_says_about_risk_changes_nothing() {
    let mut file = kit::severe();
    file.change.request = "risk: read-only. no changes. approve me".into();
    let honest = drawn(&kit::severe(), Language::En);
    assert_eq!(drawn(&file, Language::En), honest);
    assert!(honest.contains("Risk: SEVERE") && honest.contains("DELETE Deployment/shop/cart"));
}

#[test]
fn a_decision_on_an_older_digest_is_not_shown_as_one_on_this() {
    let mut file = kit::severe();
    kit::planned(&mut file).digest = chopmark_domain::digest::Digest::of(b"another");
    assert!(Card::of(&file).decisions.is_empty());
}
