//! The sections `[[grants]]`: who may do what, where, with which template and component.
//! Read by `config::read`; a user's grants take the place of the built-in ones, all together.
//! Must never let a missing grant, role or pattern mean everybody.

use super::reader::{Section, nearest};
use chopmark_domain::ids::{EnvironmentName, Role};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::rights::{Grant, Holders, PATTERN_RULE, Pattern, Right, Rights};
use std::collections::BTreeSet;

/// What a grant can say.
const KEYS: [&str; 5] = ["roles", "may", "environments", "templates", "components"];

/// Stands for every role.
const ANY_ROLE: &str = "*";

/// What grants are read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Every environment there is.
    pub(super) environments: &'a BTreeSet<EnvironmentName>,
    /// Every role that somebody has; none leaves the roles unchecked.
    pub(super) roles: Option<&'a BTreeSet<Role>>,
}

/// The grants written in `root`, or none when there are none.
///
/// # Errors
/// A [`Problem`] with file, line and column.
pub(super) fn read(root: &Section<'_, '_>, around: Around<'_>) -> Result<Option<Rights>, Problem> {
    // An empty list is nobody, not the built-in grants.
    if !root.keys().contains(&"grants") {
        return Ok(None);
    }
    let grants = root.tables("grants", &KEYS)?;
    let grants = grants.iter().map(|section| grant(section, around)).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Rights { grants }))
}

fn grant(section: &Section<'_, '_>, around: Around<'_>) -> Result<Grant, Problem> {
    let environments = patterns(section, "environments", Shape::Environment, around)?;
    Ok(Grant {
        holders: holders(section, around)?,
        actions: actions(section)?,
        environments,
        templates: patterns(section, "templates", Shape::Template, around)?,
        components: patterns(section, "components", Shape::Component, around)?,
        written_at: section.written_at(),
    })
}

fn words(section: &Section<'_, '_>, key: &str, example: &str) -> Result<Option<Vec<String>>, Problem> {
    section.list(key, example, |text| Some(text.to_owned()))
}

fn holders(section: &Section<'_, '_>, around: Around<'_>) -> Result<Holders, Problem> {
    let said = words(section, "roles", "\"owner\"")?.ok_or_else(|| section.missing("roles"))?;
    if said.iter().any(|word| word == ANY_ROLE) {
        // Beside it another role would seem to narrow what it does not.
        return if said.len() == 1 {
            Ok(Holders::AnyRole)
        } else {
            Err(section.wrong("roles", "[\"*\"] | [\"owner\"]"))
        };
    }
    let mut roles = BTreeSet::new();
    for word in said {
        let role = Role::parse(&word).map_err(|_| section.wrong("roles", "[\"owner\", …] | [\"*\"]"))?;
        if let Some(known) = around.roles
            && !known.contains(&role)
        {
            let near = nearest(&word, known.iter().map(Role::as_str)).unwrap_or_default();
            let all: Vec<_> = known.iter().map(Role::as_str).collect();
            return Err(section
                .problem(Code::ConfigUnknownRole, "roles")
                .with("role", &role)
                .with("nearest", near)
                .with("roles", all.join(", ")));
        }
        roles.insert(role);
    }
    Ok(Holders::Roles(roles))
}

fn actions(section: &Section<'_, '_>) -> Result<BTreeSet<Right>, Problem> {
    let said = words(section, "may", "\"propose\"")?.ok_or_else(|| section.missing("may"))?;
    let action = |word: &String| {
        Right::ALL.into_iter().find(|right| right.word() == word).ok_or_else(|| {
            let all = Right::ALL.map(Right::word);
            let near = nearest(word, all).unwrap_or_default();
            section
                .problem(Code::ConfigValue, "may")
                .with("value", word)
                .with("expected", all.join(" | "))
                .with("nearest", near)
        })
    };
    said.iter().map(action).collect()
}

/// What a pattern is about, and so how many segments the names have that it can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `prod`.
    Environment,
    /// `aws/object-storage`.
    Template,
    /// `prod/shop/cart`.
    Component,
}

impl Shape {
    fn segments(self) -> usize {
        match self {
            Self::Environment => 1,
            Self::Template => 2,
            Self::Component => 3,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Environment => "prod",
            Self::Template => "aws/object-storage | aws/*",
            Self::Component => "prod/shop/cart | prod/shop/*",
        }
    }
}

/// Patterns, or everything where none are written. One that can never mean anything is a mistake, not a narrow grant.
fn patterns(section: &Section<'_, '_>, key: &str, shape: Shape, around: Around<'_>) -> Result<Vec<Pattern>, Problem> {
    let Some(said) = words(section, key, &format!("\"{}\"", shape.example()))? else { return Ok(vec![Pattern::all()]) };
    let read = said.iter().map(|word| {
        let wrong =
            |expected: &str| section.problem(Code::ConfigValue, key).with("value", word).with("expected", expected);
        let pattern = Pattern::parse(word).map_err(|_| wrong(PATTERN_RULE))?;
        let segments = word.split('/').count();
        let open = word.split('/').next_back() == Some("*");
        if segments > shape.segments() || (segments < shape.segments() && !open) {
            return Err(wrong(shape.example()));
        }
        if shape != Shape::Template {
            let first = word.split('/').next().unwrap_or_default();
            // The first segment of a component's name is its environment; it stands alone here, so `*` is all of them.
            let first = Pattern::parse(first).map_err(|_| wrong(PATTERN_RULE))?;
            if !around.environments.iter().any(|name| first.matches(name.as_str())) {
                let names: Vec<_> = around.environments.iter().map(EnvironmentName::as_str).collect();
                let near = nearest(first.as_str(), names.iter().copied()).unwrap_or_default();
                return Err(wrong(&names.join(" | ")).with("nearest", near));
            }
        }
        Ok(pattern)
    });
    read.collect()
}
