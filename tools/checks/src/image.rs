//! Images: a tag that moves means that tomorrow's pods are not those that were approved.
//! One of the judges of lib.rs.
//! Must never deny: a moving tag is a habit to break, not a danger by itself.

use crate::{Case, Judge, containers, finding, pod, text};
use chopmark_domain::finding::{Finding, Severity};

pub(crate) const JUDGE: Judge = Judge { id: "floating-tag", version: 1, judge };

fn judge(case: &Case<'_>) -> Vec<Finding> {
    let pods = case.objects.iter().filter_map(|(file, object)| Some((file, pod(object)?)));
    let images = pods.flat_map(|(file, pod)| containers(pod).map(move |container| (file, text(container, "/image"))));
    images
        .filter(|(_, image)| is_floating(image))
        .map(|(file, image)| finding(JUDGE.id, Severity::Warn, file, &[("image", image)]))
        .collect()
}

/// A reference without a digest whose tag is absent or `latest`.
fn is_floating(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    // A colon before the last slash belongs to the registry's port.
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}
