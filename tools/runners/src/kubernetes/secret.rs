//! Secrets: values that stand outside, by reference, and are filled in at the last moment.
//! Used by plan for keyed digests and by apply for the values themselves.
//! Must never let a value into an error, a plan, a log or an instruction.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chopmark_domain::canonical;
use chopmark_domain::digest::Fields;
use chopmark_domain::plan::{FieldChange, Shown};
use chopmark_domain::problem::{Code, Problem};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::sync::Arc;

/// Annotation with the references: JSON of key to `env:NAME` or `file:PATH`. Written by the catalogue.
pub(crate) const REFERENCES: &str = "chopmark.io/secret-references";
/// Annotation with the keyed digests of the values: JSON of key to hexadecimal. Written here.
pub(crate) const DIGEST: &str = "chopmark.io/secret-digest";
/// What stands for every value in a dry run: `{}`, which the kinds that look into their values accept.
const PLACEHOLDER: &str = "e30=";
/// Longest value: a Secret holds at most 1 MiB.
const LONGEST: u64 = 1024 * 1024;

/// How environment variables are read; the program's own in production.
pub type Variables = Arc<dyn Fn(&str) -> Option<SecretSlice<u8>> + Send + Sync>;

/// Where values come from, and the key under which they are digested.
#[derive(Clone)]
pub(crate) struct Vault {
    key: Arc<SecretSlice<u8>>,
    variables: Variables,
}

/// The values of one Secret, by key.
pub(crate) type Values = BTreeMap<String, SecretSlice<u8>>;

impl Vault {
    pub(crate) fn new(key: SecretSlice<u8>, variables: Variables) -> Self {
        Self { key: Arc::new(key), variables }
    }

    pub(crate) fn with_variables(self, variables: Variables) -> Self {
        Self { variables, ..self }
    }

    /// The values of a Secret with references; none for every other object.
    pub(crate) fn read(&self, object: &Value) -> Result<Option<Values>, Problem> {
        let Some(text) = references(object) else { return Ok(None) };
        let parsed: BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|_| Problem::new(Code::InvalidSecretReference).with("reference", text))?;
        parsed
            .into_iter()
            .map(|(key, reference)| Ok((key, self.value(&reference)?)))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    fn value(&self, reference: &str) -> Result<SecretSlice<u8>, Problem> {
        let unreadable =
            |reason: &str| Problem::new(Code::SecretUnreadable).with("reference", reference).with("reason", reason);
        match reference.split_once(':') {
            Some(("env", name)) => (self.variables)(name).ok_or_else(|| unreadable("the variable is not set")),
            Some(("file", path)) => read_file(path).map_err(|reason| unreadable(&reason)),
            _ => Err(Problem::new(Code::InvalidSecretReference).with("reference", reference)),
        }
    }

