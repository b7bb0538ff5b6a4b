//! The case before the judges: the objects or the configuration that would be applied and the actions of the plan.
//! Built once per plan; read by every judge.
//! Must never let a judge see other objects than those that run.

use crate::finding;
use crate::resource::{self, Resource};
use chopmark_domain::component::{ComponentFile, ComponentId};
use chopmark_domain::draft::{Content, Draft};
use chopmark_domain::environment::Environment;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::hcl::{self, Tree};
use chopmark_domain::plan::{Plan, ResourceAction};
use chopmark_domain::rendered;
use serde_json::{Map, Value, json};

/// Name of the runner whose instructions hold the objects that are sent.
const KUBERNETES: &str = "kubernetes";
/// Annotation that the runner adds to a Secret filled in from references.
const SECRET_DIGEST: &str = "chopmark.io/secret-digest";

/// Endings of files in HCL's own syntax.
const HCL: [&str; 3] = [".tf", ".tofu", ".tfvars"];

/// What is judged.
pub(crate) struct Case<'a> {
    /// Where it would be applied.
    pub(crate) environment: &'a Environment,
    /// The component.
    pub(crate) component: &'a ComponentId,
    /// What the change holds.
    pub(crate) content: &'a Content,
    /// The files of the change.
    pub(crate) files: &'a [ComponentFile],
    /// The files that are HCL, by name. What does not parse is missing: the runner's screen refuses it by file and line.
    pub(crate) configuration: Vec<(&'a str, Tree)>,
    /// The objects with their addresses; of a field patch, one object that holds only what is set.
    pub(crate) objects: Vec<(String, Value)>,
    /// What happens.
    pub(crate) actions: &'a [ResourceAction],
    /// What Terraform's resources will be, as far as they change.
    pub(crate) resources: Vec<Resource<'a>>,
}

impl<'a> Case<'a> {
    /// The case of a draft and its plan.
    ///
    /// Where the plan has a Kubernetes step, its instructions are judged: they are the bytes that are sent. They
    /// must be the draft's own objects, else the card and the effect would be two things.
    ///
    /// Where it has a Terraform step, what changes must be declared by the draft's own files.
    pub(crate) fn new(environment: &'a Environment, draft: &'a Draft, plan: &'a Plan) -> Result<Self, Finding> {
        let rendered = rendered::objects(draft.files())
            .map_err(|error| finding("unreadable", Severity::Deny, &error.file, &[("reason", &error.reason)]))?;
        let rendered: Vec<_> = rendered.into_iter().map(|(_, object)| object).collect();
        let objects = match &draft.content {
            Content::Fields { object, fields } => vec![(object.to_string(), patched(object, fields))],
            Content::Root { .. } => vec![],
            Content::Component { .. } | Content::Removed { .. } => match sent(plan)? {
                Some(sent) if plain(&sent) != plain(&rendered) => {
                    let about = draft.component.to_string();
                    return Err(finding("not-what-runs", Severity::Deny, &about, &[]));
                }
                Some(sent) => addressed(sent),
                None => addressed(rendered),
            },
        };
        let resources = resource::of(draft, plan)?;
        Ok(Self {
            environment,
            component: &draft.component,
            content: &draft.content,
            files: draft.files(),
            configuration: configuration(draft.files()),
            objects,
            actions: plan.actions(),
            resources,
        })
    }
}

fn configuration(files: &[ComponentFile]) -> Vec<(&str, Tree)> {
    let is_hcl = |file: &&ComponentFile| HCL.iter().any(|ending| file.name.ends_with(ending));
    let parsed = files.iter().filter(is_hcl).map(|file| Some((file.name.as_str(), hcl::parse(file).ok()?)));
    parsed.flatten().collect()
}

/// The objects in the instructions of the Kubernetes step; none without such a step.
fn sent(plan: &Plan) -> Result<Option<Vec<Value>>, Finding> {
    let Some(step) = plan.steps.iter().find(|step| step.runner.as_str() == KUBERNETES) else { return Ok(None) };
    let objects = serde_json::from_str::<Value>(&step.instructions)
        .ok()
        .and_then(|instructions| instructions.get("objects").and_then(Value::as_array).cloned());
    match objects {
        Some(objects) => Ok(Some(objects)),
        None => Err(finding("not-what-runs", Severity::Deny, &step.target, &[])),
    }
}

/// Objects in one order and without what the runner adds to Secrets.
fn plain(objects: &[Value]) -> Vec<Value> {
    let mut plain = objects.to_vec();
    for object in plain.iter_mut().filter(|object| object.get("kind") == Some(&json!("Secret"))) {
        if let Some(annotations) = object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
            annotations.remove(SECRET_DIGEST);
        }
    }
    plain.sort_by_cached_key(address);
    plain
}

fn addressed(objects: Vec<Value>) -> Vec<(String, Value)> {
    objects.into_iter().map(|object| (address(&object), object)).collect()
}

fn address(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    match text("/metadata/namespace") {
        "" => format!("{}/{}", text("/kind"), text("/metadata/name")),
        namespace => format!("{}/{namespace}/{}", text("/kind"), text("/metadata/name")),
    }
}

/// A tree that holds only the values a patch sets. List positions become keys: judges look at names of fields.
fn patched(
    object: &chopmark_domain::proposal::ObjectReference,
    fields: &std::collections::BTreeMap<String, Option<chopmark_domain::literal::Literal>>,
) -> Value {
    let mut tree = json!({"kind": object.kind, "metadata": {"name": object.name, "namespace": object.namespace}});
    for (pointer, value) in fields {
        let Some(value) = value else { continue };
        let mut place = &mut tree;
        for key in pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")) {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[key];
        }
        *place = json!(value);
    }
    tree
}
