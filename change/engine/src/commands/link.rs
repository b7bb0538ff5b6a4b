//! Joining identities to one person, by a code that works once, and parting them.
//! Called by the router for every surface alike.
//! Must never give a person a role or a right that they did not have: what would is for configuration.

use crate::access::no_right;
use crate::{Engine, entries};
use chopmark_domain::digest::{Digest, Fields};
use chopmark_domain::ids::{Identity, PersonId, Role, one_time_code};
use chopmark_domain::ports::{Answer, LINK_SECONDS, Link, LinkCode, Redeemed};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Missing, Right, Target};
use std::collections::BTreeSet;

/// What is kept of a code. Dashes, spaces and capitals are people's.
fn digest_of(code: &str) -> Digest {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut fields = Fields::new("chopmark/link-code/v1");
    fields.text(&plain.to_ascii_lowercase());
    fields.finish()
}

impl Engine {
    /// A code by which another identity joins this person.
    ///
    /// # Errors
    /// [`Code::NoRight`] for people without any role: nothing could be joined to them but what they have not.
    pub async fn offer_link(&self, person: &PersonId, through: &Identity) -> Answer<String> {
        if self.roles_of(person).await?.is_empty() {
            let problem = no_right(person, Right::Ask, person.as_str(), &Missing::AnyRole);
            self.ports.journal.record(vec![entries::access_refused(person, &problem)]).await?;
            return Err(problem);
        }
        let secret = self.ports.chance.secret()?;
        let mut eight = [0; 8];
        eight.copy_from_slice(&secret[..8]);
        let code = one_time_code(u64::from_le_bytes(eight));
        let expires_at = self.ports.clock.now().plus_seconds(LINK_SECONDS);
        let kept = LinkCode { digest: digest_of(&code), person: person.clone(), expires_at };
        self.ports.identities.offer(kept, entries::linked("offered", person, through, None)).await?;
        Ok(code)
    }

    /// Joins the identity that speaks to the person who asked for the code.
    ///
    /// # Errors
    /// [`Code::LinkRefused`]; [`Code::AlreadyJoined`]; [`Code::JoinWidens`] when the person would gain roles by it.
    pub async fn join(&self, identity: &Identity, code: &str) -> Answer<PersonId> {
        let directory = &self.ports.directory;
        let before = directory.identify(identity).await?;
        let settled = directory.settled(identity).await?;
        if settled.is_some() || before != PersonId::from(identity.clone()) {
            let by = if settled.is_some() { "configuration" } else { "link" };
            return Err(already(identity, &before, by));
        }
        let now = self.ports.clock.now();
        let offered = match self.ports.identities.redeem(&digest_of(code), identity, now).await? {
            Redeemed::By(person) => directory.current(&person).await?,
            Redeemed::Refused => return Err(self.refused(identity, &before, Problem::new(Code::LinkRefused)).await?),
        };
        if offered == before {
            return Err(already(identity, &before, "link"));
        }
        let gained = self.gained(&before, &offered).await?;
        match gained {
            // Whoever offered it lost every role since.
            None => return Err(self.refused(identity, &before, Problem::new(Code::LinkRefused)).await?),
            Some(roles) if !roles.is_empty() => {
                let roles: Vec<_> = roles.iter().map(Role::as_str).collect();
                let problem = Problem::new(Code::JoinWidens)
                    .with("identity", identity)
                    .with("person", &offered)
                    .with("roles", roles.join(", "));
                return Err(self.refused(identity, &before, problem).await?);
            }
            Some(_) => {}
        }
        let link = Link { identity: identity.clone(), person: offered.clone(), at: now };
        let entry = entries::linked("joined", &before, identity, Some(&offered));
        self.ports.identities.join(self.ports.seals.seal_link(link), entry).await?;
        Ok(offered)
    }

    /// Takes an identity away from its person: the one that speaks, or another of the same person.
    ///
    /// # Errors
    /// [`Code::NoRight`] for identities of others; [`Code::AlreadyJoined`] for what configuration says;
    /// [`Code::NothingToActOn`] when it is joined to nobody.
    pub async fn part(&self, person: &PersonId, speaking: &Identity, which: Option<Identity>) -> Answer<Identity> {
        let identity = which.unwrap_or_else(|| speaking.clone());
        let directory = &self.ports.directory;
        let owner = directory.holder(&identity).await?;
        if owner.as_ref() != Some(person) {
            self.allow(person, Right::Administer, &Target::INSTALL, identity.as_str()).await?;
        }
        if let Some(owner) = directory.settled(&identity).await? {
            return Err(already(&identity, &owner, "configuration"));
        }
        let entry = entries::linked("parted", person, &identity, owner.as_ref());
        if self.ports.identities.part(&identity, entry).await? {
            Ok(identity)
        } else {
            Err(Problem::new(Code::NothingToActOn).with("what", "unlink"))
        }
    }

    /// Roles that the person would have by the join and has not; none when the person has no role at all.
    async fn gained(&self, joining: &PersonId, person: &PersonId) -> Answer<Option<BTreeSet<Role>>> {
        let (known, brought) = (self.roles_of(person).await?, self.roles_of(joining).await?);
        Ok(if known.is_empty() { None } else { Some(brought.difference(&known).cloned().collect()) })
    }

    async fn roles_of(&self, person: &PersonId) -> Answer<BTreeSet<Role>> {
        Ok(self.ports.directory.person(person).await?.map(|person| person.roles).unwrap_or_default())
    }

    async fn refused(&self, identity: &Identity, person: &PersonId, problem: Problem) -> Answer<Problem> {
        self.ports.journal.record(vec![entries::linked("refused", person, identity, None)]).await?;
        Ok(problem)
    }
}

fn already(identity: &Identity, person: &PersonId, by: &str) -> Problem {
    Problem::new(Code::AlreadyJoined).with("identity", identity).with("person", person).with("by", by)
}
