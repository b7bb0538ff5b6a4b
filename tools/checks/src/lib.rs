//! Judges of a plan: pure functions from the rendered files and the plan to findings.
//! Used by the engine through the domain's port, and by tools that show what a plan would meet.
//! Must never read anything but their arguments, nor let a plan pass because a judge failed.

mod case;
mod judges;
mod resource;
mod walk;

use case::Case;
use chopmark_domain::digest::Fields;
use chopmark_domain::draft::Draft;
use chopmark_domain::environment::Environment;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::Plan;
use chopmark_domain::ports::Judges;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One judge: a name, a version that moves with every change of its rules, and its verdict.
pub(crate) struct Judge {
    /// Its name.
    name: &'static str,
    /// Moves when its rules do: approvals given under other rules no longer hold.
    version: u32,
    /// Its verdict.
    verdict: fn(&Case<'_>) -> Vec<Finding>,
}

/// A set of judges.
pub struct Checks {
    judges: Vec<Judge>,
}

impl Checks {
    /// The judges that come with the program.
    pub fn shipped() -> Self {
        Self { judges: judges::all() }
    }
}

impl Judges for Checks {
    fn version(&self) -> String {
        let mut fields = Fields::new("chopmark/judges/v1");
        for judge in &self.judges {
            fields.text(judge.name).text(&judge.version.to_string());
        }
        fields.finish().to_string()
    }

    fn judge(&self, environment: &Environment, draft: &Draft, plan: &Plan) -> Vec<Finding> {
        let case = match Case::new(environment, draft, plan) {
            Ok(case) => case,
            Err(finding) => return vec![finding],
        };
        let mut findings: Vec<Finding> = self.judges.iter().flat_map(|judge| heard(judge, &case)).collect();
        findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| (&a.id, &a.about).cmp(&(&b.id, &b.about))));
        findings.dedup();
        findings
    }
}

/// A judge's verdict; a judge that fails denies, because nobody knows what it would have said.
fn heard(judge: &Judge, case: &Case<'_>) -> Vec<Finding> {
    catch_unwind(AssertUnwindSafe(|| (judge.verdict)(case)))
        .unwrap_or_else(|_| vec![finding("judge-failed", Severity::Deny, judge.name, &[("judge", judge.name)])])
}

/// A finding with its facts.
pub(crate) fn finding(id: &str, severity: Severity, about: &str, facts: &[(&str, &str)]) -> Finding {
    let facts: BTreeMap<_, _> = facts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Finding { id: id.to_owned(), severity, about: about.to_owned(), facts }
}

#[cfg(test)]
mod terraform_tests;
#[cfg(test)]
mod tests;
