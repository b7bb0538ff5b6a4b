//! The terminal: lines in, events out.
//! Run by the app for `chat`; its screen draws every command of the command line.
//! Must never know more of the house than protocol and domain.

mod conversation;
mod draw;
mod editor;
mod lines;
mod options;
mod pager;
mod say;
mod screen;
mod style;

pub use editor::Names;
pub use options::{Banner, TerminalOptions, banner};
pub use say::{say, tell};
pub use screen::{Ending, Screen, ScreenOptions};
pub use style::{Style, Wish};

use chopmark_domain::problem::Problem;
use chopmark_protocol::door::Door;
use say::prompt;
use std::sync::Arc;

/// Talks until the person leaves or the input ends.
///
/// # Errors
/// The terminal cannot be read any more.
pub async fn run(door: Arc<dyn Door>, screen: ScreenOptions, options: TerminalOptions) -> Result<Ending, Problem> {
    let json = screen.json;
    let screen = Arc::new(Screen::new(screen));
    conversation::Conversation::new(door, screen, options, json).run().await
}

/// A screen to draw the events of one command on.
pub fn outlet(options: ScreenOptions) -> Screen {
    Screen::new(options)
}
