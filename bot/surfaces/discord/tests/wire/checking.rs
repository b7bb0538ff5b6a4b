//! The look at the set-up: what is wrong is named, with a way to mend it, in both languages.
//! Run against the HTTP API alone.
//! Must never show the token.

use crate::kit::{Scene, options};
use crate::peer::Peer;
use chopmark_discord::Options;
use chopmark_domain::change::Language;
use chopmark_protocol::chat::{Chat as _, Check, Verdict};
use chopmark_protocol::messages::{Arg, find};
use serde_json::json;

/// The lines that are not fine, by key, each with its words in both languages.
fn wrong(checks: &[Check]) -> Vec<&'static str> {
    for check in checks {
        let args: Vec<_> = check.args.iter().map(|(name, value)| (*name, Arg::from(value))).collect();
        for language in [Language::En, Language::Zh] {
            let said = find(language, check.key, &args).expect("it has words");
            assert!(!said.contains("TEST.TOKEN") && !said.contains('…'), "{said}");
            if check.verdict != Verdict::Fine {
                assert!(find(language, &format!("{}.fix", check.key), &args).is_some(), "{}", check.key);
            }
        }
    }
    checks.iter().filter(|check| check.verdict != Verdict::Fine).map(|check| check.key).collect()
}

#[tokio::test]
async fn a_good_set_up_is_fine_and_everything_that_is_not_is_named() {
    let Some(peer) = Peer::start() else { return };
    let scene = Scene::quiet(peer);
    let checks = scene.chat.check().await;
    assert_eq!(wrong(&checks), Vec::<&str>::new());
    assert_eq!(checks.len(), 7, "{checks:?}");

    let cases = [
        (json!({ "skew_s": 400 }), "doctor-discord-clock-off"),
        (json!({ "skew_s": 0, "no_content": true }), "doctor-discord-intent-missing"),
        // Only: view channel, send messages.
        (json!({ "no_content": false, "permissions": "3072" }), "doctor-discord-channels-missing"),
        (json!({ "permissions": "0" }), "doctor-discord-channels-none"),
        (json!({ "servers": 0 }), "doctor-discord-servers-none"),
        (json!({ "revoked": true }), "doctor-discord-token-refused"),
    ];
    for (settings, key) in cases {
        scene.peer.act("set", settings).await;
        assert_eq!(wrong(&scene.chat.check().await), [key]);
    }
    scene.end().await;
}

#[tokio::test]
async fn a_wrong_key_and_an_address_where_nobody_answers_are_named() {
    let Some(peer) = Peer::start() else { return };
    let other = Options {
        public_key: Some("67c6bd767ca099e79efac9fcce4d2022a63bf7dea780e7f3d813f694c1597089".to_owned()),
        ..options(&peer)
    };
    let scene = Scene::made(peer, other);
    assert_eq!(wrong(&scene.chat.check().await), ["doctor-discord-key-other"]);
    let nowhere = Options { api: Some("http://127.0.0.1:1".to_owned()), ..options(&scene.peer) };
    let lost = scene.with(nowhere);
    assert_eq!(wrong(&lost.check().await), ["doctor-discord-unreachable"]);
    scene.end().await;
}
