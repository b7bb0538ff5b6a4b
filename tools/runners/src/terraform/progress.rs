//! Progress: the lines of an apply, as reports for people and as what is known done.
//! Used by apply while the program runs.
//! Must never block the program, nor call something done that the program did not.

use chopmark_domain::plan::{ResourceAction, Verb};
use chopmark_domain::ports::Progress;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Seconds between two reports that a resource is still being worked on.
const STILL: u64 = 30;

/// Listens to one apply.
pub(super) struct Watch<'a> {
    progress: &'a dyn Progress,
    replaced: BTreeSet<&'a str>,
    seen: Mutex<Seen>,
}

/// What the program said so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Addresses of which something was changed, in the order in which they were.
    pub(super) done: Vec<String>,
    /// Addresses that failed.
    pub(super) failed: BTreeSet<String>,
    /// Addresses that were begun and of whose end nothing was heard, with the seconds that were reported.
    pub(super) open: BTreeMap<String, u64>,
}

/// A line of the program's output, as far as resources go.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    hook: Option<Hook>,
}

#[derive(Deserialize)]
struct Hook {
    resource: Resource,
    #[serde(default)]
    action: String,
    #[serde(default)]
    elapsed_seconds: f64,
}

#[derive(Deserialize)]
struct Resource {
    addr: String,
}

impl<'a> Watch<'a> {
    /// Reports what happens to the resources of these actions.
    pub(super) fn new(progress: &'a dyn Progress, actions: &'a [ResourceAction]) -> Self {
        let replaced = actions.iter().filter(|action| action.verb == Verb::Replace);
        let replaced = replaced.map(|action| action.address.as_str()).collect();
        Self { progress, replaced, seen: Mutex::default() }
    }

    /// A line was written.
    pub(super) fn line(&self, line: &[u8]) {
        let Ok(Line { kind, hook: Some(hook) }) = serde_json::from_slice(line) else { return };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let address = hook.resource.addr.as_str();
        match kind.as_str() {
            "apply_start" => self.begun(&mut seen, address, &hook.action),
            "apply_progress" => self.still(&mut seen, address, hook.elapsed_seconds),
            "apply_complete" => {
                seen.open.remove(address);
                // What is made anew is done twice: each half changes something.
                if !seen.done.iter().any(|done| done == address) {
                    seen.done.push(address.to_owned());
                }
                if hook.action != "delete" || !self.replaced.contains(address) {
                    self.progress.report("progress-done", address);
                }
            }
            "apply_errored" => {
                seen.open.remove(address);
                seen.failed.insert(address.to_owned());
                self.progress.report("progress-failed", address);
            }
            _ => {}
        }
    }

    fn begun(&self, seen: &mut Seen, address: &str, action: &str) {
        seen.open.insert(address.to_owned(), 0);
        let key = match action {
            _ if self.replaced.contains(address) && seen.done.iter().any(|done| done == address) => return,
            _ if self.replaced.contains(address) => "progress-replacing",
            "create" => "progress-creating",
            "update" => "progress-updating",
            "delete" => "progress-deleting",
            "read" => "progress-refreshing",
            _ => "progress-applying",
        };
        self.progress.report(key, address);
    }

    fn still(&self, seen: &mut Seen, address: &str, elapsed: f64) {
        let Some(told) = seen.open.get_mut(address) else { return };
        let elapsed = std::time::Duration::try_from_secs_f64(elapsed).unwrap_or_default().as_secs();
        if elapsed >= *told + STILL {
            *told = elapsed;
            self.progress.report("progress-still", &format!("{address} ({elapsed} s)"));
        }
    }

    /// Everything that was heard.
    pub(super) fn heard(self) -> Seen {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);

    impl Progress for Told {
        fn report(&self, key: &str, about: &str) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{key} {about}"));
        }
    }

    fn action(address: &str, verb: Verb) -> ResourceAction {
        ResourceAction { address: address.into(), kind: String::new(), verb, fields: vec![], because: None }
    }

    #[test]
    fn each_resource_is_reported_once_at_its_beginning_and_once_at_its_end() {
        let (told, actions) = (Told::default(), [action("a.a", Verb::Create), action("b.b", Verb::Replace)]);
        let watch = Watch::new(&told, &actions);
        let say = |kind: &str, address: &str, action: &str, elapsed: u32| {
            let hook = serde_json::json!({"resource": {"addr": address}, "action": action, "elapsed_seconds": elapsed});
            watch.line(serde_json::json!({"type": kind, "hook": hook}).to_string().as_bytes());
        };
        watch.line(b"no JSON");
        watch.line(br#"{"type":"version","ui":"1.2"}"#);
        say("apply_start", "a.a", "create", 0);
        say("apply_progress", "a.a", "create", 10);
        say("apply_progress", "a.a", "create", 40);
        say("apply_start", "b.b", "delete", 0);
        say("apply_complete", "b.b", "delete", 0);
        say("apply_start", "b.b", "create", 0);
        say("apply_errored", "b.b", "create", 0);
        say("apply_complete", "a.a", "create", 41);
        say("apply_start", "c.c", "update", 0);
        let seen = watch.heard();
        assert_eq!((seen.done.join(" "), seen.open.len()), ("b.b a.a".to_owned(), 1));
        assert!(seen.failed.contains("b.b"));
        let told = told.0.into_inner().unwrap_or_default();
        assert_eq!(
            told,
            [
                "progress-creating a.a",
                "progress-still a.a (40 s)",
                "progress-replacing b.b",
                "progress-failed b.b",
                "progress-done a.a",
                "progress-updating c.c",
            ]
        );
    }
}
