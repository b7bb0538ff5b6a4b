//! Who is who: people of the configuration, joined identities, and groups that platforms told of.
//! Made in assemble.rs; asked by the engine, the exec child, the router and the tools.
//! Must never go by a display name, nor count a link whose seal does not hold.

use crate::config::{Config, FileSettings, tokens};
use async_trait::async_trait;
use chopmark_domain::ids::{Identity, PersonId, Role};
use chopmark_domain::person::Person;
use chopmark_domain::ports::{Answer, Clock, Directory, Identities, SealedLink, Seals};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// How long a platform's word on somebody's groups counts: a role that was taken there is lost here soon after.
const GROUPS_COUNT_SECONDS: u64 = 10 * 60;

/// The directory of an install.
#[derive(Clone)]
pub struct InstallDirectory {
    settings: FileSettings,
    identities: Arc<dyn Identities>,
    seals: Arc<dyn Seals>,
    clock: Arc<dyn Clock>,
    checked: Arc<Mutex<Checked>>,
}

/// The links whose seals hold, and the rows they were read from: who is who is asked many times for one decision, and
/// a signature of the same row holds each time.
#[derive(Default)]
struct Checked {
    rows: Vec<SealedLink>,
    links: Arc<BTreeMap<Identity, PersonId>>,
}

/// Everything that says who is who at one moment.
struct Known {
    config: Arc<Config>,
    links: Arc<BTreeMap<Identity, PersonId>>,
    now: Timestamp,
}

impl InstallDirectory {
    /// A directory on the configuration, the links of the store, and the key that seals them.
    pub fn new(
        settings: FileSettings,
        identities: Arc<dyn Identities>,
        seals: Arc<dyn Seals>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { settings, identities, seals, clock, checked: Arc::default() }
    }

    async fn known(&self) -> Answer<Known> {
        let config = self.settings.config()?;
        let links = self.holding(self.identities.links().await?);
        Ok(Known { config, links, now: self.clock.now() })
    }

    /// The links of these rows whose seals hold.
    fn holding(&self, rows: Vec<SealedLink>) -> Arc<BTreeMap<Identity, PersonId>> {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.rows != rows {
            let holding = rows.iter().filter(|sealed| self.seals.holds_link(sealed)).map(|sealed| &sealed.link);
            checked.links = Arc::new(holding.map(|link| (link.identity.clone(), link.person.clone())).collect());
            checked.rows = rows;
        }
        Arc::clone(&checked.links)
    }

    async fn person_of(&self, known: &Known, id: &PersonId) -> Answer<Option<Person>> {
        let id = known.current(id);
        let written = known.config.people.get(&id);
        let mut roles = written.map(|person| person.roles.clone()).unwrap_or_default();
        for identity in known.identities_of(&id) {
            roles.extend(known.roles_of(identity.as_str()));
            let Some((groups, seen)) = self.identities.groups(&identity).await? else { continue };
            if known.now < seen.plus_seconds(GROUPS_COUNT_SECONDS) {
                roles.extend(groups.iter().flat_map(|group| known.roles_of(group.as_str())));
            }
        }
        let name = written.map_or_else(|| id.to_string(), |person| person.name.clone());
        Ok(if roles.is_empty() { None } else { Some(Person { id, name, roles }) })
    }
}

impl Known {
    /// Whose an identity is: configuration goes before links, and who is joined to somebody joined goes with them.
    fn owner(&self, identity: &Identity) -> PersonId {
        let mut way = vec![identity.clone()];
        loop {
            let Some(last) = way.last() else { return PersonId::from(identity.clone()) };
            let next = self.config.joined.identities.get(last).or_else(|| self.links.get(last));
            let Some(next) = next.cloned() else { return PersonId::from(last.clone()) };
            match next.identity() {
                // Two who joined each other at the same moment are one person, whoever asks.
                Some(next) if way.contains(&next) => {
                    let round = way.iter().skip_while(|identity| **identity != next);
                    return round.min().cloned().unwrap_or(next).into();
                }
                Some(next) => way.push(next),
                None => return next,
            }
        }
    }

    fn current(&self, id: &PersonId) -> PersonId {
        id.identity().map_or_else(|| id.clone(), |identity| self.owner(&identity))
    }

    /// The identities of a person that can speak now.
    fn identities_of(&self, id: &PersonId) -> BTreeSet<Identity> {
        let configured = self.config.joined.identities.keys();
        let all = configured.chain(self.links.keys()).cloned().chain(id.identity());
        all.filter(|identity| self.owner(identity) == *id && self.works(identity)).collect()
    }

