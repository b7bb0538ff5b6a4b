//! The catalogue: templates as data; typed values in, the exact files of a draft out.
//! Used by the engine through the Drafter port, by tools/functions and by the offline planner.
//! Must never read or write anything but templates, and never let a value become code.

mod broken;
mod catalog;
mod parameter;
mod template;
mod words;

pub use broken::BrokenTemplate;
pub use catalog::Catalog;
pub use parameter::{ChoiceOption, EntryKind, KeyKind, Parameter, ParameterKind};
pub use template::{Example, NameRule, Restart, Scope, Template};
pub use words::Words;
