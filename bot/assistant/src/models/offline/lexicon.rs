//! The words the offline planner knows by itself: verbs, particles and nouns of requests in both languages.
//! Read by the sense-giving step from words.toml; the words of templates and parameters come from the catalogue.
//! Must never hold a word for one template or parameter: those belong into their metadata.

use chopmark_catalog::Words;
use chopmark_domain::ids::TemplateName;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verb {
    /// Make something new.
    Create,
    /// Make something new that runs.
    Deploy,
    /// Make something new, or give something that is there.
    Add,
    /// Make something new, or set a value.
    Make,
    /// Another number.
    Scale,
    /// Another value.
    Set,
    /// Start anew.
    Restart,
    /// Let go.
    Delete,
    /// Back to before.
    Undo,
    /// Back to what is committed.
    Reconcile,
    /// Back to what is committed, when "back" is said too.
    Bring,
    /// What drifted stays.
    Keep,
    /// An existing folder is planned.
    Plan,
    /// Another name, which nothing can get.
    Rename,
    /// A list.
    List,
    /// One thing.
    Show,
    /// In other words.
    Explain,
    /// A decision, which only a command makes.
    Decide,
    /// What can be said.
    Help,
}

/// Words that only relate others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Particle {
    /// In, into, 在.
    In,
    /// On, at, to, for, from, 到: a place only when a known one follows.
    Toward,
    /// As, called, 叫.
    Called,
    /// To, is, 为, 改成: between a parameter and its value.
    Becomes,
    /// Of, 的.
    Of,
    /// With, and, 和.
    With,
    /// Not, 不要.
    Not,
    /// Without, 不带.
    Without,
    /// It, this, 它.
    It,
    /// What, which, 什么.
    What,
    /// Who, 谁.
    Who,
    /// Why, 为什么.
    Why,
    /// How to, 如何.
    How,
    /// Is, are, has: a question when it begins the sentence.
    Is,
    /// 吗, 呢: a question when it ends the sentence.
    Ask,
    /// If, should I: nothing to do yet.
    If,
    /// 把, 给: what follows is acted on.
    Object,
    /// Inside, 里: ends a place.
    Inside,
    /// Every, 每.
    Every,
    /// Yes, good, 好.
    Yes,
    /// Politeness, articles, measure words: nothing.
    Nothing,
    /// Then, 然后: another request follows.
    Then,
    /// Back, 回: to what it was.
    Back,
}

/// Things people ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Noun {
    /// Components.
    Component,
    /// Changes.
    Change,
    /// What was changed, happened, was done.
    Happened,
    /// Templates.
    Template,
    /// Events of the cluster.
    Event,
    /// Logs.
    Log,
    /// How something is.
    Health,
    /// A namespace.
    Namespace,
    /// An environment.
    Environment,
    /// The ledger.
    Ledger,
    /// Lines of a log.
    Line,
    /// A version.
    Version,
    /// What waits for a decision.
    Waiting,
    /// What failed.
    Troubled,
    /// What runs.
    Running,
    /// What differs from what is committed.
    Drift,
    /// What is committed.
    Committed,
    /// What is there now.
    Found,
    /// A folder of Terraform.
    Folder,
}

/// A sense of a word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Sense {
    /// What to do.
    Verb(Verb),
    /// How words relate.
    Particle(Particle),
    /// What it is about.
    Noun(Noun),
    /// A span of time, as the tools name it.
    Since(String),
    /// A Kubernetes kind, as the tools name it.
    Kind(String),
    /// A template, by its place in the catalogue.
    Template(usize),
    /// A parameter, by its template and name.
    Parameter(TemplateName, String),
    /// A value of a parameter that is a choice: template, parameter, value.
    Choice(TemplateName, String, String),
    /// What a template's components always are: its place in the catalogue, and that of the fact.
    Always(usize, usize),
    /// The opposite of that.
    Against(usize, usize),
    /// A unit of a number.
    Unit,
    /// A known environment.
    Environment,
    /// A known namespace.
    Group,
    /// A known component's name.
    Component,
}

/// The content of words.toml.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    units: Words,
    verbs: BTreeMap<Verb, Words>,
    particles: BTreeMap<Particle, Words>,
    nouns: BTreeMap<Noun, Words>,
    since: BTreeMap<String, Words>,
    kinds: BTreeMap<String, Words>,
}

/// Every sense with its words. A file that does not parse has none; a test refuses it.
pub(crate) fn words() -> Vec<(Sense, Words)> {
    let lists: Lists = toml::from_str(include_str!("words.toml")).unwrap_or_default();
    let verbs = lists.verbs.into_iter().map(|(verb, words)| (Sense::Verb(verb), words));
    let particles = lists.particles.into_iter().map(|(particle, words)| (Sense::Particle(particle), words));
    let nouns = lists.nouns.into_iter().map(|(noun, words)| (Sense::Noun(noun), words));
    let since = lists.since.into_iter().map(|(since, words)| (Sense::Since(since), words));
    let kinds = lists.kinds.into_iter().map(|(kind, words)| (Sense::Kind(kind), words));
    let units = [(Sense::Unit, lists.units)];
    verbs.chain(particles).chain(nouns).chain(since).chain(kinds).chain(units).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_can_be_asked_can_be_asked_in_both_languages() {
        let words = words();
        assert!(words.len() > 70, "{}", words.len());
        for (sense, words) in words {
            assert!(words.iter().count() > 0, "{sense:?}");
            if matches!(sense, Sense::Verb(_) | Sense::Noun(_) | Sense::Since(_)) {
                assert!(!words.en.is_empty() && !words.zh.is_empty(), "{sense:?}");
            }
        }
    }
}
