//! Superseding: a plan that no longer holds ends, and the same proposal is drafted on what is there now.
//! Used when rule, judges, target or component moved.
//! Must never refresh a plan in place: the new one is a new change with a decision of its own.

use super::Served;
use crate::commands::Asked;
use crate::{Engine, entries};
use chopmark_domain::change::{Change, Difference, Planned};
use chopmark_domain::component::TemplatePin;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::grounds::Grounds;
use chopmark_domain::lifecycle::{Event, State};
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_domain::problem::{Code, Problem};

/// What moved since a plan was made, so that no decision on it counts any more.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    what: What,
    differences: Vec<Difference>,
}

#[derive(Debug, Clone)]
enum What {
    /// `rule`, `policy`, `template`, `environment`, or what moved in the target.
    This(String),
    /// It could not be found out, for this reason.
    Unknown(Code),
}

impl Moved {
    pub(crate) fn new(what: &str) -> Self {
        Self { what: What::This(what.to_owned()), differences: vec![] }
    }

    /// What could not be looked at again does not hold.
    pub(crate) fn unknown(code: Code) -> Self {
        Self { what: What::Unknown(code), differences: vec![] }
    }

    /// As people read it: what moved, and from what to what.
    pub(crate) fn problem(&self, change: &Change) -> Problem {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let detail = self.differences.iter().map(|difference| {
            let what = difference.what.strip_prefix(Difference::RULE).unwrap_or(&difference.what);
            format!("{what}: {} → {}", shown(&difference.before), shown(&difference.after))
        });
        let stale = Problem::new(Code::PlanStale).with("change", &change.id);
        let problem = match &self.what {
            What::This(what) => stale.with("what", what),
            What::Unknown(code) => stale.with("code", code),
        };
        let detail = detail.collect::<Vec<_>>().join("; ");
        if detail.is_empty() { problem } else { problem.with("detail", detail) }
    }
}

/// Two sets of checks, by the beginning of their digests.
pub(crate) fn policy_difference(before: &str, after: &str) -> Difference {
    let short = |version: &str| Some(version.chars().take(12).collect());
    Difference { what: Difference::POLICY.to_owned(), before: short(before), after: short(after) }
}

/// Two states of a template, by version and the beginning of its digest.
pub(crate) fn template_difference(before: Option<&TemplatePin>, after: Option<&TemplatePin>) -> Option<Difference> {
    let short = |pin: &TemplatePin| {
        format!("{} {} ({})", pin.name, pin.version, pin.digest.chars().take(12).collect::<String>())
    };
    let what = Difference::TEMPLATE.to_owned();
    (before != after).then(|| Difference { what, before: before.map(short), after: after.map(short) })
}

impl Engine {
    /// What moved since the plan was made, of the things that need no program to be asked.
    pub(crate) fn moved_since(&self, planned: &Planned, grounds: &Grounds) -> Option<Moved> {
        let Some(rule) = &grounds.rule else { return Some(Moved::new("environment")) };
        let policy = self.ports.judges.version();
        if !rule.asks_the_same_as(&planned.rule) {
            Some(Moved { what: What::This("rule".to_owned()), differences: planned.rule.differences(rule) })
        } else if policy != planned.policy_version {
            let difference = policy_difference(&planned.policy_version, &policy);
            Some(Moved { what: What::This("policy".to_owned()), differences: vec![difference] })
        } else if grounds.template != planned.template {
            let difference = template_difference(planned.template.as_ref(), grounds.template.as_ref());
            Some(Moved { what: What::This("template".to_owned()), differences: difference.into_iter().collect() })
        } else {
            None
        }
    }

    /// Ends a waiting change because something moved.
    pub(crate) async fn supersede(&self, file: &ChangeFile, moved: &Moved) -> Answer<()> {
        let problem = moved.problem(&file.change);
        let entry = entries::ended(&file.change, entries::worker(), "superseded", Some(&problem));
        let commit = self.transition(&file.change, &file.record, Event::WentStale, vec![entry], |change| {
            change.problem = Some(problem);
        })?;
        self.commit(commit).await
    }

    /// Ends every other waiting plan of a component whose version just moved.
    pub(super) async fn supersede_others(&self, moved: &Change) -> Answer<()> {
        let filter = ChangeFilter {
            states: vec![State::AwaitingApproval, State::Approved],
            component: Some(moved.component.clone()),
            limit: 1000,
            ..ChangeFilter::default()
        };
        for waiting in self.ports.records.changes(&filter).await? {
            if waiting.id == moved.id {
                continue;
            }
            let file = self.file(&waiting.id).await?;
            match self.supersede(&file, &Moved::new(moved.id.as_str())).await {
                // Somebody decided or cancelled meanwhile; its own start finds out that it is stale.
                Err(problem) if matches!(problem.code, Code::Conflict | Code::WrongState) => {}
                other => other?,
            }
        }
        Ok(())
    }

    pub(super) async fn draft_again(&self, file: ChangeFile) -> Answer<Served> {
        if !self.successors(&file.change).await?.is_empty() {
            return Ok(Served::Yes);
        }
        let asked = Asked {
            person: file.record.author.clone(),
            text: file.change.request.clone(),
            place: file.change.place.clone(),
            language: file.change.language,
            once: None,
        };
        let (proposal, wish) = (file.record.proposal.clone(), file.change.wish.clone());
        match self.insert(proposal, &asked, Some(&file), wish).await {
            Ok(_) => {}
            Err(problem) if problem.code == Code::Conflict => return Err(problem),
            // What was asked no longer makes sense on what is there now; people are told why.
            Err(problem) => self.ports.journal.tell(&file.change.id, NoteBody::Warning { problem }).await?,
        }
        Ok(Served::Yes)
    }
}
