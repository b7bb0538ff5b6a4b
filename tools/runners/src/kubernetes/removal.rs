//! Removals: what the draft no longer renders goes, by name, and with a namespace everything in it.
//! Called by plan after the objects that stay.
//! Must never let anything go that is not named as an action.

use super::instructions::Deletion;
use super::ownership;
use super::plan::{Sheet, rank, refuse_foreign};
use super::server::{Server, Write};
use chopmark_domain::component::{CLUSTER_GROUP, ComponentPath};
use chopmark_domain::plan::{ResourceAction, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_sources::{json, label};
use serde_json::Value;
use std::collections::BTreeSet;

/// Kinds among which objects of a component are looked for that no record names any more. Kinds that
/// Kubernetes copies labels to (EndpointSlice, ReplicaSet, Pod) are not among them.
const LOOKED_THROUGH: [(&str, &str); 15] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "CronJob"),
    ("batch/v1", "Job"),
    ("v1", "Service"),
    ("networking.k8s.io/v1", "Ingress"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "ResourceQuota"),
    ("v1", "LimitRange"),
    ("v1", "ServiceAccount"),
];
/// Kinds that a namespace's controllers keep by themselves.
const KEPT_BY_THEMSELVES: [&str; 6] =
    ["Event", "Endpoints", "EndpointSlice", "Lease", "PodMetrics", "ControllerRevision"];
/// Most objects that one plan names; a card with more is not read.
const MOST: usize = 1000;

/// Plans the deletes.
pub(super) async fn plan(
    server: &Server,
    sheet: &mut Sheet,
    component: &ComponentPath,
    stays: &[Value],
    previous: &[Value],
) -> Result<(), Problem> {
    let stays: BTreeSet<_> = stays.iter().map(json::reference).collect();
    let mut going: Vec<(ObjectReference, Value)> = Vec::new();
    for reference in previous.iter().map(json::reference).filter(|reference| !stays.contains(reference)) {
        if let Some(live) = server.live(&reference).await? {
            going.push((reference, live));
        }
    }
    for live in labelled(server, component).await? {
        let reference = json::reference(&live);
        if !stays.contains(&reference) && going.iter().all(|(known, _)| *known != reference) {
            going.push((reference, live));
        }
    }
    // What needs others goes before them: the order of sending, backwards.
    going.sort_by_key(|(reference, _)| (std::cmp::Reverse(rank(&reference.kind)), reference.to_string()));
    for (reference, live) in going {
        refuse_foreign(&reference, &live, component)?;
        if !ownership::is_ours(&live) {
            // Somebody made it anew under the same name: it is not what we recorded.
            sheet.warn("caveat-not-ours-stays", &reference);
            continue;
        }
        remove(server, sheet, reference, &live).await?;
    }
    Ok(())
}

async fn remove(server: &Server, sheet: &mut Sheet, object: ObjectReference, live: &Value) -> Result<(), Problem> {
    let uid = json::text(live, "/metadata/uid").to_owned();
    let dry = server.delete(&object, &uid, Write::DryRun).await;
    dry.map_err(|refused| refused.problem(&object, server.connection().name()))?;
    sheet.require(&object, Some(&uid));
    sheet.act(&object, Verb::Delete, Vec::new(), None);
    if object.kind == "Namespace" {
        for (reference, uid) in inside(server, &object.name).await? {
            if sheet.actions.iter().any(|action| action.address == reference.to_string()) {
                continue;
            }
            sheet.preconditions.push((reference.to_string(), uid));
            sheet.actions.push(ResourceAction {
                address: reference.to_string(),
                kind: reference.kind,
                verb: Verb::Delete,
                fields: Vec::new(),
                because: Some(object.to_string()),
            });
        }
    }
    sheet.instructions.deletes.push(Deletion { object, uid });
    Ok(())
}

/// Live objects that say they belong to the component and that we applied.
async fn labelled(server: &Server, component: &ComponentPath) -> Result<Vec<Value>, Problem> {
    let namespace = if component.group() == CLUSTER_GROUP { component.name() } else { component.group() };
    let selector = label::selector(component);
    let mut found = Vec::new();
    for (api_version, name) in LOOKED_THROUGH {
        let Some(kind) = server.connection().kind(api_version, name).await? else { continue };
        let page = server.connection().list(&kind, Some(namespace), Some(&selector), MOST).await?;
        let ours = |object: &Value| {
            label::component(object).as_ref() == Some(component)
                && ownership::is_ours(object)
                && json::items(object, "/metadata/ownerReferences").is_empty()
        };
        found.extend(page.objects.into_iter().filter(ours));
    }
    Ok(found)
}

/// Everything that goes with a namespace and that nothing else there would bring along.
async fn inside(server: &Server, namespace: &str) -> Result<Vec<(ObjectReference, String)>, Problem> {
    let mut inside = Vec::new();
    for kind in server.connection().kinds().await?.listed_in_namespaces() {
        if KEPT_BY_THEMSELVES.contains(&kind.resource.kind.as_str()) {
            continue;
        }
        let page = server.connection().list(kind, Some(namespace), None, MOST).await?;
        let own = |object: &&Value| {
            let (kind, name) = (json::text(object, "/kind"), json::text(object, "/metadata/name"));
            json::items(object, "/metadata/ownerReferences").is_empty()
                && !(kind == "ServiceAccount" && name == "default")
                && !(kind == "ConfigMap" && name == "kube-root-ca.crt")
        };
        inside.extend(
            page.objects
                .iter()
                .filter(own)
                .map(|object| (json::reference(object), json::text(object, "/metadata/uid").to_owned())),
        );
        if page.more || inside.len() > MOST {
            let reason = format!("the namespace holds more than {MOST} objects, which no card can name");
            return Err(Problem::new(Code::ClusterRefused)
                .with("about", format!("Namespace/{namespace}"))
                .with("reason", reason));
        }
    }
    inside.sort();
    inside.dedup();
    Ok(inside)
}
