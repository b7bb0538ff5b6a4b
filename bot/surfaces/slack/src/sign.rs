//! Signs: that something was heard, before anything is done about it.
//! Called by bot/app as soon as an arrival is read.
//! Must never matter: a sign that can't be given is not missed.

use crate::{Inner, names};
use chopmark_protocol::chat::{Arrival, Fault, Meant};
use serde_json::json;
use std::sync::atomic::Ordering;

/// The mark under a message that was heard.
const MARK: &str = "eyes";

impl Inner {
    /// Marks the message that was heard. Presses need none: Slack shows them itself; commands have their root.
    pub(crate) async fn mark(&self, arrival: &Arrival) {
        let message = arrival.delivery.strip_prefix("message/").and_then(names::channel_and_time);
        let (Meant::Said(_), Some((channel, time))) = (&arrival.meant, message) else { return };
        if self.markless.load(Ordering::Relaxed) {
            return;
        }
        let marked = json!({"name": MARK, "channel": channel, "timestamp": time});
        match self.web.call("reactions.add", &marked).await {
            Err(Fault::Refused(problem)) => {
                tracing::warn!(chat.platform = "slack", %problem, "messages get no mark: reactions are refused");
                self.markless.store(true, Ordering::Relaxed);
            }
            Err(fault) => tracing::debug!(chat.platform = "slack", ?fault, "a message got no mark"),
            Ok(_) => {}
        }
    }
}
