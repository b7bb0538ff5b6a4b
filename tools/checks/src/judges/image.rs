//! Judge of images: a tag that moves by itself means other code tomorrow under the same card.
//! One of the list in `judges`.
//! Must never deny: a moving tag is bad practice, not an effect that nobody sees.

use crate::case::Case;
use crate::finding;
use crate::walk::{last, walk};
use chopmark_domain::finding::{Finding, Severity};
use serde_json::Value;

/// Warns of images without a tag or with `latest`, unless a digest pins them.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (address, object) in &case.objects {
        walk(object, &mut |pointer, value| {
            if let (true, Value::String(image)) = (last(pointer) == "image", value)
                && floats(image)
            {
                findings.push(finding("floating-tag", Severity::Warn, address, &[("image", image)]));
            }
        });
    }
    findings
}

/// The tag stands after the last colon behind the last slash: a registry may have a port.
fn floats(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    !image.is_empty() && !image.contains('@') && name.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_tag_or_a_digest_pins_an_image() {
        for image in ["nginx", "nginx:latest", "localhost:5000/nginx", "a/b:latest"] {
            assert!(floats(image), "{image}");
        }
        for image in ["nginx:1.27", "localhost:5000/nginx:1", "nginx:latest@sha256:00", ""] {
            assert!(!floats(image), "{image}");
        }
    }
}
