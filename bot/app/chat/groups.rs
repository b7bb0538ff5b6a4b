//! Groups: the platform is asked again who is in which group, for those whose decisions count on it.
//! Run by the one process that serves the platform.
//! Must never keep a word that the platform did not say: where it can't be asked, its last word ends by itself.

use super::Office;
use super::wake::{rest, stopped};
use chopmark_domain::ids::Identity;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, ChangeFilter, Identities as _, Records as _};
use chopmark_protocol::chat::Fault;
use std::collections::BTreeSet;
use tokio::sync::{Notify, watch};

/// States in which decisions still count.
const COUNTS: [State; 4] = [State::AwaitingApproval, State::Approved, State::Claimed, State::Executing];
/// As many changes as ever wait at once.
const CHANGES: u32 = 1000;

/// Asks again and again until told to stop.
pub(super) async fn run(office: Office, mut stop: watch::Receiver<bool>) {
    let bell = Notify::new();
    while !stopped(&stop) {
        if let Err(problem) = round(&office).await {
            tracing::warn!(code = %problem.code, %problem, "groups cannot be asked for");
        }
        rest(&bell, &mut stop, office.0.paces.groups).await;
    }
}

/// Asks once for everybody on this platform who has decided on something that is not over.
pub(super) async fn round(office: &Office) -> Answer<()> {
    let house = office.house();
    let prefix = format!("{}:", office.surface());
    let mut people: BTreeSet<Identity> = BTreeSet::new();
    let filter = ChangeFilter { states: COUNTS.to_vec(), limit: CHANGES, ..ChangeFilter::default() };
    for change in house.store.changes(&filter).await? {
        let Some(file) = house.store.change(&change.id).await? else { continue };
        let deciders = file.decisions.into_iter().filter_map(|sealed| sealed.decision.identity);
        people.extend(deciders.filter(|identity| identity.as_str().starts_with(&prefix)));
    }
    for identity in people {
        match office.chat().groups(&identity).await {
            // Who is not there any more is in no group.
            Ok(groups) => house.store.saw_groups(&identity, &groups.unwrap_or_default(), office.now()).await?,
            Err(Fault::Refused(problem)) => office.refused(&problem),
            Err(fault) => tracing::info!(?fault, %identity, "somebody's groups could not be asked for"),
        }
    }
    Ok(())
}
