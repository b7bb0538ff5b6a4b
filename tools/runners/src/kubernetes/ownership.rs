//! Ownership: whether another tool manages an object, and whether it is ours.
//! Asked by plan of every live object before anything is planned on it.
//! Must never take silence for permission: whoever writes an object back later would undo the change.

use chopmark_sources::json;
use serde_json::Value;

/// Name under which our fields are recorded by the server.
pub(crate) const MANAGER: &str = "chopmark";

/// Labels and annotations by which tools mark what they manage, with the tool's name
/// (Helm 3 `pkg/action`, Argo CD resource tracking, Flux kustomize and helm controllers).
const MARKS: [(&str, &str); 7] = [
    ("meta.helm.sh/release-name", "Helm"),
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("argocd.argoproj.io/installation-id", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
    ("fluxcd.controlplane.io/name", "Flux"),
];
/// The same by the name under which they write.
const WRITERS: [(&str, &str); 6] = [
    ("argocd-controller", "Argo CD"),
    ("argocd-application-controller", "Argo CD"),
    ("kustomize-controller", "Flux"),
    ("helm-controller", "Flux"),
    ("flux-operator", "Flux"),
    ("helm", "Helm"),
];

/// The tool that manages an object, with the name it gives its own unit.
pub(crate) fn elsewhere(object: &Value) -> Option<String> {
    for (key, tool) in MARKS {
        if let Some(name) = json::annotation(object, key).or_else(|| json::label(object, key)) {
            return Some(format!("{tool} ({name})"));
        }
    }
    if json::label(object, "app.kubernetes.io/managed-by") == Some("Helm") {
        return Some("Helm".to_owned());
    }
    writers(object)
        .find_map(|writer| WRITERS.iter().find(|(name, _)| writer.eq_ignore_ascii_case(name)))
        .map(|(_, tool)| (*tool).to_owned())
}

/// Whether we applied it: the server has recorded our fields.
pub(crate) fn is_ours(object: &Value) -> bool {
    json::items(object, "/metadata/managedFields")
        .iter()
        .any(|entry| json::text(entry, "/manager") == MANAGER && json::text(entry, "/operation") == "Apply")
}

/// Everybody who wrote a field other than in the status.
fn writers(object: &Value) -> impl Iterator<Item = &str> {
    json::items(object, "/metadata/managedFields")
        .iter()
        .filter(|entry| json::text(entry, "/subresource") != "status")
        .map(|entry| json::text(entry, "/manager"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_another_tool_manages_is_recognised_by_mark_or_writer() {
        for (object, owner) in [
            (json!({"metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}}}), Some("Helm (shop)")),
            (json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"}}}), Some("Helm")),
            (json!({"metadata": {"annotations": {"argocd.argoproj.io/tracking-id": "a:b"}}}), Some("Argo CD (a:b)")),
            (json!({"metadata": {"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}}}), Some("Flux (apps)")),
            (json!({"metadata": {"managedFields": [{"manager": "argocd-controller"}]}}), Some("Argo CD")),
            (json!({"metadata": {"managedFields": [{"manager": "helm-controller", "subresource": "status"}]}}), None),
            (json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": "chopmark"}}}), None),
        ] {
            assert_eq!(elsewhere(&object).as_deref(), owner, "{object}");
        }
    }
}
