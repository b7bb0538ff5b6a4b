//! People: the roles that somebody has now, and the channel where they can be told something alone.
//! Called by the app when a right depends on roles, and when something is meant for one person.
//! Must never take an old answer for a right: roles are asked for each time.

use crate::connection::Connection;
use crate::event::{Channel, Member, SURFACE};
use crate::inbound::groups;
use crate::threads::{MAIN, snowflake};
use crate::trouble::{Trouble, codes};
use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Fault, Gone};
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::id::{GuildId, UserId};
use std::collections::BTreeSet;

/// How many servers are asked about somebody. Whoever runs this for more has told which roles count where.
const SERVERS: u32 = 200;

/// A server that we are in.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Server {
    pub(crate) id: GuildId,
    #[serde(default)]
    pub(crate) name: String,
    /// What we may do there in general, as a number in text.
    #[serde(default)]
    pub(crate) permissions: String,
}

impl Connection {
    /// The servers that we are in.
    pub(crate) async fn servers(&self) -> Result<Vec<Server>, Trouble> {
        let limit = vec![("limit", SERVERS.to_string())];
        let found = self.wire.get_with(Route::UserMeGuilds, limit).await?;
        Vec::<Server>::deserialize(found).map_err(|error| Trouble::Ours(error.to_string()))
    }

    /// The roles that somebody has now in the servers that we are in; none when they are in none of them.
    pub(crate) async fn roles(&self, identity: &Identity) -> Result<Option<BTreeSet<Identity>>, Fault> {
        let Some(user) = user(identity) else { return Ok(None) };
        let mut found = None;
        for server in self.servers().await? {
            let route = Route::GuildMember { guild_id: server.id, user_id: user };
            match self.wire.get(route).await.map(Member::deserialize) {
                Ok(Ok(member)) => found.get_or_insert_with(BTreeSet::new).extend(groups(server.id, &member)),
                Ok(Err(error)) => return Err(Fault::Invalid(error.to_string())),
                Err(trouble) if matches!(trouble.code(), Some(codes::MEMBER | codes::USER)) => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
        Ok(found)
    }

    /// The direct messages with somebody.
    pub(crate) async fn direct_to(&self, identity: &Identity) -> Result<Place, Fault> {
        let gone = || Fault::Gone { what: Gone::Place, why: format!("{identity} is nobody on Discord") };
        let user = user(identity).ok_or_else(gone)?;
        let opened: Value =
            self.wire.post(Route::UserMeDmChannels, &json!({ "recipient_id": user.to_string() })).await?;
        let channel = Channel::deserialize(opened).map_err(|error| Fault::Invalid(error.to_string()))?;
        Ok(Place { surface: SURFACE.to_owned(), channel: channel.id.to_string(), thread: MAIN.to_owned() })
    }
}

/// The user that an identity of this surface is.
fn user(identity: &Identity) -> Option<UserId> {
    let id = identity.as_str().strip_prefix(SURFACE)?.strip_prefix(':')?;
    snowflake(id).map(UserId::new)
}
