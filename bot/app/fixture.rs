//! A house for unit tests: a folder of its own, people on chat platforms, and changes that wait, without any worker.
//! Used by the tests of chat and router.
//! Must never run a program: plans are written down here, and nothing takes effect.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::assemble::House;
use crate::config::{FileSettings, Whereabouts};
use crate::router::{Meant, Router};
use async_trait::async_trait;
use chopmark_catalog::Catalog;
use chopmark_checks::Checks;
use chopmark_domain::calendar::Start;
use chopmark_domain::change::{Change, Language, Place, Planned, RevisionRecord};
use chopmark_domain::ids::{ChangeId, Epoch, Identity, PersonId, Revision, TemplateName};
use chopmark_domain::lifecycle::State;
use chopmark_domain::literal::Literal;
use chopmark_domain::note::NoteBody;
use chopmark_domain::plan::Plan;
use chopmark_domain::ports::{ChangeWrite, Commit, Drafter as _, Journal as _, Judges as _, Settings as _};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::risk::Risk;
use chopmark_protocol::chat::Speaker;
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::{Body, Event};
use chopmark_protocol::request::Request;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Alice asks, Bob and Carol operate, Olga owns; Zoe has no role. Carol is there by a Discord role.
pub(crate) const PEOPLE: &str = r#"
[people.alice]
name = "Alice"
identities = ["discord:100", "slack:T1.U100"]
roles = ["dev"]
[people.bob]
name = "Bob"
identities = ["discord:200", "slack:T1.U200"]
roles = ["operator"]
[people.carol]
name = "Carol"
identities = ["discord:300"]
roles = ["operator"]
[people.olga]
name = "Olga"
identities = ["discord:900"]
roles = ["owner"]
[environments.local]
mode = "gitops"
[environments.local.approval]
approvers = ["operator"]
needed = 2
self_approval = false
expires_after = "1h"
"#;

/// A house of its own.
pub(crate) struct Fixture {
    pub(crate) house: Arc<House>,
    _folder: tempfile::TempDir,
}

/// Keeps what is told.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<Event>>);

