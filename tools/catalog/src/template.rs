//! A template: metadata, parameters and files of one kind of component.
//! Loaded by the catalogue; read by tools, the offline planner and the documents.
//! Must never be changed after loading: its digest pins what it renders.

use crate::parameter::Parameter;
use crate::words::Words;
use chopmark_domain::component::TemplatePin;
use chopmark_domain::draft::{Verify, WayBack};
use chopmark_domain::facts::{Bilingual, TemplateSummary};
use chopmark_domain::ids::TemplateName;
use chopmark_domain::literal::Literal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind whose content may not stand in a repository.
const SECRET_KIND: &str = "v1/Secret";

/// Where a template's components live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// In a namespace, which is the component's group.
    Namespace,
    /// In no namespace; the group is `cluster`.
    Cluster,
    /// In no cluster; the group is `main` unless somebody says another.
    Main,
}

/// What a Terraform template needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Terraform {
    /// The versions of the program that it works with, such as `>= 1.4.0`.
    pub requires: String,
    /// The providers it needs, by the local name they have in its files.
    pub providers: BTreeMap<String, ProviderNeed>,
}

/// A provider that a template needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderNeed {
    /// Its source, such as `hashicorp/aws`.
    pub source: String,
    /// The majors that the template works with, ascending.
    pub majors: Vec<u32>,
}

/// How a component starts anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "restart", content = "parameter")]
pub enum Restart {
    /// It has nothing that runs.
    Never,
    /// Its pods carry the moment of the last restart.
    Annotation,
    /// Its objects cannot be changed in place: this integer parameter goes up by one with every
    /// restart and every edit, and stands in their names.
    Counter(String),
}

/// What a component's name must be beyond an RFC 1123 label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NameRule {
    /// Longest, in characters.
    pub longest: usize,
    /// Whether it must begin with a letter (services: RFC 1035).
    pub letter_first: bool,
}

/// What undo brings back, by what is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaysBack {
    /// After creating.
    pub create: WayBack,
    /// After an edit or a restart.
    pub edit: WayBack,
    /// After deleting.
    pub delete: WayBack,
}

/// Two parameters of which one may not be larger than the other, where both have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The smaller one.
    pub least: String,
    /// The larger one.
    pub most: String,
}

/// A parameter whose texts are addresses where a choice has a certain value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    /// The parameter: a text or a list of texts.
    pub parameter: String,
    /// The choice.
    pub when: String,
    /// The value of the choice.
    pub is: String,
    /// Which addresses they are then.
    pub family: Family,
}

/// Something that a template's components always are, whatever is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Always {
    /// What they are, in a word that can follow "always".
    pub title: Bilingual,
    /// Words people use to ask for it.
    pub words: Words,
    /// Words people use to ask for the opposite.
    pub against: Words,
}

/// A family of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Such as `203.0.113.10`.
    Ipv4,
    /// Such as `2001:db8::10`.
    Ipv6,
}

/// A sentence with what it means and, at load, what it renders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The file's name without its ending.
    pub name: String,
    /// A sentence in both languages that asks for it.
    pub sentence: Bilingual,
    /// The group of the component.
    pub group: String,
    /// The name of the component.
    pub component: String,
    /// The values that the sentence gives.
    pub values: BTreeMap<String, Literal>,
    /// The majors of providers it is shown with; the newest where it says none.
    pub majors: BTreeMap<String, u32>,
}

/// A template.
#[derive(Debug, Clone, Serialize)]
pub struct Template {
    /// Its name.
    pub name: TemplateName,
    /// The family folder it stands in.
    pub family: String,
    /// Its own version.
    pub version: u32,
    /// SHA-256 of its metadata and files, in hexadecimal.
    pub digest: String,
    /// Title for people.
    pub title: Bilingual,
    /// One sentence for people.
    pub summary: Bilingual,
    /// Words people use for it.
    pub words: Words,
    /// What it asks for, in the order to ask in.
    pub parameters: Vec<Parameter>,
    /// Where its components live.
    pub scope: Scope,
    /// What a component's name must be.
    pub component: NameRule,
    /// The kinds its files may hold, as `apps/v1/Deployment` or `terraform/aws_s3_bucket`.
    pub kinds: Vec<String>,
    /// What it needs of Terraform, if it is a Terraform template.
    pub terraform: Option<Terraform>,
    /// How to tell that it worked.
    pub verify: Verify,
    /// What undo brings back.
    pub way_back: WaysBack,
    /// Pairs of parameters whose order must hold.
    pub orders: Vec<Order>,
    /// Parameters that are addresses where a choice says so.
    pub addresses: Vec<Addresses>,
    /// What its components always are.
    pub always: Vec<Always>,
    /// How its components start anew.
    pub restart: Restart,
    /// Sentences with their values.
    pub examples: Vec<Example>,
}

impl Template {
    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Whether its components hold secrets, by reference.
    pub fn holds_secrets(&self) -> bool {
        self.kinds.iter().any(|kind| kind == SECRET_KIND)
    }

    /// The sources of the providers that its components may use.
    pub(crate) fn sources(&self) -> Vec<String> {
        let providers = self.terraform.iter().flat_map(|terraform| terraform.providers.values());
        providers.map(|need| need.source.clone()).collect()
    }

    /// The pin that its components carry.
    pub fn pin(&self) -> TemplatePin {
        TemplatePin { name: self.name.clone(), version: self.version, digest: self.digest.clone() }
    }

    /// Its line in a list.
    pub fn in_list(&self) -> TemplateSummary {
        TemplateSummary {
            name: self.name.clone(),
            family: self.family.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
        }
    }
}
