//! The sections that hold for the whole install: `[[grants]]`, `[[freezes]]`, `[limits]`, `read_only`.
//! Read by `config::read`.
//! Must never let a missing grant mean everybody.

use chopmark_domain::policy::Policy;
use chopmark_domain::rights::Rights;

/// Whoever has a role may do everything that the rules of approval let them.
pub(super) fn default_policy() -> Policy {
    Policy { rights: Rights::of_any_role("built-in config.toml"), ..Policy::default() }
}
