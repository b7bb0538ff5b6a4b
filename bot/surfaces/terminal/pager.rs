//! Shows long texts: through a pager on a terminal, plainly elsewhere.
//! Called for full diffs and other details.
//! Must never leave the text unshown because a pager is missing or was closed early.

use super::style::Style;
use std::io::Write;
use std::process::{Command, Stdio};

/// Shows the text: through the pager when it is longer than the screen and the screen can, else as it is.
pub(super) fn show(style: &Style, chosen: Option<&str>, text: &str) {
    if !(style.motion && style.prompt && text.lines().count() > rows() && page(style, chosen, text)) {
        super::say(text);
    }
}

fn rows() -> usize {
    // 24 rows: what a terminal has had since the VT100 when nobody says otherwise.
    rustix::termios::tcgetwinsize(std::io::stdout()).map_or(24, |size| usize::from(size.ws_row)).saturating_sub(2)
}

/// Whether a pager showed it.
fn page(style: &Style, chosen: Option<&str>, text: &str) -> bool {
    let said =
        chosen.map(str::to_owned).or_else(|| std::env::var("PAGER").ok()).filter(|pager| !pager.trim().is_empty());
    let line = said.unwrap_or_else(|| "less".to_owned());
    let mut words = line.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if style.colour && std::env::var_os("LESS").is_none() {
        // Keep colours, leave the text on the screen, and don't page what fits.
        command.env("LESS", "RXF");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Whoever leaves the pager early closes the pipe: that is no error.
        drop(input.write_all(text.as_bytes()));
    }
    child.wait().is_ok_and(|status| status.success())
}
