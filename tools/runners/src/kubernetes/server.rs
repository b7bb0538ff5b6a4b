//! The server as the runner uses it: dry runs, applies, patches and deletes of whole objects.
//! Used by plan with the plan identity and by apply with the acting one.
//! Must never default a namespace, nor repeat what a server says about a Secret.

use super::instructions::Conflict;
use super::ownership::MANAGER;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_sources::cluster::Connection;
use chopmark_sources::cluster::connection::check_name;
use chopmark_sources::cluster::kinds::Kind;
use chopmark_sources::json;
use kube::api::{DeleteParams, Patch, PatchParams, Preconditions, PropagationPolicy};
use kube::core::{Request, Status};
use serde_json::Value;

/// How often an object is read again when somebody wrote to it between our read and our request.
pub(crate) const TRIES: usize = 8;

/// Whether the server keeps what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    /// It only says what would come of it.
    DryRun,
    /// It keeps it.
    Real,
}

/// Why the server did not take an object.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Fields belong to others.
    Conflict(Vec<Conflict>),
    /// The object is no longer at the version that was read.
    Moved,
    /// Fields cannot change once written; their names.
    Immutable(Vec<String>),
    /// The namespace is not there.
    NoNamespace,
    /// Anything else.
    Because(Problem),
}

/// A connection that writes.
pub(crate) struct Server {
    connection: Connection,
}

impl Server {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The kind of an object.
    pub(crate) async fn kind(&self, object: &ObjectReference) -> Result<Kind, Problem> {
        let kind = self.connection.kind(&object.api_version, &object.kind).await?.ok_or_else(|| {
            Problem::new(Code::UnknownKind)
                .with("kind", format!("{} {}", object.api_version, object.kind))
                .with("environment", self.connection.name())
        })?;
        if kind.namespaced != object.namespace.is_some() {
            let reason = if kind.namespaced { "it names no namespace" } else { "its kind has no namespaces" };
            return Err(Problem::new(Code::ClusterRefused).with("about", object).with("reason", reason));
        }
        Ok(kind)
    }

    /// The object as it is now; none when it is not there.
    pub(crate) async fn live(&self, object: &ObjectReference) -> Result<Option<Value>, Problem> {
        let kind = self.kind(object).await?;
        self.connection.get(&kind, object.namespace.as_deref(), &object.name).await
    }

    /// Sends a whole object by server-side apply.
    pub(crate) async fn apply(&self, object: &Value, write: Write, force: bool) -> Result<Value, Refused> {
        let reference = json::reference(object);
        let path = self.path(&reference).await.map_err(Refused::Because)?;
        let mut parameters = PatchParams::apply(MANAGER).validation_strict();
        parameters.dry_run = write == Write::DryRun;
        parameters.force = force;
        let request = Request::new(path).patch(&reference.name, &parameters, &Patch::Apply(object));
        let mut request = request.map_err(|error| Refused::Because(unbuilt(&reference, &error)))?;
        *request.body_mut() = yaml_safe(&object.to_string()).into_bytes();
        self.connection.client().request(request).await.map_err(|error| self.refused(&reference, error))
    }