#[async_trait]
impl Outlet for Heard {
    async fn event(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

impl Fixture {
    /// A house with this configuration.
    pub(crate) async fn open(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, config).unwrap();
        let catalog = Arc::new(Catalog::shipped().unwrap());
        let templates = catalog.templates().map(|template| template.name.clone()).collect();
        let place = Whereabouts::find(Some(file), Some(folder.path().join("data")), None, templates);
        let house = House::open(FileSettings::open(place).unwrap(), catalog).await.unwrap();
        Self { house: Arc::new(house), _folder: folder }
    }

    /// A change that Alice asked for, which waits: a web service with two replicas.
    pub(crate) async fn waiting(&self, id: &str, place: &Place, risk: Risk) -> ChangeId {
        let values = [
            ("image", Literal::from("nginx:1.27")),
            ("replicas", Literal::Integer(2)),
            ("port", Literal::Integer(8080)),
        ];
        let said = |value| Sourced { value, origin: Origin::Said };
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), said(value))).collect();
        let template = TemplateName::parse("web-service").unwrap();
        let proposal = Proposal {
            component: "local/shop/cart".parse().unwrap(),
            environment_origin: Origin::Said,
            group_origin: Origin::Said,
            intent: Intent::Create { template: template.clone(), values },
            revises: None,
        };
        let house = &self.house;
        let environments = house.settings.environments().unwrap();
        let environment = environments.get(&"local".parse().unwrap()).unwrap();
        let catalog = &house.toolbox.catalog;
        let draft = catalog.draft(&proposal, environment, None, None).unwrap();
        let (id, now) = (ChangeId::parse(id).unwrap(), house.now());
        let alice = PersonId::named("alice").unwrap();
        let rule = environment.rules.usual.clone();
        let mut planned = Planned {
            plan: Plan { mode: environment.mode, steps: vec![] },
            findings: vec![],
            risk,
            risk_reasons: vec![],
            authors: BTreeSet::from([alice.clone()]),
            expires_at: now.plus_seconds(rule.expires_after_seconds),
            rule,
            policy_version: Checks::shipped().version(),
            template: catalog.pin(&template),
            planned_at: now,
            start: Start::AtOnce,
            digest: chopmark_domain::digest::Digest::of(b""),
        };
        planned.digest = planned.compute_digest(&id, Revision::FIRST, &draft);
        let change = Change {
            id: id.clone(),
            component: proposal.component.clone(),
            requester: alice.clone(),
            request: "deploy nginx:1.27 as cart".to_owned(),
            place: place.clone(),
            language: Language::En,
            state: State::AwaitingApproval,
            epoch: Epoch::ZERO,
            revision: Revision::FIRST,
            replaces: None,
            problem: None,
            wish: Start::AtOnce,
            voided: BTreeSet::new(),
            verification: None,
            passes: vec![],
            previous_version: None,
            commit: None,
            created_at: now,
            updated_at: now,
        };
        let record = RevisionRecord {
            change: id.clone(),
            revision: Revision::FIRST,
            author: alice,
            proposal,
            draft,
            planned: Some(planned),
            differences: vec![],
            seal: None,
        };
        let commit = Commit {
            change: ChangeWrite::Insert(change),
            record: Some(record),
            decision: None,
            run: None,
            entries: vec![],
            wakeups: vec![],
            notes: vec![NoteBody::Moved { state: State::AwaitingApproval }],
            fence: None,
            release: None,
        };
        house.store.commit(commit).await.unwrap();
        id
    }

    /// What somebody is told who says this.
    pub(crate) async fn says(&self, who: &str, place: &Place, text: &str) -> Vec<Event> {
        self.means(who, place, text, Meant::Words).await
    }

    /// The same, of something that is known to be meant.
    pub(crate) async fn means(&self, who: &str, place: &Place, text: &str, meant: Meant) -> Vec<Event> {
        let heard = Heard::default();
        let request = Request {
            delivery: format!("{who}/{text}"),
            identity: Identity::parse(who).unwrap(),
            groups: None,
            place: place.clone(),
            language: None,
            locale: None,
            text: text.to_owned(),
            at: self.house.now(),
            seen: BTreeMap::new(),
        };
        Router::for_feed(self.house.clone()).serve(request, meant, &heard).await.unwrap();
        heard.0.into_inner().unwrap()
    }

    /// A person as the directory knows them.
    pub(crate) async fn person(&self, who: &str) -> PersonId {
        self.house.toolbox.directory.identify(&Identity::parse(who).unwrap()).await.unwrap()
    }
}

/// Somebody in a place.
pub(crate) fn speaker(who: &str, place: &Place) -> Speaker {
    Speaker {
        identity: Identity::parse(who).unwrap(),
        groups: None,
        name: who.to_owned(),
        place: place.clone(),
        language: None,
    }
}

/// A thread of a Discord channel.
pub(crate) fn thread(name: &str) -> Place {
    Place { surface: "discord".to_owned(), channel: "5000".to_owned(), thread: name.to_owned() }
}

/// The words of what was told, one event a line; cards by their change.
pub(crate) fn words(events: &[Event]) -> String {
    let line = |event: &Event| match &event.body {
        Body::Answer(answer) => answer.text.clone(),
        Body::Question(question) => question.text.clone(),
        Body::Card(card) => format!("card {}", card.change),
        Body::Notice(notice) => notice.text.clone(),
        Body::Refusal(trouble) | Body::Error(trouble) => format!("{} {}", trouble.words.code, trouble.words.what),
        Body::Proposal(proposal) => format!("proposal {}", proposal.component),
        Body::Progress(progress) => progress.text.clone(),
        Body::Result(finished) => finished.text.clone(),
    };
    events.iter().map(line).collect::<Vec<_>>().join("\n")
}
