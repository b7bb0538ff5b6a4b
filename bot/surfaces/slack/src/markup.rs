//! Slack's markup: what outside text must not become, and what Slack made of a person's text.
//! Used by everything here that draws or reads.
//! Must never let outside text mention anybody, hide where a link leads, or draw a block.

use chopmark_domain::ids::Identity;
use chopmark_protocol::budget::Budget;
use chopmark_protocol::escape;
use serde_json::{Value, json};

/// A text for the `text` of a message: on one line, with the three characters escaped that begin everything that is
/// alive there (docs.slack.dev/messaging/formatting-message-text), no longer than so many characters.
pub fn text(outside: &str, longest: usize) -> String {
    let mut short = line(outside, longest);
    // Escaping makes it longer: by a fifth of it at a time until it fits.
    loop {
        let escaped = escaped(&short);
        if escaped.chars().count() <= longest {
            return escaped;
        }
        let fewer = short.chars().count() * 4 / 5;
        short = Budget::characters(fewer).cut(&short);
    }
}

/// A text on one line, everything in it visible, cut between graphemes where it is longer than so many characters.
pub fn line(outside: &str, longest: usize) -> String {
    Budget::characters(longest).cut(&escape::visible(&outside.replace('\n', " ")))
}

/// The text with `&`, `<` and `>` as Slack wants them in its markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text object that nothing is made of: no markup, no emoji by name. Cut between graphemes where it is too long;
/// Slack takes no empty one, so a space stands for it.
pub fn plain_text(text: &str, longest: usize) -> Value {
    let shown = Budget::characters(longest).cut(&visible(text));
    json!({"type": "plain_text", "text": if shown.is_empty() { " ".to_owned() } else { shown }, "emoji": false})
}

/// The lines of a text, each made visible.
pub fn visible(text: &str) -> String {
    escape::visible_lines(text).join("\n")
}

/// Who is mentioned, as Slack knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// A person.
    User(String),
    /// A group of people.
    Group(String),
}

impl Mention {
    /// What an identity of ours is to Slack; none for what isn't one of a Slack workspace. The id's first letter says
    /// what it is: `U` or `W` a person, `S` a group (docs.slack.dev/reference/objects).
    pub fn of(identity: &Identity) -> Option<Self> {
        let (_, id) = identity.as_str().strip_prefix("slack:")?.split_once('.')?;
        let well_formed = id.len() > 1 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        match id.as_bytes().first() {
            Some(b'U' | b'W') if well_formed => Some(Self::User(id.to_owned())),
            Some(b'S') if well_formed => Some(Self::Group(id.to_owned())),
            _ => None,
        }
    }

    /// Its element of rich text.
    pub fn element(&self) -> Value {
        match self {
            Self::User(id) => json!({"type": "user", "user_id": id}),
            Self::Group(id) => json!({"type": "usergroup", "usergroup_id": id}),
        }
    }

    /// The same in the markup of `text`.
    pub fn markup(&self) -> String {
        match self {
            Self::User(id) => format!("<@{id}>"),
            Self::Group(id) => format!("<!subteam^{id}>"),
        }
    }
}

/// What a person typed, from what Slack made of it: entities are characters again, a link is as it was typed, a channel
/// its name. A link with words of its own keeps both, so that nothing is hidden; a mention stays as Slack writes it.
pub fn typed(slack: &str) -> String {
    let mut out = String::with_capacity(slack.len());
    let mut rest = slack;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        out.push_str(&rest[..start]);
        out.push_str(&special(&rest[start + 1..start + length]));
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn special(inside: &str) -> String {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label)),
        None => (inside, None),
    };
    match (target.chars().next(), label) {
        (Some('#'), Some(name)) if !name.is_empty() => format!("#{name}"),
        (Some('@' | '!' | '#'), _) => format!("<{inside}>"),
        (_, None | Some("")) => target.to_owned(),
        (_, Some(label)) if without_scheme(target) == without_scheme(label) => label.to_owned(),
        (_, Some(label)) => format!("{label} ({target})"),
    }
}

/// Slack puts the scheme before what looks like a link.
fn without_scheme(link: &str) -> &str {
    ["http://", "https://", "mailto:"].iter().find_map(|scheme| link.strip_prefix(scheme)).unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slack_made_of_a_persons_text_is_undone() {
        for (slack, meant) in [
            (
                "deploy <http://registry.example.com/web:1|registry.example.com/web:1> as cart",
                "deploy registry.example.com/web:1 as cart",
            ),
            ("look at <https://example.com/a?b=1&amp;c=2>", "look at https://example.com/a?b=1&c=2"),
            ("<https://evil.example|click here>", "click here (https://evil.example)"),
            ("say &lt;this&gt; &amp; that in <#C123|ops>", "say <this> & that in #ops"),
            ("mail <mailto:ann@example.com|ann@example.com>", "mail ann@example.com"),
            ("<@U0BOT> deploy", "<@U0BOT> deploy"),
            ("a < b", "a < b"),
            ("&amp;lt;", "&lt;"),
        ] {
            assert_eq!(typed(slack), meant);
        }
    }

    #[test]
    fn only_an_identity_of_slack_is_a_mention() {
        let of = |text: &str| Identity::parse(text).ok().and_then(|identity| Mention::of(&identity));
        assert_eq!(of("slack:T1.U02"), Some(Mention::User("U02".to_owned())));
        assert_eq!(of("slack:T1.W02"), Some(Mention::User("W02".to_owned())));
        assert_eq!(of("slack:T1.S02"), Some(Mention::Group("S02".to_owned())));
        for other in
            ["slack:T1.C02", "slack:T1.channel", "slack:U02", "discord:1.role.2", "terminal:1000", "slack:T1.U"]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn nothing_that_begins_markup_is_left_and_the_rest_is_within_its_length() {
        assert_eq!(text("<!channel> a & b\n<@U1>", 100), "&lt;!channel&gt; a &amp; b &lt;@U1&gt;");
        assert!(text(&"<&>".repeat(5_000), 4_000).chars().count() <= 4_000);
        assert_eq!(text("生产环境", 4), "生产环境");
    }
}
