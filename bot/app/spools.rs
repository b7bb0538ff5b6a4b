//! Spool folders of runs that ended long ago are removed.
//! Called when a worker starts.
//! Must never touch the folder of a run whose outcome is not in the records.

use chopmark_domain::ids::RunId;
use chopmark_domain::ports::Records;
use chopmark_domain::run::Run;
use chopmark_domain::time::Timestamp;
use chopmark_runners::exec::Spool;
use std::path::Path;

/// How long a folder stays after its run ended: long enough to look into what went wrong.
const KEPT_MILLISECONDS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Removes what is old. What cannot be removed stays, and is tried again at the next start.
pub(crate) async fn clean(data: &Path, records: &dyn Records, now: Timestamp) {
    let names = std::fs::read_dir(data.join("spool")).into_iter().flatten().flatten();
    let runs: Vec<RunId> = names.filter_map(|entry| RunId::parse(entry.file_name().to_str()?).ok()).collect();
    for id in runs {
        let Ok(Some(run)) = records.run(&id).await else { continue };
        if !ended_long_ago(&run, now) {
            continue;
        }
        if let Err(error) = std::fs::remove_dir_all(Spool::new(data, &id).folder()) {
            tracing::warn!(run = %id, %error, "an old spool folder stays");
        }
    }
}

fn ended_long_ago(run: &Run, now: Timestamp) -> bool {
    run.outcome.is_some() && run.ended_at.is_some_and(|ended| now.since(ended) > KEPT_MILLISECONDS)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use chopmark_domain::digest::Digest;
    use chopmark_domain::ids::{ChangeId, Epoch, Revision};
    use chopmark_domain::run::{Outcome, Record};

    #[test]
    fn only_a_run_whose_outcome_is_recorded_and_old_loses_its_folder() {
        let run = Run {
            id: RunId::parse("run-7f3k2p").unwrap(),
            change: ChangeId::parse("chg-7f3k").unwrap(),
            revision: Revision::FIRST,
            digest: Digest::of(b""),
            lease: String::new(),
            epoch: Epoch::ZERO,
            started_at: Timestamp(0),
            ended_at: Some(Timestamp(0)),
            outcome: Some(Outcome::Applied { record: Record::default() }),
        };
        let old = Timestamp(KEPT_MILLISECONDS + 1);
        assert!(ended_long_ago(&run, old));
        assert!(!ended_long_ago(&run, Timestamp(KEPT_MILLISECONDS)));
        assert!(!ended_long_ago(&Run { outcome: None, ..run.clone() }, old));
        assert!(!ended_long_ago(&Run { ended_at: None, ..run }, old));
    }
}
