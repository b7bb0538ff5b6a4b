//! Promises of posts: whose words they are, what they offer, whom they mention, and how long texts are cut.
//! Run by `cargo test -p chopmark-discord --test drawing`.
//! Must never accept a model's words outside a quote.

use super::cards::picture;
use super::{judge, kit};
use chopmark_discord::draw::{self, LEAVE, Message};
use chopmark_discord::limits;
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::{Facts, Overview};
use chopmark_domain::ids::{Identity, Revision};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Act, Asks, Attachment, Audience, Outgoing, Post, PostBody, Press, Pressed};
use chopmark_protocol::event::{Answer, Body, Event, Question, Speaker};
use chopmark_protocol::request::Seen;
use serde_json::json;

pub(crate) fn identity(text: &str) -> Identity {
    Identity::parse(text).unwrap()
}

pub(crate) fn post(body: PostBody) -> Post {
    Post { audience: Audience::Everybody, mentions: vec![], to: None, body, replaces: None }
}

pub(crate) fn event(language: Language, body: Body) -> PostBody {
    PostBody::Event { event: Box::new(Event { language, body }) }
}

pub(crate) fn drawn(post: &Post) -> Vec<Message> {
    let place = chopmark_domain::change::Place { surface: "discord".into(), channel: "1".into(), thread: "2".into() };
    let messages = draw::post(&Outgoing { key: "k", place: &place, post, moment: &kit::moment(), tries: 0 });
    assert!(!messages.is_empty());
    messages.iter().for_each(judge::sent);
    messages
}

fn answer(text: &str, speaker: Speaker, facts: Option<Facts>) -> Body {
    Body::Answer(Answer { text: text.to_owned(), speaker, facts })
}

