//! A real terminal: tmux holds the pseudo-terminal, types keys and reads the screen.
//! Used by the flows about what a person at a keyboard sees.
//! Must never leave a terminal behind: its server ends with it.

use super::scene::{PROGRAM, Scene};
use super::wait_for;
use std::process::{Command, Output};

/// A terminal with the program in it.
pub(crate) struct Screen {
    socket: String,
}

impl Screen {
    /// Opens one; none where tmux is not installed.
    pub(crate) fn open(scene: &Scene, name: &str, arguments: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            super::left_out("a real terminal: tmux is not installed");
            return None;
        }
        let screen = Self { socket: format!("chopmark-{name}-{}", std::process::id()) };
        let mut command = Command::new("tmux");
        scene.dress(&mut command);
        command.env("TERM", "xterm-256color").args(["-L", &screen.socket, "-f", "/dev/null", "new-session", "-d"]);
        // The shell says how the program ended, and keeps the screen open: Ctrl-C reaches it as well.
        let line = format!("trap : INT; {PROGRAM} {arguments}; echo ended with $?; sleep 600");
        command.args(["-x", "110", "-y", "50", "sh", "-c", &line]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(screen)
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        Command::new("tmux").args(["-L", &self.socket]).args(arguments).output().expect("tmux runs")
    }

    /// Types text and Enter, once the program asks for a line.
    #[track_caller]
    pub(crate) fn line(&self, text: &str) {
        self.asks();
        self.types(text);
        self.key("Enter");
    }

    /// Types text without Enter.
    pub(crate) fn types(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    /// Presses a key by tmux' name for it.
    pub(crate) fn key(&self, name: &str) {
        self.tmux(&["send-keys", name]);
    }

    /// Waits for an empty prompt: as at every terminal, what is typed in the same moment as a Ctrl-C is
    /// dropped with the line, and a Ctrl-D before the editor listens is the kernel's.
    #[track_caller]
    pub(crate) fn asks(&self) {
        wait_for("an empty prompt", || (self.text().trim_end().lines().last()?.trim() == "chopmark>").then_some(()));
    }

    /// Everything on the screen and above it.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.tmux(&["capture-pane", "-p", "-J", "-S", "-2000"]).stdout).into_owned()
    }

    /// Waits until it shows some words.
    #[track_caller]
    pub(crate) fn shows(&self, words: &str) {
        let seen = std::cell::RefCell::new(String::new());
        let shown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            wait_for(words, || {
                *seen.borrow_mut() = self.text();
                seen.borrow().contains(words).then_some(())
            });
        }));
        assert!(shown.is_ok(), "{words:?} is not on the screen:\n{}", seen.borrow());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
