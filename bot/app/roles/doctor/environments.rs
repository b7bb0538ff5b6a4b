//! Examines each environment: repository, remote, cluster, rule of approval.
//! Called by the doctor.
//! Must never make a repository or change anything in a cluster.

use super::check::{Check, Standing};
use chopmark_domain::approval::ApprovalRule;
use chopmark_domain::environment::{ClusterAddress, Environment};
use chopmark_domain::person::Person;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rules::NeverMet;
use chopmark_runners::confine::{Confiner, Connect, Invocation, Limits, Policy, find};
use chopmark_runners::kubernetes::plan_identity::{self, Hold};
use chopmark_sources::cluster::Clusters;
use std::path::{Path, PathBuf};
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

/// Whether the remote answers; none when there is nothing to ask with.
pub(super) async fn remote(environment: &Environment, confiner: &Confiner) -> Option<Check> {
    let part = name(environment, "remote");
    let Some(remote) = &environment.repository.remote else {
        return Some(Check::new(part, Standing::Off, "doctor-remote-off").with("environment", &environment.name));
    };
    // Without git there is a line about git already.
    let program = find("git", &std::env::var_os("PATH").unwrap_or_default()).ok()?;
    let home = std::env::home_dir().unwrap_or_default();
    let credentials = [".ssh", ".netrc"].map(|path| home.join(path));
    let local = PathBuf::from(remote);
    let read = credentials.into_iter().chain([local]).filter(|path| path.is_absolute() && path.exists()).collect();
    let limits = Limits { seconds: PATIENCE.as_secs(), ..Limits::default() };
    let variables = ["HOME", "PATH", "SSH_AUTH_SOCK"];
    let set = variables.into_iter().filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
    let quiet = [
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CEILING_DIRECTORIES", "/usr:/"),
        ("LC_ALL", "C"),
    ];
    let arguments = ["-c", "protocol.ext.allow=never", "-c", "safe.directory=*", "ls-remote", "--heads", "--", remote];
    let ran = confiner
        .run(Invocation {
            program,
            arguments: arguments.map(str::to_owned).to_vec(),
            environment: set.chain(quiet.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect(),
            // A folder that a confined program may look into: git looks for a repository where it stands.
            folder: "/usr".into(),
            input: Vec::new(),
            policy: Policy { read, connect: Connect::Anywhere, limits, ..Policy::default() },
        })
        .await;
    let reason = match ran {
        Ok(ran) if ran.exit == Some(0) => {
            let good = Check::new(part, Standing::Ok, "doctor-remote-good").with("environment", &environment.name);
            return Some(good.with("remote", remote));
        }
        Ok(ran) => ran.stderr.tail(1).join(" "),
        Err(problem) => problem.to_string(),
    };
    let failed = Check::new(part, Standing::Fail, "doctor-remote-failed").with("environment", &environment.name);
    Some(failed.with("remote", remote).with("path", environment.repository.path.display()).with("reason", reason))
}

/// Whether the plan identity is kept to dry runs; none where no cluster answers.
pub(super) async fn plan_identity(environment: &Environment, clusters: &Clusters) -> Option<Check> {
    let address = environment.cluster.as_ref()?;
    let part = name(environment, "plan_context");
    if address.plan_context.is_none() {
        return Some(
            Check::new(part, Standing::Off, "doctor-plan-identity-off").with("environment", &environment.name),
        );
    }
    let (standing, key) = match within(plan_identity::check(clusters, address), address).await {
        Ok(Hold::Held) => (Standing::Ok, "doctor-plan-identity-good"),
        Ok(Hold::Loose) => (Standing::Warn, "doctor-plan-identity-loose"),
        Ok(Hold::Powerless) => (Standing::Fail, "doctor-plan-identity-powerless"),
        Err(problem) => return Some(Check::problem(part, problem)),
    };
    Some(Check::new(part, standing, key).with("environment", &environment.name))
}

/// Whether the cluster answers.
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

/// Rules that no plan can fall under.
pub(super) fn unused_rules(environment: &Environment) -> Vec<Check> {
    let named = |rule: &ApprovalRule| rule.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let check = |never: NeverMet<'_>| {
        let check = Check::new(name(environment, "approval.rules"), Standing::Warn, "doctor-rule-never")
            .with("environment", &environment.name)
            .with("rule", named(never.rule))
            .with("at", &never.rule.written_at);
        match never.before {
            Some(before) => check.with("before", named(before)),
            None => check,
        }
    };
    environment.rules.never_met(environment).into_iter().map(check).collect()
}

/// Whether anything can be approved.
pub(super) fn rule(environment: &Environment, people: &[Person]) -> Check {
    let rule = &environment.rules.usual;
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
            token: None,
        };
        let config = config::read(&place, Some(text)).unwrap();
        (config.environments.all.values().cloned().collect(), config.people.values().cloned().collect())
    }

    #[test]
    fn an_environment_in_which_nothing_can_be_approved_is_named() {
        let text = "[environments.a]\nmode = \"gitops\"\n[environments.b]\nmode = \"gitops\"\n[environments.b.approval]\napprovers = []\n";
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
