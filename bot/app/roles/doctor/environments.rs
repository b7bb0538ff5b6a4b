//! Examines each environment: repository, remote, cluster, rule of approval.
//! Called by the doctor.
//! Must never make a repository or change anything in a cluster.

use super::check::{Check, Standing};
use chopmark_domain::environment::{ClusterAddress, Environment};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use chopmark_sources::cluster::Clusters;
use std::path::Path;
use std::time::Duration;

/// How long a cluster may take: what a person waits for a diagnosis, several round trips on a bad line.
const PATIENCE: Duration = Duration::from_secs(5);

fn name(environment: &Environment, part: &str) -> String {
    format!("environments.{}.{part}", environment.name)
}

/// Whether the repository is there; one in the data folder is made when it is first needed.
pub(super) fn repository(environment: &Environment, data: &Path) -> Check {
    let path = &environment.repository.path;
    let (standing, key) = match path.join(".git").exists() {
        true => (Standing::Ok, "doctor-repository-good"),
        false if path.starts_with(data) => (Standing::Ok, "doctor-repository-new"),
        false => (Standing::Fail, "doctor-repository-missing"),
    };
    Check::new(name(environment, "repository"), standing, key)
        .with("environment", &environment.name)
        .with("path", path.display())
        .with("branch", &environment.repository.branch)
}

/// Whether the cluster answers, and what the plan identity may do there.
pub(super) async fn cluster(environment: &Environment, clusters: &Clusters) -> Check {
    let part = name(environment, "cluster");
    let Some(address) = &environment.cluster else {
        return Check::new(part, Standing::Off, "doctor-cluster-off").with("environment", &environment.name);
    };
    match within(clusters.identity(address), address).await {
        Ok(_) => Check::new(part, Standing::Ok, "doctor-cluster-good")
            .with("environment", &environment.name)
            .with("cluster", shown(address)),
        Err(problem) => Check::problem(part, problem),
    }
}

fn shown(address: &ClusterAddress) -> String {
    let file = address.kubeconfig.as_deref().map(|path| path.display().to_string());
    let parts: Vec<_> = address.context.clone().into_iter().chain(file).collect();
    parts.join(", ")
}

/// The answer, or that there was none in time.
pub(super) async fn within<T>(
    asked: impl Future<Output = Result<T, Problem>>,
    address: &ClusterAddress,
) -> Result<T, Problem> {
    let seconds = PATIENCE.as_secs();
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| {
        Err(Problem::new(Code::ClusterUnreachable)
            .with("cluster", shown(address))
            .with("reason", format!("> {seconds} s")))
    })
}

/// Whether anything can be approved.
pub(super) fn rule(environment: &Environment, people: &[Person]) -> Check {
    let rule = &environment.rule;
    let able = people.iter().filter(|person| !rule.approvers.is_disjoint(&person.roles)).count();
    let (standing, key) = match able {
        0 => (Standing::Warn, "doctor-rule-nobody"),
        able if able < usize::from(rule.needed) => (Standing::Warn, "doctor-rule-few"),
        _ => (Standing::Ok, "doctor-rule-good"),
    };
    let approvers: Vec<_> = rule.approvers.iter().map(ToString::to_string).collect();
    Check::new(name(environment, "approval"), standing, key)
        .with("environment", &environment.name)
        .with("approvers", approvers.join(", "))
        .with("needed", rule.needed)
        .with("people", able)
        .with("at", &rule.written_at)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::config::{self, Whereabouts, me};

    fn environments(text: &str, data: &Path) -> (Vec<Environment>, Vec<Person>) {
        let place = Whereabouts {
            file: Some("/etc/config.toml".into()),
            named: false,
            data: Some(data.to_owned()),
            environment: None,
            templates: Vec::new(),
            me: me(),
        };
        let config = config::read(&place, Some(text)).unwrap();
        (config.environments.all.values().cloned().collect(), config.people.values().cloned().collect())
    }

    #[test]
    fn an_environment_in_which_nothing_can_be_approved_is_named() {
        let text = "[environments.a]\nmode = \"gitops\"\n[environments.b]\nmode = \"gitops\"\n[environments.b.approval]\napprovers = [\"owner\"]\nneeded = 2\n";
        let (environments, people) = environments(text, Path::new("/data"));
        let standings: Vec<_> = environments.iter().map(|environment| rule(environment, &people).standing).collect();
        assert_eq!(standings, [Standing::Warn, Standing::Warn, Standing::Ok]);
    }

    #[test]
    fn a_repository_that_somebody_named_must_be_there_and_ours_need_not() {
        let data = tempfile::tempdir().unwrap();
        let text = "[environments.a]\nmode = \"gitops\"\nrepository.path = \"/nowhere\"\n";
        let (environments, _) = environments(text, data.path());
        let standings: Vec<_> = environments.iter().map(|one| repository(one, data.path()).standing).collect();
        assert_eq!(standings, [Standing::Fail, Standing::Ok]);
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    }
}
