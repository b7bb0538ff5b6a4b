//! Components as a repository's branch holds them.
//! Called through domain's port by tools, catalogue and engine.
//! Must never show what is not committed.

use super::Git;
use super::address::{is_file_name, unusable};
use super::folder::Folder;
use super::program::Repository;
use super::read::{PLAIN, Touch};
use async_trait::async_trait;
use chopmark_domain::component::{ComponentFile, ComponentId, ComponentPath, ComponentVersion};
use chopmark_domain::environment::Environment;
use chopmark_domain::facts::VersionSummary;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::manifest::{MANIFEST_NAME, Manifest};
use chopmark_domain::ports::{Answer, Components};
use chopmark_domain::problem::Problem;
use std::collections::BTreeMap;

/// A team's own conventions, at the head of an environment's folder.
const CONVENTIONS: &str = "CONVENTIONS.md";
/// As many bytes of them are read: they take part in every prompt.
const LONGEST_CONVENTIONS: usize = 16 << 10;

#[async_trait]
impl Components for Git {
    async fn list(&self, environment: &Environment) -> Answer<Vec<ComponentVersion>> {
        let repository = Repository::open(&self.tool, &environment.repository)?;
        let base = repository.standing().await?.base;
        let folder = &repository.address.folder;
        let (entries, touches) =
            tokio::join!(repository.entries(&base, folder), repository.touches(&base, folder, None, true));
        let mut found: BTreeMap<ComponentPath, Vec<(String, ObjectHash)>> = BTreeMap::new();
        for entry in entries? {
            if let (Some((path, name)), "blob", PLAIN) =
                (place(folder, &entry.path), entry.kind.as_str(), entry.mode.as_str())
            {
                found.entry(path).or_default().push((name, entry.hash));
            }
        }
        found.retain(|_, files| files.iter().any(|(name, _)| name == MANIFEST_NAME));
        let blobs = repository.blobs(found.values().flatten().map(|(_, hash)| hash)).await?;
        let made = newest(folder, touches?);
        let mut versions = Vec::new();
        for (path, files) in found {
            let files = files.into_iter().filter_map(|(name, hash)| text_file(name, blobs.get(&hash)?)).collect();
            let Some(touch) = made.get(&path) else { continue };
            match version(environment, &path, files, touch) {
                Ok(version) => versions.push(version),
                // One folder that a person broke must not hide the others; reading it says what is wrong.
                Err(reason) => tracing::warn!(component = %path, reason, "component.unreadable"),
            }
        }
        Ok(versions)
    }

    async fn read(&self, environment: &Environment, path: &ComponentPath) -> Answer<Option<ComponentVersion>> {
        let repository = Repository::open(&self.tool, &environment.repository)?;
        let base = repository.standing().await?.base;
        at(&repository, environment, path, &base).await
    }

    async fn at(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        commit: &ObjectHash,
    ) -> Answer<Option<ComponentVersion>> {
        let repository = Repository::open(&self.tool, &environment.repository)?;
        at(&repository, environment, path, commit).await
    }

    async fn conventions(&self, environment: &Environment) -> Answer<Option<String>> {
        let repository = Repository::open(&self.tool, &environment.repository)?;
        let base = repository.standing().await?.base;
        let folder = &repository.address.folder;
        let path = if folder.is_empty() { CONVENTIONS.to_owned() } else { format!("{folder}/{CONVENTIONS}") };
        let entries = repository.entries(&base, folder).await?;
        let Some(entry) = entries.into_iter().find(|entry| entry.path == path && entry.mode == PLAIN) else {
            return Ok(None);
        };
        let blobs = repository.blobs([&entry.hash].into_iter()).await?;
        let bytes = blobs.get(&entry.hash).map(Vec::as_slice).unwrap_or_default();
        Ok(Some(String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_CONVENTIONS)]).into_owned()))
    }

    async fn history(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        limit: u32,
    ) -> Answer<Vec<VersionSummary>> {
        let repository = Repository::open(&self.tool, &environment.repository)?;
        let base = repository.standing().await?.base;
        let touches = repository.touches(&base, &repository.address.component(path), Some(limit), false).await?;
        let summary = |touch: Touch| VersionSummary {
            commit: touch.commit,
            change: touch.change,
            title: touch.title.chars().filter(|c| !c.is_control()).take(200).collect(),
            at: touch.at,
        };
        Ok(touches.into_iter().map(summary).collect())
    }
}

async fn at(
    repository: &Repository,
    environment: &Environment,
    path: &ComponentPath,
    commit: &ObjectHash,
) -> Result<Option<ComponentVersion>, Problem> {
    let place = repository.address.component(path);
    let (folder, touches) =
        tokio::join!(repository.folder(commit, &place), repository.touches(commit, &place, Some(1), false));
    let files = plain_files(&folder?);
    let touches = touches?;
    let (true, Some(touch)) = (files.iter().any(|file| file.name == MANIFEST_NAME), touches.first()) else {
        return Ok(None);
    };
    let broken =
        |reason: String| unusable(&repository.address.path.display().to_string(), format!("{place}: {reason}"));
    version(environment, path, files, touch).map(Some).map_err(broken)
}

/// The plain text files directly in a component's folder. What else stands there (folders, links, programs)
/// is no part of a version: the plan names it as something that goes.
pub(super) fn plain_files(folder: &Folder) -> Vec<ComponentFile> {
    let plain = folder.items.iter().filter(|(_, item)| item.mode == PLAIN);
    plain.filter_map(|(name, item)| text_file(name.clone(), &item.bytes)).collect()
}

fn text_file(name: String, bytes: &[u8]) -> Option<ComponentFile> {
    let text = std::str::from_utf8(bytes).ok()?.to_owned();
    is_file_name(&name).then_some(ComponentFile { name, text })
}

fn version(
    environment: &Environment,
    path: &ComponentPath,
    files: Vec<ComponentFile>,
    touch: &Touch,
) -> Result<ComponentVersion, String> {
    let manifest = files.iter().find(|file| file.name == MANIFEST_NAME).map_or("", |file| file.text.as_str());
    let manifest = Manifest::parse(manifest).map_err(|error| error.to_string())?;
    Ok(ComponentVersion {
        component: ComponentId { environment: environment.name.clone(), path: path.clone() },
        template: manifest.template,
        values: manifest.values,
        files,
        commit: touch.commit.clone(),
        change: touch.change.clone(),
        at: touch.at,
    })
}

/// Component and file that a path in the repository stands for.
fn place(folder: &str, path: &str) -> Option<(ComponentPath, String)> {
    let inner = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
    let [group, name, file] = inner.split('/').collect::<Vec<_>>().try_into().ok()?;
    Some((ComponentPath::new(group, name).ok()?, file.to_owned()))
}

/// The newest commit that touched each component.
fn newest(folder: &str, touches: Vec<Touch>) -> BTreeMap<ComponentPath, Touch> {
    let mut newest = BTreeMap::new();
    for touch in touches {
        for path in &touch.paths {
            // Deeper files count too: they are part of the folder, though of no version.
            let cut: Vec<&str> =
                path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').splitn(3, '/').collect();
            if let [group, name, _] = cut.as_slice()
                && let Ok(component) = ComponentPath::new(group, name)
            {
                newest.entry(component).or_insert_with(|| Touch { paths: Vec::new(), ..touch.clone() });
            }
        }
    }
    newest
}
