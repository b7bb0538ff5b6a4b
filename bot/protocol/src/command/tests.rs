//! Promises about commands: exact forms are commands, sentences are not.
//! Run with the crate's tests.
//! Must never reach the program.

use super::*;
use chopmark_domain::calendar::Zone;
use std::collections::BTreeSet;

fn id() -> Option<ChangeId> {
    ChangeId::parse("chg-7f3k").ok()
}

#[test]
fn approve_is_taken_in_its_exact_forms_only() {
    let approve =
        |change, confirm: Option<&str>| Some(Command::Approve { change, confirm: confirm.map(str::to_owned) });
    for (said, meant) in [
        ("approve", approve(None, None)),
        ("Approve.", approve(None, None)),
        ("approve chg-7f3k", approve(id(), None)),
        ("APPROVE CHG-7F3K", approve(id(), None)),
        ("批准", approve(None, None)),
        ("批准 chg-7f3k", approve(id(), None)),
        ("批准chg-7f3k", approve(id(), None)),
        ("approve chg-7f3k cart", approve(id(), Some("cart"))),
        ("approve chg-7f3k --confirm cart", approve(id(), Some("cart"))),
        ("approve --confirm cart", approve(None, Some("cart"))),
        ("approve --confirm=cart", approve(None, Some("cart"))),
    ] {
        assert_eq!(parse(said), meant, "{said}");
    }
    for sentence in [
        "yes",
        "ok",
        "looks good",
        "lgtm",
        "approved ✅",
        "approved",
        "同意了吧",
        "同意",
        "好的",
        "可以",
        "approve it",
        "approve?",
        "approve cart",
        "approve chg-7f3k please do",
        "should I approve chg-7f3k",
        "do not approve",
        "批准了吗",
        "批准它",
        "批准吧",
        "approve\nchg-7f3k",
        "approve chg-",
        "approve chg-7f3k!",
        "\"approve\"",
        "批准？",
        "👍",
    ] {
        assert_eq!(parse(sentence), None, "{sentence}");
    }
}

#[test]
fn a_sentence_that_begins_like_a_command_is_a_sentence() {
    for sentence in [
        "show me the pods",
        "list pods in shop",
        "show cart",
        "show chg-7f3k the prompt",
        "prompt me for a name",
        "cancel the deploy of cart",
        "undo what bob did",
        "status of cart",
        "explain this change",
        "explain chg-7f3k",
        "templates for a web service",
        "stop cart",
        "details of cart",
        "edit cart to 3 replicas",
        "audit verify everything",
        "list",
        "help me deploy cart",
        "查看 cart",
        "撤销昨天的变更",
        "取消 cart 的部署",
        "quit smoking",
        "resolve chg-7f3k somehow",
        "language",
    ] {
        let taken = parse(sentence);
        assert!(taken.is_none() || sentence == "list", "{sentence} was taken for {taken:?}");
    }
}

#[test]
fn every_word_of_the_registry_is_understood_and_belongs_to_one_command() {
    let mut seen = BTreeSet::new();
    for form in REGISTRY {
        for word in form.en.iter().chain(form.zh) {
            assert!(seen.insert(*word), "{word} is said twice");
            let said = match form.arguments {
                Arguments::ChangeAndResolution => format!("{word} chg-7f3k applied"),
                Arguments::ChangeAndTime => format!("{word} chg-7f3k now"),
                Arguments::Code => format!("{word} CM-4008"),
                Arguments::Language => format!("{word} zh"),
                _ => (*word).to_owned(),
            };
            assert!(parse(&said).is_some(), "{said}");
        }
        for language in [Language::En, Language::Zh] {
            assert!(crate::messages::find(language, form.help, &[]).is_some(), "{}", form.help);
        }
    }
}

#[test]
fn arguments_are_read_in_both_languages() {
    for (said, meant) in [
        ("reject too many replicas", Command::Reject { change: None, why: Some("too many replicas".into()) }),
        ("驳回:副本太多", Command::Reject { change: None, why: Some("副本太多".into()) }),
        ("reject chg-7f3k: not now", Command::Reject { change: id(), why: Some("not now".into()) }),
        ("edit chg-7f3k make it 3", Command::Edit { change: id(), words: "make it 3".into() }),
        ("edit", Command::Edit { change: None, words: String::new() }),
        ("details", Command::Details { change: None }),
        ("diff chg-7f3k", Command::Details { change: id() }),
        ("show chg-7f3k", Command::Show { change: id() }),
        ("show chg-7f3k --prompt", Command::Prompt { change: id() }),
        ("查看 --prompt", Command::Prompt { change: None }),
        ("prompt chg-7f3k", Command::Prompt { change: id() }),
        ("explain cm-4008", Command::Explain { code: Code::ClusterUnreachable }),
        ("解释 CM-4008", Command::Explain { code: Code::ClusterUnreachable }),
        ("lang zh", Command::Lang { pin: Pin::To(Language::Zh), whose: Whose::Mine }),
        ("语言 英文", Command::Lang { pin: Pin::To(Language::En), whose: Whose::Mine }),
        ("templates show web-service", Command::Templates { name: TemplateName::parse("web-service").ok() }),
        ("audit  verify", Command::AuditVerify),
        ("验证账本", Command::AuditVerify),
    ] {
        assert_eq!(parse(said), Some(meant), "{said}");
    }
    let resolve = |resolution| id().map(|change| Command::Resolve { change, resolution });
    assert_eq!(parse("resolve chg-7f3k not started"), resolve(Resolution::NotStarted));
    assert_eq!(parse("了结 chg-7f3k 部分生效"), resolve(Resolution::Partial));
}

