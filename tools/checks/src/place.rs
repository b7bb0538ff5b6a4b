//! Place: a component's objects stay in its own namespace.
//! One of the judges of lib.rs.
//! Must never let a template of one team write into another's namespace.

use crate::{Case, Judge, finding, text};
use chopmark_domain::component::CLUSTER_GROUP;
use chopmark_domain::finding::{Finding, Severity};

pub(crate) const JUDGE: Judge = Judge { id: "namespace-escape", version: 1, judge };

fn judge(case: &Case<'_>) -> Vec<Finding> {
    let path = &case.draft.component.path;
    // A namespace's own component holds that namespace and what limits it.
    let allowed = if path.group() == CLUSTER_GROUP { path.name() } else { path.group() };
    let strays = case.objects.iter().filter_map(|(file, object)| {
        let namespace = text(object, "/metadata/namespace");
        let itself = text(object, "/kind") == "Namespace" && text(object, "/metadata/name") == allowed;
        let cluster_wide = namespace.is_empty() && path.group() == CLUSTER_GROUP;
        let stays = itself || cluster_wide || namespace == allowed;
        (!stays).then(|| finding(JUDGE.id, Severity::Deny, file, &[("namespace", namespace), ("allowed", allowed)]))
    });
    strays.collect()
}
