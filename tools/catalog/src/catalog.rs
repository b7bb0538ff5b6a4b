//! The catalogue itself: every template by name.
//! Made once at start by the app; shared by engine, tools and planner.
//! Must never hold a template that did not pass every check.

use crate::broken::BrokenTemplate;
use crate::load::{self, Loaded};
use crate::source::{self, Source};
use crate::template::Template;
use chopmark_domain::ids::TemplateName;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Every template by name.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    templates: BTreeMap<TemplateName, Arc<Loaded>>,
}

impl Catalog {
    /// The templates that come with the program.
    ///
    /// # Errors
    /// [`BrokenTemplate`]: the first template that does not hold.
    pub fn shipped() -> Result<Self, BrokenTemplate> {
        Self::default().add(source::shipped())
    }

    /// The shipped templates and those of further folders, each with `<family>/<name>/template.toml` in it.
    ///
    /// # Errors
    /// [`BrokenTemplate`]: the first template that does not hold, or that has the name of another.
    pub fn with_folders(folders: &[PathBuf]) -> Result<Self, BrokenTemplate> {
        folders.iter().try_fold(Self::shipped()?, |catalog, folder| catalog.add(source::folder(folder)?))
    }

    pub(crate) fn add(mut self, sources: Vec<Source>) -> Result<Self, BrokenTemplate> {
        for source in sources {
            let loaded = load::load(&source)?;
            let name = loaded.template.name.clone();
            if let Some(other) = self.templates.get(&name) {
                let reason = format!("there is a template of this name in the family {}", other.template.family);
                return Err(source.fault(source::METADATA, reason));
            }
            self.templates.insert(name, Arc::new(loaded));
        }
        Ok(self)
    }

    /// The same catalogue with some of its templates.
    #[must_use]
    pub fn only(&self, keeps: impl Fn(&Template) -> bool) -> Self {
        let mut few = self.clone();
        few.templates.retain(|_, loaded| keeps(&loaded.template));
        few
    }

    /// Every template, sorted by name.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.values().map(|loaded| &loaded.template)
    }

    /// The template of that name.
    pub fn get(&self, name: &TemplateName) -> Option<&Template> {
        self.loaded(name).map(|loaded| &loaded.template)
    }

    pub(crate) fn loaded(&self, name: &TemplateName) -> Option<&Loaded> {
        self.templates.get(name).map(Arc::as_ref)
    }
}
