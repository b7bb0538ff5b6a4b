//! The catalogue itself: every template by name.
//! Made once at start by the app; shared by engine, tools and planner.
//! Must never hold a template that did not pass every check.

use crate::broken::BrokenTemplate;
use crate::template::Template;
use chopmark_domain::ids::TemplateName;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Every template by name.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    templates: BTreeMap<TemplateName, Template>,
}

impl Catalog {
    /// The templates that come with the program.
    ///
    /// # Errors
    /// [`BrokenTemplate`]: the first template that does not hold.
    pub fn shipped() -> Result<Self, BrokenTemplate> {
        Ok(Self::default())
    }

    /// The shipped templates and those of further folders, each with `<family>/<name>/template.toml` in it.
    ///
    /// # Errors
    /// [`BrokenTemplate`]: the first template that does not hold, or that has the name of another.
    pub fn with_folders(_folders: &[PathBuf]) -> Result<Self, BrokenTemplate> {
        Self::shipped()
    }

    /// Every template, sorted by name.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.values()
    }

    /// The template of that name.
    pub fn get(&self, name: &TemplateName) -> Option<&Template> {
        self.templates.get(name)
    }
}
