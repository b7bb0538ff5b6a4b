//! Explaining rights: whether somebody may do something, by which grant and rule, or for want of what.
//! Called by the router for `access explain` and for the same question in a sentence.
//! Must never answer about others to whoever does not administer the install.

use crate::Engine;
use chopmark_domain::access::{AccessAnswer, AccessReport, Lacks, RuleAnswer, RuleSays, Wanted};
use chopmark_domain::approval::{ApprovalRule, DecidedBy, Refusal, Verdict};
use chopmark_domain::grounds::Subject;
use chopmark_domain::ids::{Identity, PersonId, TemplateName};
use chopmark_domain::person::Person;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Access, Missing, Pattern, Right, Target, TemplateOf};
use std::collections::BTreeSet;

/// What a question is about, found out.
struct Found {
    subject: Option<Subject>,
    template: Option<(String, TemplateName)>,
    rule: Option<ApprovalRule>,
    authors: BTreeSet<PersonId>,
}

impl Engine {
    /// Whether somebody may do something; without `wanted`, every action in every environment.
    ///
    /// # Errors
    /// [`Code::NoRight`] for questions about others from people who do not administer; [`Code::UnknownPerson`].
    pub async fn explain(&self, asker: &PersonId, who: Option<&str>, wanted: Option<&Wanted>) -> Answer<AccessReport> {
        let person = match who {
            None => self.somebody(asker.clone()).await?,
            Some(word) => self.named(asker, word).await?,
        };
        let policy = self.ports.settings.policy()?;
        let mut answers = Vec::new();
        match wanted {
            Some(wanted) => answers.push(self.answer(&policy, &person, wanted.clone()).await?),
            None => {
                let environments = self.ports.settings.environments()?;
                let everywhere = environments.all.keys().cloned().map(Some).chain([None]);
                for environment in everywhere {
                    for action in Right::ALL {
                        let environment = environment.clone();
                        let wanted = Wanted { action, change: None, environment, component: None, template: None };
                        answers.push(self.answer(&policy, &person, wanted).await?);
                    }
                }
            }
        }
        let roles = person.roles.iter().cloned().collect();
        Ok(AccessReport { person: person.id, name: person.name, roles, answers })
    }

    /// The person with the roles of now, or without any.
    async fn somebody(&self, id: PersonId) -> Answer<Person> {
        let known = self.ports.directory.person(&id).await?;
        Ok(known.unwrap_or_else(|| Person { name: id.to_string(), id, roles: BTreeSet::new() }))
    }

    /// Somebody by name, id or identity. Whoever asks about another must administer, before it is said whether there is
    /// such a person.
    async fn named(&self, asker: &PersonId, word: &str) -> Answer<Person> {
        let people = self.ports.directory.people().await?;
        let named = PersonId::named(word).ok();
        let by_id = people.iter().find(|person| person.id.as_str() == word || Some(&person.id) == named.as_ref());
        let mut by_name = people.iter().filter(|person| person.name.eq_ignore_ascii_case(word));
        let only = by_name.next().filter(|_| by_name.next().is_none());
        let found = match (by_id.or(only), Identity::parse(word)) {
            (Some(person), _) => Some(person.clone()),
            (None, Ok(identity)) => match self.ports.directory.holder(&identity).await? {
                Some(id) => Some(self.somebody(id).await?),
                None => None,
            },
            (None, Err(_)) => None,
        };
        if found.as_ref().is_none_or(|person| person.id != *asker) {
            self.allow(asker, Right::Administer, &Target::INSTALL, word).await?;
        }
        found.ok_or_else(|| {
            let names: Vec<_> = people.iter().map(|person| person.name.as_str()).collect();
            Problem::new(Code::UnknownPerson).with("person", word).with("known", names.join(", "))
        })
    }

