//! Suggestions: what fits what somebody is typing into a command.
//! Called by the desk while they type: quick, from the store and the catalogue.
//! Must never suggest what that person does not see.

use super::forms::person;
use super::languages;
use crate::assemble::House;
use chopmark_catalog::{Parameter, ParameterKind};
use chopmark_domain::change::{Change, Language};
use chopmark_domain::draft::Content;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::lifecycle::State;
use chopmark_domain::ports::{Answer, ChangeFilter};
use chopmark_functions::Toolbox;
use chopmark_protocol::chat::{Speaker, Suggested, Suggesting};
use chopmark_protocol::words;

/// As many as every platform shows: Discord's limit.
const MOST: usize = 25;
/// Characters of a suggestion: Discord's limit for name and value, and more than Slack shows.
const LONGEST: usize = 100;
/// How many of the newest changes are looked at.
const NEWEST: u32 = 200;

/// What fits, the likeliest first; nothing when nothing can be looked up: a suggestion is a convenience.
pub(super) async fn suggestions(house: &House, speaker: &Speaker, what: Suggesting, typed: &str) -> Vec<Suggested> {
    let found = match look(house, speaker, what, typed).await {
        Ok(found) => found,
        Err(problem) => {
            tracing::debug!(code = %problem.code, "nothing could be suggested");
            vec![]
        }
    };
    let fits = |suggested: &Suggested| (1..=LONGEST).contains(&suggested.value.chars().count());
    found.into_iter().filter(fits).take(MOST).collect()
}

async fn look(house: &House, speaker: &Speaker, what: Suggesting, typed: &str) -> Answer<Vec<Suggested>> {
    let person = person(house, speaker).await?;
    let (seen, language) = (house.toolbox.seen_by(&person).await?, languages::of(house, speaker).await?);
    match what {
        Suggesting::Change => changes(&seen, language, typed).await,
        Suggesting::Template => Ok(templates(&seen, language, typed)),
        Suggesting::Words => words_of(&seen, speaker, typed).await,
    }
}

/// Changes, newest first: id, component, state.
async fn changes(seen: &Toolbox, language: Language, typed: &str) -> Answer<Vec<Suggested>> {
    let newest = ChangeFilter { limit: NEWEST, ..ChangeFilter::default() };
    let typed = typed.trim().to_lowercase();
    let fits = |change: &Change| {
        let (id, component) = (change.id.as_str(), change.component.to_string());
        id.contains(&typed) || component.contains(&typed)
    };
    let found = seen.records.changes(&newest).await?.into_iter().filter(fits);
    Ok(found.map(|change| change_of(&change, language)).collect())
}

fn change_of(change: &Change, language: Language) -> Suggested {
    let label = format!("{} · {} · {}", change.id, change.component, words::state(language, change.state));
    Suggested { value: change.id.to_string(), label: label.chars().take(LONGEST).collect() }
}

/// Templates by name, title or the words people use for them.
fn templates(seen: &Toolbox, language: Language, typed: &str) -> Vec<Suggested> {
    let typed = typed.trim().to_lowercase();
    let all = seen.catalog.templates().filter(|template| {
        let titles = [&template.title.en, &template.title.zh].map(|title| title.to_lowercase());
        template.name.as_str().contains(&typed)
            || titles.iter().any(|title| title.contains(&typed))
            || template.words.iter().any(|word| word.to_lowercase().contains(&typed))
    });
    let suggested = |name: &str, title: &str| Suggested {
        value: name.to_owned(),
        label: format!("{name} · {title}").chars().take(LONGEST).collect(),
    };
    all.map(|template| suggested(template.name.as_str(), template.title.of(language))).collect()
}

