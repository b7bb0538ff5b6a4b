//! Views: facts as lines, the same on every surface that shows text.
//! Called by the surfaces for every answer that carries facts.
//! Must never interpret: what a reading tool found is shown, with its unit, time and source.

mod access;
mod changes;
mod cluster;
mod components;
mod drift;
mod ledger;
mod overview;
mod proposal;
mod table;

use crate::card::Card;
use crate::line::Line;
use crate::moment::Moment;
use chopmark_domain::change::Language;
use chopmark_domain::facts::Facts;

pub use overview::stopped;
pub use proposal::proposal;

/// The facts as lines.
pub fn facts(facts: &Facts, language: Language, moment: &Moment) -> Vec<Line> {
    match facts {
        Facts::Components { components, roots } => components::list(language, moment, components, roots),
        Facts::Component { version, history } => components::one(language, moment, version, history),
        Facts::Changes { changes, since } => changes::list(language, moment, changes, *since),
        Facts::Change(file) => Card::of(file).lines(language, moment),
        Facts::Approvers { change, rule, people: _, able } => changes::approvers(language, change, rule, able),
        Facts::Ledger { entries } => ledger::list(language, moment, entries),
        Facts::LedgerVerified { entries, head, against } => ledger::verified(language, *entries, head, against),
        Facts::Objects { environment, kind, objects } => cluster::objects(language, moment, environment, kind, objects),
        Facts::Events { events } => cluster::events(language, moment, events),
        Facts::Logs { pod, container, lines } => cluster::logs(language, pod, container, lines),
        Facts::Health(report) => cluster::health(language, moment, report),
        Facts::Drift { environment, components, at } => drift::drift(language, moment, environment, components, *at),
        Facts::Templates { templates } => components::templates(language, templates),
        Facts::Access(report) => access::report(language, report),
        Facts::Overview(overview) => overview::overview(language, moment, overview),
    }
}