    /// The keyed digest of one value: bound to the object and the key, so that equal values elsewhere do not show.
    fn digest(&self, address: &str, key: &str, value: &[u8]) -> Result<String, Problem> {
        let mut fields = Fields::new("chopmark/secret/v1");
        fields.text(address).text(key).bytes(value);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret())
            .map_err(|_| Problem::new(Code::Internal).with("reason", "the install key is unusable"))?;
        mac.update(fields.finish().bytes());
        Ok(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The digests of all values, as the annotation's text.
    fn digests(&self, address: &str, values: &Values) -> Result<String, Problem> {
        let digests: Result<BTreeMap<_, _>, Problem> =
            values.iter().map(|(key, value)| Ok((key, self.digest(address, key, value.expose_secret())?))).collect();
        Ok(canonical::to_string(&digests?))
    }

    /// The object as it stands in the instructions: with the digests, without a value.
    pub(crate) fn sealed(&self, object: &Value, values: &Values) -> Result<Value, Problem> {
        let mut sealed = object.clone();
        let digests = self.digests(&address(object), values)?;
        entry(&mut sealed, "metadata", |metadata| {
            entry(metadata, "annotations", |annotations| annotations[DIGEST] = digests.clone().into());
        });
        Ok(sealed)
    }

    /// The object as it is sent, with the values read again.
    ///
    /// # Errors
    /// [`Code::PlanStale`] when a value is another than at plan.
    pub(crate) fn filled(&self, sealed: &Value) -> Result<Value, Problem> {
        let Some(values) = self.read(sealed)? else { return Ok(sealed.clone()) };
        let planned = chopmark_sources::json::annotation(sealed, DIGEST);
        if planned != Some(self.digests(&address(sealed), &values)?.as_str()) {
            let reason = "a secret's value is another than when it was planned";
            return Err(Problem::new(Code::PlanStale).with("about", address(sealed)).with("reason", reason));
        }
        Ok(with_data(sealed, values.iter().map(|(key, value)| (key, STANDARD.encode(value.expose_secret())))))
    }

    /// The data's differences as keyed digests: what is there, against what will be.
    pub(crate) fn differences(
        &self,
        object: &Value,
        values: &Values,
        live: Option<&Value>,
        result: &Value,
    ) -> Result<Vec<FieldChange>, Problem> {
        let address = address(object);
        let empty = Map::new();
        let data = |object: &Value| object.get("data").and_then(Value::as_object).cloned();
        let (live, result) = (live.and_then(data).unwrap_or_default(), data(result).unwrap_or(empty));
        let keys: BTreeSet<&String> = live.keys().chain(result.keys()).chain(values.keys()).collect();
        let hidden = |key: &str, value: Option<&Value>| -> Result<Option<Shown>, Problem> {
            let Some(bytes) = value.and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok()) else {
                return Ok(None);
            };
            Ok(Some(Shown::Hidden(self.digest(&address, key, &bytes)?)))
        };
        let mut changes = Vec::new();
        for key in keys {
            let before = hidden(key, live.get(key))?;
            let after = match values.get(key) {
                Some(value) => Some(Shown::Hidden(self.digest(&address, key, value.expose_secret())?)),
                None => hidden(key, result.get(key))?,
            };
            if before != after {
                changes.push(FieldChange { path: format!("/data/{}", super::fields::escaped(key)), before, after });
            }
        }
        Ok(changes)
    }
}

/// The process's own environment variables.
pub(crate) fn process_variables() -> Variables {
    Arc::new(|name| std::env::var_os(name).map(|value| value.into_encoded_bytes().into()))
}

/// The object for a dry run: every value replaced.
pub(crate) fn masked(object: &Value) -> Value {
    let keys: Vec<String> = references(object)
        .and_then(|text| serde_json::from_str::<BTreeMap<String, Value>>(text).ok())
        .map(|references| references.into_keys().collect())
        .unwrap_or_default();
    match keys.is_empty() {
        true => object.clone(),
        false => with_data(object, keys.iter().map(|key| (key, PLACEHOLDER.to_owned()))),
    }
}

fn references(object: &Value) -> Option<&str> {
    super::fields::hides(object).then(|| chopmark_sources::json::annotation(object, REFERENCES))?
}

fn with_data<'a>(object: &Value, values: impl Iterator<Item = (&'a String, String)>) -> Value {
    let mut filled = object.clone();
    entry(&mut filled, "data", |data| {
        for (key, value) in values {
            data[key.as_str()] = value.into();
        }
    });
    filled
}

fn entry(object: &mut Value, key: &str, then: impl FnOnce(&mut Value)) {
    if !object.get(key).is_some_and(Value::is_object) {
        object[key] = json!({});
    }
    then(&mut object[key]);
}

fn address(object: &Value) -> String {
    chopmark_sources::json::reference(object).to_string()
}

/// Reads a plain file. Devices and the kernel's own trees are refused: they block, or hold other people's secrets.
pub(crate) fn read_file(path: &str) -> Result<SecretSlice<u8>, String> {
    let canonical = std::fs::canonicalize(path).map_err(|error| error.kind().to_string())?;
    if !path.starts_with('/') {
        return Err("the path is not absolute".to_owned());
    }
    if ["/proc", "/sys", "/dev"].iter().any(|tree| canonical.starts_with(tree)) {
        return Err("the path leads into a tree of the kernel".to_owned());
    }
    // Asked before it is opened: opening a pipe waits for a writer.
    if !std::fs::metadata(&canonical).is_ok_and(|metadata| metadata.is_file()) {
        return Err("it is no plain file".to_owned());
    }
    let file = std::fs::File::open(&canonical).map_err(|error| error.kind().to_string())?;
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| error.kind().to_string())?;
    if bytes.len() as u64 > LONGEST {
        return Err("it is longer than a Secret may be".to_owned());
    }
    Ok(bytes.into())
}
