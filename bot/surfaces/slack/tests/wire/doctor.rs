//! The doctor: what is there, what is missing, what is refused, each with words in both languages.
//! Run against what plays Slack.
//! Must never show a token.

use crate::kit::Scene;
use chopmark_domain::change::Language;
use chopmark_protocol::chat::{Chat, Check, Verdict};
use chopmark_protocol::messages::{Arg, text};
use serde_json::json;

fn keys(checks: &[Check]) -> Vec<(&'static str, Verdict)> {
    for check in checks {
        let args: Vec<(&str, Arg<'_>)> = check.args.iter().map(|(name, value)| (*name, Arg::from(value))).collect();
        for language in [Language::En, Language::Zh] {
            let words = text(language, check.key, &args);
            assert!(!words.contains(check.key) && !words.contains('{'), "{words}");
            assert!(!words.contains("xoxb-test") && !words.contains("xapp-test"));
        }
    }
    checks.iter().map(|check| (check.key, check.verdict)).collect()
}

const ALL: &str = "app_mentions:read,channels:history,groups:history,im:history,channels:read,groups:read,im:read,\
    im:write,chat:write,commands,files:write,reactions:write,usergroups:read,users:read";

#[tokio::test]
async fn a_set_up_that_works_is_said_to_work() {
    let Some(scene) = Scene::new(&[("SCOPES", ALL)]) else { return };
    assert_eq!(
        keys(&scene.slack.check().await),
        [
            ("doctor-slack-token", Verdict::Fine),
            ("doctor-slack-scopes", Verdict::Fine),
            ("doctor-slack-channels", Verdict::Fine),
            ("doctor-slack-socket", Verdict::Fine),
            ("doctor-slack-http", Verdict::Fine),
            ("doctor-slack-clock", Verdict::Fine),
        ]
    );
    scene.end().await;
}

#[tokio::test]
async fn every_part_that_is_missing_is_named() {
    let Some(scene) = Scene::new(&[("SCOPES", "chat:write,channels:read"), ("APP_TOKEN", "xapp-other")]) else {
        return;
    };
    scene.peer.control("set", json!({"strange": ["C0001"], "skew_s": 120})).await;
    let checks = scene.slack.check().await;
    assert_eq!(
        keys(&checks),
        [
            ("doctor-slack-token", Verdict::Fine),
            ("doctor-slack-scopes-missing", Verdict::Warning),
            ("doctor-slack-channels-none", Verdict::Warning),
            ("doctor-slack-socket-refused", Verdict::Failing),
            ("doctor-slack-http", Verdict::Fine),
            ("doctor-slack-clock-wrong", Verdict::Warning),
        ]
    );
    assert!(checks[1].args["scopes"].contains("usergroups:read"));
    scene.peer.control("set", json!({"revoked": true, "skew_s": 0})).await;
    let revoked = scene.slack.check().await;
    assert_eq!(keys(&revoked)[0], ("doctor-slack-token-refused", Verdict::Failing));
    scene.end().await;
}

#[tokio::test]
async fn slack_that_does_not_answer_is_one_line() {
    let Some(scene) = Scene::new(&[]) else { return };
    scene.peer.fault(json!({"method": "auth.test", "cut": "before"})).await;
    assert_eq!(keys(&scene.slack.check().await), [("doctor-slack-unreachable", Verdict::Failing)]);
    scene.end().await;
}
