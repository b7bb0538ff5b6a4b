//! The catalogue: templates as data; typed values in, the exact files of a draft out.
//! Used by the engine through the Drafter port, by tools/functions and by the offline planner.
//! Must never read or write anything but templates, and never let a value become code.

mod accept;
mod adopt;
mod authoring;
mod broken;
mod catalog;
mod draft;
mod example;
mod files;
mod grammar;
mod inspect;
mod load;
mod metadata;
mod parameter;
mod parameters;
mod patch;
mod place;
mod produce;
mod quantity;
mod render;
mod revise;
mod schema;
mod screen;
mod settle;
mod shape;
mod source;
mod template;
mod terraform;
mod words;
mod write;

pub use broken::BrokenTemplate;
pub use catalog::Catalog;
pub use parameter::{ChoiceOption, EntryKind, KeyKind, Parameter, ParameterKind};
pub use template::{
    Addresses, Always, Example, Family, NameRule, Order, ProviderNeed, Restart, Scope, Template, Terraform, WaysBack,
};
pub use words::Words;

#[cfg(test)]
mod tests;
