//! Permissions: what we may do in each channel of a server, as Discord reckons it.
//! Called by the doctor's look at the set-up.
//! Must never be asked whether somebody may do something: rights of people are the program's own.

use crate::invite;
use crate::people::Server;
use serde::Deserialize;
use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::channel::ChannelType;
use serenity::model::id::{RoleId, UserId};

/// What is missing in a server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// How many channels we see.
    pub(crate) seen: usize,
    /// The channels that we see where something is missing, with the names that Discord's settings show.
    pub(crate) lacking: Vec<(String, Vec<&'static str>)>,
}

#[derive(Deserialize)]
struct Overwrite {
    id: Value,
    #[serde(default)]
    allow: Permissions,
    #[serde(default)]
    deny: Permissions,
}

#[derive(Deserialize)]
struct Channel {
    #[serde(rename = "type")]
    kind: ChannelType,
    #[serde(default)]
    name: String,
    #[serde(default)]
    permission_overwrites: Vec<Overwrite>,
}

#[derive(Deserialize)]
struct Roles {
    #[serde(default)]
    roles: Vec<RoleId>,
}

/// What is missing in the text channels of a server (docs: Permissions / Permission Overwrites).
pub(crate) fn missing(server: &Server, me: UserId, member: &Value, channels: &Value) -> Missing {
    let general = Permissions::from_bits_truncate(server.permissions.parse().unwrap_or(0));
    let roles: Vec<_> = Roles::deserialize(member).map(|member| member.roles).unwrap_or_default();
    let roles: Vec<_> = roles.iter().map(ToString::to_string).collect();
    let channels: Vec<Channel> = channels
        .as_array()
        .map(|channels| channels.iter().filter_map(|channel| Channel::deserialize(channel).ok()).collect())
        .unwrap_or_default();
    let mut found = Missing { seen: 0, lacking: Vec::new() };
    for channel in channels.iter().filter(|channel| matches!(channel.kind, ChannelType::Text | ChannelType::News)) {
        let may = within(general, &server.id.to_string(), &roles, &me.to_string(), channel);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            continue;
        }
        found.seen += 1;
        let lacking = (invite::permissions() - may).get_permission_names();
        if !lacking.is_empty() {
            found.lacking.push((channel.name.clone(), lacking));
        }
    }
    found
}

fn within(general: Permissions, everyone: &str, roles: &[String], me: &str, channel: &Channel) -> Permissions {
    if general.contains(Permissions::ADMINISTRATOR) {
        return Permissions::all();
    }
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let fitting = channel.permission_overwrites.iter().filter(|one| one.id.as_str().is_some_and(wanted));
        fitting.fold((Permissions::empty(), Permissions::empty()), |(allow, deny), one| {
            (allow | one.allow, deny | one.deny)
        })
    };
    let steps: [&dyn Fn(&str) -> bool; 3] =
        [&|id| id == everyone, &|id| roles.iter().any(|role| role == id), &|id| id == me];
    steps.iter().fold(general, |may, step| {
        let (allow, deny) = of(*step);
        (may - deny) | allow
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use serenity::model::id::GuildId;

    #[test]
    fn a_channels_own_rules_take_and_give() {
        let all = invite::permissions().bits().to_string();
        let server = Server { id: GuildId::new(200), name: "Ops".to_owned(), permissions: all };
        let right = |right: Permissions| right.bits().to_string();
        let channels = json!([
            { "id": "1", "type": 0, "name": "fine", "permission_overwrites": [] },
            { "id": "2", "type": 0, "name": "hidden", "permission_overwrites": [
                { "id": "200", "type": 0, "allow": "0", "deny": right(Permissions::VIEW_CHANNEL) }] },
            { "id": "3", "type": 0, "name": "quiet", "permission_overwrites": [
                { "id": "200", "type": 0, "allow": "0", "deny": right(Permissions::SEND_MESSAGES | Permissions::ATTACH_FILES) },
                { "id": "77", "type": 0, "allow": right(Permissions::ATTACH_FILES), "deny": "0" }] },
            { "id": "4", "type": 2, "name": "voice", "permission_overwrites": [] }
        ]);
        let found = missing(&server, UserId::new(900), &json!({ "roles": ["77"] }), &channels);
        assert_eq!(found, Missing { seen: 2, lacking: vec![("quiet".to_owned(), vec!["Send Messages"])] });
    }
}
