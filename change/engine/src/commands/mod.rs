//! What a person can do with a change, one file each.
//! Called by the router for every surface alike: there is no second door.
//! Must never trust a role, revision or digest that the caller brings: all are read anew.

mod asked;
mod cancel;
mod decide;
mod explain;
mod halt;
mod link;
mod plan_again;
mod propose;
mod resolve;
mod schedule;
mod undo;

pub use asked::AskedModel;
pub use decide::{Decided, DecisionAsked};
pub use halt::{LONGEST_REASON, Stopped};
pub use propose::Asked;
pub use resolve::Resolution;
pub use schedule::Wished;
pub(crate) use schedule::unknown_window;
