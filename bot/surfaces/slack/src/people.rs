//! People: how Slack calls somebody, which language they use, and the user groups that they are in now.
//! Asked for every event that is read; remembered for five minutes.
//! Must never take silence for an answer: groups that could not be asked for are not "in no group".

use crate::names;
use crate::web::Web;
use chopmark_domain::change::Language;
use chopmark_domain::ids::Identity;
use chopmark_domain::time::Timestamp;
use chopmark_protocol::chat::Fault;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Mutex as Turn;

/// How long an answer counts, in milliseconds: as long as a group may still give a right after somebody left it.
const COUNTS: i64 = 5 * 60 * 1000;

/// How many people are remembered; a workspace that has more is asked again.
const MOST: usize = 10_000;

/// Somebody, as Slack knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// How people call them.
    pub(crate) name: String,
    /// The language of their Slack.
    pub(crate) language: Option<Language>,
    /// Whether they are still there.
    pub(crate) there: bool,
}

/// Who is in which group; none where Slack does not say.
type Members = Option<BTreeMap<String, BTreeSet<Identity>>>;

/// What was asked of late.
#[derive(Default)]
pub(crate) struct People {
    people: Mutex<BTreeMap<String, (Timestamp, Person)>>,
    members: Turn<Option<(Timestamp, Members)>>,
}

impl People {
    /// Somebody; one without a name where Slack does not let us ask.
    pub(crate) async fn person(&self, web: &Web, user: &str, now: Timestamp) -> Result<Person, Fault> {
        let known = self.people.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
        if let Some((_, person)) = known.filter(|(asked, _)| now.since(*asked) < COUNTS) {
            return Ok(person);
        }
        let person = match web.get("users.info", &[("user", user), ("include_locale", "true")]).await {
            Ok(answer) => read(&answer, user),
            Err(Fault::Gone { .. }) => Person { name: user.to_owned(), language: None, there: false },
            Err(Fault::Refused(problem)) => {
                tracing::warn!(chat.platform = "slack", %problem, "people have no names: users.info is refused");
                Person { name: user.to_owned(), language: None, there: true }
            }
            Err(fault) => return Err(fault),
        };
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= MOST {
            people.clear();
        }
        people.insert(user.to_owned(), (now, person.clone()));
        Ok(person)
    }

    /// The groups that somebody is in now; none where Slack does not say, because the workspace's plan has no groups or
    /// the scope is missing.
    pub(crate) async fn groups(
        &self,
        web: &Web,
        user: &str,
        now: Timestamp,
    ) -> Result<Option<BTreeSet<Identity>>, Fault> {
        // Whoever comes while it is asked waits for that one answer.
        let mut kept = self.members.lock().await;
        if kept.as_ref().is_none_or(|(asked, _)| now.since(*asked) >= COUNTS) {
            let members = match web.get("usergroups.list", &[("include_users", "true")]).await {
                Ok(answer) => Some(members(&answer)),
                Err(Fault::Later { after, why }) => return Err(Fault::Later { after, why }),
                Err(fault) => {
                    tracing::warn!(
                        chat.platform = "slack",
                        ?fault,
                        "user groups give no roles: usergroups.list is refused"
                    );
                    None
                }
            };
            *kept = Some((now, members));
        }
        let members = kept.as_ref().and_then(|(_, members)| members.as_ref());
        Ok(members.map(|members| members.get(user).cloned().unwrap_or_default()))
    }
}

fn read(answer: &Value, user: &str) -> Person {
    let text = |path: &str| answer.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = ["/user/profile/display_name", "/user/profile/real_name", "/user/real_name", "/user/name"];
    Person {
        name: name.into_iter().find_map(text).unwrap_or(user).to_owned(),
        language: text("/user/locale").and_then(language),
        there: answer.pointer("/user/deleted") != Some(&Value::Bool(true)),
    }
}

/// The language of a locale such as `zh-CN`, where it is one of ours.
fn language(locale: &str) -> Option<Language> {
    match locale.split(['-', '_']).next() {
        Some("zh") => Some(Language::Zh),
        Some("en") => Some(Language::En),
        _ => None,
    }
}

fn members(answer: &Value) -> BTreeMap<String, BTreeSet<Identity>> {
    let mut members: BTreeMap<String, BTreeSet<Identity>> = BTreeMap::new();
    for group in answer.get("usergroups").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| group.get(key).and_then(Value::as_str).unwrap_or_default();
        let ended = group.get("date_delete").and_then(Value::as_i64).unwrap_or(0) != 0;
        let Some(identity) = names::person(text("team_id"), text("id")).filter(|_| !ended) else { continue };
        for user in group.get("users").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            members.entry(user.to_owned()).or_default().insert(identity.clone());
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_group_that_was_ended_gives_nothing() {
        let group =
            |ended| json!({"usergroups": [{"id": "S1", "team_id": "T1", "users": ["U1"], "date_delete": ended}]});
        assert_eq!(members(&group(0))["U1"].iter().map(Identity::as_str).collect::<Vec<_>>(), ["slack:T1.S1"]);
        assert!(members(&group(1_700_000_000)).is_empty());
    }
}
