//! People at the door: who speaks, the commands that join identities, and questions about rights.
//! Used by the router for every request.
//! Must never take anybody for a person without asking the directory.

use super::{Meant, Router};
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::PersonId;
use chopmark_domain::ports::{Answer, Identities as _, LINK_SECONDS};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::command::{self, Command};
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg};
use chopmark_protocol::request::{Heard, Request};

impl Router {
    /// Who speaks: the person behind the identity, with what its platform just said of its groups.
    ///
    /// # Errors
    /// A token that is over; a configuration that does not parse, but for what needs nobody.
    pub(super) async fn speaker(&self, request: &Request, meant: &Meant) -> Answer<PersonId> {
        if let Some(groups) = &request.groups {
            self.house.store.saw_groups(&request.identity, groups, self.house.store.clock().now()).await?;
        }
        match self.house.toolbox.directory.identify(&request.identity).await {
            Err(_) if needs_nobody(meant, &request.text) => Ok(PersonId::from(request.identity.clone())),
            person => person,
        }
    }

    /// Commands about people.
    pub(super) async fn people(&self, command: Command, heard: &Heard, out: &dyn Outlet) -> Answer<()> {
        let (engine, language, identity) = (&self.house.engine, heard.language, &heard.request.identity);
        let words = |key: &str, args: &[(&str, Arg<'_>)]| messages::text(language, key, args);
        let told = match command {
            Command::Link { code: None } => {
                let code = engine.offer_link(&heard.person, identity).await?;
                let minutes = i64::try_from(LINK_SECONDS / 60).unwrap_or_default();
                let args = [
                    ("code", Arg::from(&code)),
                    ("minutes", Arg::from(minutes)),
                    ("person", Arg::from(heard.person.as_str())),
                ];
                words("link-offered", &args)
            }
            Command::Link { code: Some(code) } => {
                let person = engine.join(identity, &code).await?;
                let args = [("identity", Arg::from(identity.as_str())), ("person", Arg::from(person.as_str()))];
                words("link-joined", &args)
            }
            Command::Unlink { identity: which } => {
                let parted = engine.part(&heard.person, identity, which).await?;
                words("link-parted", &[("identity", Arg::from(parted.as_str()))])
            }
            Command::Access { who, what } => {
                let report = engine.explain(&heard.person, who.as_deref(), what.as_ref()).await?;
                out.event(Event::answer(language, String::new(), Some(Facts::Access(Box::new(report))))).await;
                return Ok(());
            }
            _ => return Err(Problem::new(Code::UnknownCommand)),
        };
        out.event(Event::answer(language, told, None)).await;
        Ok(())
    }
}

/// What is answered to everybody, even while the configuration does not parse: how to mend it is among it.
fn needs_nobody(meant: &Meant, text: &str) -> bool {
    let said = match meant {
        Meant::Command(command) => Some(command.clone()),
        Meant::Words => command::parse(text),
        Meant::Tool(..) => None,
    };
    matches!(said, Some(Command::Help | Command::Explain { .. } | Command::Lang { .. } | Command::Quit))
}
