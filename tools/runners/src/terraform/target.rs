//! Targets: what a plan changes, whatever it is called here, and what must still hold when it starts.
//! Used by plan.
//! Must never take a state that was emptied, exchanged or set back for the one that was there.

use super::bundle::{Bundle, LOCK, refused};
use super::instructions::{ProviderPin, StatePlace};
use super::state::{self, State};
use super::{Tool, bundle, mask, program, settings, workspace};
use chopmark_domain::canonical;
use chopmark_domain::component::ComponentId;
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::TerraformAddress;
use chopmark_domain::problem::{Code, Problem};
use serde_json::Value;
use std::path::{Component, Path, PathBuf};

/// The one workspace that is used: another one is another root.
pub(crate) const WORKSPACE: &str = "default";

/// Where a bundle's state is.
///
/// # Errors
/// [`Code::ConfigurationRefused`] for a root whose runs are not on this machine, or whose state's place is not written
/// out.
pub(crate) fn place(
    tool: &Tool,
    address: &TerraformAddress,
    component: &ComponentId,
    bundle: &Bundle,
) -> Result<StatePlace, Problem> {
    if let Some(root) = &bundle.root {
        return of_root(root, bundle);
    }
    if let Some(backend) = &address.backend {
        if let Some(path) = settings::local_path(backend, component) {
            return Ok(StatePlace::Local { path });
        }
        let settings = settings::of_component(backend, component);
        return Ok(StatePlace::Backend { kind: backend.kind.clone(), address: canonical::to_string(&settings) });
    }
    let folder = states(tool, component);
    workspace::folder(&folder).map_err(|error| workspace::unwritable(&folder, &error))?;
    // Its true name: the same state is the same target, whichever way the data folder is named.
    let folder = folder.canonicalize().map_err(|error| workspace::unwritable(&folder, &error))?;
    Ok(StatePlace::Local { path: folder.join("terraform.tfstate") })
}

fn of_root(root: &Path, bundle: &Bundle) -> Result<StatePlace, Problem> {
    let Some(backend) = &bundle.needs.backend else {
        return Ok(StatePlace::Local { path: root.join("terraform.tfstate") });
    };
    match backend.kind.as_str() {
        "cloud" | "remote" => Err(refused("", 0, &backend.kind, "runs-elsewhere")),
        "local" => {
            let path = root.join(backend.path.as_deref().unwrap_or("terraform.tfstate"));
            Ok(StatePlace::Local { path: plain(&path) })
        }
        kind => Ok(StatePlace::Root { kind: kind.to_owned() }),
    }
}

/// A path without `.` and `..`; links stay what they are.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The canonical name of what is changed.
pub(crate) fn name(tool: &Tool, bundle: &Bundle, place: &StatePlace, initialised: &Path) -> String {
    match place {
        StatePlace::Local { path } => format!("local:{}", path.display()),
        StatePlace::Backend { kind, address } => format!("{kind}:{address}:{WORKSPACE}"),
        StatePlace::Root { kind } => {
            // What the root says of its backend may hold credentials: it stands here by a keyed hash.
            let text = std::fs::read_to_string(initialised.join("terraform.tfstate")).unwrap_or_default();
            let said: Value = serde_json::from_str(&text).unwrap_or_default();
            let config = canonical::to_string(&said["backend"]["config"]);
            let folder = bundle.root.as_deref().unwrap_or(Path::new(""));
            let hash = mask::keyed(&tool.key, config.as_bytes());
            format!("{kind}:{}:{hash}:{WORKSPACE}", folder.display())
        }
    }
}

/// What must hold at start.
pub(crate) fn preconditions(
    bundle: &Bundle,
    state: Option<&State>,
    files: &[(String, Digest)],
    providers: &[ProviderPin],
) -> Vec<(String, String)> {
    let lock = files.iter().find(|(name, _)| name == LOCK);
    let mut all = vec![
        ("workspace".to_owned(), WORKSPACE.to_owned()),
        (state::PRECONDITION.to_owned(), state::mark(state)),
        ("bundle".to_owned(), bundle.digest().to_string()),
        ("lock".to_owned(), lock.map_or_else(|| "none".to_owned(), |(_, digest)| digest.to_string())),
    ];
    let pins = providers.iter().map(|pin| (format!("{} {}", pin.source, pin.version), pin.digest.to_string()));
    all.extend(pins);
    all
}

/// Compares the state with the newest version that was kept of it.
///
/// # Errors
/// [`Code::StateForeign`] when it is gone, another one or an older one, while resources are recorded in the kept one.
pub(crate) fn guard(tool: &Tool, component: &ComponentId, now: Option<&State>) -> Result<(), Problem> {
    let Some(before) = newest(&versions(tool, component)) else { return Ok(()) };
    let same = now.is_some_and(|now| now.lineage == before.lineage && now.serial >= before.serial);
    if same || before.addresses.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Code::StateForeign)
        .with("about", component)
        .with("before", before.mark())
        .with("now", state::mark(now)))
}

/// The version that was kept last.
fn newest(versions: &Path) -> Option<State> {
    let entries = std::fs::read_dir(versions).ok()?.flatten().map(|entry| entry.path());
    let kept = entries.filter(|path| path.extension().is_some_and(|ending| ending == "tfstate"));
    // What could not be saved (`errored.tfstate`) is evidence, not the state.
    let kept = kept.filter(|path| !path.to_string_lossy().ends_with(".errored.tfstate"));
    let dated = kept.filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)));
    let (_, path) = dated.max()?;
    state::local(&path).ok().flatten()
}

/// Where the versions of a component's state are kept.
pub(crate) fn versions(tool: &Tool, component: &ComponentId) -> PathBuf {
    states(tool, component).join("versions")
}

/// Where a component's states are kept.
fn states(tool: &Tool, component: &ComponentId) -> PathBuf {
    let path = &component.path;
    tool.data.join("states").join(component.environment.as_str()).join(path.group()).join(path.name())
}

/// Every provider that was initialised, with the digest of its binary.
///
/// # Errors
/// A binary cannot be read.
pub(crate) async fn providers(tool: &Tool, initialised: &Path) -> Result<Vec<ProviderPin>, Problem> {
    let mut pins = Vec::new();
    let below = initialised.join("providers");
    for kind in bundle::folders(&below).iter().flat_map(|host| bundle::folders(host)).flat_map(|n| bundle::folders(&n))
    {
        let source = kind.strip_prefix(&below).unwrap_or(&kind).display().to_string();
        for version in bundle::folders(&kind) {
            for binary in bundle::folders(&version).iter().flat_map(|platform| binaries(platform)) {
                let version = version.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let digest = program::digest(tool, &binary).await?;
                pins.push(ProviderPin { source: source.clone(), version, digest });
            }
        }
    }
    pins.sort();
    Ok(pins)
}

/// The provider's files in a platform's folder, with links resolved.
fn binaries(platform: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(platform) else { return Vec::new() };
    let named =
        |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("terraform-provider-"));
    let found = entries.flatten().map(|entry| entry.path()).filter(named);
    found.filter_map(|path| path.canonicalize().ok()).collect()
}
