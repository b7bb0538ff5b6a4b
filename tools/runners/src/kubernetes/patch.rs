//! Field patches: single fields of one object that is not ours.
//! Planned here from pointers and values; sent by apply with UID and resourceVersion as preconditions.
//! Must never touch what makes an object the one it is, nor a Secret's values.

use super::fields::{differences, escaped};
use super::instructions::FieldPatch;
use super::ownership;
use super::plan::Sheet;
use super::server::{Refused, Server, TRIES, Write, stale};
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::Verb;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_sources::{json, label};
use serde_json::{Value, json as value};
use std::collections::BTreeMap;

/// Labels and annotations may be set; every other part of the metadata is the server's or says who owns an object.
const METADATA: [&str; 2] = ["/metadata/labels/", "/metadata/annotations/"];

/// Plans a patch by a dry run.
pub(super) async fn plan(
    server: &Server,
    sheet: &mut Sheet,
    object: &ObjectReference,
    fields: &BTreeMap<String, Option<Literal>>,
) -> Result<(), Problem> {
    let environment = server.connection().name();
    let unknown = || Problem::new(Code::UnknownObject).with("object", object).with("environment", environment);
    for _ in 0..TRIES {
        let live = server.live(object).await?.ok_or_else(unknown)?;
        let patch = read(object, &live, fields)?;
        match server.patch(object, &held(&patch, json::text(&live, "/metadata/resourceVersion")), Write::DryRun).await {
            Err(Refused::Moved) => {}
            Err(refused) => return Err(refused.problem(object, environment)),
            Ok(result) => {
                let changes = differences(&live, &result);
                let verb = if changes.is_empty() { Verb::Keep } else { Verb::Update };
                sheet.require(object, Some(&patch.uid));
                sheet.act(object, verb, changes, None);
                sheet.instructions.patch = Some(patch);
                return Ok(());
            }
        }
    }
    Err(stale(object, "others keep writing to it"))
}

/// The patch for the object as it is, if it may be patched.
fn read(
    object: &ObjectReference,
    live: &Value,
    fields: &BTreeMap<String, Option<Literal>>,
) -> Result<FieldPatch, Problem> {
    // What is ours is edited by values: a patch would be undone by the component's next change.
    let ours = label::component(live).filter(|_| ownership::is_ours(live)).map(|path| format!("chopmark ({path})"));
    if let Some(owner) = ownership::elsewhere(live).or(ours) {
        return Err(Problem::new(Code::ManagedElsewhere).with("about", object).with("owner", owner));
    }
    let uid = json::text(live, "/metadata/uid").to_owned();
    Ok(FieldPatch { object: object.clone(), uid, operations: operations(object, live, fields)? })
}

/// The patch's operations behind a test that the object is the very one. Naming the version makes the server refuse
/// the whole patch with a conflict when the object has moved since it was read.
pub(super) fn held(patch: &FieldPatch, version: &str) -> Vec<Value> {
    let mut operations = vec![
        value!({"op": "test", "path": "/metadata/uid", "value": patch.uid}),
        value!({"op": "replace", "path": "/metadata/resourceVersion", "value": version}),
    ];
    operations.extend(patch.operations.iter().cloned());
    operations
}

/// The operations of RFC 6902. Maps on the way to a field are made where they are missing; lists are not.
fn operations(
    object: &ObjectReference,
    live: &Value,
    fields: &BTreeMap<String, Option<Literal>>,
) -> Result<Vec<Value>, Problem> {
    let mut tree = live.clone();
    let mut operations = Vec::new();
    for (pointer, wanted) in fields {
        let refused = |reason: &str| {
            let reason = format!("{pointer}: {reason}");
            Problem::new(Code::ClusterRefused).with("about", object).with("reason", reason)
        };
        if !may_set(object, pointer) {
            return Err(refused("this field cannot be patched"));
        }
        let Some(wanted) = wanted else {
            if tree.pointer(pointer).is_some() {
                operations.push(value!({"op": "remove", "path": pointer}));
            }
            continue;
        };
        let keys: Vec<String> =
            pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
        let mut path = String::new();
        let mut place = &mut tree;
        let (last, parents) = keys.split_last().ok_or_else(|| refused("it names no field"))?;
        for key in parents {
            path.push('/');
            path.push_str(&escaped(key));
            if let Value::Object(map) = place
                && map.get(key).is_none_or(Value::is_null)
            {
                operations.push(value!({"op": "add", "path": path, "value": {}}));
                map.insert(key.clone(), value!({}));
            }
            place = match place {
                Value::Object(map) => map.get_mut(key),
                Value::Array(items) => key.parse::<usize>().ok().and_then(|i| items.get_mut(i)),
                _ => None,
            }
            .ok_or_else(|| refused("there is no such place"))?;
        }
        let wanted = value!(wanted);
        let op = match place {
            Value::Object(map) => {
                map.insert(last.clone(), wanted.clone());
                "add"
            }
            Value::Array(items) if last.parse::<usize>().is_ok_and(|i| i < items.len()) => "replace",
            _ => return Err(refused("there is no such place")),
        };
        operations.push(value!({"op": op, "path": pointer, "value": wanted}));
    }
    Ok(operations)
}

fn may_set(object: &ObjectReference, pointer: &str) -> bool {
    let metadata = pointer.starts_with("/metadata") && !METADATA.iter().any(|part| pointer.starts_with(part));
    let naming = ["/apiVersion", "/kind", "/status"].iter().any(|part| pointer.starts_with(part));
    let secret = object.kind == "Secret" && (pointer.starts_with("/data") || pointer.starts_with("/stringData"));
    pointer.starts_with('/') && !metadata && !naming && !secret
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(kind: &str) -> ObjectReference {
        ObjectReference {
            api_version: "apps/v1".into(),
            kind: kind.into(),
            namespace: Some("a".into()),
            name: "b".into(),
        }
    }

    #[test]
    fn maps_on_the_way_are_made_and_lists_are_not() {
        let live = value!({"metadata": {}, "spec": {"list": [1]}});
        let fields = BTreeMap::from([
            ("/metadata/annotations/a.b~1c".to_owned(), Some(Literal::from("x"))),
            ("/metadata/annotations/d".to_owned(), Some(Literal::from("y"))),
            ("/spec/gone".to_owned(), None),
            ("/spec/list/0".to_owned(), Some(Literal::from(2))),
        ]);
        let expected = vec![
            value!({"op": "add", "path": "/metadata/annotations", "value": {}}),
            value!({"op": "add", "path": "/metadata/annotations/a.b~1c", "value": "x"}),
            value!({"op": "add", "path": "/metadata/annotations/d", "value": "y"}),
            value!({"op": "replace", "path": "/spec/list/0", "value": 2}),
        ];
        assert_eq!(operations(&object("Deployment"), &live, &fields), Ok(expected));
        let beyond = BTreeMap::from([("/spec/list/7".to_owned(), Some(Literal::from(2)))]);
        assert!(operations(&object("Deployment"), &live, &beyond).is_err());
    }

    #[test]
    fn what_makes_an_object_the_one_it_is_cannot_be_patched() {
        for pointer in
            ["/metadata/name", "/metadata/ownerReferences", "/metadata", "/status/replicas", "/kind", "spec", ""]
        {
            assert!(!may_set(&object("Deployment"), pointer), "{pointer}");
        }
        assert!(!may_set(&object("Secret"), "/data/a"));
        assert!(may_set(&object("ConfigMap"), "/data/a"));
        assert!(may_set(&object("Deployment"), "/spec/replicas"));
    }
}
