//! Promises about commands: exact forms are commands, sentences are not.
//! Run with the crate's tests.
//! Must never reach the program.

use super::*;
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
        ("lang zh", Command::Lang { language: Language::Zh }),
        ("语言 英文", Command::Lang { language: Language::En }),
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
