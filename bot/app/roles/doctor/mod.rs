//! `chopmark doctor`: looks at everything that is needed and names the fix for what is not right.
//! Called by `main`, also when the configuration does not parse.
//! Must never change anything, and never show a secret.

mod check;
mod environments;
mod machine;
mod models;
mod nothing;
mod platforms;
mod records;
mod terraform;

pub use check::{Check, Standing};
pub use platforms::platform;

use crate::assemble::DATABASE;
use crate::cli::{Exit, Global};
use crate::config::{Config, FileSettings, Whereabouts};
use crate::system::SystemClock;
use crate::terminal::{self, Style};
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use chopmark_domain::ports::{Answer, Clock};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::line::Tone;
use chopmark_protocol::messages::{self, Arg};
use chopmark_runners::confine::Confiner;
use chopmark_sources::cluster::Clusters;
use std::path::Path;
use std::sync::Arc;

/// Looks, shows, and says by its exit whether anything fails.
///
/// # Errors
/// There is no way even to look.
pub fn run(global: &Global, place: &Whereabouts, catalog: &Catalog) -> Answer<Exit> {
    let this = std::env::current_exe().map_err(|error| Problem::new(Code::ExecFailed).with("reason", error))?;
    let patient = Patient {
        place,
        settings: &FileSettings::open(place.clone()),
        templates: Ok(catalog.templates().count()),
        confiner: Confiner::new(this),
        clusters: Clusters::new(),
        clock: Arc::new(SystemClock),
    };
    let checks = super::runtime()?.block_on(examine(patient));
    let manner = super::manner(global);
    Ok(show(&checks, manner.language, &manner.style, manner.json))
}

/// What the doctor looks at.
pub struct Patient<'a> {
    /// Where everything is.
    pub place: &'a Whereabouts,
    /// The configuration, or why there is none.
    pub settings: &'a Result<FileSettings, Problem>,
    /// How many templates load, or why they do not.
    pub templates: Result<usize, Problem>,
    /// Runs git.
    pub confiner: Confiner,
    /// Asks the clusters.
    pub clusters: Clusters,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Every line.
pub async fn examine(patient: Patient<'_>) -> Vec<Check> {
    let Patient { place, settings, templates, confiner, clusters, clock } = patient;
    let mut checks = Vec::new();
    let config = match settings.as_ref().map_err(Clone::clone).and_then(FileSettings::config) {
        Ok(config) => {
            checks.push(configuration(place));
            Some(config)
        }
        Err(problem) => {
            checks.push(Check::problem("config", problem));
            None
        }
    };
    checks.push(machine::git(&confiner).await);
    checks.push(machine::isolation(&confiner));
    checks.push(machine::templates(templates));
    let data = match &config {
        Some(config) => Ok(config.data.clone()),
        None => place.data.clone().map_or_else(|| place.default_data(), Ok),
    };
    match data {
        Ok(data) => {
            checks.extend(machine::data(&data));
            let (records, newest) = records::examine(&data.join(DATABASE), Arc::clone(&clock)).await;
            checks.extend(records);
            checks.push(machine::clock(clock.now(), newest));
            if let Some(config) = &config {
                checks.extend(places(config, &data, &clusters, &confiner).await);
            }
        }
        Err(problem) => checks.push(Check::problem("data", problem)),
    }
    checks
}

fn configuration(place: &Whereabouts) -> Check {
    let file = place.file.as_deref().unwrap_or(Path::new("config.toml"));
    let (standing, key) = match file.exists() {
        true => (Standing::Ok, "doctor-config-file"),
        false => (Standing::Off, "doctor-config-built-in"),
    };
    Check::new("config", standing, key).with("file", file.display())
}

async fn places(config: &Config, data: &Path, clusters: &Clusters, confiner: &Confiner) -> Vec<Check> {
    let mut checks = models::examine(&config.models).await;
    checks.extend(platforms::examine(config).await);
    let people: Vec<_> = config.people.values().cloned().collect();
    for environment in config.environments.all.values() {
        checks.push(environments::repository(environment, data));
        checks.extend(environments::remote(environment, confiner).await);
        let cluster = environments::cluster(environment, clusters).await;
        let answers = cluster.standing == Standing::Ok;
        checks.push(cluster);
        if answers {
            checks.extend(environments::plan_identity(environment, clusters).await);
        }
        checks.extend(terraform::examine(environment, confiner).await);
        checks.push(environments::rule(environment, &people));
        checks.extend(environments::unused_rules(environment));
    }
    checks
}

/// Shows every line, and how it ends.
pub fn show(checks: &[Check], language: Language, style: &Style, json: bool) -> Exit {
    for check in checks {
        if json {
            terminal::say(&check.json(language).to_string());
        } else {
            terminal::say(&drawn(check, language, style));
        }
    }
    let count = |standing| checks.iter().filter(|check| check.standing == standing).count();
    let failed = count(Standing::Fail);
    if !json {
        let facts = [
            ("ok", Arg::from(count(Standing::Ok))),
            ("warn", Arg::from(count(Standing::Warn))),
            ("fail", Arg::from(failed)),
            ("off", Arg::from(count(Standing::Off))),
        ];
        terminal::say(&messages::text(language, "doctor-summary", &facts));
    }
    if failed == 0 { Exit::Done } else { Exit::Error }
}

fn drawn(check: &Check, language: Language, style: &Style) -> String {
    let (tone, key) = match check.standing {
        Standing::Ok => (Tone::Good, "doctor-state-ok"),
        Standing::Warn => (Tone::Warn, "doctor-state-warn"),
        Standing::Fail => (Tone::Bad, "doctor-state-fail"),
        Standing::Off => (Tone::Muted, "doctor-state-off"),
    };
    let state = messages::text(language, key, &[]);
    // Columns, not characters: a Chinese character takes two.
    let room = 6_usize.saturating_sub(unicode_width::UnicodeWidthStr::width(state.as_str()));
    let line = format!("{}{} {}", style.paint(tone, &state), " ".repeat(room), check.text(language));
    let fix = check.fix(language).filter(|_| check.standing != Standing::Ok);
    match fix {
        Some(fix) => {
            let fix = messages::text(language, "doctor-fix", &[("fix", Arg::from(&fix))]);
            format!("{line}\n       {}", style.paint(Tone::Title, &fix))
        }
        None => line,
    }
}
