//! Plan: what sending a draft would do, worked out by the server's own dry run against what is there.
//! Called by the runner with the plan identity.
//! Must never change anything, nor hide a field that would change.

use super::instructions::{Conflict, Instructions};
use super::secret::{Vault, masked};
use super::server::{Refused, Server, stale};
use super::{fields, ownership, patch, removal};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::draft::Content;
use chopmark_domain::plan::{Caveat, FieldChange, Program, ResourceAction, Step, Verb};
use chopmark_domain::ports::PlanRequest;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_domain::rendered;
use chopmark_sources::{json, label};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds that are not destroyed to change a field: what they hold would be gone.
const NEVER_REPLACED: [&str; 5] =
    ["Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet", "CustomResourceDefinition"];
/// The order in which kinds are sent, so that what is needed is there; whatever is not named comes last.
const ORDER: [&str; 19] = [
    "CustomResourceDefinition",
    "Namespace",
    "ResourceQuota",
    "LimitRange",
    "NetworkPolicy",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "PersistentVolumeClaim",
    "StatefulSet",
    "DaemonSet",
    "Deployment",
    "Job",
    "CronJob",
    "Service",
];

/// A plan while it is made.
pub(super) struct Sheet {
    /// What will be executed.
    pub(super) instructions: Instructions,
    /// What will happen.
    pub(super) actions: Vec<ResourceAction>,
    /// What must hold.
    pub(super) preconditions: Vec<(String, String)>,
    /// What cannot be seen.
    pub(super) caveats: Vec<Caveat>,
}

impl Sheet {
    pub(super) fn act(
        &mut self,
        object: &ObjectReference,
        verb: Verb,
        fields: Vec<FieldChange>,
        because: Option<String>,
    ) {
        let (address, kind) = (object.to_string(), object.kind.clone());
        self.actions.push(ResourceAction { address, kind, verb, fields, because });
    }

    pub(super) fn warn(&mut self, key: &str, about: impl std::fmt::Display) {
        self.caveats.push(Caveat { key: key.to_owned(), about: about.to_string() });
    }

    /// Notes the object's identity, which must be the same at start.
    pub(super) fn require(&mut self, object: &ObjectReference, uid: Option<&str>) {
        self.preconditions.push((object.to_string(), uid.unwrap_or("absent").to_owned()));
        if let Some(uid) = uid {
            self.instructions.known.insert(object.to_string(), uid.to_owned());
        }
    }
}

/// The step.
pub(super) async fn plan(server: &Server, vault: &Vault, request: PlanRequest<'_>) -> Result<Step, Problem> {
    let cluster = server.connection().identity().await?;
    let version = server.connection().version().await?;
    let mut sheet = Sheet {
        instructions: Instructions { cluster: cluster.clone(), ..Instructions::default() },
        actions: Vec::new(),
        preconditions: vec![("cluster".to_owned(), cluster.clone())],
        caveats: Vec::new(),
    };
    let component = &request.draft.component.path;
    if let Content::Fields { object, fields } = &request.draft.content {
        patch::plan(server, &mut sheet, object, fields).await?;
    } else {
        let objects = objects_of(request.draft.files())?;
        let environment = request.environment.name.as_str();
        let mut made = BTreeSet::new();
        for object in &objects {
            send(server, vault, &mut sheet, component, environment, object, &mut made).await?;
        }
        let previous = request.previous.map_or(Ok(Vec::new()), |previous| objects_of(&previous.files))?;
        removal::plan(server, &mut sheet, component, &objects, &previous).await?;
    }
    Ok(Step {
        runner: super::runner_name(),
        target: format!("kubernetes:{cluster}/{component}"),
        preconditions: sheet.preconditions,
        instructions: sheet.instructions.to_text(),
        program: Program { name: super::NAME.to_owned(), version, digest: None },
        actions: sheet.actions,
        outputs: vec![],
        caveats: sheet.caveats,
    })
}

/// The files' objects in the order in which they are sent.
fn objects_of(files: &[chopmark_domain::component::ComponentFile]) -> Result<Vec<Value>, Problem> {
    let objects = rendered::objects(files)
        .map_err(|error| Problem::new(Code::RenderMismatch).with("file", &error.file).with("reason", &error.reason))?;
    let mut objects: Vec<_> = objects.into_iter().map(|(_, object)| object).collect();
    objects.sort_by_key(|object| (rank(json::text(object, "/kind")), json::reference(object).to_string()));
    Ok(objects)
}

pub(super) fn rank(kind: &str) -> usize {
    ORDER.iter().position(|known| *known == kind).unwrap_or(ORDER.len())
}

