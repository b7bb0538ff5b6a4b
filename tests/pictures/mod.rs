//! Pictures of every state of the card, for both platforms and both languages, in docs/pictures.
//! Each picture names the message that it shows; `tests/run generate` draws them anew in a real browser.
//! Must never accept a picture of something that is no longer drawn so.

#[path = "../../bot/protocol/tests/kit/mod.rs"]
mod kit;
mod states;

use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::Facts;
use chopmark_domain::lifecycle::State;
use chopmark_protocol::card::Card;
use chopmark_protocol::chat::{Audience, CardView, Content, Drawn, Outgoing, Post, PostBody};
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{Arg, text};
use states::{Scene, all};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What all pictures together may weigh: they stand in everybody's clone.
const HEAVIEST: u64 = 3 * 1024 * 1024;

/// How an adapter draws a card.
type Draws = fn(CardView<'_>) -> Drawn;

/// Each platform with how its adapter draws a card.
const PLATFORMS: [(&str, Draws); 2] =
    [("discord", chopmark_discord::draw::card), ("slack", chopmark_slack::draw::card)];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures")
}

/// The message of a scene, as JSON.
fn message(scene: &Scene, language: Language, draws: Draws) -> String {
    let card = Card::of(&scene.file);
    let progress = scene.progress.map(|(key, about)| text(language, key, &[("about", Arg::from(about))]));
    let moment = kit::moment();
    let view =
        CardView { card: &card, language, moment: &moment, progress: progress.as_deref(), content: scene.content };
    serde_json::to_string_pretty(&draws(view).body).unwrap()
}

/// Every picture: its name under docs/pictures, and the message that it shows.
fn pictures() -> Vec<(String, String)> {
    let mut all_pictures = Vec::new();
    for (platform, draws) in PLATFORMS {
        for scene in all() {
            for (language, word) in [(Language::En, "en"), (Language::Zh, "zh")] {
                let name = format!("{platform}/{}-{word}", scene.name);
                all_pictures.push((name, message(&scene, language, draws)));
            }
        }
    }
    all_pictures
}

/// What a picture says it shows: the renderer writes it into a `tEXt` chunk (PNG, 11.3.4.3).
fn shown(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let key = b"tEXtSource\0";
    let at = bytes.windows(key.len()).position(|window| window == key)? + key.len();
    String::from_utf8(bytes.get(at..at + 64)?.to_vec()).ok()
}

/// Draws every picture anew in a browser.
fn record(pictures: &[(String, String)]) {
    let messages = tempfile::tempdir().unwrap();
    for (name, message) in pictures {
        let path = messages.path().join(format!("{name}.json"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, message).unwrap();
    }
    let mut render = Command::new("node");
    render.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/pictures/render.mjs"));
    let ran = render.args([messages.path(), &folder()]).status().expect("node is there");
    assert!(ran.success(), "the pictures are drawn");
}

#[test]
fn every_state_of_the_card_has_a_picture_of_what_is_drawn_now() {
    let pictures = pictures();
    if std::env::var_os("CHOPMARK_RECORD").is_some() {
        record(&pictures);
    }
    let stale: Vec<_> = pictures
        .iter()
        .filter(|(name, message)| {
            shown(&folder().join(format!("{name}.png"))) != Some(Digest::of(message.as_bytes()).to_string())
        })
        .map(|(name, _)| name)
        .collect();
    assert!(stale.is_empty(), "pictures that show something else; look, then `tests/run generate`: {stale:?}");
}

#[test]
fn no_state_is_left_out_and_no_picture_is_of_nothing() {
    let scenes = all();
    // States that last for moments, or that look as another one does.
    let passing = [State::Draft, State::Claimed, State::Applied, State::Verifying, State::Discarded, State::Resolved];
    let shown: BTreeSet<State> = scenes.iter().map(|scene| scene.file.change.state).chain(passing).collect();
    assert_eq!(shown, State::ALL.iter().copied().collect());
    let wanted: BTreeSet<_> = pictures().into_iter().map(|(name, _)| format!("{name}.png")).collect();
    let mut there = BTreeSet::new();
    let mut weight = 0;
    for (platform, _) in PLATFORMS {
        for entry in std::fs::read_dir(folder().join(platform)).unwrap() {
            let entry = entry.unwrap();
            weight += entry.metadata().unwrap().len();
            there.insert(format!("{platform}/{}", entry.file_name().to_string_lossy()));
        }
    }
    assert_eq!(there, wanted);
    assert!(weight < HEAVIEST, "{weight} bytes of pictures");
}

#[test]
fn every_other_change_shows_on_both_platforms_what_goes_and_what_drifted_is_listed() {
    let files = [kit::create(), kit::superseding(), kit::bucket(), kit::reconcile(), kit::adopted(), kit::root()];
    let moment = kit::moment();
    for (platform, draws) in PLATFORMS {
        for (file, language) in files.iter().flat_map(|file| [(file, Language::En), (file, Language::Zh)]) {
            let card = Card::of(file);
            let content = Content::Delivered;
            let drawn = draws(CardView { card: &card, language, moment: &moment, progress: None, content });
            assert!(drawn.losses_shown, "{platform}: {}", drawn.body);
        }
    }
    let at = kit::PLANNED_AT;
    let environment = kit::bucket().change.component.environment;
    let facts = Facts::Drift { environment, components: kit::drifted(), at };
    let event = Event::answer(Language::En, String::new(), Some(facts));
    let body = PostBody::Event { event: Box::new(event) };
    let post = Post { audience: Audience::Everybody, mentions: vec![], to: None, body, replaces: None };
    let place = kit::bucket().change.place;
    let outgoing = Outgoing { key: "drift", place: &place, post: &post, moment: &moment, tries: 0 };
    let discord = chopmark_discord::draw::post(&outgoing).iter().map(|one| one.body.to_string()).collect::<String>();
    let slack = chopmark_slack::draw::post(&outgoing).iter().map(|one| one.body.to_string()).collect::<String>();
    for drift in kit::drifted() {
        let name = drift.component.path.to_string();
        assert!(discord.contains(&name) && slack.contains(&name), "{name}: {discord} {slack}");
    }
}
