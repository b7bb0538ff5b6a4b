//! Examines how an environment uses Terraform: program, providers, credentials, backend, roots.
//! Called by the doctor.
//! Must never initialise, plan, or read a credential into a line.

use super::check::{Check, Standing};
use crate::secrets;
use chopmark_domain::environment::{Environment, Providers, TerraformAddress};
use chopmark_domain::ports::Folders;
use chopmark_domain::problem::{Code, Problem};
use chopmark_runners::confine::{Confiner, Invocation, Limits, Policy, find};
use chopmark_sources::folder::HclFolders;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The oldest version whose plans we read: saved plans with checks, and moved resources named.
const LEAST: (u32, u32) = (1, 5);
/// What Go needs of address space before it has done anything.
const MEMORY: u64 = 4 << 30;

/// Every line about Terraform in an environment; none where it is not used.
pub(super) async fn examine(environment: &Environment, confiner: &Confiner) -> Vec<Check> {
    let Some(address) = &environment.terraform else { return vec![] };
    let part = |part: &str| format!("environments.{}.terraform.{part}", environment.name);
    let about = |check: Check| check.with("environment", &environment.name);
    let mut checks = vec![about(program(part("program"), address, confiner).await)];
    checks.push(about(providers(part("providers"), address)));
    checks.extend(credentials(&part("credentials"), address).into_iter().map(about));
    if let Some(backend) = &address.backend {
        let check = Check::new(part("backend"), Standing::Ok, "doctor-backend-good");
        checks.push(about(check.with("kind", &backend.kind)));
    }
    for (name, folder) in &address.roots {
        let check = match HclFolders.read(folder).await {
            Ok((folder, files)) => Check::new(part(&format!("roots.{name}")), Standing::Ok, "doctor-root-good")
                .with("folder", folder.display())
                .with("files", files.len()),
            Err(problem) => Check::problem(part(&format!("roots.{name}")), problem),
        };
        checks.push(about(check).with("root", name));
    }
    checks
}

/// The program that is used: the one that is named, else the first that is there.
fn located(address: &TerraformAddress) -> Result<PathBuf, Problem> {
    let search = std::env::var_os("PATH").unwrap_or_default();
    match address.program.as_deref() {
        Some(path) if path.starts_with('/') => {
            let found = Path::new(path).canonicalize();
            found.map_err(|_| Problem::new(Code::ProgramMissing).with("program", path))
        }
        Some(name) => find(name, &search),
        None => find("terraform", &search).or_else(|_| find("tofu", &search)),
    }
}

async fn program(name: String, address: &TerraformAddress, confiner: &Confiner) -> Check {
    let program = match located(address) {
        Ok(program) => program,
        // Nobody asked for it: the built-in environment merely would use it.
        Err(_) if is_bare(address) => return Check::new(name, Standing::Off, "doctor-terraform-off"),
        Err(problem) => return Check::problem(name, problem),
    };
    let path = program.display().to_string();
    // It may be installed elsewhere than the system's programs, which are all that a confined process may start.
    let execute = vec![program.clone()];
    let limits = Limits { memory_bytes: MEMORY, ..Limits::default() };
    let ran = confiner
        .run(Invocation {
            program,
            arguments: ["version", "-json"].map(str::to_owned).to_vec(),
            environment: BTreeMap::from([("CHECKPOINT_DISABLE".to_owned(), "1".to_owned())]),
            folder: "/usr".into(),
            input: Vec::new(),
            policy: Policy { execute, limits, ..Policy::default() },
        })
        .await;
    match ran.map(|ran| version(&ran.stdout.kept)) {
        Err(problem) => Check::problem(name, problem),
        Ok(None) => Check::new(name, Standing::Fail, "doctor-terraform-failed").with("path", path),
        Ok(Some(version)) => {
            let (standing, key) = match numbers(&version).is_some_and(|version| version >= LEAST) {
                true => (Standing::Ok, "doctor-terraform-good"),
                false => (Standing::Fail, "doctor-terraform-old"),
            };
            Check::new(name, standing, key).with("version", version).with("path", path)
        }
    }
}

fn is_bare(address: &TerraformAddress) -> bool {
    address.program.is_none()
        && address.providers == Providers::BuiltIn
        && address.backend.is_none()
        && address.settings.is_empty()
        && address.roots.is_empty()
}

