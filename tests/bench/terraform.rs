//! A Terraform change against the same sequence of bare commands: on what is built in, and on four real providers.
//! The floor initialises, plans, shows, plans and shows again, applies and plans once more, as Chopmark must.
//! Must never do less than the program asks of Terraform, nor keep a plugin warm that Chopmark starts anew.

use super::kit::scene::Scene;
use super::kit::talk::Talk;
use super::kit::terraform::Terraform;
use super::kit::world::Repository;
use super::{median, milliseconds, timed};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Rounds of each change.
const ROUNDS: usize = 5;

/// What one round writes in the place of what the other wrote.
const TEXTS: [&str; 2] = ["first-text", "second-text"];

/// What is built in.
const BUILT_IN: &str = "resource \"terraform_data\" \"a\" {\n  input = \"first-text\"\n}\n";

/// Four providers, each with something made; none needs a file or a network.
const FOUR: &str = r#"resource "null_resource" "a" {
  triggers = { text = "first-text" }
}
resource "random_id" "b" {
  byte_length = 8
  keepers     = { text = "first-text" }
}
resource "time_static" "c" {
  triggers = { text = "first-text" }
}
resource "tls_private_key" "d" {
  algorithm = "ED25519"
}
"#;

/// Measures with each program and prints; the bounds that are broken.
pub(crate) fn bench() -> Vec<String> {
    let mut broken = Vec::new();
    for terraform in Terraform::each() {
        broken.extend(component(&terraform));
        broken.extend(root(&terraform, None, "terraform_data", BUILT_IN));
        if let Some(mirror) = Terraform::providers() {
            broken.extend(root(&terraform, Some(&mirror), "four providers", FOUR));
        }
    }
    broken
}

/// A component of our own template, with its commit on both sides.
fn component(terraform: &Terraform) -> Option<String> {
    let scene = terraform.scene();
    let change = scene.propose(&format!("create a note called bench in dev with text \"{}\"", TEXTS[0]));
    scene.run(&["approve", &change]).ended(0);
    let from = scene.data().join("repositories/dev/main/bench");
    let bare = Bare::prepare(terraform, None, &from, &scene, true);
    let say = |text: &str| format!("set bench's text to \"{text}\"");
    compare("a note (terraform_data), with its commit", &scene, &bare, |talk, text| talk.say(&say(text)))
}

/// A folder that is there already; nothing of it is committed.
fn root(terraform: &Terraform, mirror: Option<&Path>, what: &str, text: &str) -> Option<String> {
    let mut lines = mirror.map(|mirror| format!("mirror = \"{}\"\n", mirror.display())).unwrap_or_default();
    lines += "[environments.dev.terraform.roots]\nmixed = \"{root}/mixed\"\n";
    let scene = Scene::with_config(&terraform.config_with(&lines));
    let folder = scene.path("mixed");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("main.tf"), text).unwrap();
    let change = scene.propose("plan the mixed folder in dev");
    scene.run(&["approve", &change]).ended(0);
    let bare = Bare::prepare(terraform, mirror, &folder, &scene, false);
    compare(&format!("an existing root of {what}"), &scene, &bare, |talk, text| {
        write(&folder, text);
        talk.say("plan the mixed folder in dev");
    })
}

/// Takes turns; the bound that is broken, if it is.
fn compare(what: &str, scene: &Scene, bare: &Bare<'_>, say: impl Fn(&mut Talk, &str)) -> Option<String> {
    let mut talk = scene.talk();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let text = TEXTS[(round + 1) % 2];
        theirs.push(timed(|| bare.change(text)));
        ours.push(timed(|| {
            say(&mut talk, text);
            let card = talk.until_state("awaiting_approval");
            // A replacement is severe: its name is typed.
            let (change, name) = (card["change"].as_str().unwrap(), card["name"].as_str().unwrap());
            talk.say(&format!("approve {change} --confirm {name}"));
            let result = talk.until("the result", |event| event["kind"] == "result");
            assert_eq!(result["state"], "succeeded", "{result}");
        }));
    }
    talk.end();
    let (ours, theirs) = (median(ours), median(theirs));
    let bound = theirs.mul_f64(1.05).max(theirs + Duration::from_millis(100));
    let program = bare.terraform.program.rsplit('/').next().unwrap_or_default();
    println!("a Terraform change with {program}, {what}: {:.0} ms", milliseconds(ours));
    println!("  the same by bare commands, init and plan to the empty second plan: {:.0} ms", milliseconds(theirs));
    println!(
        "  ratio {:.3}, {:+.0} ms (bound: 1.05 or 100 ms, whichever is larger)",
        ours.as_secs_f64() / theirs.as_secs_f64(),
        milliseconds(ours) - milliseconds(theirs)
    );
    (ours > bound).then(|| format!("a Terraform change with {program}, {what}: {ours:?} against {theirs:?}"))
}

/// The same files with no program around them.
struct Bare<'a> {
    terraform: &'a Terraform,
    mirror: Option<&'a Path>,
    folder: PathBuf,
    repository: Option<Repository>,
}

impl<'a> Bare<'a> {
    /// Copies what Chopmark applied and applies it once.
    fn prepare(terraform: &'a Terraform, mirror: Option<&'a Path>, from: &Path, scene: &Scene, commits: bool) -> Self {
        let folder = scene.path("bare");
        std::fs::create_dir(&folder).unwrap();
        let repository = commits.then(|| Repository::at(&folder));
        if let Some(repository) = &repository {
            repository.git(&["init", "--quiet", "--initial-branch=main"]);
        }
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "tf") {
                std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
            }
        }
        let bare = Self { terraform, mirror, folder, repository };
        bare.change(TEXTS[0]);
        bare
    }

    /// One change, down to the empty second plan.
    fn change(&self, text: &str) {
        write(&self.folder, text);
        // A change of ours begins in an empty folder.
        let _ = std::fs::remove_dir_all(self.folder.join(".terraform"));
        self.run(&["init", "-input=false", "-no-color"]);
        for plan in ["first.bin", "second.bin"] {
            self.run(&["plan", "-input=false", "-no-color", &format!("-out={plan}")]);
            self.run(&["show", "-json", plan]);
        }
        if let Some(repository) = &self.repository {
            repository.git(&["add", "--", "*.tf"]);
            repository.git(&["commit", "--quiet", "--allow-empty", "--message=Change"]);
        }
        self.run(&["apply", "-input=false", "-no-color", "-json", "second.bin"]);
        self.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
    }

    fn run(&self, arguments: &[&str]) {
        self.terraform.run(&self.folder, self.mirror, arguments);
    }
}

/// Puts one of the texts in the place of the other, in every file.
fn write(folder: &Path, text: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "tf") {
            let mut content = std::fs::read_to_string(&path).unwrap();
            for old in TEXTS {
                content = content.replace(old, text);
            }
            std::fs::write(&path, content).unwrap();
        }
    }
}
