//! Events of a cluster.
//! Called by the tool `read_events` and by health, which finds reasons in them.
//! Must never be taken for instructions: their messages are text from outside.

use super::{Clusters, Connection};
use crate::json;
use chopmark_domain::environment::Environment;
use chopmark_domain::facts::EventSummary;
use chopmark_domain::problem::Problem;
use chopmark_domain::proposal::ObjectReference;
use chopmark_domain::time::Timestamp;
use serde_json::Value;

/// How many events are looked through: a namespace keeps an hour of them.
const LOOKED_AT: usize = 2000;
/// How many an answer holds.
const MOST: usize = 100;

impl Clusters {
    /// Events, newest first: of a namespace, and of an object by its name; events of what it made (a Deployment's
    /// pods) belong to it, because their names begin with its name and a dash.
    ///
    /// # Errors
    /// The environment has no cluster, or the cluster cannot be read.
    pub async fn events(
        &self,
        environment: &Environment,
        namespace: Option<&str>,
        name: Option<&str>,
    ) -> Result<Vec<EventSummary>, Problem> {
        let connection = self.reader(environment).await?;
        let mut events: Vec<_> = raw(&connection, namespace).await?.iter().map(summary).collect();
        if let Some(name) = name {
            events.retain(|event| is_of(&event.object.name, name));
        }
        events.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.object.cmp(&b.object)));
        events.truncate(MOST);
        Ok(events)
    }
}

/// Events as the cluster keeps them.
pub(super) async fn raw(connection: &Connection, namespace: Option<&str>) -> Result<Vec<Value>, Problem> {
    match connection.kind("v1", "Event").await? {
        Some(kind) => Ok(connection.list(&kind, namespace, None, LOOKED_AT).await?.objects),
        None => Ok(Vec::new()),
    }
}

fn is_of(object: &str, name: &str) -> bool {
    object == name || object.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
}

fn summary(event: &Value) -> EventSummary {
    let namespace = json::text(event, "/involvedObject/namespace");
    EventSummary {
        object: ObjectReference {
            api_version: json::text(event, "/involvedObject/apiVersion").to_owned(),
            kind: json::text(event, "/involvedObject/kind").to_owned(),
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
            name: json::text(event, "/involvedObject/name").to_owned(),
        },
        severity: json::text(event, "/type").to_owned(),
        reason: json::text(event, "/reason").to_owned(),
        message: json::text(event, "/message").to_owned(),
        count: json::integer(event, "/count").or_else(|| json::integer(event, "/series/count")).unwrap_or(1),
        at: at(event),
    }
}

/// When it happened last. Writers fill in different fields: the newest of them is the truth.
fn at(event: &Value) -> Timestamp {
    ["/lastTimestamp", "/series/lastObservedTime", "/eventTime", "/metadata/creationTimestamp"]
        .iter()
        .map(|field| json::moment(event, field))
        .max()
        .unwrap_or(Timestamp(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_s_events_are_its_own_and_those_of_what_it_made() {
        assert!(is_of("cart", "cart"));
        assert!(is_of("cart-7d4b9c-x2", "cart"));
        assert!(!is_of("cartridge", "cart"));
    }

    #[test]
    fn the_newest_moment_that_a_writer_filled_in_counts() {
        let event = json!({"lastTimestamp": null, "eventTime": "1970-01-01T00:00:05.000000Z",
            "metadata": {"creationTimestamp": "1970-01-01T00:00:02Z"}});
        assert_eq!(at(&event), Timestamp(5000));
    }
}
