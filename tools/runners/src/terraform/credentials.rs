//! Credentials: variables of the program that stand outside, by reference, read at the last moment.
//! Used by plan and by apply in the exec child.
//! Must never let a value into an error, a plan, a log or an instruction.

use chopmark_domain::problem::{Code, Problem};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// The values of references (`env:NAME`, `file:/path`), by the variable that gets them.
///
/// # Errors
/// [`Code::SecretUnreadable`] or [`Code::InvalidSecretReference`].
pub(super) fn resolve(references: &BTreeMap<String, String>) -> Result<BTreeMap<String, SecretString>, Problem> {
    references
        .iter()
        .map(|(name, reference)| match reference.strip_prefix("env:") {
            Some(variable) => std::env::var(variable)
                .map(|value| (name.clone(), value.into()))
                .map_err(|_| Problem::new(Code::SecretUnreadable).with("reference", reference)),
            None => Err(Problem::new(Code::InvalidSecretReference).with("reference", reference)),
        })
        .collect()
}
