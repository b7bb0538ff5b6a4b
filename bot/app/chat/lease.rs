//! The lease: one process serves a platform at a time; another takes over when it is gone.
//! Kept by every process that runs `serve`.
//! Must never go on serving when the lease may be somebody else's.

use super::Office;
use super::wake::stopped;
use chopmark_domain::ports::{Answer, Leases as _};
use chopmark_protocol::chat::Fault;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Seconds that a lease lasts unless it is renewed.
const SECONDS: u64 = 30;
/// How often it is renewed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Without a renewal for so long it may soon be somebody else's: well before it ends.
const DOUBTFUL: Duration = Duration::from_secs(22);
/// How often a process without the lease asks for it.
const STANDBY: Duration = Duration::from_millis(500);

/// Serves whenever the lease can be had, until told to stop.
pub(super) async fn keep(office: &Office, mut stop: watch::Receiver<bool>) {
    let name = format!("surface/{}", office.surface());
    while !stopped(&stop) {
        match acquire(office, &name).await {
            Ok(true) => {
                tracing::info!(surface = office.surface(), "this process serves the platform");
                tokio::select! {
                    () = office.work(stop.clone()) => {}
                    () = lost(office, &name) => {
                        tracing::warn!(surface = office.surface(), "another process may serve the platform now");
                        continue;
                    }
                }
                release(office, &name).await;
            }
            Ok(false) => pause(&mut stop).await,
            Err(problem) => {
                tracing::error!(code = %problem.code, %problem, "the lease of a platform cannot be asked for");
                pause(&mut stop).await;
            }
        }
    }
}

async fn pause(stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(STANDBY) => {}
        _ = stop.changed() => {}
    }
}

async fn acquire(office: &Office, name: &str) -> Answer<bool> {
    let liveness = office.0.liveness.clone();
    let gone = move |holder: &str| liveness.is_gone(holder);
    let me = office.0.liveness.me();
    Ok(office.house().store.acquire(name, &me, Some(SECONDS), &gone).await?.is_some())
}

async fn release(office: &Office, name: &str) {
    if let Err(problem) = office.house().store.release(name, &office.0.liveness.me()).await {
        tracing::warn!(code = %problem.code, "the lease of a platform was not released; it ends by itself");
    }
}

/// Returns when the lease is lost, or could not be renewed for so long that it may be.
async fn lost(office: &Office, name: &str) {
    let mut renewed = Instant::now();
    loop {
        tokio::time::sleep(HEARTBEAT.min(DOUBTFUL.saturating_sub(renewed.elapsed()))).await;
        match acquire(office, name).await {
            Ok(true) => renewed = Instant::now(),
            Ok(false) => return,
            Err(problem) => {
                tracing::error!(code = %problem.code, %problem, "the lease of a platform cannot be renewed");
                if renewed.elapsed() >= DOUBTFUL {
                    return;
                }
            }
        }
    }
}

/// Hears the platform until told to stop. What the adapter could not mend is tried again, ever more slowly.
pub(super) async fn listen(office: Office, stop: watch::Receiver<bool>) {
    let mut tries = 0;
    while !stopped(&stop) {
        let begun = Instant::now();
        let wait = match office.chat().listen(office.desk(), stop.clone()).await {
            Ok(()) => office.0.paces.again,
            Err(Fault::Refused(problem)) => {
                office.refused(&problem);
                office.0.paces.refused
            }
            Err(fault) => {
                tracing::warn!(surface = office.surface(), ?fault, "the platform is not heard");
                office.0.paces.wait(None, tries)
            }
        };
        // What held for a while began well.
        tries = if begun.elapsed() > office.0.paces.longest { 0 } else { tries.saturating_add(1) };
        let mut stop = stop.clone();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => {}
        }
    }
}
