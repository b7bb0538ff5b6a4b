//! What a question about a cluster is about: one of our components, or an object that is not ours.
//! Used by the tools that read clusters.
//! Must never look for an object in a namespace that nobody named.

use crate::asker::Asker;
use crate::resolve::invalid;
use crate::tool::Stop;
use crate::toolbox::Toolbox;
use chopmark_domain::component::{CLUSTER_GROUP, ComponentPath};
use chopmark_domain::environment::Environment;
use chopmark_domain::ids::{DNS_LABEL_RULE, is_dns_label};
use chopmark_domain::problem::{Code, Problem};
use chopmark_sources::cluster::Scope;

/// What is asked about.
pub(crate) struct Subject {
    /// Where.
    pub(crate) environment: Environment,
    /// The namespace to look into.
    pub(crate) namespace: String,
    /// The object's name; none for everything in the namespace.
    pub(crate) name: Option<String>,
    /// Our component, if it is one.
    pub(crate) component: Option<ComponentPath>,
    /// Names of components near to the one asked for, when it is none of ours.
    pub(crate) nearest: String,
}

impl Subject {
    /// As the scope of a health check.
    pub(crate) fn scope(&self) -> Scope {
        match (&self.component, &self.name) {
            (Some(path), _) => Scope::Component(path.clone()),
            (None, Some(name)) => Scope::Object { namespace: self.namespace.clone(), name: name.clone() },
            (None, None) => Scope::Namespace(self.namespace.clone()),
        }
    }
}

impl Toolbox {
    /// The namespace that was said, else the one last used in that environment.
    pub(crate) fn namespace(
        &self,
        asker: &Asker,
        environment: &Environment,
        said: Option<&str>,
    ) -> Result<Option<String>, Problem> {
        match said {
            Some(namespace) if is_dns_label(namespace) => Ok(Some(namespace.to_owned())),
            Some(namespace) => Err(Problem::new(Code::InvalidName)
                .with("what", "namespace")
                .with("text", crate::clean::text(namespace, 80))
                .with("rule", DNS_LABEL_RULE)),
            None if asker.memory.environment.as_ref() == Some(&environment.name) => Ok(asker.memory.group.clone()),
            None => Ok(None),
        }
    }

    /// One of our components by that name, else an object of that name in the namespace said or last used.
    pub(crate) async fn subject(
        &self,
        asker: &Asker,
        environment: Option<&str>,
        namespace: Option<&str>,
        name: Option<&str>,
    ) -> Result<Subject, Stop> {
        let qualified = match (name, namespace) {
            (Some(name), Some(namespace)) if !name.contains('/') => Some(format!("{namespace}/{name}")),
            (name, _) => name.map(str::to_owned),
        };
        let problem = match self.component(asker, environment, qualified.as_deref()).await {
            Ok(chosen) => {
                let path = chosen.version.component.path;
                let whole = path.group() == CLUSTER_GROUP;
                return Ok(Subject {
                    environment: chosen.environment,
                    namespace: if whole { path.name() } else { path.group() }.to_owned(),
                    name: (!whole).then(|| path.name().to_owned()),
                    component: Some(path),
                    nearest: String::new(),
                });
            }
            Err(Stop::Problem(problem)) if problem.code == Code::UnknownComponent => problem,
            Err(stop) => return Err(stop),
        };
        let Some(qualified) = qualified else { return Err(problem.into()) };
        let parts: Vec<&str> = qualified.split('/').collect();
        let (said_environment, said_namespace, name) = match parts.as_slice() {
            [environment, namespace, name] => (Some(*environment), Some(*namespace), *name),
            [namespace, name] => (environment, Some(*namespace), *name),
            _ => (environment, namespace, qualified.as_str()),
        };
        let environment = self.environment(asker, said_environment)?.environment;
        let known = self.namespace(asker, &environment, said_namespace)?;
        let (Some(namespace), true) = (known, environment.cluster.is_some()) else { return Err(problem.into()) };
        ComponentPath::new(&namespace, name).map_err(|error| invalid(&error))?;
        // A component that is hidden is no object that is not ours.
        if !self.sees_object(&environment.name, Some(&namespace), name) {
            return Err(problem.into());
        }
        let nearest = problem.facts.get("nearest").cloned().unwrap_or_default();
        Ok(Subject { environment, namespace, name: Some(name.to_owned()), component: None, nearest })
    }
}
