//! Promises about posts: whose words they are, who is notified, what becomes of long ones.
//! Run with the others.
//! Must never accept a model's words without the line over them.

use crate::{judge, kit, picture};
use chopmark_domain::change::{Language, Place};
use chopmark_domain::facts::{Facts, Overview};
use chopmark_domain::ids::Identity;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Attachment, Audience, Outgoing, Post, PostBody, Press, Pressed};
use chopmark_protocol::event::{Answer, Body, Event, Notice, Question, Speaker};
use chopmark_slack::draw::{self, Message};

pub(crate) fn post_of(body: PostBody) -> Post {
    Post { audience: Audience::Everybody, mentions: vec![], to: None, body, replaces: None }
}

pub(crate) fn event(language: Language, body: Body) -> PostBody {
    PostBody::Event { event: Box::new(Event::new(language, body)) }
}

/// The messages of a post, each judged.
pub(crate) fn sent(post: &Post) -> Vec<Message> {
    let place = Place { surface: "slack".into(), channel: "C1".into(), thread: "1.2".into() };
    let messages = draw::post(&Outgoing { key: "k", place: &place, post, moment: &kit::moment(), tries: 0 });
    let ids: Vec<&str> = post.mentions.iter().filter_map(|id| id.as_str().rsplit('.').next()).collect();
    for message in &messages {
        assert_eq!(judge::message(&message.body, &ids), Vec::<String>::new());
    }
    assert!(!messages.is_empty());
    messages
}

fn looks(post: &Post) -> String {
    let of = |message: &Message| {
        let files = message.files.iter().map(|file| format!("\nfile {}: {}", file.name, file.description));
        picture::of(&message.body) + &files.collect::<String>()
    };
    sent(post).iter().map(of).collect::<Vec<_>>().join("\n\n")
}

fn answer(language: Language, speaker: Speaker, text: &str, facts: Option<Facts>) -> Post {
    post_of(event(language, Body::Answer(Answer { text: text.into(), speaker, facts })))
}

