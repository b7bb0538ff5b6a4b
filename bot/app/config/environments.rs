//! The sections `[environments.<name>]`: places to change, with their rules of approval.
//! Read by `config::read`; turned into the domain's environments.
//! Must never let a missing rule mean anybody, or take a role that nobody has for a rule.

use super::reader::Section;
use super::{approval, calendar, terraform};
use chopmark_domain::environment::{ClusterAddress, Disclosure, Environment, Mode, RepositoryAddress};
use chopmark_domain::ids::{EnvironmentName, Role, TemplateName};
use chopmark_domain::problem::{Code, Problem};
use chopmark_runners::git;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What environments are read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The data folder, where repositories are made that nobody named.
    pub(super) data: &'a Path,
    /// Every template there is.
    pub(super) templates: &'a [TemplateName],
    /// Every role that somebody has; none leaves the roles unchecked.
    pub(super) roles: Option<&'a BTreeSet<Role>>,
}

/// Reads every `[environments.<name>]` of `root` into `all`, replacing those of the same name.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(
    root: &Section<'_, '_>,
    around: Around<'_>,
    all: &mut BTreeMap<EnvironmentName, Environment>,
) -> Result<(), Problem> {
    let Some(sections) = root.entries_of("environments")? else { return Ok(()) };
    for key in sections.keys() {
        let name = EnvironmentName::parse(key).map_err(|error| {
            sections.problem_at_name(Code::ConfigValue, key).with("value", key).with("expected", error.rule)
        })?;
        let known = [
            "mode",
            "model",
            "templates",
            "repository",
            "kubernetes",
            "terraform",
            "approval",
            "windows",
            "start",
            "read_only",
        ];
        let Some(section) = sections.section(key, &known)? else { continue };
        let environment = environment(&section, name.clone(), around)?;
        all.insert(name, environment);
    }
    for key in sections.keys() {
        let Some(own) = all.values().find(|environment| environment.name.as_str() == key) else { continue };
        let same = |other: &&Environment| {
            other.name != own.name
                && (&other.repository.path, &other.repository.branch, &other.repository.folder)
                    == (&own.repository.path, &own.repository.branch, &own.repository.folder)
        };
        if let Some(other) = all.values().find(same) {
            return Err(sections
                .problem_at_name(Code::ConfigValue, key)
                .with("value", own.repository.path.display())
                .with("expected", format!("≠ environments.{}.repository", other.name)));
        }
    }
    Ok(())
}

fn environment(section: &Section<'_, '_>, name: EnvironmentName, around: Around<'_>) -> Result<Environment, Problem> {
    let mode = section
        .choice("mode", &[("gitops", Mode::Gitops), ("apply", Mode::Apply)])?
        .ok_or_else(|| section.missing("mode"))?;
    let cluster = match section.section("kubernetes", &["kubeconfig", "context", "plan_context"])? {
        Some(kubernetes) => Some(ClusterAddress {
            kubeconfig: kubernetes.file("kubeconfig")?,
            context: kubernetes.filled("context")?.map(str::to_owned),
            plan_context: kubernetes.filled("plan_context")?.map(str::to_owned),
        }),
        None => None,
    };
    let terraform = terraform::read(section, around.data)?;
    if mode == Mode::Apply && cluster.is_none() && terraform.is_none() {
        return Err(section.missing("kubernetes"));
    }
    let disclosures = [("allowed", Disclosure::Allowed), ("never", Disclosure::Never)];
    let disclosure = section.choice("model", &disclosures)?.unwrap_or(Disclosure::Allowed);
    let (rules, windows) = (approval::read(section, around)?, calendar::windows(section)?);
    calendar::reachable(section, &windows, &rules)?;
    Ok(Environment {
        mode,
        repository: repository(section, &name, around)?,
        cluster,
        terraform,
        disclosure,
        rules,
        windows,
        effects: calendar::effects(section)?.unwrap_or_default(),
        templates: templates(section, around)?,
        name,
    })
}

fn templates(section: &Section<'_, '_>, around: Around<'_>) -> Result<Vec<TemplateName>, Problem> {
    let known = |text: &str| around.templates.iter().find(|name| name.as_str() == text).cloned();
    let names: Vec<_> = around.templates.iter().map(TemplateName::as_str).collect();
    Ok(section.list("templates", &names.join(" | "), known)?.unwrap_or_else(|| around.templates.to_vec()))
}

fn repository(
    section: &Section<'_, '_>,
    name: &EnvironmentName,
    around: Around<'_>,
) -> Result<RepositoryAddress, Problem> {
    let made = || around.data.join("repositories").join(name.as_str());
    let main = || "main".to_owned();
    let Some(own) = section.section("repository", &["path", "branch", "folder", "remote"])? else {
        return Ok(RepositoryAddress { path: made(), branch: main(), folder: String::new(), remote: None });
    };
    let branch = own.filled("branch")?.map_or_else(main, str::to_owned);
    if !is_branch(&branch) {
        return Err(own.wrong("branch", "main | release/1.2"));
    }
    let folder = own.filled("folder")?.unwrap_or_default().trim_end_matches('/').to_owned();
    if !is_folder(&folder) {
        return Err(own.wrong("folder", "clusters/dev"));
    }
    let remote = own.filled("remote")?;
    // The runner's own rule, at load: then no door speaks to a remote that it would refuse, and none shows a password.
    if let Some(remote) = remote
        && git::remote_fault(remote).is_some()
    {
        let problem = own.wrong("remote", "https://… | ssh://… | git@host:path | /path");
        return Err(if remote.contains('@') { problem.with("value", "…@…") } else { problem });
    }
    Ok(RepositoryAddress {
        path: own.file("path")?.unwrap_or_else(made),
        branch,
        folder,
        remote: remote.map(str::to_owned),
    })
}

/// The part of git's rules for branch names that every sane name keeps (git check-ref-format).
fn is_branch(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with(".lock");
    name.split('/').all(part)
        && !name.contains("..")
        && !name.ends_with('.')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+'))
}

/// A folder that stays inside its repository and out of git's own.
fn is_folder(folder: &str) -> bool {
    folder.is_empty()
        || folder.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with(['.', '-'])
                && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_never_leaves_its_repository() {
        for good in ["", "clusters", "clusters/dev-1", "集群/dev"] {
            assert!(is_folder(good), "{good}");
        }
        for bad in ["/etc", "..", "a/../b", ".git", "a//b", "-x", "a b", "a\nb"] {
            assert!(!is_folder(bad), "{bad}");
        }
    }

    #[test]
    fn a_branch_is_never_an_option_or_a_range() {
        for good in ["main", "release/1.2", "feature/x_y"] {
            assert!(is_branch(good), "{good}");
        }
        for bad in ["", "-f", "a..b", "a b", "a:b", "x/", "/x", "x.lock", ".x", "x~1", "x^", "--upload-pack=x"] {
            assert!(!is_branch(bad), "{bad}");
        }
    }
}
