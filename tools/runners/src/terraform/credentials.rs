//! Credentials: variables of the program that stand outside, by reference, read at the last moment.
//! Used by plan, by verify, and by apply in the exec child.
//! Must never let a value into an error, a plan, a log or an instruction.

use super::instructions::CredentialPin;
use crate::kubernetes::secret::read_file;
use chopmark_domain::digest::Fields;
use chopmark_domain::environment::TerraformAddress;
use chopmark_domain::problem::{Code, Problem};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Values by the variable that gets them.
pub(super) type Values = BTreeMap<String, SecretString>;

/// The values of references (`env:NAME`, `file:/path`), by the variable that gets them.
///
/// # Errors
/// [`Code::SecretUnreadable`] or [`Code::InvalidSecretReference`].
pub(super) fn resolve(references: &BTreeMap<String, String>) -> Result<Values, Problem> {
    references.iter().map(|(name, reference)| Ok((name.clone(), value(reference)?))).collect()
}

/// What plans and looks are made with: the reading credentials, else those of applies.
pub(super) fn reading(address: &TerraformAddress) -> &BTreeMap<String, String> {
    if address.plan_credentials.is_empty() { &address.credentials } else { &address.plan_credentials }
}

/// The values among them that nobody may see. A region's name stands in every address of its things, and is none.
pub(super) fn secret(values: &Values) -> impl Iterator<Item = &SecretString> {
    values.iter().filter(|(name, _)| !name.ends_with("_REGION")).map(|(_, value)| value)
}

/// The credentials of an apply as the instructions hold them: each reference with the keyed hash of its value.
///
/// # Errors
/// As [`resolve`].
pub(super) fn pins(
    key: &SecretSlice<u8>,
    references: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, CredentialPin>, Problem> {
    let pin = |(name, value): (String, SecretString)| {
        let reference = references.get(&name).cloned().unwrap_or_default();
        Ok((name.clone(), CredentialPin { reference, hash: keyed(key, &name, &value)? }))
    };
    resolve(references)?.into_iter().map(pin).collect()
}

/// The values that were pinned, read again. `now` is what the configuration refers to today.
///
/// # Errors
/// [`Code::PlanStale`] when a reference or a value is another than at plan; else as [`resolve`].
pub(super) fn pinned(
    key: &SecretSlice<u8>,
    pins: &BTreeMap<String, CredentialPin>,
    now: &BTreeMap<String, String>,
) -> Result<Values, Problem> {
    let stale = || Problem::new(Code::PlanStale).with("what", "credentials");
    if !pins.iter().map(|(name, pin)| (name, &pin.reference)).eq(now.iter()) {
        return Err(stale());
    }
    if pins.is_empty() {
        return Ok(Values::new());
    }
    if self::pins(key, now)? == *pins { resolve(now) } else { Err(stale()) }
}

fn value(reference: &str) -> Result<SecretString, Problem> {
    let unreadable =
        |reason: &str| Problem::new(Code::SecretUnreadable).with("reference", reference).with("reason", reason);
    match reference.split_once(':') {
        Some(("env", name)) => match std::env::var(name) {
            Ok(value) => Ok(value.into()),
            Err(std::env::VarError::NotPresent) => Err(unreadable("the variable is not set")),
            Err(std::env::VarError::NotUnicode(_)) => Err(unreadable("it is no text")),
        },
        Some(("file", path)) => {
            let bytes = read_file(path).map_err(|reason| unreadable(&reason))?;
            warn_of_others(path);
            let text = std::str::from_utf8(bytes.expose_secret()).map_err(|_| unreadable("it is no text"))?;
            // An editor's last newline is no part of a password.
            Ok(text.trim_end_matches(['\r', '\n']).to_owned().into())
        }
        _ => Err(Problem::new(Code::InvalidSecretReference).with("reference", reference)),
    }
}

/// Mounted secrets are often readable by a group on purpose: said, not refused.
fn warn_of_others(path: &str) {
    if Path::new(path).metadata().is_ok_and(|data| data.permissions().mode() & 0o077 != 0) {
        tracing::warn!(path, "a credential's file can be read by others");
    }
}

/// Bound to the variable, so that equal values elsewhere do not show.
fn keyed(key: &SecretSlice<u8>, name: &str, value: &SecretString) -> Result<String, Problem> {
    let mut fields = Fields::new("chopmark/terraform/credential/v1");
    fields.text(name).text(value.expose_secret());
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret())
        .map_err(|_| Problem::new(Code::Internal).with("what", "the install key is unusable"))?;
    mac.update(fields.finish().bytes());
    Ok(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(file: &Path) -> BTreeMap<String, String> {
        BTreeMap::from([("TOKEN".to_owned(), format!("file:{}", file.display()))])
    }

    #[test]
    fn another_value_or_another_reference_is_another_plan() -> Result<(), Box<dyn std::error::Error>> {
        let (folder, key) = (tempfile::tempdir()?, SecretSlice::from(vec![7; 32]));
        let (file, other) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&file, "canary-1\n")?;
        std::fs::write(&other, "canary-1")?;
        let planned = pins(&key, &references(&file))?;
        assert!(!format!("{planned:?}").contains("canary"));
        assert_eq!(pinned(&key, &planned, &references(&file))?["TOKEN"].expose_secret(), "canary-1");
        let stale = |now: &Path| pinned(&key, &planned, &references(now)).err().map(|problem| problem.code);
        assert_eq!(stale(&other), Some(Code::PlanStale));
        std::fs::write(&file, "canary-2\n")?;
        assert_eq!(stale(&file), Some(Code::PlanStale));
        std::fs::remove_file(&file)?;
        assert_eq!(stale(&file), Some(Code::SecretUnreadable));
        Ok(())
    }

    #[test]
    fn a_reference_that_cannot_be_is_refused() {
        for (reference, code) in [
            ("env:CHOPMARK_TEST_NOT_SET", Code::SecretUnreadable),
            ("file:relative", Code::SecretUnreadable),
            ("file:/proc/self/environ", Code::SecretUnreadable),
            ("plain-text", Code::InvalidSecretReference),
        ] {
            assert_eq!(value(reference).err().map(|problem| problem.code), Some(code), "{reference}");
        }
    }
}
