//! Publishing: the push that follows an effect in mode apply, tried again alone.
//! Called by the engine after the effect, until it worked.
//! Must never undo or fail what was applied.

use super::program::{Repository, Tool};
use super::remote::Pushed;
use backon::{ExponentialBuilder, Retryable as _};
use chopmark_domain::environment::Environment;
use chopmark_domain::plan::Step;
use chopmark_domain::problem::{Code, Problem};
use std::sync::Arc;
use std::time::Duration;

/// The first pause between tries; each is twice as long. The engine comes back later anyway.
const PAUSE: Duration = Duration::from_millis(250);
/// Tries after the first.
const TRIES: usize = 2;

/// Pushes the branch, when there is a remote.
///
/// # Errors
/// [`Code::PushOwed`] with the facts `remote`, `branch`, `reason`.
pub(super) async fn publish(tool: &Arc<Tool>, environment: &Environment, _step: &Step) -> Result<(), Problem> {
    let repository = Repository::open(tool, &environment.repository)?;
    if repository.address.remote.is_none() {
        return Ok(());
    }
    let head = repository.standing().await?.local;
    let owed = |reason: String| repository.about_remote(Code::PushOwed).with("reason", reason);
    let push = || async {
        match repository.push(&head).await? {
            Pushed::Done => Ok(()),
            Pushed::Moved => Err(owed("the remote has commits that are not here".to_owned())),
            Pushed::Refused(reason) | Pushed::Unknown(reason) => Err(owed(reason)),
        }
    };
    push.retry(ExponentialBuilder::default().with_min_delay(PAUSE).with_max_times(TRIES)).await?;
    let seen = repository.address.seen_ref();
    repository.write(&["update-ref", "-m", "chopmark", &seen, head.as_str()], Vec::new()).await?;
    Ok(())
}
