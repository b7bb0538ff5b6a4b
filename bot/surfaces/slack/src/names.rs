//! Names: how Slack's ids become ours and back.
//! Used by what hears and by what sends.
//! Must never build an id from a name that people can change.

use chopmark_domain::change::Place;
use chopmark_domain::ids::Identity;
use chopmark_protocol::chat::{Fault, Gone};

/// The surface's name.
pub(crate) const SURFACE: &str = "slack";

/// The thread of a direct message outside its threads.
pub(crate) const MAIN: &str = "main";

/// What the thread begins with of a slash command that only its person sees: nothing is posted there.
const ALONE: &str = "alone.";

/// A user of a workspace: `slack:T01.U02`.
pub(crate) fn person(team: &str, user: &str) -> Option<Identity> {
    Identity::parse(&format!("{SURFACE}:{team}.{user}")).ok()
}

/// The workspace and the user, or the user group, that an identity names.
pub(crate) fn parts(identity: &Identity) -> Result<(&str, &str), Fault> {
    let strange = || Fault::Gone { what: Gone::Place, why: "nobody of Slack".to_owned() };
    let id = identity.as_str().strip_prefix(SURFACE).and_then(|rest| rest.strip_prefix(':')).ok_or_else(strange)?;
    id.split_once('.').ok_or_else(strange)
}

/// A place of Slack.
pub(crate) fn place(channel: &str, thread: &str) -> Place {
    Place { surface: SURFACE.to_owned(), channel: channel.to_owned(), thread: thread.to_owned() }
}

/// The place of a slash command that only its person sees.
pub(crate) fn alone(channel: &str, user: &str) -> Place {
    place(channel, &format!("{ALONE}{user}"))
}

/// Whether a channel is a direct message: Slack's ids of those begin with D.
pub(crate) fn is_direct(channel: &str) -> bool {
    channel.starts_with('D')
}

/// Whether text is the time of a message, by which Slack names it within its channel: digits, a dot, digits.
pub(crate) fn is_time(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(seconds, count)| digits(seconds) && digits(count))
}

/// The thread that messages to a place belong to; none where they stand on their own.
pub(crate) fn thread_of(place: &Place) -> Option<&str> {
    Some(place.thread.as_str()).filter(|thread| is_time(thread))
}

/// A message's id, unique within the surface.
pub(crate) fn message(channel: &str, time: &str) -> String {
    format!("{channel}/{time}")
}

/// The channel and time that a message's id names.
pub(crate) fn channel_and_time(message: &str) -> Option<(&str, &str)> {
    message.split_once('/').filter(|(_, time)| is_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_named_by_channel_and_time_and_nothing_else_is_a_thread() {
        assert_eq!(channel_and_time("C01/1716.000100"), Some(("C01", "1716.000100")));
        assert_eq!(channel_and_time("C01/file-F01"), None);
        assert_eq!(thread_of(&place("C01", "1716.000100")), Some("1716.000100"));
        for thread in ["", "main", "alone.U02", "1716", ".1", "1716."] {
            assert_eq!(thread_of(&place("C01", thread)), None, "{thread}");
        }
    }
}
