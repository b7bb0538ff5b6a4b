//! People: who runs the program. In the terminal a person is an operating system's user.
//! Used by flows in which one person's word is not enough.
//! Must never be a name: the program goes by the real user id, and so do the tests.

use std::process::Command;

/// Who runs the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    /// Whoever runs the tests.
    Me,
    /// Somebody else, by user id.
    User(u32),
}

/// Bob, who has a right in the tests' rules.
pub(crate) const BOB: Person = Person::User(4301);
/// Carol, who has one too.
pub(crate) const CAROL: Person = Person::User(4302);
/// Mallory, who has none.
pub(crate) const MALLORY: Person = Person::User(4303);

impl Person {
    /// A command run as this person. Only the real user id changes, so that the same files can be
    /// read: one machine's approvers share a group, and here they share everything.
    pub(crate) fn command(self, program: &str) -> Command {
        match self {
            Self::Me => Command::new(program),
            Self::User(id) => {
                let mut command = Command::new("setpriv");
                // Without the fix-up the kernel would ask access(2), and so git, with the other person's rights.
                let keep = "--securebits=+no_setuid_fixup".to_owned();
                command.args([format!("--ruid={id}"), keep, "--".to_owned(), program.to_owned()]);
                command
            }
        }
    }

    /// As configuration writes it.
    pub(crate) fn key(self) -> String {
        match self {
            // Not `terminal:me`: that is whoever runs the program, so everybody.
            Self::Me => format!("terminal:{}", rustix::process::getuid().as_raw()),
            Self::User(id) => format!("terminal:{id}"),
        }
    }
}

/// Whether this machine lets tests be other people.
pub(crate) fn others_can_be_played() -> bool {
    let played = Command::new("setpriv").args(["--ruid=4301", "--securebits=+no_setuid_fixup", "--", "true"]).output();
    let can = played.is_ok_and(|output| output.status.success());
    if !can {
        super::left_out("other people: changing the real user id needs root and setpriv");
    }
    can
}

/// A configuration with the embedded environment under a rule, and these approvers.
pub(crate) fn rule(approvers: &[Person], needed: u8, self_approval: bool, expires_after: &str) -> String {
    let mut text = String::new();
    for person in approvers {
        text += &format!("[people.\"{}\"]\nroles = [\"keeper\"]\n", person.key());
    }
    // Whoever has no role may not even ask.
    if !approvers.contains(&Person::Me) {
        text += &format!("[people.\"{}\"]\nroles = [\"asker\"]\n", Person::Me.key());
    }
    text + &format!(
        "[environments.local]\nmode = \"gitops\"\n[environments.local.approval]\napprovers = [\"keeper\"]\n\
         needed = {needed}\nself_approval = {self_approval}\nexpires_after = \"{expires_after}\"\n"
    )
}