#[test]
fn times_to_start_are_read_as_people_say_them_and_nothing_else_is() {
    let schedule = |change, when| Some(Command::Schedule { change, when });
    let at = |day, hour, minute, zone: &str| {
        let zone = Some(zone).filter(|zone| !zone.is_empty()).and_then(|zone| Zone::parse(zone).ok());
        When::At(At { day, time: jiff::civil::time(hour, minute, 0, 0), zone })
    };
    let december = Day::On(jiff::civil::date(2026, 12, 1));
    for (said, change, when) in [
        ("schedule chg-7f3k now", id(), When::Now),
        ("schedule now", None, When::Now),
        ("schedule chg-7f3k in nightly", id(), When::Window("nightly".into())),
        ("schedule chg-7f3k in the nightly window", id(), When::Window("nightly".into())),
        ("schedule chg-7f3k at 2026-12-01 22:00 Europe/Berlin", id(), at(december, 22, 0, "Europe/Berlin")),
        ("schedule chg-7f3k 2026-12-01 22:00", id(), at(december, 22, 0, "")),
        ("schedule at 22:00 utc", None, at(Day::Next, 22, 0, "UTC")),
        ("run it tonight at 22:00 Berlin", None, at(Day::Today, 22, 0, "Europe/Berlin")),
        ("run chg-7f3k tomorrow at 6:30am New York time", id(), at(Day::Tomorrow, 6, 30, "America/New_York")),
        ("start it at 10 pm in Shanghai", None, at(Day::Next, 22, 0, "Asia/Shanghai")),
        ("run it in the nightly window", None, When::Window("nightly".into())),
        ("今晚 22:00 上海时间执行 chg-7f3k", id(), at(Day::Today, 22, 0, "Asia/Shanghai")),
        ("今晚22点30分柏林时间执行", None, at(Day::Today, 22, 30, "Europe/Berlin")),
        ("明天 6:30 执行 chg-7f3k", id(), at(Day::Tomorrow, 6, 30, "")),
        ("在 2026-12-01 22:00 北京时间执行它", None, at(december, 22, 0, "Asia/Shanghai")),
        ("把 chg-7f3k 安排在明天 22:00 UTC", id(), at(Day::Tomorrow, 22, 0, "UTC")),
        ("定时 chg-7f3k 今晚 22点", id(), at(Day::Today, 22, 0, "")),
        ("安排 chg-7f3k 在窗口 nightly", id(), When::Window("nightly".into())),
        ("定时 chg-7f3k 现在", id(), When::Now),
    ] {
        assert_eq!(parse(said), schedule(change, when), "{said}");
    }
    for sentence in [
        "run nginx in shop",
        "run it in shop",
        "run it now",
        "run it",
        "run it at 22:00 with 3 replicas",
        "schedule a deploy of cart for tomorrow",
        "schedule chg-7f3k at 25:00",
        "schedule chg-7f3k at 22:00 Atlantis",
        "schedule chg-7f3k tonight at 01:00",
        "schedule chg-7f3k at 22:00 23:00",
        "start cart at 22:00",
        "执行 chg-7f3k",
        "今晚执行 cart",
        "今晚 22:00 部署 cart",
    ] {
        assert_eq!(parse(sentence), None, "{sentence}");
    }
}

#[test]
fn a_time_of_day_is_the_next_one_and_a_day_is_counted_where_the_clock_stands() {
    let [Ok(berlin), Ok(shanghai)] = ["Europe/Berlin", "Asia/Shanghai"].map(Zone::parse) else {
        unreachable!("both are in the database that is compiled in")
    };
    let said = |day, hour| At { day, time: jiff::civil::time(hour, 0, 0, 0), zone: None };
    let now = berlin.read("2026-11-30 23:30").unwrap_or(chopmark_domain::time::Timestamp(0));
    let moment = |at: At| at.moment(&berlin, now).map(|moment| berlin.written(moment)).unwrap_or_default();
    assert_eq!(moment(said(Day::Next, 22)), "2026-12-01 22:00 Europe/Berlin");
    assert_eq!(moment(said(Day::Today, 22)), "2026-11-30 22:00 Europe/Berlin");
    assert_eq!(moment(said(Day::Tomorrow, 22)), "2026-12-01 22:00 Europe/Berlin");
    let there = said(Day::Tomorrow, 22).moment(&shanghai, now).map(|moment| shanghai.written(moment));
    assert_eq!(there.as_deref(), Some("2026-12-02 22:00 Asia/Shanghai"), "it is tomorrow there already");
}