fn question(options: &[&str], guess: Option<&str>) -> Post {
    post_of(event(
        Language::En,
        Body::Question(Question {
            parameter: "replicas".into(),
            template: None,
            text: "How many replicas?".into(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            guess: guess.map(str::to_owned),
        }),
    ))
}

fn buttons(message: &Message) -> Vec<(String, Press, Option<String>)> {
    let blocks = message.body["blocks"].as_array().unwrap();
    let all = blocks
        .iter()
        .filter(|block| block["type"] == "actions")
        .flat_map(|block| block["elements"].as_array().unwrap());
    all.map(|button| {
        let text = |name: &str| button[name].as_str().map(str::to_owned);
        (
            button["text"]["text"].as_str().unwrap().to_owned(),
            Press::parse(&text("action_id").unwrap()).unwrap(),
            text("style"),
        )
    })
    .collect()
}

#[test]
fn every_kind_of_post_looks_right_in_both_languages() {
    for (language, name) in [(Language::En, "posts_en"), (Language::Zh, "posts_zh")] {
        let file = kit::degraded();
        let problem = Problem::new(Code::WrongState).with("change", "chg-7f3k2p").with("state", "expired");
        let model = "I looked at **cart**: `replicas` is 2.\n```yaml\nreplicas: 2\n```\nSee [the page](https://evil.example/x).";
        let facts = Facts::Change(Box::new(kit::create()));
        let overview = Overview {
            halt: None,
            yours: vec![kit::edit().change],
            others: vec![],
            running: vec![],
            failed: vec![kit::degraded().change],
            freezes: vec![],
            read_only: vec![],
            at: kit::PLANNED_AT,
        };
        let posts = [
            answer(language, Speaker::Model, model, Some(facts)),
            answer(language, Speaker::Chopmark, "", Some(Facts::Overview(Box::new(overview)))),
            answer(
                language,
                Speaker::Chopmark,
                "",
                Some(Facts::Drift {
                    environment: "dev".parse().unwrap(),
                    components: kit::drifted(),
                    at: kit::PLANNED_AT,
                }),
            ),
            question(&["2", "3"], Some("3")),
            post_of(PostBody::Event { event: Box::new(Event::finished(language, &file)) }),
            post_of(PostBody::Event { event: Box::new(Event::finished(language, &kit::succeeded())) }),
            post_of(PostBody::Event { event: Box::new(Event::problem(language, &problem, None)) }),
            post_of(event(
                language,
                Body::Notice(Notice { text: "A notice.".into(), change: Some(kit::id("chg-7f3k2p")) }),
            )),
            post_of(PostBody::File {
                file: Attachment {
                    name: "chg-7f3k2p-1.txt".into(),
                    description: "Everything".into(),
                    text: "x".into(),
                },
                language,
            }),
        ];
        let mut shown: Vec<String> = posts.iter().map(looks).collect();
        let partial = draw::partial(language, "I looked at **cart");
        assert_eq!(judge::message(&partial, &[]), Vec::<String>::new());
        shown.push(picture::of(&partial));
        shown.push(picture::of(&draw::problem(&problem, language)));
        shown.push(picture::of(&draw::asked("Ada", "deploy <!channel> cart", language)));
        insta::assert_snapshot!(name, shown.join("\n\n"));
    }
}

#[test]
fn a_models_words_are_a_quote_under_our_line_in_every_message_they_take() {
    let words =
        (0..400).map(|i| format!("Line {i} of what I think, with some more words.")).collect::<Vec<_>>().join("\n");
    for speaker_line in ["A model says"] {
        let messages = sent(&answer(Language::En, Speaker::Model, &words, None));
        assert!(messages.len() > 1, "it is long");
        for message in messages.iter().filter(|message| message.files.is_empty()) {
            let blocks = message.body["blocks"].as_array().unwrap();
            assert!(blocks[0].to_string().contains(speaker_line), "{}", blocks[0]);
            let quoted = blocks.iter().skip(1).flat_map(|block| block["elements"].as_array().unwrap());
            assert!(quoted.clone().all(|element| element["type"] == "rich_text_quote"));
            assert!(quoted.count() > 0);
        }
    }
}

#[test]
fn a_model_cannot_draw_what_looks_like_a_card_or_a_button() {
    let forged = "# Delete shop/cart from prod\n*Risk: low*\n<!channel> <@U1> <https://evil.example|Approve>\n[Approve](https://evil.example)\n> quote\n| a | b |";
    let post = answer(Language::En, Speaker::Model, forged, None);
    let message = &sent(&post)[0];
    let blocks = message.body["blocks"].as_array().unwrap();
    assert!(blocks.iter().all(|block| block["type"] == "rich_text"), "no header, no buttons");
    assert!(picture::words(&message.body).contains("[Approve](https://evil.example)"), "a link is as it was written");
}

#[test]
fn code_between_fences_keeps_its_columns_and_is_never_cut_in_two_by_a_fence() {
    let code = (0..300).map(|i| format!("    line_{i} = \"value\"")).collect::<Vec<_>>().join("\n");
    let messages = sent(&answer(Language::En, Speaker::Model, &format!("Here:\n```hcl\n{code}\n```\nDone."), None));
    let words: String = messages.iter().map(|message| picture::words(&message.body)).collect();
    assert!(!words.contains("```"), "the fence itself is drawn, not written");
    assert!((0..300).all(|i| words.contains(&format!("    line_{i} = \"value\""))), "whole lines, in columns");
    let open = sent(&answer(Language::En, Speaker::Model, "```\nnobody closed this", None));
    assert!(picture::of(&open[0].body).contains("┃  nobody closed this"));
}

#[test]
fn what_is_longer_than_three_messages_becomes_a_file_with_every_word() {
    let words = (0..3_000).map(|i| format!("第 {i} 行：生产环境的副本数与镜像版本。")).collect::<Vec<_>>().join("\n");
    let messages = sent(&answer(Language::Zh, Speaker::Chopmark, &words, None));
    assert_eq!(messages.len(), 2);
    let file = &messages[1].files[0];
    assert!(file.text.contains("第 2999 行") && file.text.lines().count() == 3_000);
    assert!(picture::words(&messages[0].body).contains("answer.txt"));
    assert!(messages[1].body["blocks"].as_array().unwrap().iter().all(|block| block["type"] != "actions"));
}

#[test]
fn the_parts_of_a_long_answer_hold_every_line_in_order() {
    let words = (0..500).map(|i| format!("line {i:04}")).collect::<Vec<_>>();
    let messages = sent(&answer(Language::En, Speaker::Chopmark, &words.join("\n"), None));
    let all: String = messages.iter().map(|message| picture::words(&message.body)).collect();
    let at: Vec<usize> = words.iter().map(|line| all.find(line.as_str()).expect("every line")).collect();
    assert!(at.is_sorted());
}

#[test]
fn the_guess_is_the_first_button_and_the_likely_one() {
    let found = buttons(&sent(&question(&["2", "3", "5"], Some("3")))[0]);
    let labels: Vec<_> = found.iter().map(|(label, _, style)| (label.as_str(), style.as_deref())).collect();
    assert_eq!(labels, [("3", Some("primary")), ("2", None), ("5", None)]);
    assert!(matches!(&found[0].1.what, Pressed::Say(words) if words == "3"));
}

#[test]
fn an_answer_that_would_be_a_command_or_is_too_long_gets_no_button_but_its_line() {
    let long = "x".repeat(120);
    let post = question(&["approve chg-7f3k2p", "批准 chg-7f3k2p", "stop everything", &long, "2", "2"], None);
    let message = &sent(&post)[0];
    let labels: Vec<_> = buttons(message).into_iter().map(|(label, ..)| label).collect();
    assert_eq!(labels, ["2"]);
    let words = picture::words(&message.body);
    assert!(words.contains("approve chg-7f3k2p") && words.contains(&long));
}

#[test]
fn only_those_whom_the_post_names_are_notified_and_only_once() {
    let mut post = answer(Language::En, Speaker::Chopmark, &"word <@U999> <!here>\n".repeat(900), None);
    post.mentions =
        ["slack:T1.U02", "slack:T1.S03", "slack:T1.U02", "discord:77"].map(|id| Identity::parse(id).unwrap()).into();
    post.to = Some("<@U777> Ada *x*".into());
    let messages = sent(&post);
    assert!(messages.len() > 1);
    let text = messages[0].body["text"].as_str().unwrap();
    assert!(text.starts_with("<@U02> <!subteam^S03> word"), "{text}");
    let mentions = |message: &Message| message.body.to_string().matches("\"user_id\"").count();
    assert_eq!(mentions(&messages[0]), 1);
    assert!(messages.iter().skip(1).all(|message| mentions(message) == 0));
    assert!(messages[0].body.to_string().contains("\"usergroup_id\":\"S03\""));
    assert!(picture::words(&messages[0].body).contains("To <@U777> Ada *x*:"), "a name is only text");
}