/// What an edit of a change may say: `parameter=value`. The change is named first, or it is the newest that waits here.
async fn words_of(seen: &Toolbox, speaker: &Speaker, typed: &str) -> Answer<Vec<Suggested>> {
    let (first, rest) = typed.trim_start().split_once(' ').unwrap_or((typed.trim(), ""));
    let named = ChangeId::parse(&first.to_lowercase()).ok();
    let typed = if named.is_some() { rest } else { typed };
    let id = match named {
        Some(id) => Some(id),
        None => {
            let states = vec![State::AwaitingApproval];
            let place = Some(speaker.place.clone());
            let waiting = ChangeFilter { states, place, limit: 1, ..ChangeFilter::default() };
            seen.records.changes(&waiting).await?.pop().map(|change| change.id)
        }
    };
    let Some(id) = id else { return Ok(vec![]) };
    let Some(file) = seen.records.change(&id).await? else { return Ok(vec![]) };
    // What was typed before stays; the last word is completed.
    let (before, last) = typed.rsplit_once(' ').map_or(("", typed), |(before, last)| (before, last));
    let before = if before.is_empty() { String::new() } else { format!("{before} ") };
    let last = last.to_lowercase();
    let all = values_of(&file, seen).into_iter().filter(|pair| pair.to_lowercase().starts_with(&last));
    Ok(all.map(|pair| format!("{before}{pair}")).map(|value| Suggested { label: value.clone(), value }).collect())
}

/// Every value that can be written in a word: of a choice each of its values, of anything else the present one.
fn values_of(file: &ChangeFile, seen: &Toolbox) -> Vec<String> {
    let Content::Component { template, values, .. } = &file.record.draft.content else { return vec![] };
    let Some(template) = seen.catalog.get(&template.name) else { return vec![] };
    let present = |parameter: &Parameter| {
        let value = values.get(&parameter.name).map(|sourced| sourced.value.to_string()).unwrap_or_default();
        if value.contains(char::is_whitespace) { String::new() } else { value }
    };
    let of = |parameter: &Parameter| match &parameter.kind {
        ParameterKind::Bool => ["true", "false"].map(|value| format!("{}={value}", parameter.name)).to_vec(),
        ParameterKind::Choice { options } => {
            options.iter().map(|option| format!("{}={}", parameter.name, option.value)).collect()
        }
        // References to secrets are nothing to complete.
        ParameterKind::Secret | ParameterKind::Map { .. } | ParameterKind::List { .. } => vec![],
        _ => vec![format!("{}={}", parameter.name, present(parameter))],
    };
    template.parameters.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, PEOPLE, speaker, thread};
    use chopmark_domain::risk::Risk;

    async fn values(fixture: &Fixture, who: &str, what: Suggesting, typed: &str) -> Vec<String> {
        let found = suggestions(&fixture.house, &speaker(who, &thread("1")), what, typed).await;
        assert!(found.len() <= MOST && found.iter().all(|one| one.label.chars().count() <= LONGEST), "{found:?}");
        found.into_iter().map(|suggested| suggested.value).collect()
    }

    #[tokio::test]
    async fn what_fits_is_suggested_from_what_that_person_sees_and_nothing_else() {
        let config = format!(
            "{PEOPLE}[[grants]]\nroles = [\"operator\", \"owner\"]\nmay = [\"ask\", \"approve\"]\n\
             [[grants]]\nroles = [\"dev\"]\nmay = [\"ask\"]\ncomponents = [\"local/other/*\"]\n"
        );
        let fixture = Fixture::open(&config).await;
        for id in ["chg-aaaa", "chg-bbbb"] {
            fixture.waiting(id, &thread("1"), Risk::Low).await;
        }
        let bob = "discord:200";
        let both = values(&fixture, bob, Suggesting::Change, "").await;
        assert_eq!(both.len(), 2);
        assert_eq!(values(&fixture, bob, Suggesting::Change, "BBB").await, ["chg-bbbb"]);
        assert_eq!(values(&fixture, bob, Suggesting::Change, "shop/cart").await, both);
        for hidden in ["discord:100", "discord:666"] {
            assert_eq!(values(&fixture, hidden, Suggesting::Change, "").await, [""; 0], "{hidden}");
            assert_eq!(values(&fixture, hidden, Suggesting::Words, "chg-aaaa repl").await, [""; 0], "{hidden}");
        }
        assert_eq!(values(&fixture, bob, Suggesting::Template, "web-serv").await, ["web-service"]);
        assert_eq!(values(&fixture, bob, Suggesting::Words, "chg-aaaa repl").await, ["replicas=2"]);
        assert_eq!(values(&fixture, bob, Suggesting::Words, "port=9090 repl").await, ["port=9090 replicas=2"]);
    }
}