/// Plans one object. `made` gathers the namespaces that this plan makes.
async fn send(
    server: &Server,
    vault: &Vault,
    sheet: &mut Sheet,
    component: &ComponentPath,
    environment: &str,
    object: &Value,
    made: &mut BTreeSet<String>,
) -> Result<(), Problem> {
    let reference = json::reference(object);
    let values = vault.read(object)?;
    let sent = match &values {
        Some(values) => vault.sealed(object, values)?,
        None => object.clone(),
    };
    let dry = masked(&sent);
    let unseen = reference.namespace.as_ref().is_some_and(|namespace| made.contains(namespace));
    let (live, outcome) = if unseen {
        // The server would say that the namespace is missing, which this very plan makes.
        sheet.warn("caveat-not-dry-run", &reference);
        (server.live(&reference).await?, Ok(dry.clone()))
    } else {
        server.try_out(&dry, false).await?
    };
    if let Some(live) = &live {
        refuse_foreign(&reference, live, component)?;
        if !ownership::is_ours(live) {
            sheet.warn("caveat-adopts", &reference);
        }
    }
    sheet.require(&reference, live.as_ref().map(|live| json::text(live, "/metadata/uid")));
    if reference.kind == "Namespace" && live.is_none() {
        made.insert(reference.name.clone());
    }
    let hidden = |result: &Value| match &values {
        Some(values) => vault.differences(object, values, live.as_ref(), result),
        None => Ok(Vec::new()),
    };
    match (outcome, &live) {
        (Ok(result), None) => {
            let mut changes = fields::of_new(&sent, &result);
            changes.extend(hidden(&result)?);
            sheet.act(&reference, Verb::Create, changes, None);
        }
        (Ok(result), Some(live)) => {
            let mut changes = fields::differences(live, &result);
            changes.extend(hidden(&result)?);
            let verb = if changes.is_empty() { Verb::Keep } else { Verb::Update };
            sheet.act(&reference, verb, changes, None);
        }
        (Err(Refused::Conflict(conflicts)), Some(_)) => {
            let (live, result) = server.try_out(&dry, true).await?;
            let live = live.ok_or_else(|| stale(&reference, "it is gone"))?;
            let result = result.map_err(|refused| refused.problem(&reference, environment))?;
            let mut changes = fields::differences(&live, &result);
            changes.extend(hidden(&result)?);
            take_over(sheet, &reference, &live, &result, changes, conflicts);
        }
        (Err(Refused::Immutable(names)), Some(live)) if !NEVER_REPLACED.contains(&reference.kind.as_str()) => {
            let written = fields::of_new(&sent, &sent);
            let changes = written.into_iter().filter_map(|change| replaced_field(change, live)).collect();
            sheet.act(&reference, Verb::Replace, changes, Some(names.join(", ")));
            sheet.warn("caveat-made-anew", &reference);
            sheet.instructions.replaced.push(reference.to_string());
        }
        (Err(refused), _) => return Err(refused.problem(&reference, environment)),
    }
    sheet.instructions.objects.push(sent);
    Ok(())
}

/// A written field against what is there, for an object that is made anew.
fn replaced_field(change: FieldChange, live: &Value) -> Option<FieldChange> {
    let before = live.pointer(&change.path).map(fields::shown);
    (before != change.after).then_some(FieldChange { before, ..change })
}

/// One action per owner for the fields that are taken over, and one for all others.
fn take_over(
    sheet: &mut Sheet,
    reference: &ObjectReference,
    live: &Value,
    result: &Value,
    changes: Vec<FieldChange>,
    mut conflicts: Vec<Conflict>,
) {
    conflicts.sort();
    conflicts.dedup();
    let mut owners: BTreeMap<&str, Vec<&Conflict>> = BTreeMap::new();
    for conflict in &conflicts {
        owners.entry(&conflict.owner).or_default().push(conflict);
    }
    let mut rest = changes;
    for (owner, theirs) in owners {
        let pointers: Vec<_> = theirs
            .iter()
            .filter_map(|conflict| {
                fields::pointer(live, &conflict.field).or_else(|| fields::pointer(result, &conflict.field))
            })
            .collect();
        let is_theirs = |change: &FieldChange| {
            pointers.iter().any(|pointer| {
                change.path == *pointer || change.path.strip_prefix(pointer).is_some_and(|tail| tail.starts_with('/'))
            })
        };
        let (taken, left) = rest.into_iter().partition(is_theirs);
        rest = left;
        let names: Vec<_> = theirs.iter().map(|conflict| conflict.field.as_str()).collect();
        sheet.actions.push(ResourceAction {
            address: format!("{reference}@{owner}"),
            kind: reference.kind.clone(),
            verb: Verb::TakeOver,
            fields: taken,
            because: Some(format!("{owner}: {}", names.join(", "))),
        });
    }
    if !rest.is_empty() {
        sheet.act(reference, Verb::Update, rest, None);
    }
    sheet.instructions.forced.insert(reference.to_string(), conflicts);
}

/// Refuses an object that another tool or another component manages.
pub(super) fn refuse_foreign(
    reference: &ObjectReference,
    live: &Value,
    component: &ComponentPath,
) -> Result<(), Problem> {
    let other = label::component(live).filter(|path| path != component && ownership::is_ours(live));
    match ownership::elsewhere(live).or_else(|| other.map(|path| format!("chopmark ({path})"))) {
        Some(owner) => Err(Problem::new(Code::ManagedElsewhere).with("about", reference).with("owner", owner)),
        None => Ok(()),
    }
}
