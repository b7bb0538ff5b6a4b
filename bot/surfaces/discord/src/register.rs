//! Registering commands: what people can choose after a slash, told to Discord when it does not know it already.
//! Run when the gateway is ready, after every reconnection too, and by `chopmark init`.
//! Must never register what is registered: a server takes 200 new commands a day.

use crate::commands;
use crate::connection::Connection;
use crate::event::SURFACE;
use crate::threads::snowflake;
use crate::trouble::Trouble;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::id::{ApplicationId, GuildId};

impl Connection {
    /// Registers the commands wherever they are not as they should be: in the servers that are named, at once; else
    /// everywhere.
    pub(crate) async fn register(&self, application: ApplicationId) {
        // One at a time: the gateway may be ready twice in a moment.
        let _turn = self.registering.lock().await;
        let servers: Vec<_> = self.options.servers.iter().filter_map(|server| snowflake(server)).collect();
        let mut scopes: Vec<_> = servers.into_iter().map(|server| Some(GuildId::new(server))).collect();
        if scopes.is_empty() {
            scopes.push(None);
        }
        for scope in scopes {
            match self.registered(application, scope).await {
                Ok(true) => tracing::info!(surface = SURFACE, "commands were registered"),
                Ok(false) => {}
                Err(trouble) => tracing::warn!(surface = SURFACE, ?trouble, "commands could not be registered"),
            }
        }
    }

    async fn registered(&self, application: ApplicationId, scope: Option<GuildId>) -> Result<bool, Trouble> {
        let (route, wanted) = match scope {
            None => (Route::Commands { application_id: application }, commands::all()),
            Some(server) => {
                (Route::GuildCommands { application_id: application, guild_id: server }, commands::in_server())
            }
        };
        let words = vec![("with_localizations", "true".to_owned())];
        let there = self.wire.get_with(route, words).await?;
        if is_there(&wanted, &there) {
            return Ok(false);
        }
        self.wire.put(route, &wanted).await.map(|_| true)
    }
}

/// Whether every command is registered as wanted, and no other. Discord adds fields of its own and what it takes for
/// granted.
fn is_there(wanted: &Value, there: &Value) -> bool {
    let (Some(wanted), Some(there)) = (wanted.as_array(), there.as_array()) else { return false };
    let key = |command: &Value| {
        let kind = command.get("type").and_then(Value::as_u64).unwrap_or(1);
        (kind, command.get("name").and_then(Value::as_str).map(str::to_owned))
    };
    wanted.len() == there.len()
        && wanted.iter().all(|one| {
            there.iter().any(|other| key(one) == key(other) && is_same(one, other) && nothing_more(one, other))
        })
}

/// Whether what is there says everything that is wanted.
fn is_same(wanted: &Value, there: &Value) -> bool {
    match (wanted, there) {
        (Value::Object(wanted), Value::Object(there)) => wanted.iter().all(|(name, value)| match there.get(name) {
            Some(there) => is_same(value, there),
            None => is_nothing(value) || (name == "type" && value == &Value::from(1)),
        }),
        (Value::Array(wanted), Value::Array(there)) => {
            wanted.len() == there.len()
                && wanted.iter().zip(there).all(|(one, other)| is_same(one, other) && nothing_more(one, other))
        }
        (wanted, there) => wanted == there || (is_nothing(wanted) && is_nothing(there)),
    }
}

/// Whether what is there has no options, choices or words that are not wanted.
fn nothing_more(wanted: &Value, there: &Value) -> bool {
    ["options", "choices", "name_localizations", "description_localizations", "autocomplete", "required"]
        .iter()
        .all(|name| wanted.get(name).is_some() || there.get(name).is_none_or(is_nothing))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_discord_adds_changes_nothing_and_what_we_change_is_seen() {
        let wanted = json!([{ "name": "status", "description": "How things stand", "options": [
            { "type": 3, "name": "change", "description": "Which", "required": false, "autocomplete": true }] }]);
        let there = |change: &dyn Fn(&mut Value)| {
            let mut there = json!([{ "id": "1", "version": "2", "type": 1, "name": "status", "nsfw": false,
                "description": "How things stand", "name_localizations": null, "options": [
                { "type": 3, "name": "change", "description": "Which", "autocomplete": true }] }]);
            change(&mut there);
            there
        };
        assert!(is_there(&wanted, &there(&|_| {})));
        let changes: [&dyn Fn(&mut Value); 5] = [
            &|there| there[0]["description"] = json!("Other words"),
            &|there| there[0]["name_localizations"] = json!({ "zh-CN": "状态" }),
            &|there| there[0]["options"] = json!([]),
            &|there| there[0]["options"][0]["required"] = json!(true),
            &|there| *there = json!([]),
        ];
        for (at, change) in changes.iter().enumerate() {
            assert!(!is_there(&wanted, &there(change)), "{at}");
        }
        assert!(!is_there(&json!([{ "name": "status", "description": "How things stand" }]), &there(&|_| {})));
    }
}
