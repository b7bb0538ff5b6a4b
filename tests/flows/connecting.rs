//! Connecting Discord and Slack: from nothing to a section that works, tokens unseen, and what the doctor says of it.
//! Runs the real program against what plays each platform.
//! Must never let a token be seen: on a screen, in a file that others read, in a log, in what scripts get.

use crate::kit::chat::{BOTH, Platform, Which};
use crate::kit::scene::{Finished, Scene};
use crate::kit::screen::Screen;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// A platform that is played, and a scene whose configuration knows only where it is.
fn beside(which: Which) -> Option<(Platform, Scene)> {
    let platform = Platform::start(which)?;
    let api = match which {
        Which::Discord => format!("[discord]\napi = \"http://{}\"\n", platform.place),
        Which::Slack => format!("[slack]\napi = \"http://{}/api\"\n", platform.place),
    };
    let scene = Scene::with_config(&format!("# ours\n{api}"));
    Some((platform, scene))
}

/// Files with its tokens, and the flags that name them.
fn given(platform: &Platform, scene: &Scene) -> Vec<String> {
    let flags: &[&str] = match platform.which {
        Which::Discord => &["--token-file"],
        Which::Slack => &["--bot-token-file", "--app-token-file"],
    };
    let files = flags.iter().zip(platform.tokens()).flat_map(|(flag, (name, token))| {
        let file = scene.path(&format!("work/{name}"));
        std::fs::write(&file, format!("{token}\n")).unwrap();
        [(*flag).to_owned(), file.display().to_string()]
    });
    files.collect()
}

fn connect(platform: &Platform, scene: &Scene, more: &[String]) -> Finished {
    let fixed = ["init", platform.surface()].map(str::to_owned);
    let words: Vec<String> = fixed.into_iter().chain(more.iter().cloned()).collect();
    let finished = scene.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    for (_, token) in platform.tokens() {
        assert!(!finished.words().contains(&token), "{}", finished.words());
    }
    finished
}

fn config(scene: &Scene) -> String {
    std::fs::read_to_string(scene.path("home/.config/chopmark/config.toml")).unwrap()
}

fn secrets(scene: &Scene) -> Vec<PathBuf> {
    let folder = scene.path("home/.config/chopmark");
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_none_or(|end| end != "toml")).collect()
}

/// The doctor's lines about a platform.
fn examined(scene: &Scene, platform: &str) -> Vec<Value> {
    let finished = scene.run(&["doctor", "--json"]);
    let part = format!("{platform}.");
    let ours = |name: &str| name == platform || name.starts_with(&part);
    finished.events().into_iter().filter(|line| ours(line["name"].as_str().unwrap())).collect()
}