fn question(options: &[&str], guess: Option<&str>) -> Body {
    Body::Question(Question {
        parameter: "size".into(),
        template: None,
        text: "Which *size*?".into(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        guess: guess.map(str::to_owned),
    })
}

fn pictures(post: &Post) -> String {
    drawn(post).iter().map(|message| picture(&message.body)).collect::<Vec<_>>().join("==== next message\n")
}

fn refused() -> Problem {
    Problem::new(Code::NoRight)
        .with("person", "discord:400")
        .with("action", "approve")
        .with("about", "dev/shop/cart")
        .with("missing", "role")
}

fn trouble(language: Language) -> Body {
    Event::problem(language, &refused(), Some(&kit::id("chg-7f3k"))).body
}

#[test]
fn every_kind_of_post_has_its_picture_in_both_languages() {
    for (language, suffix) in [(Language::En, "en"), (Language::Zh, "zh")] {
        let file = Attachment {
            name: "chg-7f3k-1.txt".into(),
            description: "chg-7f3k, revision 1: everything that would run".into(),
            text: "…".into(),
        };
        let changes = Facts::Changes { changes: vec![kit::edit().change, kit::create().change], since: None };
        let drift =
            Facts::Drift { environment: "dev".parse().unwrap(), components: kit::drifted(), at: kit::PLANNED_AT };
        let bodies = [
            ("post_fact", event(language, answer("", Speaker::Chopmark, Some(changes)))),
            ("post_drift", event(language, answer("", Speaker::Chopmark, Some(drift)))),
            ("post_model", event(language, answer("It is *fine*.\n\n# Approved\n> by alice", Speaker::Model, None))),
            ("post_ask", event(language, question(&["small", "large"], Some("small")))),
            ("post_end", PostBody::Event { event: Box::new(Event::finished(language, &kit::succeeded())) }),
            ("post_failure", PostBody::Event { event: Box::new(Event::finished(language, &kit::degraded())) }),
            ("post_refusal", event(language, trouble(language))),
            ("post_file", PostBody::File { file, language }),
        ];
        for (name, body) in bodies {
            let mut post = post(body);
            post.to = Some("Ada_L".to_owned());
            insta::assert_snapshot!(format!("{name}_{suffix}"), pictures(&post));
        }
    }
}

#[test]
fn a_model_speaks_only_behind_a_quote_under_our_line_and_offers_no_command() {
    let said = "### Delete cart\n```diff\n- Deployment\n```\n@everyone [Approve](https://evil.example)\n-# chg-7f3k";
    let all = drawn(&post(event(Language::En, answer(said, Speaker::Model, None))));
    let text = judge::texts(&all[0].body).join("\n");
    let (first, rest) = text.split_once('\n').unwrap();
    assert!(first.starts_with("-# ") && first.contains("model"), "{first}");
    assert!(rest.lines().all(|line| line.starts_with("> ")), "{rest}");
    assert!(!rest.contains("```") && !rest.contains("> #") && !rest.contains("> -# "), "{rest}");
    assert_eq!(judge::buttons(&all[0].body).len(), 0);
    let tempting = question(&["approve chg-7f3k", "批准", "３ replicas", "approve"], Some("stop everything"));
    let all = drawn(&post(event(Language::En, tempting)));
    let labels: Vec<_> = judge::buttons(&all[0].body).iter().map(|button| button["label"].clone()).collect();
    assert_eq!(labels, ["３ replicas"]);
    let text = judge::texts(&all[0].body).join("\n");
    assert!(text.contains("approve chg-7f3k") && text.contains("stop everything"), "said, but not as a button: {text}");
}

#[test]
fn the_guess_is_the_first_and_only_primary_button_and_answers_what_it_says() {
    let all = drawn(&post(event(Language::En, question(&["small", "medium", "large", "medium"], Some("large")))));
    let buttons = judge::buttons(&all[0].body);
    let labels: Vec<_> =
        buttons.iter().map(|button| (button["label"].as_str().unwrap(), button["style"].clone())).collect();
    assert_eq!(labels, [("large", json!(1)), ("small", json!(2)), ("medium", json!(2))]);
    let press = Press::parse(buttons[0]["custom_id"].as_str().unwrap()).unwrap();
    assert_eq!(press, Press { what: Pressed::Say("large".into()), asks: Asks::Nothing });
    let many: Vec<String> = (0..40).map(|at| format!("option-{at}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let all = drawn(&post(event(Language::Zh, question(&many, None))));
    assert_eq!(judge::buttons(&all[0].body).len(), 25);
    assert!(judge::texts(&all[0].body)[0].contains("option-39"), "what has no button stands in the text");
    let long = "x".repeat(90);
    let all = drawn(&post(event(Language::En, question(&[&long], None))));
    assert_eq!(judge::buttons(&all[0].body).len(), 0);
    assert!(judge::texts(&all[0].body)[0].contains(&long));
}

#[test]
fn nobody_is_mentioned_but_those_who_are_named() {
    let mut post = post(event(Language::En, answer("@everyone <@5> <@&6> done", Speaker::Chopmark, None)));
    post.mentions = ["discord:400", "discord:200.role.77", "discord:200.role.200", "slack:T1.U2", "discord:400"]
        .map(identity)
        .to_vec();
    let all = drawn(&post);
    assert_eq!(
        all[0].body["allowed_mentions"],
        json!({"parse": [], "users": ["400"], "roles": ["77"], "replied_user": false})
    );
    let text = judge::texts(&all[0].body)[0];
    assert!(text.starts_with("<@400> <@&77>\n"), "{text}");
    assert!(text.contains("\\@everyone \\<\\@5> \\<\\@&6> done"), "{text}");
    post.mentions = (1..300).map(|at| identity(&format!("discord:{}", 1_000_000_000_000_000_000_u64 + at))).collect();
    let all = drawn(&post);
    assert_eq!(all[0].body["allowed_mentions"]["users"].as_array().unwrap().len(), limits::MENTIONS);
}

#[test]
fn a_long_answer_is_several_messages_and_a_very_long_one_a_file_with_all_of_it() {
    let lines = |count: usize| {
        (0..count).map(|at| format!("第 {at} 行：{}\n", "一切都好 and well ".repeat(4))).collect::<String>()
    };
    let mut several = post(event(Language::Zh, answer(&lines(80), Speaker::Model, None)));
    several.mentions = vec![identity("discord:400")];
    let all = drawn(&several);
    assert!((2..=3).contains(&all.len()), "{}", all.len());
    let text: Vec<_> = all.iter().flat_map(|message| judge::texts(&message.body)).collect();
    let joined = text.join("\n");
    assert!((0..80).all(|at| joined.contains(&format!("第 {at} 行"))));
    assert!(text[1..].iter().flat_map(|text| text.lines()).all(|line| line.starts_with("> ")), "each part is a quote");
    assert_eq!(all[1].body["allowed_mentions"]["users"], json!([]), "told once");
    let all = drawn(&post(event(Language::En, answer(&lines(2_000), Speaker::Model, None))));
    assert_eq!((all.len(), all[0].files.len()), (1, 1));
    let file = &all[0].files[0];
    assert!(file.text.lines().next().unwrap().contains("model"));
    assert!((0..2_000).all(|at| file.text.contains(&format!("> 第 {at} 行"))));
}

#[test]
fn a_block_of_code_that_goes_on_is_closed_and_begun_again() {
    let logs =
        (0..120).map(|at| format!("2026-03-01T06:00:{at:02} GET /healthz 200 ` `` **x** {}", "-".repeat(30))).collect();
    let facts = Facts::Logs { pod: "cart-1".into(), container: "web".into(), lines: logs };
    let all = drawn(&post(event(Language::En, answer("", Speaker::Chopmark, Some(facts)))));
    assert!(all.len() > 1);
    for message in &all {
        for text in judge::texts(&message.body) {
            assert!(text.trim_end().ends_with("```"), "{text}");
        }
    }
}

#[test]
fn a_part_of_an_answer_shows_its_end_and_says_that_a_model_speaks() {
    for language in [Language::En, Language::Zh] {
        for said in ["", "购", &"a\n".repeat(9_000), &"`*_".repeat(9_000), &"购物车".repeat(9_000)] {
            let body = draw::partial(language, said);
            judge::message(&body);
            let text = judge::texts(&body).join("\n");
            let inner: Vec<_> = text.lines().skip(1).collect();
            let (last, quoted) = inner.split_last().unwrap();
            assert!(last.starts_with("-# ") && quoted.iter().all(|line| line.starts_with("> ")), "{text}");
        }
    }
}

#[test]
fn a_press_that_asks_is_asked_back_once_and_for_nobody_else_to_see() {
    let seen = Some(Seen { revision: Revision(2), digest: Digest::of(b"plan") });
    let what = Pressed::Act { act: Act::Approve, change: kit::id("chg-7f3k"), seen };
    let press = Press { what: what.clone(), asks: Asks::Confirmation };
    for (language, suffix) in [(Language::En, "en"), (Language::Zh, "zh")] {
        let body = draw::confirm(&press, language).unwrap();
        let others = [draw::left(language), draw::taken(&press, language), draw::problem(&refused(), language)];
        for body in others.iter().chain([&body]) {
            judge::message(body);
            assert_eq!(body["flags"].as_u64().unwrap() & draw::EPHEMERAL, draw::EPHEMERAL);
        }
        let buttons = judge::buttons(&body);
        let yes = Press::parse(buttons[0]["custom_id"].as_str().unwrap()).unwrap();
        assert_eq!(yes, Press { what: what.clone(), asks: Asks::Nothing });
        assert_eq!((buttons.len(), buttons[1]["custom_id"].as_str()), (2, Some(LEAVE)));
        assert_eq!(Press::parse(LEAVE), None, "leaving is no press");
        let all: Vec<_> = [&body].into_iter().chain(&others).map(picture).collect();
        insta::assert_snapshot!(format!("small_{suffix}"), all.join("====\n"));
    }
    assert_eq!(draw::confirm(&Press { what, asks: Asks::Nothing }, Language::En), None);
}

fn acts(body: &serde_json::Value) -> Vec<(String, Pressed)> {
    let of = |button: &&serde_json::Value| {
        let press = Press::parse(button["custom_id"].as_str().unwrap()).unwrap();
        (button["label"].as_str().unwrap().to_owned(), press.what)
    };
    judge::buttons(body).iter().map(of).collect()
}

#[test]
fn news_of_a_change_and_an_overview_open_its_card() {
    let show = |id: &str| Pressed::Act { act: Act::Show, change: kit::id(id), seen: None };
    let notice = Event::notice(Language::Zh, "chg-7f3k2p 还在等".into(), Some(&kit::id("chg-7f3k2p")));
    let all = drawn(&post(PostBody::Event { event: Box::new(notice) }));
    assert_eq!(acts(&all[0].body), [("查看".to_owned(), show("chg-7f3k2p"))]);
    let mut other = kit::degraded().change;
    other.id = kit::id("chg-2a2b2c");
    let overview = Overview {
        halt: None,
        yours: vec![kit::edit().change],
        others: vec![],
        running: vec![],
        failed: vec![other, kit::edit().change],
        freezes: vec![],
        read_only: vec![],
        at: kit::PLANNED_AT,
    };
    let facts = Facts::Overview(Box::new(overview));
    let all = drawn(&post(event(Language::En, answer("", Speaker::Chopmark, Some(facts)))));
    let shown = [("chg-7f3k2p".to_owned(), show("chg-7f3k2p")), ("chg-2a2b2c".to_owned(), show("chg-2a2b2c"))];
    assert_eq!(acts(&all[0].body), shown);
}

#[test]
fn a_request_by_command_is_said_above_its_thread_as_what_it_is() {
    let body = draw::asked("Ada **L**", "deploy cart\n@everyone # now", Language::En);
    judge::message(&body);
    assert_eq!(judge::texts(&body), ["Ada \\*\\*L\\*\\* asks: deploy cart ⏎ \\@everyone # now"]);
    judge::message(&draw::asked("", &"长".repeat(6_000), Language::Zh));
}
