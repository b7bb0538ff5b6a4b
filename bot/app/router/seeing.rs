//! Seeing: every command reads through the eyes of whoever asks.
//! Used by the router before anything is looked up by a name that somebody typed.
//! Must never answer otherwise for what is hidden than for what is not there.

use super::{Meant, Router};
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::Answer;
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::Toolbox;
use chopmark_protocol::command::Command;
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::Event;
use chopmark_protocol::request::Heard;

impl Router {
    /// What may be read, as this person sees it.
    pub(super) async fn seen(&self, heard: &Heard) -> Answer<Toolbox> {
        self.house.toolbox.seen_by(&heard.person).await
    }

    /// A change that this person sees.
    pub(super) async fn seen_file(&self, id: &ChangeId, heard: &Heard) -> Answer<ChangeFile> {
        let found = self.seen(heard).await?.records.change(id).await?;
        found.ok_or_else(|| Problem::new(Code::UnknownChange).with("change", id))
    }

    /// Whether this person sees everything there is.
    pub(super) async fn sees_everything(&self, heard: &Heard) -> Answer<()> {
        match self.seen(heard).await?.sight {
            Some(sight) => sight.needs_everything(),
            None => Ok(()),
        }
    }
}

impl Router {
    /// Whoever sees nothing is told so, and who could change that, whatever they said; that they tried is recorded.
    pub(super) async fn sees_nothing(&self, meant: &Meant, heard: &Heard, out: &dyn Outlet) -> Answer<bool> {
        if matches!(meant, Meant::Command(command) if is_for_everybody(command)) {
            return Ok(false);
        }
        let Err(problem) = self.seen(heard).await else { return Ok(false) };
        if problem.code == Code::NoRight {
            self.house.engine.was_refused(&heard.person, &problem).await?;
        }
        out.event(Event::problem(heard.language, &problem, None)).await;
        Ok(true)
    }
}

/// Whether a command says something to people who see nothing, too: about the program, or how to become somebody.
pub(super) fn is_for_everybody(command: &Command) -> bool {
    matches!(
        command,
        Command::Help
            | Command::Lang { .. }
            | Command::Quit
            | Command::Explain { .. }
            | Command::Link { .. }
            | Command::Unlink { .. }
            | Command::Access { .. }
    )
}
