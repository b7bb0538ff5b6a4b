//! The documents: what they tell people to type works as it stands.
//! Runs every `sh` block of the pages, in order, in an empty home.
//! Must never skip a block because it is hard.

use crate::kit::chat::{ADA, BOTH, Platform, Served, Which};
use crate::kit::scene::{PROGRAM, Scene, finish};
use crate::kit::terraform::Terraform;
use crate::kit::wait_for;
use std::path::Path;
use std::process::Command;

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The text of every block fenced with that word.
fn blocks(page: &str, word: &str) -> Vec<String> {
    let fence = format!("```{word}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

#[test]
fn every_command_of_getting_started_works_as_it_stands() {
    let scene = Scene::new();
    let script: String = blocks(&page("docs/getting-started.md"), "sh").concat();
    assert!(script.lines().count() > 20, "the page has commands");
    let mut command = Command::new("bash");
    command.args(["-e", "-u", "-o", "pipefail", "-x", "-c", &script]);
    scene.dress(&mut command);
    let folder = Path::new(PROGRAM).parent().unwrap().display().to_string();
    command.env("PATH", format!("{folder}:{}", std::env::var("PATH").unwrap()));
    finish(&mut command, b"").ended(0);
    scene.ledger_verifies();
}

#[test]
fn every_command_of_the_page_about_terraform_works_as_it_stands() {
    let script: String = blocks(&page("docs/terraform.md"), "sh").concat();
    assert!(script.lines().count() > 15, "the page has commands");
    for terraform in Terraform::each() {
        let scene = Scene::new();
        let programs = scene.path("programs");
        std::fs::create_dir(&programs).unwrap();
        // The first on PATH is the one this round is about, whatever else is there.
        std::os::unix::fs::symlink(&terraform.program, programs.join("terraform")).unwrap();
        let mut command = Command::new("bash");
        command.args(["-e", "-u", "-o", "pipefail", "-x", "-c", &script]);
        scene.dress(&mut command);
        let folder = Path::new(PROGRAM).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{}:{path}", programs.display(), folder.display()));
        finish(&mut command, b"").ended(0);
        scene.ledger_verifies();
    }
}

#[test]
fn the_pages_about_discord_and_slack_lead_from_nothing_to_the_first_approved_change() {
    for which in BOTH {
        let Some(platform) = Platform::start(which) else { continue };
        let page = page(&format!("docs/{}.md", platform.surface()));
        let (api, files): (_, &[&str]) = match which {
            Which::Discord => (format!("http://{}", platform.place), &["token"]),
            Which::Slack => (format!("http://{}/api", platform.place), &["bot-token", "app-token"]),
        };
        let scene = Scene::with_config(&format!("[{}]\napi = \"{api}\"\n", platform.surface()));
        for (file, (_, token)) in files.iter().zip(platform.tokens()) {
            std::fs::write(scene.path("home").join(file), token).unwrap();
        }
        let mut command = Command::new("bash");
        command.args(["-e", "-u", "-o", "pipefail", "-x", "-c", &blocks(&page, "sh").concat()]);
        scene.dress(&mut command);
        let folder = Path::new(PROGRAM).parent().unwrap().display().to_string();
        command.env("PATH", format!("{folder}:{}", std::env::var("PATH").unwrap()));
        let finished = finish(&mut command, b"").ended(0);
        let code = finished.stdout.split("The code is ").nth(1).and_then(|rest| rest.split('.').next()).unwrap();

        let served = Served::start(&scene, &[&platform]);
        let alone = platform.writes(ADA, &format!("link {code}"));
        platform.shows(&alone, &["from now on"]);
        let asked = blocks(&page, "text").concat();
        let thread = platform.mentions(ADA, asked.trim().strip_prefix("@Chopmark ").unwrap());
        let card = wait_for("a card that can be approved", || {
            let mut all = platform.messages().into_iter();
            all.find(|message| {
                message.buttons.iter().any(|button| button.enabled && button.word.eq_ignore_ascii_case("approve"))
            })
        });
        platform.press(ADA, &card, "approve");
        platform.card(&thread, &card.change(), "done and checked");
        platform.has_no_complaints();
        assert!(served.ends().success());
        scene.ledger_verifies();
    }
}

#[test]
fn every_configuration_that_a_page_shows_is_read() {
    for name in ["docs/terraform.md", "docs/models.md", "docs/discord.md", "docs/slack.md"] {
        let configurations = blocks(&page(name), "toml");
        assert!(configurations.len() > 1, "{name} shows configurations");
        for text in configurations {
            Scene::with_config(&text).run(&["changes"]).ended(0);
        }
    }
}

#[test]
fn the_lines_of_the_readme_work_as_they_stand() {
    let scene = Scene::new();
    let said = blocks(&page("README.md"), "text").concat();
    let lines: Vec<_> = said.lines().collect();
    assert!(lines.len() > 5, "the page has lines to type");
    let finished = scene.chat(&lines).ended(0);
    let repository = crate::kit::world::Repository::at(&scene.repository());
    assert_eq!(repository.git(&["log", "--format=%H", "--", "shop/cart"]).lines().count(), 3, "{}", finished.words());
}

#[test]
fn every_file_that_a_document_points_to_is_there() {
    let mut complaints = Vec::new();
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(house.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    for path in docs.chain([house.join("README.md")]).filter(|path| path.extension().is_some_and(|end| end == "md")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !link.is_empty() && !link.contains("://") && !path.parent().unwrap().join(link).exists() {
                complaints.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert_eq!(complaints, Vec::<String>::new());
}
