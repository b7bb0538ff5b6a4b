//! Tests of the catalogue as a whole, and what they share.
//! Run by cargo.
//! Must never need a cluster: what is tested here are bytes.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod adopting;
mod configurations;
mod drafting;
mod hostile;
mod loading;
mod programs;
mod restoring;
mod terraform;
mod writing;

use crate::catalog::Catalog;
use crate::settle::Values;
use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::component::{ComponentId, ComponentVersion};
use chopmark_domain::draft::{Content, Draft};
use chopmark_domain::environment::{Environment, Mode, RepositoryAddress};
use chopmark_domain::ids::{EnvironmentName, ObjectHash, TemplateName};
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Drafter;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::time::Timestamp;
use serde_json::Value;
use std::sync::LazyLock;

pub(crate) static SHIPPED: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::shipped().expect("the shipped templates hold"));

pub(crate) fn environment(mode: Mode) -> Environment {
    Environment {
        name: EnvironmentName::parse("dev").unwrap(),
        mode,
        repository: RepositoryAddress {
            path: "/nowhere".into(),
            branch: "main".into(),
            folder: String::new(),
            remote: None,
        },
        cluster: None,
        terraform: None,
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: ApprovalRule {
            approvers: std::collections::BTreeSet::new(),
            needed: 1,
            self_approval: SelfApproval::Allowed,
            expires_after_seconds: 60,
            written_at: String::new(),
            ..ApprovalRule::default()
        }
        .into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: SHIPPED.templates().map(|template| template.name.clone()).collect(),
    }
}

pub(crate) fn said(values: &[(&str, Literal)]) -> Values {
    let said = |value: &Literal| Sourced { value: value.clone(), origin: Origin::Said };
    values.iter().map(|(name, value)| ((*name).to_owned(), said(value))).collect()
}

pub(crate) fn proposal(component: &str, intent: Intent) -> Proposal {
    Proposal {
        component: component.parse::<ComponentId>().unwrap(),
        environment_origin: Origin::Default,
        group_origin: Origin::Said,
        intent,
        revises: None,
    }
}

pub(crate) fn create(template: &str, values: Values) -> Intent {
    Intent::Create { template: TemplateName::parse(template).unwrap(), values }
}

/// Drafts in an environment with mode apply.
pub(crate) fn draft(component: &str, intent: Intent, current: Option<&ComponentVersion>) -> Result<Draft, Problem> {
    SHIPPED.draft(&proposal(component, intent), &environment(Mode::Apply), current, None)
}

/// The version that a draft becomes once it is committed.
pub(crate) fn committed(draft: &Draft) -> ComponentVersion {
    let Content::Component { template, values, files } = &draft.content else { panic!("nothing to commit: {draft:?}") };
    ComponentVersion {
        component: draft.component.clone(),
        template: template.clone(),
        values: values.iter().map(|(name, sourced)| (name.clone(), sourced.value.clone())).collect(),
        files: files.clone(),
        commit: ObjectHash::parse(&"a".repeat(40)).unwrap(),
        change: None,
        at: Timestamp(0),
    }
}

pub(crate) fn cart() -> ComponentVersion {
    let values = said(&[("image", "localhost/web:1".into()), ("replicas", 2.into()), ("memory", "64Mi".into())]);
    committed(&draft("dev/shop/cart", create("web-service", values), None).unwrap())
}

/// A file of a draft as an object.
pub(crate) fn object(draft: &Draft, file: &str) -> Value {
    let file = draft.files().iter().find(|candidate| candidate.name == file);
    chopmark_domain::rendered::object(file.expect("no such file")).unwrap()
}

pub(crate) fn names(draft: &Draft) -> Vec<&str> {
    draft.files().iter().map(|file| file.name.as_str()).collect()
}

pub(crate) fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> Code {
    answer.expect_err("no problem where one was expected").code
}
