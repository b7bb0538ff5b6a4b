//! The bundle: the files that are planned, screened before any program sees them.
//! Made by plan from a draft; written into the workspace as it is.
//! Must never hold a file that the countersigned draft does not.

use super::needs::Needs;
use chopmark_domain::component::ComponentFile;
use chopmark_domain::digest::{Digest, Fields};
use chopmark_domain::draft::Content;
use chopmark_domain::environment::Providers;
use chopmark_domain::hcl::{self, Lane};
use chopmark_domain::manifest::MANIFEST_NAME;
use chopmark_domain::ports::PlanRequest;
use chopmark_domain::problem::{Code, Problem};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The lock file of providers.
pub(crate) const LOCK: &str = ".terraform.lock.hcl";

/// What is planned.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    /// The files, sorted by name. An existing root's may lie in folders.
    pub(crate) files: Vec<ComponentFile>,
    /// What they need.
    pub(crate) needs: Needs,
    /// Whether everything goes.
    pub(crate) destroys: bool,
    /// The folder of an existing root.
    pub(crate) root: Option<PathBuf>,
}

impl Bundle {
    /// The bundle of a request.
    ///
    /// # Errors
    /// [`Code::ConfigurationRefused`] or [`Code::ConfigurationInvalid`] for the first thing that may not stand there.
    pub(crate) fn of(request: PlanRequest<'_>, providers: &Providers) -> Result<Self, Problem> {
        let (files, root, destroys) = match &request.draft.content {
            Content::Component { files, .. } => (files.as_slice(), None, false),
            Content::Root { folder, files } => (files.as_slice(), Some(folder.clone()), false),
            Content::Removed { .. } => {
                let unknown = || Problem::new(Code::UnknownComponent).with("component", &request.draft.component);
                (request.previous.ok_or_else(unknown)?.files.as_slice(), None, true)
            }
            Content::Fields { object, .. } => {
                return Err(Problem::new(Code::Internal).with("reason", format!("a patch of {object} has no files")));
            }
        };
        let mut files: Vec<ComponentFile> = files.iter().filter(|file| file.name != MANIFEST_NAME).cloned().collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        names(&files)?;
        let needs = Needs::of(&files);
        screen(&files, &needs, root.is_some(), providers)?;
        Ok(Self { files, needs, destroys, root })
    }

    /// The lock file that came with it.
    pub(crate) fn lock(&self) -> Option<&str> {
        self.files.iter().find(|file| file.name == LOCK).map(|file| file.text.as_str())
    }

    /// Every name and byte.
    pub(crate) fn digest(&self) -> Digest {
        let mut fields = Fields::new("chopmark/terraform/bundle/v1");
        for file in &self.files {
            fields.text(&file.name).text(&file.text);
        }
        fields.finish()
    }
}

/// Names lead down, and each to its own file.
fn names(files: &[ComponentFile]) -> Result<(), Problem> {
    for (i, file) in files.iter().enumerate() {
        let down = Path::new(&file.name).components().all(|part| matches!(part, Component::Normal(_)));
        let plain = !file.name.is_empty() && !file.name.chars().any(char::is_control) && !file.name.ends_with('/');
        let own = i == 0 || files[i - 1].name != file.name;
        if !(down && plain && own && file.name != super::workspace::BACKEND_FILE) {
            let what = format!("the file {:?}", file.name);
            return Err(refused(&file.name, 1, &what, "file-name"));
        }
    }
    Ok(())
}

fn screen(files: &[ComponentFile], needs: &Needs, root: bool, providers: &Providers) -> Result<(), Problem> {
    let (kinds, sources): (Vec<String>, Vec<String>);
    let lane = if root {
        Lane::Root
    } else {
        // Which kinds a template may make was decided when it was rendered; which providers, by whoever filled the
        // mirror. One that is asked for and is not there gets its own words from `init`.
        kinds = hcl::resources(files)
            .map(|all| all.into_iter().map(|resource| resource.kind).collect::<BTreeSet<_>>())
            .unwrap_or_default()
            .into_iter()
            .collect();
        let hashicorp = needs.providers.iter().filter(|source| source.starts_with("hashicorp/")).cloned();
        sources = hashicorp.chain(mirrored(providers)).collect();
        Lane::Template { kinds: &kinds, providers: &sources }
    };
    let Err(refusals) = hcl::screen(files, lane) else { return Ok(()) };
    let Some(first) = refusals.iter().find(|refusal| refusal.rule != "syntax").or(refusals.first()) else {
        return Ok(());
    };
    if first.rule == "syntax" {
        return Err(Problem::new(Code::ConfigurationInvalid)
            .with("file", &first.file)
            .with("line", first.line)
            .with("reason", &first.what));
    }
    Err(refused(&first.file, first.line, &first.what, first.rule))
}

/// What a configuration may not hold.
pub(crate) fn refused(file: &str, line: usize, what: &str, rule: &str) -> Problem {
    Problem::new(Code::ConfigurationRefused).with("file", file).with("line", line).with("what", what).with("rule", rule)
}

/// The sources of a mirror: `HOST/NAMESPACE/TYPE` are folders in it.
fn mirrored(providers: &Providers) -> Vec<String> {
    let Providers::Mirror(mirror) = providers else { return Vec::new() };
    let mut sources = BTreeSet::new();
    for namespace in folders(mirror).iter().flat_map(|host| folders(host)) {
        for kind in folders(&namespace) {
            if let (Some(namespace), Some(kind)) = (namespace.file_name(), kind.file_name()) {
                sources.insert(format!("{}/{}", namespace.display(), kind.display()));
            }
        }
    }
    sources.into_iter().collect()
}

/// The folders in a folder, sorted; none where there is nothing to read.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}
