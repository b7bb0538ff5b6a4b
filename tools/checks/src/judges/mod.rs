//! The list of judges.
//! Read by `Checks::shipped`.
//! Must never lose a judge without a reason in the commit: approvals rest on all of them.

mod host;
mod image;
mod network;
mod place;
mod publicity;
mod reach;
mod root;
mod secret;
mod storage;

use crate::Judge;

/// Every shipped judge.
pub(crate) fn all() -> Vec<Judge> {
    vec![
        Judge { name: "place", version: 1, verdict: place::verdict },
        Judge { name: "root", version: 1, verdict: root::verdict },
        Judge { name: "secret", version: 2, verdict: secret::verdict },
        Judge { name: "host", version: 1, verdict: host::verdict },
        Judge { name: "image", version: 1, verdict: image::verdict },
        Judge { name: "network", version: 1, verdict: network::verdict },
        Judge { name: "publicity", version: 1, verdict: publicity::verdict },
        Judge { name: "storage", version: 1, verdict: storage::verdict },
        Judge { name: "reach", version: 2, verdict: reach::verdict },
    ]
}
