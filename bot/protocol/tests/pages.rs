//! The promise that generated pages are what the messages say.
//! Run with the crate's tests; `UPDATE=1` rewrites the pages.
//! Must never be skipped: a stale page is a wrong answer.

use chopmark_protocol::pages;
use std::path::Path;

#[test]
fn the_page_of_errors_is_what_the_messages_say() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    let made = pages::errors();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, &made).unwrap();
    }
    let there = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(there == made, "docs/errors.md is stale: UPDATE=1 cargo test -p chopmark-protocol rewrites it");
}