    /// The object as it is, and what would come of sending it: both of one moment. Controllers write all the time,
    /// so the server is held to the version just read, and asked again when it has moved.
    pub(crate) async fn try_out(
        &self,
        object: &Value,
        force: bool,
    ) -> Result<(Option<Value>, Result<Value, Refused>), Problem> {
        let reference = json::reference(object);
        for _ in 0..TRIES {
            let live = self.live(&reference).await?;
            let mut sent = object.clone();
            if let Some(live) = &live {
                sent["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
            }
            match self.apply(&sent, Write::DryRun, force).await {
                Err(Refused::Moved) => {}
                outcome => return Ok((live, outcome)),
            }
        }
        Err(stale(&reference, "others keep writing to it"))
    }

    /// Sends a JSON patch.
    pub(crate) async fn patch(
        &self,
        object: &ObjectReference,
        operations: &[Value],
        write: Write,
    ) -> Result<Value, Refused> {
        let path = self.path(object).await.map_err(Refused::Because)?;
        let mut parameters = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
        parameters.dry_run = write == Write::DryRun;
        let request = Request::new(path).patch(&object.name, &parameters, &Patch::Merge(operations));
        let mut request = request.map_err(|error| Refused::Because(unbuilt(object, &error)))?;
        let json_patch = http::HeaderValue::from_static("application/json-patch+json");
        request.headers_mut().insert(http::header::CONTENT_TYPE, json_patch);
        self.connection.client().request(request).await.map_err(|error| self.refused(object, error))
    }

    /// Deletes the object of that UID, with what it owns; true when there was one.
    pub(crate) async fn delete(&self, object: &ObjectReference, uid: &str, write: Write) -> Result<bool, Refused> {
        let path = self.path(object).await.map_err(Refused::Because)?;
        let parameters = DeleteParams {
            dry_run: write == Write::DryRun,
            propagation_policy: Some(PropagationPolicy::Background),
            preconditions: Some(Preconditions { uid: Some(uid.to_owned()), resource_version: None }),
            ..DeleteParams::default()
        };
        let request = Request::new(path).delete(&object.name, &parameters);
        let request = request.map_err(|error| Refused::Because(unbuilt(object, &error)))?;
        match self.connection.client().request::<Value>(request).await {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(false),
            Err(error) => Err(self.refused(object, error)),
        }
    }

    async fn path(&self, object: &ObjectReference) -> Result<String, Problem> {
        let about = object.to_string();
        for name in object.namespace.iter().chain([&object.name]) {
            check_name(name, &about)?;
        }
        Ok(self.kind(object).await?.path(object.namespace.as_deref()))
    }

    fn refused(&self, object: &ObjectReference, error: kube::Error) -> Refused {
        let kube::Error::Api(status) = &error else {
            return Refused::Because(self.connection.problem(&error, &object.to_string()));
        };
        let causes = status.details.as_ref().map_or(&[][..], |details| &details.causes);
        match status.code {
            404 if object.namespace.is_some() && status.message.starts_with("namespaces ") => Refused::NoNamespace,
            409 => {
                let conflicts: Vec<_> = causes
                    .iter()
                    .filter(|cause| cause.reason == "FieldManagerConflict")
                    .map(|cause| Conflict { owner: owner(&cause.message).to_owned(), field: cause.field.clone() })
                    .collect();
                if conflicts.is_empty() { Refused::Moved } else { Refused::Conflict(conflicts) }
            }
            422 if !causes.is_empty() && causes.iter().all(|cause| cause.message.contains("field is immutable")) => {
                Refused::Immutable(causes.iter().map(|cause| cause.field.clone()).collect())
            }
            _ => Refused::Because(self.problem(object, status)),
        }
    }

    /// The server's words can repeat a rejected value, so of a Secret only its reason is kept.
    fn problem(&self, object: &ObjectReference, status: &Status) -> Problem {
        let problem = self.connection.problem(&kube::Error::Api(Box::new(status.clone())), &object.to_string());
        if object.kind == "Secret" && problem.code == Code::ClusterRefused {
            return problem.with("reason", &status.reason);
        }
        problem
    }
}

/// The owner in `conflict with "name" using apps/v1`.
fn owner(message: &str) -> &str {
    message.split('"').nth(1).unwrap_or(message)
}

fn unbuilt(object: &ObjectReference, error: &kube::core::request::Error) -> Problem {
    Problem::new(Code::ClusterRefused).with("about", object).with("reason", error)
}

impl Refused {
    /// What it means where nothing was prepared for it.
    pub(crate) fn problem(self, object: &ObjectReference, environment: &str) -> Problem {
        match self {
            Self::Conflict(conflicts) => {
                let join = |pick: fn(&Conflict) -> &str| {
                    let mut words: Vec<_> = conflicts.iter().map(pick).collect();
                    words.dedup();
                    words.join(", ")
                };
                Problem::new(Code::FieldConflict)
                    .with("about", object)
                    .with("fields", join(|conflict| &conflict.field))
                    .with("owner", join(|conflict| &conflict.owner))
            }
            Self::Moved => stale(object, "it was changed by somebody else"),
            Self::Immutable(fields) => {
                let reason = format!("{} cannot change", fields.join(", "));
                Problem::new(Code::ClusterRefused).with("about", object).with("reason", reason)
            }
            Self::NoNamespace => Problem::new(Code::NamespaceMissing)
                .with("namespace", object.namespace.as_deref().unwrap_or_default())
                .with("environment", environment),
            Self::Because(problem) => problem,
        }
    }
}

/// The plan no longer holds.
pub(crate) fn stale(object: &ObjectReference, reason: &str) -> Problem {
    Problem::new(Code::PlanStale).with("about", object).with("reason", reason)
}

/// JSON in which every character that YAML 1.1 would refuse or fold is written as an escape: the server reads
/// server-side apply as YAML (YAML 1.1 §5.1 and §5.4: DEL, C1 controls, line separators, non-characters).
fn yaml_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match u32::from(c) {
            // Such characters stand only inside strings: all of them are outside JSON's own grammar.
            code @ (0x7F..=0x9F | 0x2028 | 0x2029 | 0xFEFF | 0xFFFE | 0xFFFF) => {
                safe.push_str(&format!("\\u{code:04x}"))
            }
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::yaml_safe;
    use serde_json::{Value, json};

    #[test]
    fn what_yaml_would_change_on_the_way_is_escaped_and_stays_the_same_value() {
        let hostile = json!({"data": {"text": "a\u{7f}\u{85}\u{9f}\u{2028}\u{feff}\u{fffe}\u{ffff} 验 \u{1f600} \"}"}});
        let safe = yaml_safe(&hostile.to_string());
        assert!(!safe.chars().any(|c| matches!(u32::from(c), 0x7F..=0x9F | 0x2028 | 0xFEFF | 0xFFFE)));
        assert_eq!(serde_json::from_str::<Value>(&safe).ok(), Some(hostile));
    }
}