    /// Roles of which this identity or group is a member by itself.
    fn roles_of<'k>(&'k self, member: &'k str) -> impl Iterator<Item = Role> + 'k {
        let of = move |members: &BTreeSet<PersonId>| members.iter().any(|known| known.as_str() == member);
        self.config.joined.members.iter().filter(move |(_, members)| of(members)).map(|(role, _)| role.clone())
    }

    /// Whether an identity can speak: a token that is over or was never written cannot.
    fn works(&self, identity: &Identity) -> bool {
        if !identity.as_str().starts_with("token:") {
            return true;
        }
        let token = tokens::name_of(identity).and_then(|name| self.config.joined.tokens.get(&name));
        token.is_some_and(|token| token.works(self.now))
    }
}

#[async_trait]
impl Directory for InstallDirectory {
    async fn identify(&self, identity: &Identity) -> Answer<PersonId> {
        let known = self.known().await?;
        if known.works(identity) {
            return Ok(known.owner(identity));
        }
        let written = tokens::name_of(identity).is_some_and(|name| known.config.joined.tokens.contains_key(&name));
        Err(Problem::new(Code::TokenRefused).with("reason", if written { "expired" } else { "unknown" }))
    }

    async fn settled(&self, identity: &Identity) -> Answer<Option<PersonId>> {
        Ok(self.settings.config()?.joined.identities.get(identity).cloned())
    }

    async fn person(&self, id: &PersonId) -> Answer<Option<Person>> {
        self.person_of(&self.known().await?, id).await
    }

    async fn identities(&self, id: &PersonId) -> Answer<BTreeSet<Identity>> {
        let known = self.known().await?;
        Ok(known.identities_of(&known.current(id)))
    }

    async fn people(&self) -> Answer<Vec<Person>> {
        let known = self.known().await?;
        let linked = known.links.keys().map(|identity| known.owner(identity));
        let ids: BTreeSet<_> = known.config.people.keys().cloned().chain(linked).collect();
        let mut people = Vec::new();
        for id in ids.iter().filter(|id| known.current(id) == **id) {
            people.extend(self.person_of(&known, id).await?);
        }
        Ok(people)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::config::Whereabouts;
    use crate::keys::DecisionKey;
    use chopmark_store::SqliteStore;
    use std::sync::atomic::{AtomicI64, Ordering};

    const SEEN: Timestamp = Timestamp(1_000_000_000);

    /// A clock that stands where it was put.
    struct Standing(AtomicI64);

    impl Clock for Standing {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }
    }

    fn identity(text: &str) -> Identity {
        Identity::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_platforms_word_on_groups_counts_ten_minutes_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let people = "[people.alice]\nidentities = [\"slack:T1.U2\"]\nroles = [\"dev\"]\n[people.bob]\n";
        std::fs::write(&file, format!("{people}[roles.sre]\nmembers = [\"slack:T1.S9\"]\n")).unwrap();
        let mut place = Whereabouts::find(Some(file), Some(folder.path().to_owned()), None, vec![]);
        place.named = true;
        let clock = Arc::new(Standing(AtomicI64::new(SEEN.0)));
        let store = Arc::new(SqliteStore::open(&folder.path().join("chopmark.db"), clock.clone()).await.unwrap());
        let seals = Arc::new(DecisionKey::open(folder.path()).unwrap());
        let directory = InstallDirectory::new(FileSettings::open(place).unwrap(), store.clone(), seals, clock.clone());

        let alice = PersonId::parse("person:alice").unwrap();
        let roles = async |at: Timestamp| {
            clock.0.store(at.0, Ordering::Relaxed);
            let roles = directory.person(&alice).await.unwrap().unwrap().roles;
            roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(roles(SEEN).await, "dev", "nobody said anything yet");
        let (speaks, group) = (identity("slack:T1.U2"), identity("slack:T1.S9"));
        store.saw_groups(&speaks, &BTreeSet::from([group.clone()]), SEEN).await.unwrap();
        let over = SEEN.plus_seconds(10 * 60);
        assert_eq!(roles(SEEN).await, "dev sre");
        assert_eq!(roles(Timestamp(over.0 - 1)).await, "dev sre");
        assert_eq!(roles(over).await, "dev", "ten minutes later nobody knows it any more");
        assert_eq!(roles(over.plus_seconds(3600)).await, "dev");

        store.saw_groups(&speaks, &BTreeSet::from([group]), over).await.unwrap();
        assert_eq!(roles(over).await, "dev sre", "said again, it counts again");
        store.saw_groups(&speaks, &BTreeSet::new(), over.plus_seconds(1)).await.unwrap();
        assert_eq!(roles(over.plus_seconds(1)).await, "dev", "who was taken out is out at once");
    }
}
