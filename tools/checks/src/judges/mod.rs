//! The list of judges.
//! Read by `Checks::shipped`.
//! Must never lose a judge without a reason in the commit: approvals rest on all of them.

mod host;
mod image;
mod place;
mod reach;
mod secret;

use crate::Judge;

/// Every shipped judge.
pub(crate) fn all() -> Vec<Judge> {
    vec![
        Judge { name: "place", version: 1, verdict: place::verdict },
        Judge { name: "secret", version: 1, verdict: secret::verdict },
        Judge { name: "host", version: 1, verdict: host::verdict },
        Judge { name: "image", version: 1, verdict: image::verdict },
        Judge { name: "reach", version: 1, verdict: reach::verdict },
    ]
}
