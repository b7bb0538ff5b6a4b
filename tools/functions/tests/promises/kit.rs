//! A small world in memory behind the tools' ports: environments, components with history, changes.
//! Used by the tests of tools and, by path, by those of the assistant.
//! Must never have a writing port: tools are given none.

use async_trait::async_trait;
use chopmark_catalog::Catalog;
use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::change::{Change, Language, Place, RevisionRecord};
use chopmark_domain::component::{ComponentPath, ComponentVersion, TemplatePin};
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Environments, Mode, Providers, RepositoryAddress, TerraformAddress};
use chopmark_domain::facts::{ChangeFile, Drift, VersionSummary};
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::Identity;
use chopmark_domain::ids::{ChangeId, Epoch, ObjectHash, PersonId, Revision, RunId};
use chopmark_domain::ledger::{Entry, genesis};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::note::Note;
use chopmark_domain::person::Person;
use chopmark_domain::policy::Policy;
use chopmark_domain::ports::Directory;
use chopmark_domain::ports::{
    Answer, ChangeFilter, Clock, Components, Drifts, LedgerFilter, Records, SentPrompt, Settings,
};
use chopmark_domain::proposal::Proposal;
use chopmark_domain::rights::Rights;
use chopmark_domain::run::Run;
use chopmark_domain::time::Timestamp;
use chopmark_functions::{Asker, Toolbox};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// What is there.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) components: Vec<ComponentVersion>,
    pub(crate) changes: Vec<ChangeFile>,
    pub(crate) drifts: Vec<Drift>,
}

pub(crate) fn catalog() -> Arc<Catalog> {
    static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::shipped().unwrap()));
    CATALOG.clone()
}

/// A folder of HCL that `dev` calls `network`.
pub(crate) fn network() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates"))
}

fn terraform() -> TerraformAddress {
    TerraformAddress {
        program: None,
        providers: Providers::BuiltIn,
        majors: BTreeMap::new(),
        settings: BTreeMap::new(),
        backend: None,
        plan_credentials: BTreeMap::new(),
        credentials: BTreeMap::new(),
        ports: Vec::new(),
        apply_seconds: 60,
        roots: BTreeMap::from([("network".to_owned(), network())]),
    }
}

/// Two environments without a cluster; `local` is the default, `dev` names a root.
fn environments() -> Environments {
    let environment = |name: &str| Environment {
        name: name.parse().unwrap(),
        mode: Mode::Gitops,
        repository: RepositoryAddress {
            path: PathBuf::from("unused"),
            branch: "main".to_owned(),
            folder: String::new(),
            remote: None,
        },
        cluster: None,
        terraform: (name == "dev").then(terraform),
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: ApprovalRule {
            approvers: BTreeSet::from(["operator".parse().unwrap()]),
            needed: 1,
            self_approval: SelfApproval::Forbidden,
            expires_after_seconds: 3600,
            written_at: "config.toml:1".to_owned(),
            ..ApprovalRule::default()
        }
        .into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: catalog().templates().map(|template| template.name.clone()).collect(),
    };
    let all = ["dev", "local"].map(|name| (name.parse().unwrap(), environment(name)));
    Environments { all: BTreeMap::from(all), default: "local".parse().unwrap() }
}

pub(crate) fn commit(number: u32) -> ObjectHash {
    format!("{number:040x}").parse().unwrap()
}

impl World {
    /// A namespace and two services in dev, one service of another name twice.
    pub(crate) fn shop() -> Self {
        let mut world = Self::default();
        world.add("dev/cluster/shop", "namespace", &[]);
        world.add("dev/shop/cart", "web-service", &[("image", "localhost/web:1".into()), ("replicas", 2.into())]);
        world.add("dev/shop/till", "web-service", &[("image", "localhost/web:1".into())]);
        world.add("dev/pay/till", "web-service", &[("image", "localhost/web:1".into())]);
        let data = Literal::Map(BTreeMap::from([("A".to_owned(), "1".into())]));
        world.add("dev/shop/settings", "config-map", &[("data", data)]);
        world
    }

    pub(crate) fn add(&mut self, id: &str, template: &str, values: &[(&str, Literal)]) {
        let name = template.parse().unwrap();
        self.components.push(ComponentVersion {
            component: id.parse().unwrap(),
            template: TemplatePin { name, version: 1, digest: "00".to_owned() },
            values: values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            files: Vec::new(),
            commit: commit(2),
            change: Some("chg-2222".parse().unwrap()),
            at: Timestamp(2),
        });
    }

    /// A change in a state, made from a proposal by a person.
    pub(crate) fn change(&mut self, id: &str, by: &str, state: State, proposal: Proposal) {
        let id: ChangeId = id.parse().unwrap();
        let component = proposal.component.clone();
        let draft = Draft {
            component: component.clone(),
            action: Action::Edit,
            content: Content::Removed { template: "web-service".parse().unwrap() },
            verify: Verify::Exists,
            way_back: WayBack::PreviousVersion,
        };
        let change = Change {
            id: id.clone(),
            component,
            requester: by.parse().unwrap(),
            request: String::new(),
            place: place(),
            language: Language::En,
            state,
            epoch: Epoch::ZERO,
            revision: Revision::FIRST,
            replaces: None,
            wish: chopmark_domain::calendar::Start::AtOnce,
            passes: Vec::new(),
            voided: std::collections::BTreeSet::new(),
            problem: None,
            verification: None,
            previous_version: Some(commit(1)),
            commit: Some(commit(2)),
            created_at: Timestamp(1),
            updated_at: Timestamp(1),
        };
        let record = RevisionRecord {
            change: id,
            revision: Revision::FIRST,
            author: by.parse().unwrap(),
            proposal,
            draft,
            planned: None,
            differences: Vec::new(),
            seal: None,
        };
        self.changes.insert(0, ChangeFile { change, record, decisions: Vec::new(), run: None, waits: None });
    }

