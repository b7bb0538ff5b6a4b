//! Presses: what a button stands for, as the short text that platforms hand back.
//! Made for every button that is drawn; read when it is pressed, also after a restart or an upgrade.
//! Must never be believed beyond what it names: rights, state and digest are looked at when it is served.

use crate::command::{Command, Resolution};
use crate::request::Seen;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::{ChangeId, Revision};

/// Longest text of a press, in characters: Discord's `custom_id` takes 100, Slack's `action_id` 255.
const LONGEST: usize = 100;

/// What every press begins with.
const MARK: &str = "chop";

/// What can be done with a change by pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Countersign.
    Approve,
    /// Refuse.
    Reject,
    /// Edit its values.
    Edit,
    /// See everything.
    Details,
    /// Withdraw it.
    Cancel,
    /// Propose the version before.
    Undo,
    /// Propose it again.
    PlanAgain,
    /// Say that all of its run is there.
    Applied,
    /// Say that some of it is there.
    Partial,
    /// Say that nothing of it is there.
    NotStarted,
    /// Draw its card here.
    Show,
}

/// Every act with its letter; letters stay as they are, because old messages hold them.
const ACTS: [(Act, char); 11] = [
    (Act::Approve, 'a'),
    (Act::Reject, 'r'),
    (Act::Edit, 'e'),
    (Act::Details, 'd'),
    (Act::Cancel, 'c'),
    (Act::Undo, 'u'),
    (Act::PlanAgain, 'p'),
    (Act::Applied, 'y'),
    (Act::Partial, 'h'),
    (Act::NotStarted, 'n'),
    (Act::Show, 's'),
];

/// What stands between the press and its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// One more press, with a word of what will happen.
    Confirmation,
    /// A form.
    Form,
}

/// What a button stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// An act on a change, as its card was on the screen.
    Act {
        /// What.
        act: Act,
        /// Which change.
        change: ChangeId,
        /// The revision and digest that the card showed; none before it was planned.
        seen: Option<Seen>,
    },
    /// An answer that is offered to a question.
    Say(String),
}

/// A button's text: what it stands for, and what it asks first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// What.
    pub what: Pressed,
    /// What it asks first.
    pub asks: Asks,
}

impl Press {
    /// The text that a platform hands back; none when it would be longer than [`LONGEST`].
    pub fn id(&self) -> Option<String> {
        let asks = match self.asks {
            Asks::Nothing => '0',
            Asks::Confirmation => '1',
            Asks::Form => '2',
        };
        let text = match &self.what {
            Pressed::Act { act, change, seen } => {
                let letter = ACTS.iter().find(|(known, _)| known == act).map_or('s', |(_, letter)| *letter);
                let seen = seen.map(|seen| format!(".{}.{}", seen.revision, seen.digest)).unwrap_or_default();
                format!("{MARK}.{letter}{asks}.{change}{seen}")
            }
            Pressed::Say(words) => format!("{MARK}.={asks}.{words}"),
        };
        (text.chars().count() <= LONGEST).then_some(text)
    }

    /// What a text stands for; none for what no version of ours wrote.
    pub fn parse(id: &str) -> Option<Self> {
        let (head, rest) = id.strip_prefix(MARK)?.strip_prefix('.')?.split_once('.')?;
        let mut head = head.chars();
        let (letter, asks) = (head.next()?, head.next()?);
        let asks = match asks {
            '0' => Asks::Nothing,
            '1' => Asks::Confirmation,
            '2' => Asks::Form,
            _ => return None,
        };
        if head.next().is_some() {
            return None;
        }
        if letter == '=' {
            return (!rest.is_empty()).then(|| Self { what: Pressed::Say(rest.to_owned()), asks });
        }
        let (act, _) = ACTS.iter().find(|(_, known)| *known == letter)?;
        let mut parts = rest.split('.');
        let change = ChangeId::parse(parts.next()?).ok()?;
        let seen = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => None,
            (Some(revision), Some(digest), None) => {
                Some(Seen { revision: Revision(revision.parse().ok()?), digest: digest.parse::<Digest>().ok()? })
            }
            _ => return None,
        };
        Some(Self { what: Pressed::Act { act: *act, change, seen }, asks })
    }
}

impl Act {
    /// The command that a press of this stands for.
    pub fn command(self, change: ChangeId) -> Command {
        let resolve = |change, resolution| Command::Resolve { change, resolution };
        match self {
            Self::Approve => Command::Approve { change: Some(change), confirm: None },
            Self::Reject => Command::Reject { change: Some(change), why: None },
            Self::Edit => Command::Edit { change: Some(change), words: String::new() },
            Self::Details => Command::Details { change: Some(change) },
            Self::Cancel => Command::Cancel { change: Some(change) },
            Self::Undo => Command::Undo { change: Some(change) },
            Self::PlanAgain => Command::PlanAgain { change: Some(change) },
            Self::Applied => resolve(change, Resolution::Applied),
            Self::Partial => resolve(change, Resolution::Partial),
            Self::NotStarted => resolve(change, Resolution::NotStarted),
            Self::Show => Command::Show { change: Some(change) },
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_press_is_read_as_it_was_written_and_fits_every_platform() {
        let seen = Seen { revision: Revision(u32::MAX), digest: Digest::of(b"plan") };
        for (act, _) in ACTS {
            for (seen, asks) in [(Some(seen), Asks::Form), (None, Asks::Nothing), (Some(seen), Asks::Confirmation)] {
                let change = ChangeId::parse("chg-7f3kabcdefgh").unwrap();
                let press = Press { what: Pressed::Act { act, change, seen }, asks };
                let id = press.id().unwrap();
                assert_eq!(Press::parse(&id), Some(press), "{id}");
            }
        }
        let say = Press { what: Pressed::Say("10.0.0.0/16 生产".to_owned()), asks: Asks::Nothing };
        assert_eq!(Press::parse(&say.id().unwrap()), Some(say));
        let long = Press { what: Pressed::Say("a".repeat(100)), asks: Asks::Nothing };
        assert_eq!(long.id(), None);
    }

    #[test]
    fn what_nobody_of_us_wrote_is_no_press() {
        for text in [
            "",
            "chop",
            "chop.",
            "chop.a",
            "chop.a0",
            "chop.a0.",
            "chop.a3.chg-7f3k",
            "chop.a0.run-7f3k",
            "chop.a0.chg-7f3k.1",
            "chop.a0.chg-7f3k.x.y",
            "chop.aa0.chg-7f3k",
            "approve chg-7f3k",
            "chop.=0.",
        ] {
            assert_eq!(Press::parse(text), None, "{text}");
        }
    }
}
