//! Promises about budgets: what goes is never cut, graphemes stay whole, nothing is refused for its length.
//! Run with the crate's tests.
//! Must never accept a cut that is not said.

use crate::kit;
use chopmark_domain::change::Language;
use chopmark_domain::plan::Verb;
use chopmark_protocol::budget::Budget;
use chopmark_protocol::card::Card;
use chopmark_protocol::line::plain;
use proptest::prelude::*;

#[test]
fn a_card_that_does_not_fit_keeps_every_delete_and_says_what_is_missing() {
    let card = Card::of(&kit::vast());
    // Discord's limit for one message.
    let budget = Budget::characters(2000);
    for language in [Language::En, Language::Zh] {
        let within = card.within(language, &kit::moment(), &budget);
        let text = plain(&within.lines);
        assert!(budget.holds(&text));
        assert!(text.contains("Deployment/shop/main"), "{text}");
        assert!((within.whole, within.losses_shown) == (false, true));
        assert!(text.lines().any(|line| line.contains("not shown") || line.contains("未显示")), "{text}");
    }
}

#[test]
fn deletes_that_do_not_fit_are_never_cut_but_move_the_approval_elsewhere() {
    let mut file = kit::severe();
    let actions = &mut kit::planned(&mut file).plan.steps.last_mut().unwrap().actions;
    actions.extend((0..500).map(|i| kit::action(Verb::Delete, "ConfigMap", &format!("ConfigMap/shop/n{i}"), vec![])));
    let within = Card::of(&file).within(Language::En, &kit::moment(), &Budget::characters(2000));
    assert!(!within.losses_shown && !within.whole);
    let text = plain(&within.lines);
    assert!(text.contains("503 resources") && text.contains("cannot be approved from this message"), "{text}");
}

#[test]
fn a_card_that_fits_is_whole() {
    let card = Card::of(&kit::edit());
    let within = card.within(Language::Zh, &kit::moment(), &Budget::UNLIMITED);
    assert!(within.whole && within.losses_shown);
    assert_eq!(within.lines, card.lines(Language::Zh, &kit::moment()));
}

#[test]
fn a_card_that_says_only_how_large_something_new_is_is_not_whole() {
    for file in [kit::create(), kit::root()] {
        let within = Card::of(&file).within(Language::En, &kit::moment(), &Budget::UNLIMITED);
        assert!(!within.whole && within.losses_shown, "what is new stands in the details, which go beside the card");
    }
}

#[test]
fn a_cut_never_splits_a_family_or_an_accent() {
    assert_eq!(Budget::characters(4).cut("a👨‍👩‍👧b"), "a…");
    assert_eq!(Budget { bytes: 5, ..Budget::UNLIMITED }.cut("e\u{301}e\u{301}"), "…");
    assert_eq!(Budget { utf16: 3, ..Budget::UNLIMITED }.cut("🚀🚀"), "🚀…");
    assert_eq!(Budget::characters(0).cut("ab"), "");
}

proptest! {
    #[test]
    fn cuts_and_parts_fit_whatever_the_unit(text in any::<String>(), size in 0_usize..40) {
        for budget in [
            Budget::characters(size),
            Budget { utf16: size, ..Budget::UNLIMITED },
            Budget { bytes: size, ..Budget::UNLIMITED },
        ] {
            prop_assert!(budget.holds(&budget.cut(&text)));
            for part in budget.split(&text) {
                prop_assert!(budget.holds(&part));
            }
        }
    }

    #[test]
    fn parts_hold_the_whole_text(text in "[a-z\n验]{0,300}") {
        let parts = Budget::characters(50).split(&text);
        let letters = |text: &str| text.chars().filter(|c| *c != '\n').collect::<String>();
        prop_assert_eq!(letters(&parts.concat()), letters(&text));
    }

    #[test]
    fn a_card_within_any_budget_fits_it(size in 0_usize..5000) {
        let budget = Budget::characters(size);
        for file in [kit::vast(), kit::severe(), kit::degraded()] {
            let within = Card::of(&file).within(Language::En, &kit::moment(), &budget);
            prop_assert!(budget.holds(&plain(&within.lines)));
            let text = plain(&within.lines);
            let named = Card::of(&file).resources.iter()
                .filter(|resource| matches!(resource.action, Verb::Delete | Verb::Replace))
                .all(|resource| text.contains(&resource.address));
            prop_assert_eq!(within.losses_shown && !named, false);
        }
    }
}
