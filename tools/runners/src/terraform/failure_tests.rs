//! Promises about what failures come to, on the very words of both programs.
//! Compiled into `failure` for tests only.
//! Must never hold words that no program said.

use super::*;
use crate::confine::Captured;
use chopmark_domain::digest::Digest;

fn captured(text: &str) -> Captured {
    Captured { kept: text.as_bytes().to_vec(), total: text.len() as u64, digest: Digest::of(text.as_bytes()) }
}

fn failed(out: &str, err: &str) -> Problem {
    let argv = vec!["/opt/bin/tofu".to_owned()];
    let ran = Ran { argv, environment: vec![], exit: Some(1), stdout: captured(out), stderr: captured(err) };
    problem(&ran, "apply")
}

fn error(diagnostic: serde_json::Value) -> Problem {
    let mut diagnostic = diagnostic;
    diagnostic["severity"] = "error".into();
    failed(&serde_json::json!({"@level": "error", "type": "diagnostic", "diagnostic": diagnostic}).to_string(), "")
}

fn fact<'a>(problem: &'a Problem, name: &str) -> &'a str {
    problem.facts.get(name).map_or("", String::as_str)
}

#[test]
fn a_lock_is_told_with_its_holder() {
    let detail = "Error message: resource temporarily unavailable\nLock Info:\n  ID:        5519c667-9a71\n  Path:      \
                  terraform.tfstate\n  Operation: OperationTypeApply\n  Who:       jo@host\n  Version:   1.11.4\n  \
                  Created:   2026-11-21 12:10:28.68 +0000 UTC\n  Info:      \n\n\nIt acquires a state lock";
    let problem = error(serde_json::json!({"summary": "Error acquiring the state lock", "detail": detail}));
    assert_eq!(problem.code, Code::StateLocked);
    assert_eq!(fact(&problem, "holder"), "jo@host");
    assert_eq!(fact(&problem, "id"), "5519c667-9a71");
    assert!(fact(&problem, "since").starts_with("2026-11-21"));
    // Over http the entry that is shown is one's own.
    let detail = "Error message: HTTP remote state already locked: ID=aa-1\nLock Info:\n  ID:        mine\n  Who: me";
    let problem = error(serde_json::json!({"summary": "Error acquiring the state lock", "detail": detail}));
    assert_eq!((fact(&problem, "id"), fact(&problem, "holder")), ("aa-1", ""));
    let detail = "Error message: dial tcp 127.0.0.1:1: connect: connection refused";
    let problem = error(serde_json::json!({"summary": "Error acquiring the state lock", "detail": detail}));
    assert_eq!(problem.code, Code::BackendUnreachable);
}

#[test]
fn a_full_disk_is_told_with_its_place_even_when_it_shows_as_a_lock() {
    let detail = "Error message: could not write lock info for \"/data/s/terraform.tfstate\": write \
                  /data/s/.terraform.tfstate.lock.info: no space left on device\n\nIt acquires a state lock";
    let problem = error(serde_json::json!({"summary": "Error acquiring the state lock", "detail": detail}));
    assert_eq!((problem.code, fact(&problem, "path")), (Code::DiskFull, "/data/s/.terraform.tfstate.lock.info"));
}

#[test]
fn a_plan_that_no_longer_fits_is_told() {
    for (summary, code) in [
        ("Saved plan is stale", Code::PlanStale),
        ("Saved plan does not match the given state", Code::StateForeign),
        ("Failed to load \"t.bin\" as a plan file", Code::PlanGone),
    ] {
        assert_eq!(error(serde_json::json!({"summary": summary, "detail": ""})).code, code);
    }
}

#[test]
fn a_missing_provider_is_named_with_the_place_where_it_was_looked_for() {
    let detail = "Could not retrieve the list of available versions for provider hashicorp/nope: provider \
                  registry.opentofu.org/hashicorp/nope was not found in any of the search locations\n\n  - /srv/mirror";
    let problem =
        error(serde_json::json!({"summary": "Failed to query available provider packages", "detail": detail}));
    assert_eq!(problem.code, Code::ProviderMissing);
    assert_eq!((fact(&problem, "provider"), fact(&problem, "place")), ("hashicorp/nope", "/srv/mirror"));
    // The same, as `init` tells it without -json.
    let text = "\nError: Failed to query available provider packages\n\nCould not retrieve the list of available \
                versions for provider\nhashicorp/nope: provider registry.terraform.io/hashicorp/nope was not found\nin \
                any of the search locations\n\n  - /srv/mirror\n";
    assert_eq!(failed("Initializing the backend...\n", text).facts["provider"], "hashicorp/nope");
    let detail = "The following dependency selections recorded in the lock file are inconsistent with the current \
                  configuration:\n  - provider registry.terraform.io/hashicorp/nope: required by this configuration";
    let problem = error(serde_json::json!({"summary": "Inconsistent dependency lock file", "detail": detail}));
    assert_eq!(fact(&problem, "provider"), "registry.terraform.io/hashicorp/nope");
}

#[test]
fn a_backend_that_does_not_answer_is_told() {
    let get = "Failed to get state: GET http://127.0.0.1:1/x giving up after 1 attempt(s)";
    let problem = error(serde_json::json!({"summary": format!("error loading state: {get}"), "detail": ""}));
    assert_eq!(problem.code, Code::BackendUnreachable);
    for text in [format!("Error: Error refreshing state: {get}"), format!("Error: Error refreshing state\n\n{get}")] {
        assert_eq!(failed("", &text).code, Code::BackendUnreachable);
    }
}

#[test]
fn a_provider_that_refuses_and_a_configuration_that_is_not_valid_are_told_apart() {
    let range = serde_json::json!({"filename": "main.tf", "start": {"line": 14}});
    let summary = "mkdir /proc/nope: no such file or directory";
    let refused = error(serde_json::json!({"summary": summary, "address": "local_file.f", "range": range}));
    assert_eq!((refused.code, fact(&refused, "about")), (Code::ProviderFailed, "local_file.f"));
    assert_eq!(fact(&refused, "reason"), summary);
    let invalid = error(serde_json::json!({"summary": "Unsupported argument", "detail": "no", "range": range}));
    assert_eq!(invalid.code, Code::ConfigurationInvalid);
    assert_eq!((fact(&invalid, "file"), fact(&invalid, "line")), ("main.tf", "14"));
    let text = "╷\n│ Error: Argument definition required\n│ \n│   on main.tf line 7, in terraform:\n│    7: x\n╵\n";
    assert_eq!(failed("", text).facts["line"], "7");
}

#[test]
fn what_explains_most_comes_first_and_what_nobody_knows_is_told_as_it_is() {
    let first = r#"{"diagnostic":{"severity":"error","summary":"mkdir x","address":"local_file.f"}}"#;
    let full = r#"{"diagnostic":{"severity":"error","summary":"Failed to save state","detail":"write: no space left on device"}}"#;
    assert_eq!(failed(&format!("{first}\n{full}"), "").code, Code::DiskFull);
    let unknown = failed("{\"diagnostic\":{\"severity\":\"warning\",\"summary\":\"x\"}}", "panic: oh\n");
    assert_eq!((unknown.code, fact(&unknown, "reason")), (Code::ProgramFailed, "panic: oh"));
    assert_eq!(fact(&unknown, "program"), "tofu apply");
}
