//! Failures: what the program says when it fails, as a problem with a code.
//! Used by plan, state and apply; what is matched here was seen from both programs.
//! Must never name a code that promises more than the program said.

use super::instructions::StatePlace;
use crate::confine::Ran;
use chopmark_domain::problem::{Code, Problem};
use serde::Deserialize;

/// One error, as the program tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Diagnostic {
    summary: String,
    detail: String,
    /// The resource it is about.
    address: Option<String>,
    file: Option<String>,
    line: Option<u64>,
}

/// A line of the program's output, as far as errors go.
#[derive(Deserialize)]
struct Line {
    diagnostic: Option<Told>,
}

#[derive(Deserialize)]
struct Told {
    severity: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    filename: String,
    start: Start,
}

#[derive(Deserialize)]
struct Start {
    line: u64,
}

/// What a failed call comes to. `doing` is the program's command, such as `plan`.
pub(super) fn problem(ran: &Ran, doing: &str) -> Problem {
    let said = diagnostics(ran);
    let known = said.iter().filter_map(Diagnostic::known);
    let program = ran.argv.first().and_then(|path| path.rsplit('/').next()).unwrap_or("terraform");
    // The first that tells more than that it failed; those that follow are often its consequences.
    known.min_by_key(|(rank, _)| *rank).map_or_else(
        || {
            let reasons: Vec<_> = said.iter().map(Diagnostic::reason).collect();
            let reason = if reasons.is_empty() { ran.stderr.tail(12).join("\n") } else { reasons.join("\n") };
            Problem::new(Code::ProgramFailed).with("program", format!("{program} {doing}")).with("reason", reason)
        },
        |(_, problem)| problem,
    )
}

/// A problem with a backend, with the name of the one that was asked: the caller knows it.
pub(super) fn placed(problem: Problem, place: &StatePlace) -> Problem {
    match (problem.code, place) {
        (Code::BackendUnreachable, StatePlace::Backend { kind, .. } | StatePlace::Root { kind }) => {
            problem.with("backend", kind)
        }
        _ => problem,
    }
}

/// Every error, in order: of `-json` output from its lines, of other output from its text.
pub(super) fn diagnostics(ran: &Ran) -> Vec<Diagnostic> {
    let lines = ran.stdout.kept.split(|byte| *byte == b'\n');
    let told: Vec<_> = lines.filter_map(of_line).collect();
    if told.is_empty() { of_text(&String::from_utf8_lossy(&ran.stderr.kept)) } else { told }
}

/// The error in a line of `-json` output, if it is one.
fn of_line(line: &[u8]) -> Option<Diagnostic> {
    let told = serde_json::from_slice::<Line>(line).ok()?.diagnostic.filter(|told| told.severity == "error")?;
    Some(Diagnostic {
        summary: told.summary,
        detail: told.detail,
        address: told.address,
        line: told.range.as_ref().map(|range| range.start.line),
        file: told.range.map(|range| range.filename),
    })
}

/// Errors told as text: `Error: SUMMARY`, where, and details in wrapped lines. OpenTofu and Terraform frame it when
/// they think that somebody looks.
fn of_text(text: &str) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for line in text.lines() {
        let line = line.trim_start_matches(['│', '╷', '╵', ' ']).trim_end();
        if let Some(summary) = line.strip_prefix("Error: ") {
            all.push(Diagnostic { summary: summary.to_owned(), ..Diagnostic::default() });
            continue;
        }
        let Some(now) = all.last_mut() else { continue };
        if let Some((file, rest)) = line.strip_prefix("on ").and_then(|place| place.split_once(" line ")) {
            now.file = Some(file.to_owned());
            now.line = rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
        } else if let Some(address) = line.strip_prefix("with ") {
            now.address = Some(address.trim_end_matches(',').to_owned());
        } else if !line.is_empty() {
            now.detail += if now.detail.is_empty() { "" } else { " " };
            now.detail += line;
        }
    }
    all
}

impl Diagnostic {
    /// Summary and detail as one line.
    pub(super) fn reason(&self) -> String {
        let all = format!("{}: {}", self.summary, self.detail);
        let words: Vec<_> = all.split_whitespace().collect();
        words.join(" ").trim_end_matches(':').to_owned()
    }

    fn says(&self, any: &[&str]) -> bool {
        any.iter().any(|words| self.summary.contains(words) || self.detail.contains(words))
    }

