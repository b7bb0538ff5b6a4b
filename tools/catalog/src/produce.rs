//! Producing: settled values become every file of a component but its manifest.
//! Called by the drafter, for examples, and where a value is looked for.
//! Must never hand on a file that was not inspected.

use crate::files;
use crate::inspect;
use crate::load::Loaded;
use crate::render::Rendered;
use crate::settle::{self, Values};
use crate::terraform::{self, Majors, Settings};
use chopmark_domain::component::ComponentPath;

/// The files, in the order of their templates.
///
/// # Errors
/// The file and what is wrong with it.
pub(crate) fn produce(
    loaded: &Loaded,
    path: &ComponentPath,
    values: &Values,
    majors: &Majors,
    settings: &Settings,
) -> Result<Vec<Rendered>, (String, String)> {
    let template = &loaded.template;
    let context = settle::context(template, path, values);
    let chosen = files::chosen(&loaded.files, majors);
    let mut files = loaded.renderer.render(chosen, &context).map_err(|fault| (fault.file, fault.reason))?;
    files.extend(terraform::files(template, majors, settings).map_err(|(file, reason)| (file.to_owned(), reason))?);
    inspect::inspect(template, path, files.iter().map(|rendered| (&rendered.file, &rendered.shape)))?;
    Ok(files)
}
