//! Writes to the screen: results to standard output, notices to standard error.
//! Called by the terminal surface and by the roles of the command line.
//! Must never fail because nobody listens any more: a closed pipe is the reader's choice.

use std::io::Write;

/// Writes a text and an end of line to standard output.
pub fn say(text: &str) {
    write(&mut std::io::stdout().lock(), text);
}

/// Writes a text and an end of line to standard error.
pub fn tell(text: &str) {
    write(&mut std::io::stderr().lock(), text);
}

/// Writes a prompt, without an end of line.
pub(super) fn prompt(text: &str) {
    let mut out = std::io::stdout().lock();
    let _gone = write!(out, "{text}").and_then(|()| out.flush());
}

fn write(out: &mut impl Write, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    // Whoever reads may have left, as in `chopmark changes | head -1`: there is nobody to tell.
    let _gone = write!(out, "{text}{end}").and_then(|()| out.flush());
}
