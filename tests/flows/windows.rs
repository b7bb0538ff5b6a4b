//! Windows: approve now, run then; what was missed, moved or made impossible says so.
//! One person; windows stand in the configuration or are wished for in words.
//! Must never start outside the time that was countersigned.

use super::DEPLOY;
use crate::kit::people::{Person, rule};
use crate::kit::scene::Scene;
use crate::kit::world::Repository;
use chopmark_domain::calendar::Zone;
use chopmark_domain::time::Timestamp;

/// Long enough to say two things before it is over, on a busy machine.
pub(super) const SOON: i64 = 8;

fn moment(seconds: i64) -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the program that is watched goes by the machine's clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp((i64::try_from(now.as_secs()).unwrap() + seconds) * 1000)
}

/// So many seconds from now in UTC, as configuration writes it.
pub(super) fn at(seconds: i64) -> String {
    zoned(seconds).trim_end_matches(" UTC").to_owned()
}

/// The same as people read it.
pub(super) fn zoned(seconds: i64) -> String {
    Zone::utc().written(moment(seconds))
}

fn window(name: &str, from: i64, until: i64) -> String {
    format!(
        "[[environments.local.windows]]\nname = \"{name}\"\nfrom = \"{}\"\nuntil = \"{}\"\nzone = \"UTC\"\n",
        at(from),
        at(until)
    )
}

fn config(windows: &str) -> String {
    format!("{}{windows}", rule(&[Person::Me], 1, true, "1h"))
}

#[test]
fn what_is_approved_now_runs_then() {
    let scene = Scene::with_config(&config(""));
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    let change = talk.until_state("awaiting_approval")["change"].as_str().unwrap().to_owned();
    scene.write_config(&config(&window("soon", SOON, 1800)));
    talk.say("run it in the soon window");
    let card = talk.until_state("awaiting_approval");
    let difference = &card["differences"][0];
    assert_eq!((difference["what"].as_str(), difference["before"].as_str()), (Some("start"), None));
    talk.say("approve");
    let approved = talk.until_state("approved");
    let from = approved["start"]["span"]["from"].as_i64().unwrap();
    let run = talk.until("the end", |event| event["kind"] == "result");
    assert_eq!(run["state"], "succeeded");
    let began = scene.card(&change)["run"]["started_at"].as_i64().unwrap();
    assert!(began >= from, "{began} is before {from}");
}

#[test]
fn a_command_does_not_wait_for_the_window_and_its_card_says_when() {
    let (later, scene) = (zoned(1200), Scene::with_config(&config(&window("later", 1200, 1800))));
    let later = &later[.."2026-12-01 22:00".len()];
    let change = scene.propose(DEPLOY);
    scene.run(&["schedule", &change, "in", "later"]).ended(4).says(&["Starts in the window “later”", later]);
    let approved = scene.run(&["approve", &change]).ended(4);
    approved.says(&["approved", later]);
    scene.run(&["show", &change, "--lang", "zh"]).says(&["将在窗口“later”内开始", later]);
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
    // Another time is another revision: the decision is void.
    scene.run(&["schedule", &change, "now"]).ended(4);
    assert_eq!(scene.state(&change), "awaiting_approval");
    assert_eq!(scene.card(&change)["decisions"].as_array().map(Vec::len), Some(0));
    scene.run(&["approve", &change]).ended(0);
    assert_eq!(scene.state(&change), "succeeded");
    scene.ledger_verifies();
}

#[test]
fn a_time_is_said_as_people_say_it_and_without_a_zone_it_is_asked_for() {
    let scene = Scene::with_config(&config(""));
    let change = scene.propose(DEPLOY);
    scene.chat(&[&format!("schedule {change} at 22:00")]).says(&["In which time zone?"]);
    scene.chat(&[&format!("定时 {change} 22:00")]).says(&["哪个时区？"]);
    scene.chat(&[&format!("run {change} at 22:00 Berlin")]).says(&[" 22:00 Europe/Berlin"]);
    scene.chat(&[&format!("明天 6:30 上海时间执行 {change}")]).says(&[" 06:30 Asia/Shanghai"]);
    // With windows in one zone, that zone is meant.
    scene.write_config(&config(&window("later", 1200, 1800)));
    scene.chat(&[&format!("schedule {change} tomorrow 23:30")]).says(&[" 23:30 UTC"]);
    for wrong in ["in nightly", "at 2020-01-01 10:00 UTC"] {
        let all: Vec<&str> = ["schedule", &change].into_iter().chain(wrong.split(' ')).collect();
        scene.run(&all).ended(3).says(&["CM-5016"]);
    }
}

#[test]
fn where_changes_start_in_windows_they_are_planned_for_the_next_one() {
    let text =
        config(&window("later", 1200, 1800)).replace("mode = \"gitops\"", "mode = \"gitops\"\nstart = \"in windows\"");
    let scene = Scene::with_config(&text);
    let change = scene.propose(DEPLOY);
    assert_eq!(scene.card(&change)["start"]["window"], "later");
    // Outside the window nothing may be wished for.
    scene.run(&["schedule", &change, "at", &at(600), "UTC"]).ended(3).says(&["CM-5016", "later"]);
    scene.run(&["schedule", &change, "now"]);
    assert_eq!(scene.card(&change)["start"]["window"], "later");
}

#[test]
fn a_plan_that_ends_before_its_window_is_refused_and_says_so() {
    let text = config(&window("tomorrow", 7200, 10_800));
    let scene = Scene::with_config(&text);
    let change = scene.propose(DEPLOY);
    scene.run(&["schedule", &change, "in", "tomorrow"]).says(&["CM-5015"]);
    scene.run(&["approve", &change]).ended(3).says(&["CM-5015", "tomorrow"]);
    scene.run(&["approve", &change, "--lang", "zh"]).ended(3).says(&["CM-5015", "过期"]);
}

#[test]
fn what_is_cancelled_before_its_window_never_starts() {
    let scene = Scene::with_config(&config(&window("soon", 600, 1800)));
    let mut talk = scene.talk();
    talk.say(DEPLOY);
    let change = talk.until_state("awaiting_approval")["change"].as_str().unwrap().to_owned();
    talk.say("run it in the soon window");
    talk.until_state("awaiting_approval");
    talk.say("approve");
    talk.until_state("approved");
    talk.say(&format!("cancel {change}"));
    talk.until("the end", |event| event["kind"] == "result" && event["state"] == "cancelled");
    assert_eq!(Repository::at(&scene.repository()).commits_of(&change), 0);
}
