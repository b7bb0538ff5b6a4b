//! Looking at the set-up: what would keep people from asking, reading and approving here, and how to mend it.
//! Called by the doctor and by `chopmark init`.
//! Must never show the token, nor go on asking with one that is refused.

use crate::connection::Connection;
use crate::gateway::reads_content;
use crate::http_in::verifier;
use crate::people::Server;
use crate::permissions::{Missing, missing};
use crate::trouble::Trouble;
use crate::wire::Answered;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::{Check, Verdict};
use serde_json::Value;
use serenity::http::Route;
use std::collections::BTreeMap;

/// How far the clock may be off, in seconds, before signed calls are near to being refused: half of what is allowed.
const SKEW: i64 = 150;

/// How many servers are looked at, and how many channels are named.
const SHOWN: usize = 10;

/// Flags of an application that may read what nobody addressed to it (docs: Application Flags): as a verified one, and
/// as one in few servers.
const CONTENT: u64 = (1 << 18) | (1 << 19);

impl Connection {
    /// Looks at everything.
    pub(crate) async fn checked(&self) -> Vec<Check> {
        let user = match self.wire.look(Route::UserMe).await {
            Ok(user) => user,
            Err(trouble) => return vec![unreachable(&trouble)],
        };
        let name = text(&user.body, "username");
        let mut checks = vec![fine("doctor-discord-token", &[("name", name)])];
        checks.extend(self.clock(&user));
        match self.wire.get(Route::Oauth2ApplicationCurrent).await {
            Ok(application) => checks.extend(self.application(&application)),
            Err(trouble) => checks.push(unreachable(&trouble)),
        }
        match self.servers().await {
            Ok(servers) if servers.is_empty() => checks.push(failing("doctor-discord-servers-none", &[])),
            Ok(servers) => {
                let names: Vec<_> = servers.iter().map(|server| server.name.as_str()).take(SHOWN).collect();
                checks.push(fine("doctor-discord-servers", &[("servers", names.join(", "))]));
                for server in servers.iter().take(SHOWN) {
                    checks.push(self.server(server).await);
                }
            }
            Err(trouble) => checks.push(unreachable(&trouble)),
        }
        checks
    }

    fn clock(&self, answered: &Answered) -> Option<Check> {
        let theirs = answered.date.as_deref().and_then(http_date)?;
        let off = self.clock.now().since(theirs) / 1_000;
        let seconds = [("seconds", off.abs().to_string())];
        Some(match off.abs() <= SKEW {
            true => fine("doctor-discord-clock", &seconds),
            false => failing("doctor-discord-clock-off", &seconds),
        })
    }

    fn application(&self, application: &Value) -> Vec<Check> {
        let mut checks = vec![fine("doctor-discord-application", &[("name", text(application, "name"))])];
        let may = application.get("flags").and_then(Value::as_u64).unwrap_or(0) & CONTENT != 0;
        checks.push(match (self.options.message_content, may && reads_content(self)) {
            (false, _) => fine("doctor-discord-intent-unused", &[]),
            (true, true) => fine("doctor-discord-intent", &[]),
            (true, false) => warning("doctor-discord-intent-missing", &[]),
        });
        if let Some(key) = &self.options.public_key {
            let same = text(application, "verify_key").eq_ignore_ascii_case(key.trim());
            checks.push(match (verifier(key).is_some(), same) {
                (true, true) => fine("doctor-discord-key", &[]),
                _ => failing("doctor-discord-key-other", &[]),
            });
        }
        checks
    }

    /// What we may do in a server's channels.
    async fn server(&self, server: &Server) -> Check {
        let named = ("server", server.name.clone());
        let look = async {
            let channels = self.wire.get(Route::GuildChannels { guild_id: server.id }).await?;
            let me = self.me().await?;
            let member = self.wire.get(Route::GuildMember { guild_id: server.id, user_id: me }).await?;
            Ok::<_, Trouble>(missing(server, me, &member, &channels))
        };
        match look.await {
            Err(trouble) => unreachable(&trouble),
            Ok(Missing { seen: 0, .. }) => failing("doctor-discord-channels-none", &[named]),
            Ok(Missing { seen, lacking }) if lacking.is_empty() => {
                fine("doctor-discord-channels", &[named, ("count", seen.to_string())])
            }
            Ok(Missing { lacking, .. }) => {
                let rights: Vec<_> =
                    lacking.iter().map(|(channel, rights)| format!("#{channel}: {}", rights.join(", "))).collect();
                let shown = rights[..rights.len().min(SHOWN)].join("; ");
                warning("doctor-discord-channels-missing", &[named, ("rights", shown)])
            }
        }
    }
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn check(verdict: Verdict, key: &'static str, args: &[(&'static str, String)]) -> Check {
    Check { verdict, key, args: args.iter().cloned().collect::<BTreeMap<_, _>>() }
}

fn fine(key: &'static str, args: &[(&'static str, String)]) -> Check {
    check(Verdict::Fine, key, args)
}

fn warning(key: &'static str, args: &[(&'static str, String)]) -> Check {
    check(Verdict::Warning, key, args)
}

fn failing(key: &'static str, args: &[(&'static str, String)]) -> Check {
    check(Verdict::Failing, key, args)
}

fn unreachable(trouble: &Trouble) -> Check {
    match trouble {
        Trouble::Answered { status: 401, .. } => failing("doctor-discord-token-refused", &[]),
        Trouble::Answered { status, why, .. } => {
            failing("doctor-discord-refused", &[("reason", format!("{why} ({status})"))])
        }
        Trouble::Cut(why) | Trouble::Ours(why) => failing("doctor-discord-unreachable", &[("reason", why.clone())]),
    }
}

/// The moment in a header `Date`, such as `Sat, 21 Nov 2026 19:00:05 GMT` (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let midnight = Timestamp::day(&format!("{year}-{month:02}-{day}"))?;
    let seconds = time.split(':').try_fold(0_u64, |sum, part| Some(sum * 60 + part.parse::<u64>().ok()?))?;
    Some(midnight.plus_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_a_moment() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:01 GMT"), Some(Timestamp(1_000)));
        assert_eq!(
            http_date("Sat, 21 Nov 2026 19:00:05 GMT"),
            Timestamp::day("2026-11-21").map(|day| day.plus_seconds(68_405))
        );
        assert_eq!(http_date("yesterday"), None);
    }
}