    async fn answer(&self, policy: &Policy, person: &Person, wanted: Wanted) -> Answer<AccessAnswer> {
        let found = self.found(&wanted).await?;
        let target = target(&wanted, &found);
        let (grant, lacks) = match policy.rights.check(person, wanted.action, &target) {
            Access::Allowed(grant) => (Some(grant.clone()), None),
            Access::Denied(missing) => (None, Some(lacks(&missing))),
        };
        let rule = found.rule.as_ref().map(|rule| says(rule, person, &found.authors));
        let may = |person: &Person| {
            let counted =
                found.rule.as_ref().is_none_or(|rule| says(rule, person, &found.authors).says == RuleSays::Counts);
            counted && policy.rights.check(person, wanted.action, &target).is_allowed()
        };
        let allowed = may(person);
        let others = if allowed { vec![] } else { self.ports.directory.people().await? };
        let others = others.iter().filter(|other| other.id != person.id && may(other));
        let others = others.map(|other| other.name.clone()).collect();
        Ok(AccessAnswer { allowed, grant, lacks, rule, others, wanted })
    }

    async fn found(&self, wanted: &Wanted) -> Answer<Found> {
        let deciding = wanted.action == Right::Approve;
        if let Some(change) = &wanted.change {
            let file = self.file(change).await?;
            let grounds = self.grounds(&file, &[]).await?;
            let planned = file.record.planned.as_ref();
            let rule = planned.map(|planned| planned.rule.clone()).or(grounds.rule).filter(|_| deciding);
            let mut authors = BTreeSet::new();
            let written = planned.map(|planned| planned.authors.clone());
            for author in written.unwrap_or_else(|| BTreeSet::from([file.change.requester.clone()])) {
                authors.insert(self.ports.directory.current(&author).await?);
            }
            return Ok(Found { subject: Some(grounds.subject), template: None, rule, authors });
        }
        let Some(name) = &wanted.environment else {
            return Ok(Found { subject: None, template: None, rule: None, authors: BTreeSet::new() });
        };
        let environment = self.environment(name)?;
        let mut template = wanted.template.clone();
        if let (Some(path), None) = (&wanted.component, &template) {
            let there = self.ports.components.read(&environment, path).await?.map(|version| version.template.name);
            template = there.and_then(|name| Some((self.ports.drafter.family(&name)?, name)));
        }
        let rule = deciding.then(|| environment.rules.usual.clone());
        Ok(Found { subject: None, template, rule, authors: BTreeSet::new() })
    }
}

fn target<'a>(wanted: &'a Wanted, found: &'a Found) -> Target<'a> {
    match &found.subject {
        Some(subject) => subject.target(),
        None => Target {
            environment: wanted.environment.as_ref(),
            template: found.template.as_ref().map(|(family, name)| TemplateOf::Known { family, name }),
            component: wanted.component.as_ref(),
        },
    }
}

fn says(rule: &ApprovalRule, person: &Person, authors: &BTreeSet<PersonId>) -> RuleAnswer {
    let says = match rule.admits(person, authors, Verdict::Approve) {
        _ if rule.decided_by == DecidedBy::TheRule => RuleSays::ApprovesItself,
        Ok(()) => RuleSays::Counts,
        Err(Refusal::SelfApproval) => RuleSays::OwnChange,
        Err(Refusal::NoRole { .. } | Refusal::NoRight(_)) => RuleSays::NoRole,
    };
    RuleAnswer { says, approvers: rule.approvers.iter().cloned().collect(), written_at: rule.written_at.clone() }
}

fn lacks(missing: &Missing) -> Lacks {
    let patterns = |patterns: &[Pattern]| patterns.iter().map(ToString::to_string).collect();
    let (what, would_do) = match missing {
        Missing::AnyRole => ("role", vec![]),
        Missing::Action(roles) => ("action", roles.iter().map(ToString::to_string).collect()),
        Missing::Environment(of) => ("environment", patterns(of)),
        Missing::Template(of) => ("template", patterns(of)),
        Missing::Component(of) => ("component", patterns(of)),
    };
    Lacks { what: what.to_owned(), would_do }
}