fn version(said: &[u8]) -> Option<String> {
    let said: Value = serde_json::from_slice(said).ok()?;
    said.get("terraform_version")?.as_str().map(str::to_owned)
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Where providers come from, which there are, and whether one that has settings is missing.
fn providers(name: String, address: &TerraformAddress) -> Check {
    let (folder, network) = match &address.providers {
        Providers::BuiltIn => return Check::new(name, Standing::Ok, "doctor-providers-built-in"),
        Providers::Mirror(folder) => (folder, false),
        Providers::Network { cache } => (cache, true),
    };
    let known: BTreeSet<&str> = address.majors.keys().filter_map(|source| source.rsplit('/').next()).collect();
    let missing: Vec<_> = address.settings.keys().filter(|name| !known.contains(name.as_str())).cloned().collect();
    let (standing, key) = match folder.is_dir() {
        false if network => (Standing::Ok, "doctor-providers-network"),
        false => (Standing::Fail, "doctor-providers-gone"),
        true if !missing.is_empty() && !network => (Standing::Fail, "doctor-providers-missing"),
        true if network => (Standing::Ok, "doctor-providers-network"),
        true => (Standing::Ok, "doctor-providers-good"),
    };
    let found: Vec<_> = address.majors.iter().map(|(source, major)| format!("{source} {major}")).collect();
    Check::new(name, standing, key)
        .with("folder", folder.display())
        .with("providers", found.join(", "))
        .with("missing", missing.join(", "))
}

/// A line for each reference that cannot be read, or one that all can.
fn credentials(name: &str, address: &TerraformAddress) -> Vec<Check> {
    let all: BTreeSet<&String> = address.credentials.values().chain(address.plan_credentials.values()).collect();
    let unread: Vec<_> = all
        .iter()
        .filter_map(|reference| secrets::read(reference).err())
        .map(|problem| Check::problem(name, problem))
        .collect();
    if !unread.is_empty() || all.is_empty() {
        return unread;
    }
    let split = !address.plan_credentials.is_empty();
    let (standing, key) = match split {
        true => (Standing::Ok, "doctor-credentials-split"),
        false => (Standing::Warn, "doctor-credentials-one"),
    };
    vec![Check::new(name, standing, key).with("count", all.len())]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn address(providers: Providers) -> TerraformAddress {
        TerraformAddress {
            program: None,
            providers,
            majors: BTreeMap::from([("hashicorp/aws".to_owned(), 5)]),
            settings: BTreeMap::new(),
            backend: None,
            plan_credentials: BTreeMap::new(),
            credentials: BTreeMap::new(),
            ports: vec![],
            apply_seconds: 60,
            roots: BTreeMap::new(),
        }
    }

    #[test]
    fn versions_are_told_apart_by_number() {
        for (said, good) in [("1.11.4", true), ("1.12.6-dev", true), ("1.4.9", false), ("0.15.5", false)] {
            assert_eq!(numbers(said).unwrap() >= LEAST, good, "{said}");
        }
        assert_eq!(version(b"{\"terraform_version\": \"1.11.4\"}").as_deref(), Some("1.11.4"));
        assert_eq!(version(b"Terraform"), None);
    }

    #[test]
    fn a_provider_with_settings_has_to_be_where_providers_come_from() {
        let folder = tempfile::tempdir().unwrap();
        let mut mirror = address(Providers::Mirror(folder.path().to_owned()));
        mirror.settings.insert("aws".to_owned(), BTreeMap::new());
        let standing = |address: &TerraformAddress| providers(String::new(), address).standing;
        assert_eq!(standing(&mirror), Standing::Ok);
        mirror.settings.insert("azurerm".to_owned(), BTreeMap::new());
        assert_eq!(standing(&mirror), Standing::Fail);
        assert_eq!(standing(&address(Providers::Mirror("/nowhere".into()))), Standing::Fail);
        assert_eq!(standing(&address(Providers::Network { cache: "/nowhere".into() })), Standing::Ok);
    }

    #[test]
    fn a_reference_that_cannot_be_read_is_named_before_anything_is_planned() {
        let mut one = address(Providers::BuiltIn);
        assert!(credentials("c", &one).is_empty());
        one.credentials.insert("A".to_owned(), "env:CHOPMARK_NO_SUCH_VARIABLE".to_owned());
        assert_eq!(credentials("c", &one)[0].standing, Standing::Fail);
        one.credentials.insert("A".to_owned(), "env:PATH".to_owned());
        assert_eq!(credentials("c", &one)[0].standing, Standing::Warn);
        one.plan_credentials = one.credentials.clone();
        assert_eq!(credentials("c", &one)[0].standing, Standing::Ok);
    }
}
