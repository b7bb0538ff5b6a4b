//! Promises about hostile text: it is shown, and does nothing.
//! Run with the crate's tests.
//! Must never accept a raw control or direction-changing character in any line.

use crate::kit;
use chopmark_domain::change::{Difference, Language};
use chopmark_domain::facts::{ChangeFile, Facts, HealthReport, Trouble};
use chopmark_domain::facts::{EventSummary, Health};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{Caveat, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{ObjectReference, Origin};
use chopmark_domain::run::Verification;
use chopmark_protocol::card::Card;
use chopmark_protocol::escape::is_hazardous;
use chopmark_protocol::event::Event;
use chopmark_protocol::line::Line;
use chopmark_protocol::view;
use proptest::prelude::*;

/// A change that holds the text wherever text from outside can stand.
fn soaked(text: &str) -> ChangeFile {
    let mut file = kit::degraded();
    let problem = Problem::new(Code::ClusterRefused).with("about", text).with("reason", text);
    file.change.request = text.into();
    file.change.problem = Some(problem.clone());
    file.change.verification = Some(Verification::Failed { problem, evidence: vec![text.into()] });
    file.record.differences =
        vec![Difference { what: text.into(), before: Some(text.into()), after: Some(text.into()) }];
    file.record.proposal.environment_origin = Origin::OutsideText(text.into());
    let planned = kit::planned(&mut file);
    planned.rule.written_at = text.into();
    planned.findings.push(Finding {
        id: "floating-tag".into(),
        severity: Severity::Deny,
        about: text.into(),
        facts: [("image".to_owned(), text.to_owned())].into(),
    });
    planned.findings.push(Finding { id: text.into(), severity: Severity::Note, about: text.into(), facts: [].into() });
    let mut odd = kit::action(
        Verb::Replace,
        text,
        text,
        vec![
            kit::field(text, Some(kit::json(text)), Some(kit::json(&format!("{text}\n{text}")))),
            kit::field(text, None, Some(chopmark_domain::plan::Shown::Hidden(text.into()))),
        ],
    );
    odd.because = Some(text.into());
    let step = planned.plan.steps.last_mut().unwrap();
    step.actions.push(odd);
    step.caveats.push(Caveat { key: text.into(), about: text.into() });
    file
}

fn is_clean(lines: &[Line]) -> bool {
    lines.iter().all(|line| !line.plain().chars().any(is_hazardous))
}

fn facts(text: &str) -> Vec<Facts> {
    let object = ObjectReference {
        api_version: "v1".into(),
        kind: text.into(),
        namespace: Some(text.into()),
        name: text.into(),
    };
    vec![
        Facts::Logs { pod: text.into(), container: text.into(), lines: vec![text.into()] },
        Facts::Events {
            events: vec![EventSummary {
                object,
                severity: text.into(),
                reason: text.into(),
                message: text.into(),
                count: 2,
                at: kit::PLANNED_AT,
            }],
        },
        Facts::Health(HealthReport {
            subject: text.into(),
            health: Health::Unhealthy,
            ready: 0,
            wanted: 2,
            troubles: vec![Trouble { kind: text.into(), object: text.into(), evidence: vec![text.into()] }],
            at: kit::PLANNED_AT,
        }),
    ]
}

/// Text with more than its share of what terminals obey and eyes miss.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        Just("\u{1b}[2J\u{1b}]0;pwn\u{7}".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}".to_owned()),
        Just("\r\n\u{85}\u{9b}31m\u{2028}".to_owned()),
        Just("@everyone <@&1> ``` # Approve".to_owned()),
    ];
    proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_reaches_a_line_with_a_raw_control_or_direction_mark(text in nasty()) {
        let file = soaked(&text);
        let card = Card::of(&file);
        for language in [Language::En, Language::Zh] {
            prop_assert!(is_clean(&card.lines(language, &kit::moment())));
            prop_assert!(is_clean(&card.details(language)));
            for facts in facts(&text) {
                prop_assert!(is_clean(&view::facts(&facts, language, &kit::moment())));
            }
            let event = Event::finished(language, &file);
            let line = event.to_json_line().unwrap();
            prop_assert!(!line.chars().any(is_hazardous));
            let back: Event = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(back, event);
            let card = Event::card(language, &file);
            let back: Event = serde_json::from_str(&card.to_json_line().unwrap()).unwrap();
            prop_assert_eq!(back, card);
        }
    }
}
