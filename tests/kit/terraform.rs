//! The Terraforms that `tests/run` has built or found, seen from outside.
//! Used by flows that plan and apply real HCL; every promise is tried with each program.
//! Must never go through Chopmark: states are read where they lie, and the program itself is asked.

use super::cloud::Cloud;
use super::scene::Scene;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Terraform, or an OpenTofu.
#[derive(Debug, Clone)]
pub(crate) struct Terraform {
    /// Where it is.
    pub(crate) program: String,
}

impl Terraform {
    /// Each that is there: those that `tests/run` names, or the ones on PATH.
    pub(crate) fn each() -> Vec<Self> {
        let named = std::env::var("CHOPMARK_TEST_TERRAFORM").unwrap_or_default();
        let mut programs: Vec<_> = named.split_whitespace().map(str::to_owned).collect();
        if programs.is_empty() {
            programs.extend(["tofu", "terraform"].into_iter().filter_map(on_path));
        }
        if programs.is_empty() {
            super::left_out("Terraform: neither CHOPMARK_TEST_TERRAFORM is set nor is one on PATH; see tests/run");
        }
        programs.into_iter().map(|program| Self { program }).collect()
    }

    /// Real providers; none where `tests/run` has not built them.
    pub(crate) fn providers() -> Option<PathBuf> {
        let mirror = std::env::var("CHOPMARK_TEST_PROVIDERS").ok().map(PathBuf::from);
        if mirror.is_none() {
            super::left_out("real providers: CHOPMARK_TEST_PROVIDERS is not set; `tests/run` builds them");
        }
        mirror
    }

    /// A configuration whose environment `dev` applies with this program and no provider.
    pub(crate) fn config(&self) -> String {
        self.config_with("")
    }

    /// The same with further lines in the environment's `terraform` section.
    pub(crate) fn config_with(&self, lines: &str) -> String {
        format!(
            "default_environment = \"dev\"\n[environments.dev]\nmode = \"apply\"\n\
             [environments.dev.approval]\napprovers = [\"owner\"]\nself_approval = true\n\
             [environments.dev.terraform]\nprogram = \"{}\"\n{lines}",
            self.program
        )
    }

    /// A scene with no provider: all that is built in.
    pub(crate) fn scene(&self) -> Scene {
        Scene::with_config(&self.config())
    }

    /// A scene whose environment `dev` is an AWS account.
    pub(crate) fn scene_on(&self, cloud: &Cloud, mirror: &Path) -> Scene {
        let mut scene = Scene::with_config(&self.config_with(&cloud.settings(mirror)));
        cloud.dress(&mut scene);
        scene
    }

    /// Runs the program itself in a folder, with providers from a mirror.
    #[track_caller]
    pub(crate) fn run(&self, folder: &Path, mirror: Option<&Path>, arguments: &[&str]) -> String {
        let settings = folder.join("bare.tfrc");
        let mirror = mirror.map(|path| format!("filesystem_mirror {{ path = \"{}\" }}", path.display()));
        let installation = format!("provider_installation {{\n{}\n}}\n", mirror.unwrap_or_default());
        std::fs::write(&settings, format!("disable_checkpoint = true\n{installation}")).unwrap();
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(folder).env_clear().env("HOME", folder).env("TF_IN_AUTOMATION", "1");
        command.env("PATH", std::env::var("PATH").unwrap()).env("TF_CLI_CONFIG_FILE", &settings);
        let output = command.output().expect("Terraform starts");
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{} {arguments:?}: {words}", self.program);
        words
    }
}

fn on_path(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())?;
    found.to_str().map(str::to_owned)
}

/// The state of a component of `dev`, as it lies in the data folder; none before the first apply, also while Terraform
/// locks it, which makes an empty file.
pub(crate) fn state_of(scene: &Scene, component: &str) -> Option<Value> {
    let folder = scene.data().join("terraform/states/dev").join(component);
    let text = std::fs::read_to_string(folder.join("terraform.tfstate")).ok()?;
    (!text.is_empty()).then(|| serde_json::from_str(&text).expect("a state is JSON"))
}

/// Addresses of the resources in a component's state.
pub(crate) fn resources_of(scene: &Scene, component: &str) -> Vec<String> {
    let Some(state) = state_of(scene, component) else { return Vec::new() };
    let text = |resource: &Value, key: &str| resource[key].as_str().unwrap_or_default().to_owned();
    let resources = state["resources"].as_array().cloned().unwrap_or_default();
    let managed = resources.iter().filter(|resource| resource["mode"] == "managed");
    managed.map(|resource| format!("{}.{}", text(resource, "type"), text(resource, "name"))).collect()
}

/// Every file below a folder whose bytes hold a text, and those readable by others than their owner.
pub(crate) fn files_with(folder: &Path, wanted: &str) -> Vec<String> {
    let found = Command::new("grep").args(["-r", "-l", "-a", "-F", "--", wanted]).arg(folder).output().unwrap();
    String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
}
