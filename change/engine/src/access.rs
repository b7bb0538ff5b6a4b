//! Access: whether a person may do something, said and recorded the same way for every command.
//! Asked by each command before it does anything; the rule of approval is asked beside it, in decide.rs.
//! Must never be skipped because a surface asked before.

use crate::{Engine, entries};
use chopmark_domain::ids::PersonId;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Access, Missing, Pattern, Right, Target};

impl Engine {
    /// Refuses people without the right, and records that they tried. `about` names the target for people.
    ///
    /// # Errors
    /// [`Code::NoRight`]; the configuration does not parse.
    pub(crate) async fn allow(&self, person: &PersonId, action: Right, target: &Target<'_>, about: &str) -> Answer<()> {
        let policy = self.ports.settings.policy()?;
        let missing = match self.ports.directory.person(person).await? {
            None => Missing::AnyRole,
            Some(known) => match policy.rights.check(&known, action, target) {
                Access::Allowed(_) => return Ok(()),
                Access::Denied(missing) => missing,
            },
        };
        let problem = no_right(person, action, about, &missing);
        self.ports.journal.record(vec![entries::access_refused(person, &problem)]).await?;
        Err(problem)
    }
}

impl Engine {
    /// Whether somebody administers the install; `about` names what for.
    ///
    /// # Errors
    /// [`Code::NoRight`], which is in the ledger.
    pub async fn administers(&self, person: &PersonId, about: &str) -> Answer<()> {
        self.allow(person, Right::Administer, &Target::INSTALL, about).await
    }

    /// Records that somebody was refused before any command was reached, for want of anything they may see.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub async fn was_refused(&self, person: &PersonId, problem: &Problem) -> Answer<()> {
        self.ports.journal.record(vec![entries::access_refused(person, problem)]).await
    }
}

/// A refusal in words' reach: what was missing, and what would have done.
pub(crate) fn no_right(person: &PersonId, action: Right, about: &str, missing: &Missing) -> Problem {
    let listed = |patterns: &[Pattern]| patterns.iter().map(Pattern::as_str).collect::<Vec<_>>().join(", ");
    let (what, allowed) = match missing {
        Missing::AnyRole => ("role", String::new()),
        Missing::Action(roles) => ("action", roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")),
        Missing::Environment(patterns) => ("environment", listed(patterns)),
        Missing::Template(patterns) => ("template", listed(patterns)),
        Missing::Component(patterns) => ("component", listed(patterns)),
    };
    Problem::new(Code::NoRight)
        .with("person", person)
        .with("action", action.word())
        .with("about", about)
        .with("missing", what)
        .with("allowed", allowed)
}
