//! The machine behind the ports: clock and chance.
//! Used by assemble.rs. Must never be called from anywhere else: time and chance come in through ports.

use chopmark_domain::calendar::Zone;
use chopmark_domain::ports::{Answer, Chance, Clock};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's wall clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port's one clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The zone that this machine's clocks are on, where it is named and not UTC: the variable TZ (POSIX), else where
/// /etc/localtime leads (systemd and most others).
pub fn zone() -> Option<Zone> {
    let named = std::env::var("TZ").ok().map(|name| name.trim_start_matches(':').to_owned());
    let linked = || {
        let path = std::fs::read_link("/etc/localtime").ok()?;
        path.to_str()?.split_once("zoneinfo/").map(|(_, name)| name.to_owned())
    };
    let name = named.filter(|name| !name.is_empty()).or_else(linked)?;
    let universal = ["UTC", "Etc/UTC", "Etc/UCT", "GMT", "Etc/GMT", "Universal", "Etc/Universal", "Zulu"];
    Zone::parse(&name).ok().filter(|zone| !universal.contains(&zone.as_str()))
}

/// The operating system's random source.
#[derive(Debug)]
pub struct SystemChance(SystemRandom);

impl Default for SystemChance {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Chance for SystemChance {
    fn six(&self) -> [u8; 6] {
        let mut bytes = [0; 6];
        if self.0.fill(&mut bytes).is_err() {
            // Ids need to differ, not to be secret, and a taken one is tried again.
            bytes.copy_from_slice(&SystemClock.now().0.to_le_bytes()[..6]);
        }
        bytes
    }

    fn secret(&self) -> Answer<[u8; 32]> {
        let mut bytes = [0; 32];
        let filled = self.0.fill(&mut bytes);
        filled.map_err(|_| Problem::new(Code::Internal).with("what", "no random bytes from the system"))?;
        Ok(bytes)
    }
}
