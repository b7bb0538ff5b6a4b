//! `chopmark serve`, as a service manager runs it.
//! Started by flows about chat platforms.
//! Must never outlive its test.

use super::super::crash;
use super::super::scene::Scene;
use super::super::wait_for;
use super::Platform;
use std::process::{Child, ExitStatus, Stdio};

/// A running service.
pub(crate) struct Served {
    child: Child,
    log: std::path::PathBuf,
}

impl Served {
    /// Starts it in a scene, connected to these platforms, and waits until each of them is heard.
    pub(crate) fn start(scene: &Scene, platforms: &[&Platform]) -> Self {
        // Who was heard before it may be one that died.
        let before: Vec<_> = platforms.iter().map(|platform| platform.beginnings()).collect();
        let served = Self::begin(scene, platforms);
        for (platform, before) in platforms.iter().zip(before) {
            wait_for("the program to connect", || (platform.beginnings() > before).then_some(()));
            platform.is_heard();
        }
        served
    }

    /// Starts it without waiting.
    pub(crate) fn begin(scene: &Scene, platforms: &[&Platform]) -> Self {
        let log = scene.path(&format!("serve-{}.log", std::fs::read_dir(scene.path("")).unwrap().count()));
        let file = std::fs::File::create(&log).unwrap();
        let mut command = scene.program(&["serve"]);
        for (name, value) in platforms.iter().flat_map(|platform| platform.tokens()) {
            command.env(name, value);
        }
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        Self { child: command.spawn().expect("it starts"), log }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks it to end, as a service manager does.
    pub(crate) fn ends(mut self) -> ExitStatus {
        crash::terminate(self.child.id());
        self.child.wait().unwrap()
    }

    /// Kills it in the middle of whatever it does.
    pub(crate) fn dies(mut self) {
        crash::kill(self.child.id());
        let _ = self.child.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            crash::kill(self.child.id());
            let _ = self.child.wait();
        }
    }
}
