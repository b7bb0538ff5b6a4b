//! `[limits]`: how much one person, one channel and one day may ask for.
//! Read by `config::read`, first from the built-in file, then from the user's.
//! Must never be so low that nobody can stop anything: the engine's urgent commands have a bound of their own.

use super::reader::Section;
use chopmark_domain::policy::Limits;
use chopmark_domain::problem::Problem;

/// What `[limits]` can say.
const KEYS: [&str; 4] = ["person_per_minute", "channel_per_minute", "tokens_per_day", "waiting_per_person"];

/// The limits that `root` leaves of `before`.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(root: &Section<'_, '_>, before: Limits) -> Result<Limits, Problem> {
    let Some(section) = root.section("limits", &KEYS)? else { return Ok(before) };
    let count = |key: &str, before: u32| -> Result<u32, Problem> {
        let said = section.number(key, 1..=1_000_000)?;
        Ok(said.and_then(|said| u32::try_from(said).ok()).unwrap_or(before))
    };
    let tokens = match section.number("tokens_per_day", 0..=1_000_000_000_000)? {
        // As with an answer of nothing: none at all is said by naming no model.
        Some(0) => None,
        Some(tokens) => u64::try_from(tokens).ok(),
        None => before.tokens_per_day,
    };
    Ok(Limits {
        person_per_minute: count("person_per_minute", before.person_per_minute)?,
        channel_per_minute: count("channel_per_minute", before.channel_per_minute)?,
        tokens_per_day: tokens,
        waiting_per_person: count("waiting_per_person", before.waiting_per_person)?,
    })
}
