//! Commands: the one registry of what can be said exactly, in both languages, and its parser.
//! Used by the router, by the terminal's completion and help, and by chat platforms' command lists.
//! Must never take a sentence for a command: only exact forms decide.

mod access;
mod channel;
mod parse;
mod registry;
mod when;

pub use channel::{KINDS, kind_word};
pub use parse::parse;
pub use registry::{Arguments, Form, Name, REGISTRY, form_of};
pub use when::{At, Day, When};

use chopmark_domain::access::Wanted;
use chopmark_domain::change::Language;
use chopmark_domain::ids::{ChangeId, Identity, TemplateName};
use chopmark_domain::ports::NewsKind;
use chopmark_domain::problem::Code;
use std::collections::BTreeSet;

/// What a person says became of a run whose end is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// All of it is there.
    Applied,
    /// Some of it is there.
    Partial,
    /// Nothing of it is there.
    NotStarted,
}

/// What becomes of a pinned language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    /// Every answer is in this one.
    To(Language),
    /// Answers follow what is said again.
    LetGo,
}

/// Whose language is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of the person who says it, on every surface.
    Mine,
    /// That of the channel it is said in.
    Channels,
}

/// Something said in an exact form. `change` is none when the words name none: then the change is the one last
/// drawn in this place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Countersign.
    Approve {
        /// Which.
        change: Option<ChangeId>,
        /// The component's name as typed, which severe risk asks for.
        confirm: Option<String>,
    },
    /// Refuse.
    Reject {
        /// Which.
        change: Option<ChangeId>,
        /// Why, in the person's words.
        why: Option<String>,
    },
    /// Withdraw before it begins.
    Cancel {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Propose the version before.
    Undo {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Draw the card.
    Show {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Show everything that would run.
    Details {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Show what models were sent for a change.
    Prompt {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Edit a waiting change: the words go to the assistant, about that change.
    Edit {
        /// Which.
        change: Option<ChangeId>,
        /// What to change, in words; empty when none were given.
        words: String,
    },
    /// Say where a change stands; without one, where everything stands.
    Status {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Pull the stop switch.
    Halt {
        /// Why, in the person's words.
        why: Option<String>,
    },
    /// Lift it.
    Lift,
    /// Give a waiting change another time to start.
    Schedule {
        /// Which.
        change: Option<ChangeId>,
        /// When.
        when: When,
    },
    /// Propose again what ended without an effect.
    PlanAgain {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Say what became of a run whose end is unknown.
    Resolve {
        /// Which.
        change: ChangeId,
        /// What.
        resolution: Resolution,
    },
    /// List changes.
    Changes,
    /// List components.
    Components,
    /// List templates, or show one.
    Templates {
        /// Which.
        name: Option<TemplateName>,
    },
    /// Check the ledger's chain.
    AuditVerify,
    /// Show the ledger.
    AuditShow,
    /// Write the ledger out.
    AuditExport,
    /// Give out a code for joining, or use one.
    Link {
        /// The code, as typed.
        code: Option<String>,
    },
    /// Take an identity away from its person.
    Unlink {
        /// Which; none for the one that speaks.
        identity: Option<Identity>,
    },
    /// Say what somebody may do, and why.
    Access {
        /// Who; none for whoever asks.
        who: Option<String>,
        /// What; none for everything.
        what: Option<Wanted>,
    },
    /// Say what a code means.
    Explain {
        /// Which.
        code: Code,
    },
    /// Pin the language, or let go of it.
    Lang {
        /// To which.
        pin: Pin,
        /// Whose.
        whose: Whose,
    },
    /// Tell this channel of some kinds of news from now on; of none: ask which.
    Subscribe {
        /// Which.
        kinds: BTreeSet<NewsKind>,
    },
    /// Tell it no more; of none: nothing any more.
    Unsubscribe {
        /// Which.
        kinds: BTreeSet<NewsKind>,
    },
    /// Say what this channel is told of.
    Subscriptions,
    /// Say what can be said.
    Help,
    /// Leave.
    Quit,
}

#[cfg(test)]
mod tests;