    /// What it comes to, with how much that explains: the lowest number explains most.
    fn known(&self) -> Option<(u8, Problem)> {
        let reason = self.reason();
        let new = |code| Problem::new(code).with("reason", &reason);
        if self.says(&["no space left on device", "disk quota exceeded"]) {
            let path =
                reason.split_whitespace().filter_map(|word| word.strip_suffix(':')).rfind(|word| word.starts_with('/'));
            return Some((0, path.into_iter().fold(new(Code::DiskFull), |problem, path| problem.with("path", path))));
        }
        if self.says(&["Failed to save state", "Failed to persist state", "Error saving state"]) {
            return Some((1, new(Code::StateNotSaved)));
        }
        if self.says(&["Error acquiring the state lock", "Error locking state"]) {
            return Some((2, if self.is_unreachable() { self.backend(&reason) } else { self.locked() }));
        }
        if self.says(&["Saved plan is stale"]) {
            return Some((2, Problem::new(Code::PlanStale).with("what", "state")));
        }
        if self.says(&["Saved plan does not match the given state"]) {
            return Some((2, new(Code::StateForeign).with("about", "terraform.tfstate")));
        }
        if self.says(&[
            "as a plan file",
            "Cannot apply incomplete plan",
            "Cannot read the plan from the given plan file",
        ]) {
            return Some((2, Problem::new(Code::PlanGone)));
        }
        if self.says(PROVIDERS) {
            return Some((3, self.provider(&reason)));
        }
        if self.says(BACKENDS) {
            return Some((4, self.backend(&reason)));
        }
        if let Some(address) = &self.address {
            return Some((5, new(Code::ProviderFailed).with("about", address)));
        }
        let file = self.file.as_ref()?;
        let invalid = new(Code::ConfigurationInvalid).with("file", file);
        Some((5, self.line.iter().fold(invalid, |problem, line| problem.with("line", line))))
    }

    /// Whether it is the way to the lock's place that failed, and not somebody who holds it.
    fn is_unreachable(&self) -> bool {
        !self.says(&["Lock Info", "already locked"])
            && self.says(&["connection refused", "no such host", "dial tcp", "timeout", "Timeout", "permission denied"])
    }

    fn backend(&self, reason: &str) -> Problem {
        // Which backend it is, the caller knows better; most say their name in the first words of the reason.
        Problem::new(Code::BackendUnreachable).with("backend", "-").with("reason", reason)
    }

    /// Who holds the lock. The http backend shows the caller's own entry and names the holder before it.
    fn locked(&self) -> Problem {
        let field = |name: &str| {
            let mut lines = self.detail.lines().map(str::trim);
            lines.find_map(|line| Some(line.strip_prefix(name)?.trim()).filter(|value| !value.is_empty()))
        };
        let problem = Problem::new(Code::StateLocked);
        if let Some((_, rest)) = self.detail.split_once("already locked: ID=") {
            let id: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            return problem.with("id", id);
        }
        [("holder", "Who:"), ("id", "ID:"), ("since", "Created:")]
            .into_iter()
            .filter_map(|(fact, name)| Some((fact, field(name)?)))
            .fold(problem, |problem, (fact, value)| problem.with(fact, value))
    }

    /// Which provider is missing, and where it was looked for.
    fn provider(&self, reason: &str) -> Problem {
        let all = format!("{}\n{}", self.detail, self.summary);
        let mut words = all.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        let name = words.find(|word| is_source(word)).unwrap_or("-");
        let place = all.split_whitespace().find(|word| word.starts_with('/'));
        let problem = Problem::new(Code::ProviderMissing).with("provider", name).with("reason", reason);
        place.into_iter().fold(problem, |problem, place| problem.with("place", place))
    }
}

/// `hashicorp/null`, with or without a host before it.
fn is_source(word: &str) -> bool {
    let parts: Vec<_> = word.split('/').collect();
    (2..=3).contains(&parts.len())
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)))
        && parts.last().is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// What both programs say when a provider is not there, or is another than was locked.
const PROVIDERS: &[&str] = &[
    "Failed to query available provider packages",
    "Failed to install provider",
    "Inconsistent dependency lock file",
    "Required plugins are not installed",
    "Failed to load plugin schemas",
    "Failed to resolve provider packages",
    "Incompatible provider version",
    "match any of the checksums",
];

/// What both programs say when they cannot read where the state is.
const BACKENDS: &[&str] = &[
    "Error refreshing state",
    "rror loading state",
    "Failed to get state",
    "Failed to load state",
    "Failed to get existing workspaces",
    "Unable to access object",
    "Unable to list objects",
    "Backend initialization required",
];

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
