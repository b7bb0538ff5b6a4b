//! Promises about hostile and foreign text: whatever it says, every message is within the limits and nothing is alive.
//! Run with the others.
//! Must never accept a mention, link or block that outside text made.

use crate::posts::{event, post_of, sent};
use crate::{cards, judge, kit};
use chopmark_domain::change::{Difference, Language};
use chopmark_domain::facts::{ChangeFile, Facts, Health, HealthReport, Trouble};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::Verb;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Verification;
use chopmark_protocol::card::Card;
use chopmark_protocol::chat::{Attachment, Content, PostBody};
use chopmark_protocol::event::{Answer, Body, Event, Notice, Progress, Question, Speaker};
use chopmark_slack::draw;
use proptest::prelude::*;

/// Text with more than its share of what Slack obeys and eyes miss.
pub(crate) fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[生产环境副本镜像，。：\n ]{0,200}",
        "[\"\\\\\n\t<>&*_~`|]{0,200}",
        Just("<!channel> <!here> <@U0001> <!subteam^S0001> <#C0001>".to_owned()),
        Just("<https://evil.example|https://bank.example> [x](https://evil.example)".to_owned()),
        Just("```\n*Approve* :white_check_mark: @everyone @here\n> quote\n# head".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}\u{1b}[2J\r\u{85}\u{2028}".to_owned()),
        Just("👨‍👩‍👧‍👦e\u{301}\u{301}\u{301}".repeat(30)),
        Just("{\"type\":\"actions\",\"elements\":[]}".to_owned()),
    ];
    proptest::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

/// A change that holds the text wherever text from outside can stand.
fn soaked(text: &str) -> ChangeFile {
    let mut file = kit::degraded();
    let problem = Problem::new(Code::ClusterRefused).with("about", text).with("reason", text);
    file.change.problem = Some(problem.clone());
    file.change.verification = Some(Verification::Failed { problem, evidence: vec![text.into()] });
    file.record.differences = vec![Difference { what: text.into(), before: Some(text.into()), after: None }];
    let planned = kit::planned(&mut file);
    planned.rule.written_at = text.into();
    planned.findings.push(Finding { id: text.into(), severity: Severity::Deny, about: text.into(), facts: [].into() });
    let fields = vec![kit::field(text, Some(kit::json(text)), Some(kit::json(&text.repeat(2))))];
    let mut odd = kit::action(Verb::Replace, text, text, fields);
    odd.because = Some(text.into());
    planned.plan.steps.last_mut().unwrap().actions.push(odd);
    file
}

fn bodies(text: &str) -> Vec<Body> {
    let report = HealthReport {
        subject: text.into(),
        health: Health::Unhealthy,
        ready: 0,
        wanted: 2,
        troubles: vec![Trouble { kind: text.into(), object: text.into(), evidence: vec![text.into()] }],
        at: kit::PLANNED_AT,
    };
    let logs = Facts::Logs { pod: text.into(), container: text.into(), lines: vec![text.into(); 4] };
    let answer = |speaker, facts| Body::Answer(Answer { text: text.into(), speaker, facts });
    vec![
        answer(Speaker::Model, Some(logs)),
        answer(Speaker::Chopmark, Some(Facts::Health(report))),
        Body::Question(Question {
            parameter: text.into(),
            template: None,
            text: text.into(),
            options: vec![text.into(), "2".into(), text.chars().take(60).collect()],
            guess: Some(text.into()),
        }),
        Body::Progress(Progress {
            change: kit::id("chg-7f3k2p"),
            state: None,
            key: text.into(),
            about: text.into(),
            text: text.into(),
        }),
        Body::Notice(Notice { text: text.into(), change: None }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_card_is_within_the_limits_and_nothing_on_it_is_alive(text in nasty(), times in 1_usize..20) {
        for text in [text.clone(), text.repeat(times)] {
            let file = soaked(&text);
            for language in [Language::En, Language::Zh] {
                for content in [Content::Missing, Content::Delivered] {
                    cards::drawn(&file, language, content, Some(&text));
                }
            }
        }
    }

    #[test]
    fn every_post_is_within_the_limits_and_nothing_in_it_is_alive(text in nasty(), times in 1_usize..20) {
        for text in [text.clone(), text.repeat(times)] {
            for body in bodies(&text) {
                let mut post = post_of(event(Language::Zh, body));
                post.to = Some(text.clone());
                sent(&post);
            }
            let file = soaked(&text);
            sent(&post_of(PostBody::Event { event: Box::new(Event::finished(Language::En, &file)) }));
            let attachment = Attachment { name: "a.txt".into(), description: text.clone(), text: text.clone() };
            sent(&post_of(PostBody::File { file: attachment, language: Language::En }));
            for body in [draw::partial(Language::Zh, &text), draw::asked(&text, &text, Language::En)] {
                prop_assert_eq!(judge::message(&body, &[]), Vec::<String>::new());
            }
        }
    }

    #[test]
    fn what_goes_is_named_or_nobody_approves(count in 1_usize..400, name in "[a-z生产\"<]{1,40}") {
        let actions = (0..count).map(|i| kit::action(Verb::Delete, "ConfigMap", &format!("ConfigMap/{name}-{i:03}"), vec![]));
        let file = kit::waiting(chopmark_domain::draft::Action::Delete, vec![kit::step("kubernetes", "uid/shop", actions.collect())]);
        let drawn = cards::drawn(&file, Language::Zh, Content::Delivered, None);
        let words = crate::picture::words(&drawn.body);
        let named = Card::of(&file).resources.iter().all(|resource| words.contains(&resource.address));
        prop_assert_eq!(drawn.losses_shown, named);
        prop_assert_eq!(drawn.body.to_string().contains("chop.a"), named, "approve is offered only when every delete is there");
    }
}
