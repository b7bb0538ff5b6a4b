//! Whole tables, recorded as files that are read in review: what may follow what, who may do what.
//! Compared with what the code answers; `tests/run generate` writes them anew.
//! Must never be a sample: every row and every column of the type is there.

mod approval;
mod commands;
mod holds;
mod lifecycle;
mod rights;

use std::path::Path;

/// Compares with the recorded file of that name, or writes it when asked to.
#[track_caller]
pub(crate) fn recorded(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix").join(file);
    if std::env::var_os("CHOPMARK_RECORD").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{file} is not what the code answers now; look, then `tests/run generate`:\n{text}");
}