#[test]
fn tokens_from_files_connect_a_platform_and_doing_it_again_changes_nothing() {
    for which in BOTH {
        let Some((platform, scene)) = beside(which) else { continue };
        let flags = given(&platform, &scene);
        connect(&platform, &scene, &flags).ended(0).says(&["chopmark serve"]);
        let written = config(&scene);
        assert!(written.starts_with("# ours\n") && written.contains(&format!("[{}]", platform.surface())), "{written}");
        for (_, token) in platform.tokens() {
            assert!(!written.contains(&token), "{written}");
        }
        let kept = secrets(&scene);
        assert_eq!(kept.len(), platform.tokens().len());
        for file in kept {
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
        // Without the flags: what is there is kept, and tested again.
        connect(&platform, &scene, &[]).ended(0);
        connect(&platform, &scene, &flags).ended(0);
        assert_eq!(config(&scene), written);
    }
}

#[test]
fn the_doctor_says_of_a_connected_platform_that_it_is_well_and_of_the_other_that_it_is_off() {
    for (which, other) in [(Which::Discord, "slack"), (Which::Slack, "discord")] {
        let Some((platform, scene)) = beside(which) else { continue };
        connect(&platform, &scene, &given(&platform, &scene)).ended(0);
        let lines = examined(&scene, platform.surface());
        assert!(lines.len() > 2 && lines.iter().all(|line| line["state"] != "fail"), "{lines:#?}");
        assert_eq!(examined(&scene, other)[0]["state"], "off");
    }
}

#[test]
fn a_token_that_is_refused_is_said_at_once_and_by_the_doctor_and_is_not_shown() {
    let Some((platform, scene)) = beside(Which::Discord) else { return };
    platform.control("set", &json!({"revoked": true}));
    connect(&platform, &scene, &given(&platform, &scene)).ended(1);
    let finished = scene.run(&["doctor"]).ended(1);
    assert!(!finished.words().contains(&platform.tokens()[0].1));
    assert!(examined(&scene, "discord").iter().any(|line| line["state"] == "fail"));
    platform.control("set", &json!({"revoked": false}));
    scene.run(&["doctor"]).ended(0);
}

#[test]
fn a_token_of_the_wrong_kind_is_refused_without_being_repeated_and_nothing_is_written() {
    let scene = Scene::with_config("# ours\n");
    let wrong = scene.path("work/wrong");
    std::fs::write(&wrong, "xapp-1-A1-invented\n").unwrap();
    let wrong = wrong.display().to_string();
    let both = ["init", "slack", "--bot-token-file", &wrong, "--app-token-file", &wrong];
    let finished = scene.run(&both).ended(1).says(&["--bot-token-file", "xoxb-"]);
    assert!(!finished.words().contains("invented"));
    assert_eq!(config(&scene), "# ours\n");
    assert!(secrets(&scene).is_empty());
}

#[test]
fn without_input_a_person_is_told_what_to_do_in_either_language_and_nothing_is_written() {
    for (language, word) in [("en", "Reset Token"), ("zh", "令牌")] {
        let scene = Scene::new();
        let run = |words: &[&str]| scene.run(&[&["--lang", language, "init"], words].concat()).ended(0);
        let discord = run(&["discord", "--no-input", "--application", "81384788765712384"]).says(&[word]);
        let link = "https://discord.com/oauth2/authorize?client_id=81384788765712384\
                    &scope=bot+applications.commands&permissions=309237746688\n";
        assert_eq!(discord.stdout, link, "the link alone can be piped");
        let slack = run(&["slack", "--no-input"]).says(&["xoxb-"]);
        assert!(slack.stdout.starts_with("display_information:"), "the manifest alone can be piped: {}", slack.stdout);
        assert!(slack.stdout.contains("socket_mode_enabled: true"));
        let http = run(&["slack", "--no-input", "--url", "https://chopmark.example.org/"]);
        assert!(http.stdout.contains("https://chopmark.example.org/slack/events"), "{}", http.stdout);
        assert!(!scene.path("home/.config/chopmark/config.toml").exists());
    }
    Scene::new().run(&["init", "slack", "--no-input", "--url", "http://chopmark.example.org"]).ended(1);
    Scene::new().run(&["init", "discord", "--no-input", "--application", "chopmark"]).ended(1);
}

#[test]
fn a_token_that_is_typed_is_not_seen() {
    for which in BOTH {
        let Some((platform, scene)) = beside(which) else { continue };
        let Some(screen) = Screen::open(&scene, platform.surface(), &format!("init {}", platform.surface())) else {
            return;
        };
        for (_, token) in platform.tokens() {
            screen.shows("not shown");
            screen.types("hello");
            screen.key("Enter");
            screen.shows("something else");
            for _ in 0..5 {
                screen.key("BSpace");
            }
            screen.types(&token);
            screen.key("Enter");
        }
        screen.shows("ended with 0");
        for (_, token) in platform.tokens() {
            assert!(!screen.text().contains(&token), "{}", screen.text());
        }
        assert_eq!(secrets(&scene).len(), platform.tokens().len());
    }
}