    pub(crate) fn toolbox(self) -> Toolbox {
        let world = Arc::new(self);
        Toolbox {
            drifts: world.clone(),
            records: world.clone(),
            components: world.clone(),
            settings: world.clone(),
            directory: world,
            catalog: catalog(),
            clusters: Default::default(),
            clock: Arc::new(Noon),
            sight: None,
        }
    }
}

pub(crate) fn place() -> Place {
    Place { surface: "terminal".to_owned(), channel: "tty".to_owned(), thread: String::new() }
}

pub(crate) fn alice() -> Asker {
    Asker::new("terminal:1000".parse().unwrap(), place(), Language::En)
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(1_790_000_000_000)
    }
}

impl Settings for World {
    fn environments(&self) -> Answer<Arc<Environments>> {
        Ok(Arc::new(environments()))
    }

    fn policy(&self) -> Answer<Arc<Policy>> {
        Ok(Arc::new(Policy { rights: Rights::of_any_role("config.toml:1"), ..Policy::default() }))
    }
}

#[async_trait]
impl Directory for World {
    async fn identify(&self, identity: &Identity) -> Answer<PersonId> {
        Ok(identity.clone().into())
    }

    async fn person(&self, id: &PersonId) -> Answer<Option<Person>> {
        Ok(self.people().await?.into_iter().find(|person| person.id == *id))
    }

    async fn people(&self) -> Answer<Vec<Person>> {
        Ok(["terminal:1000", "terminal:1001"]
            .map(|id| Person {
                id: id.parse().unwrap(),
                name: id.to_owned(),
                roles: BTreeSet::from(["operator".parse().unwrap()]),
            })
            .to_vec())
    }
}

#[async_trait]
impl Drifts for World {
    async fn drift(&self, environment: &Environment, only: Option<&ComponentPath>) -> Answer<Vec<Drift>> {
        let here = |drift: &&Drift| {
            let id = &drift.component;
            id.environment == environment.name && only.is_none_or(|only| *only == id.path)
        };
        Ok(self.drifts.iter().filter(here).cloned().collect())
    }
}

#[async_trait]
impl Components for World {
    async fn list(&self, environment: &Environment) -> Answer<Vec<ComponentVersion>> {
        let here = self.components.iter().filter(|version| version.component.environment == environment.name);
        Ok(here.cloned().collect())
    }

    async fn read(&self, environment: &Environment, path: &ComponentPath) -> Answer<Option<ComponentVersion>> {
        Ok(self.list(environment).await?.into_iter().find(|version| version.component.path == *path))
    }

    async fn at(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        _: &ObjectHash,
    ) -> Answer<Option<ComponentVersion>> {
        self.read(environment, path).await
    }

    async fn conventions(&self, _: &Environment) -> Answer<Option<String>> {
        Ok(None)
    }
    async fn history(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        limit: u32,
    ) -> Answer<Vec<VersionSummary>> {
        let there = self.read(environment, path).await?.is_some();
        let gone = path.name() == "gone";
        let version = |number: u32| VersionSummary {
            commit: commit(number),
            change: Some(format!("chg-{number}{number}{number}{number}").parse().unwrap()),
            title: "title".to_owned(),
            at: Timestamp(i64::from(number)),
        };
        let all = if there || gone { vec![version(2), version(1)] } else { Vec::new() };
        Ok(all.into_iter().take(limit as usize).collect())
    }
}

#[async_trait]
impl Records for World {
    async fn change(&self, id: &ChangeId) -> Answer<Option<ChangeFile>> {
        Ok(self.changes.iter().find(|file| file.change.id == *id).cloned())
    }

    async fn revision(&self, id: &ChangeId, _: Revision) -> Answer<Option<RevisionRecord>> {
        Ok(self.change(id).await?.map(|file| file.record))
    }

    async fn changes(&self, filter: &ChangeFilter) -> Answer<Vec<Change>> {
        let fits = |change: &&Change| {
            (filter.states.is_empty() || filter.states.contains(&change.state))
                && filter.place.as_ref().is_none_or(|place| *place == change.place)
                && filter.component.as_ref().is_none_or(|component| *component == change.component)
        };
        let changes = self.changes.iter().map(|file| &file.change).filter(fits);
        Ok(changes.take(filter.limit as usize).cloned().collect())
    }

    async fn run(&self, _: &RunId) -> Answer<Option<Run>> {
        Ok(None)
    }

    async fn notes_after(&self, _: i64, _: u32) -> Answer<Vec<Note>> {
        Ok(Vec::new())
    }

    async fn last_note(&self) -> Answer<i64> {
        Ok(0)
    }

    async fn prompts(&self, _: &ChangeId) -> Answer<Vec<SentPrompt>> {
        Ok(vec![])
    }
    async fn ledger(&self, _: &LedgerFilter) -> Answer<Vec<Entry>> {
        Ok(Vec::new())
    }

    async fn halt(&self) -> Answer<Option<Halt>> {
        Ok(None)
    }

    async fn ledger_head(&self) -> Answer<(i64, Digest)> {
        Ok((0, genesis()))
    }
}
