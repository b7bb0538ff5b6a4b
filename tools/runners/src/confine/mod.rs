//! Running programs: argument lists only, named variables only, inside limits, with nothing of them left behind.
//! Used by the runners; `entry` is called by the program's main for `chopmark confine`.
//! Must never pass a text through a shell, nor inherit a variable that was not named.

mod capture;
mod entry;
mod find;
mod interrupt;
mod orphans;
mod policy;
mod run;
mod sandbox;

pub use capture::Captured;
pub use entry::entry;
pub use find::find;
pub use interrupt::Interrupt;
pub use policy::{Connect, Isolation, Limits, Policy};
pub use run::{Confiner, End, Followed, Invocation, Ran};

pub(crate) use capture::tail;
pub(crate) use orphans::{adopt, end_all};
