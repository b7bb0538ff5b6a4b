//! Kinds: what a cluster serves, found by any name a person uses for it.
//! Read once per connection and again when a kind is missing, because custom kinds come and go.
//! Must never guess a plural: the server says it.

use kube::core::GroupVersionKind;
use kube::core::discovery::v2::{APIGroupDiscoveryList, APIResourceDiscovery};
use kube::discovery::ApiResource;

/// A kind that the cluster serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// How it is addressed.
    pub resource: ApiResource,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// Other names: singular and short ones, in lower case.
    pub names: Vec<String>,
    /// What may be done with it, such as `list`.
    pub verbs: Vec<String>,
}

impl Kind {
    /// The URL path of its objects: all of them, or those of a namespace.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let resource = &self.resource;
        let root = if resource.group.is_empty() { "/api" } else { "/apis" };
        let plural = &resource.plural;
        match namespace {
            Some(namespace) if self.namespaced => {
                format!("{root}/{}/namespaces/{namespace}/{plural}", resource.api_version)
            }
            _ => format!("{root}/{}/{plural}", resource.api_version),
        }
    }

    /// Whether the server lets its objects be listed.
    pub fn can_list(&self) -> bool {
        self.verbs.iter().any(|verb| verb == "list")
    }
}

/// Every kind of a cluster, in the server's order of preference.
#[derive(Debug, Clone, Default)]
pub struct Kinds(Vec<Kind>);

impl Kinds {
    /// From the server's two discovery documents: the core group first.
    pub fn from_discovery(core: &APIGroupDiscoveryList, groups: &APIGroupDiscoveryList) -> Self {
        let mut kinds = Vec::new();
        for group in core.items.iter().chain(&groups.items) {
            let name = group.metadata.as_ref().and_then(|metadata| metadata.name.as_deref()).unwrap_or_default();
            for version in &group.versions {
                let version_name = version.version.as_deref().unwrap_or_default();
                kinds.extend(version.resources.iter().filter_map(|resource| kind(name, version_name, resource)));
            }
        }
        Self(kinds)
    }

    /// The kind with that group, version and kind.
    pub fn get(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        self.0.iter().find(|known| known.resource.api_version == api_version && known.resource.kind == kind)
    }

    /// The first kind that has that name: kind, plural, singular or short name in any case, with or without its
    /// group (`ingresses.networking.k8s.io`).
    pub fn named(&self, name: &str) -> Option<&Kind> {
        let name = name.trim().to_lowercase();
        self.0.iter().find(|kind| {
            let plural = &kind.resource.plural;
            kind.names.contains(&name)
                || *plural == name
                || kind.resource.kind.to_lowercase() == name
                || name == format!("{plural}.{}", kind.resource.group)
        })
    }

    /// One version of every kind whose objects live in namespaces and can be listed: the preferred one.
    pub fn listed_in_namespaces(&self) -> Vec<&Kind> {
        let mut seen = std::collections::BTreeSet::new();
        self.0
            .iter()
            .filter(|kind| kind.namespaced && kind.can_list())
            .filter(|kind| seen.insert((kind.resource.group.as_str(), kind.resource.kind.as_str())))
            .collect()
    }
}

fn kind(group: &str, version: &str, resource: &APIResourceDiscovery) -> Option<Kind> {
    let plural = resource.resource.clone()?;
    let kind = resource.response_kind.as_ref()?.kind.clone()?;
    let gvk = GroupVersionKind::gvk(group, version, &kind);
    let mut names: Vec<String> = resource.short_names.iter().map(|name| name.to_lowercase()).collect();
    names.extend(resource.singular_resource.iter().map(|name| name.to_lowercase()));
    Some(Kind {
        resource: ApiResource::from_gvk_with_plural(&gvk, &plural),
        namespaced: resource.scope.as_deref() == Some("Namespaced"),
        names,
        verbs: resource.verbs.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kinds() -> Kinds {
        let resource = |plural: &str, kind: &str, short: &[&str]| {
            json!({"resource": plural, "responseKind": {"kind": kind}, "scope": "Namespaced",
                "singularResource": kind.to_lowercase(), "shortNames": short, "verbs": ["get", "list"]})
        };
        let list = |group: &str, version: &str, resources: Vec<serde_json::Value>| json!({"items": [{"metadata": {"name": group}, "versions": [{"version": version, "resources": resources}]}]});
        let core = list("", "v1", vec![resource("pods", "Pod", &["po"]), resource("events", "Event", &["ev"])]);
        let apps = list("apps", "v1", vec![resource("deployments", "Deployment", &["deploy"])]);
        Kinds::from_discovery(
            &serde_json::from_value(core).unwrap_or_default(),
            &serde_json::from_value(apps).unwrap_or_default(),
        )
    }

    #[test]
    fn a_kind_is_found_by_every_name_people_use() {
        for name in ["pods", "Pod", "po", "POD", " pods "] {
            assert_eq!(
                kinds().named(name).map(|k| k.path(Some("shop"))).as_deref(),
                Some("/api/v1/namespaces/shop/pods")
            );
        }
        for name in ["deploy", "deployments", "Deployment", "deployments.apps"] {
            assert_eq!(kinds().named(name).map(|k| k.path(None)).as_deref(), Some("/apis/apps/v1/deployments"));
        }
        assert_eq!(kinds().named("dragons"), None);
    }
}
