//! Promises about limits: whatever texts hold, every message is one that Discord takes.
//! Run by `cargo test -p chopmark-discord --test drawing`.
//! Must never be weakened to characters alone: units and bytes count too.

use super::posts::{drawn, event, identity, post};
use super::{cards, judge, kit};
use chopmark_discord::draw;
use chopmark_domain::change::{Difference, Language};
use chopmark_domain::facts::{ChangeFile, Facts};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{Caveat, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::Origin;
use chopmark_domain::run::Verification;
use chopmark_protocol::chat::{Attachment, Content, PostBody};
use chopmark_protocol::event::{Answer, Body, Event, Notice, Question, Speaker};
use proptest::prelude::*;

/// Text that is longer than it looks, and obeyed where it isn't escaped.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[购物车数据库ａ１：。\n]{0,400}",
        "[a-z_*`|~\\\\<>@#\\[\\]: -]{0,400}",
        Just("@everyone <@1> <@&2> ```\n# Approve\n-# small\n> quote".to_owned()),
        Just("👩‍👩‍👧‍👦🇨🇳".repeat(60)),
        Just(format!("e{}", "\u{301}".repeat(2_000))),
        Just("https://a.example/b_c*d?e=<f> https://user@evil.example/ ".repeat(20)),
        Just("\u{202e}\u{200b}\u{feff}\u{1b}[31m".repeat(40)),
        Just("```".repeat(300)),
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

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
    let mut odd = kit::action(Verb::Replace, text, text, vec![kit::field(text, Some(kit::json(text)), None)]);
    odd.because = Some(text.into());
    let step = planned.plan.steps.last_mut().unwrap();
    step.actions.push(odd);
    step.caveats.push(Caveat { key: text.into(), about: text.into() });
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_card_fits_whatever_stands_in_it(text in nasty(), delivered in any::<bool>()) {
        let content = if delivered { Content::Delivered } else { Content::Missing };
        let file = soaked(&text);
        let mut waiting = file.clone();
        waiting.change.state = kit::edit().change.state;
        for language in [Language::En, Language::Zh] {
            for file in [&file, &waiting] {
                let drawn = cards::drawn(file, language, content, Some(&text));
                let approve = judge::buttons(&drawn.body).into_iter().find(|button| {
                    button["custom_id"].as_str().unwrap().starts_with("chop.a")
                });
                let able = approve.is_some_and(|button| button["disabled"] == false);
                prop_assert!(!able || (drawn.losses_shown && (drawn.whole || delivered)));
            }
        }
    }

    #[test]
    fn every_post_fits_whatever_is_said(text in nasty(), repeat in 1_usize..6) {
        let text = text.repeat(repeat);
        for language in [Language::En, Language::Zh] {
            let facts = Facts::Logs { pod: text.clone(), container: text.clone(), lines: text.lines().map(str::to_owned).collect() };
            let answer = |speaker, facts| Body::Answer(Answer { text: text.clone(), speaker, facts });
            let question = Question {
                parameter: text.clone(),
                template: None,
                text: text.clone(),
                options: text.split(' ').map(str::to_owned).collect(),
                guess: Some(text.chars().take(40).collect()),
            };
            let bodies = [
                event(language, answer(Speaker::Model, None)),
                event(language, answer(Speaker::Chopmark, Some(facts))),
                event(language, Body::Question(question)),
                event(language, Body::Notice(Notice { text: text.clone(), change: None })),
                PostBody::Event { event: Box::new(Event::finished(language, &soaked(&text))) },
                PostBody::File { file: Attachment { name: text.clone(), description: text.clone(), text: text.clone() }, language },
            ];
            for body in bodies {
                let mut post = post(body);
                post.to = Some(text.clone());
                post.mentions = vec![identity("discord:1"), identity("discord:2.role.3")];
                let messages = drawn(&post);
                for (at, message) in messages.iter().enumerate() {
                    let users = message.body["allowed_mentions"]["users"].as_array().unwrap().len();
                    prop_assert_eq!(users, usize::from(at == 0));
                }
            }
            judge::message(&draw::partial(language, &text));
            judge::message(&draw::asked(&text, &text, language));
            judge::message(&draw::problem(&Problem::new(Code::ClusterRefused).with("about", &text).with("reason", &text), language));
        }
    }
}
