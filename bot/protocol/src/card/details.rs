//! The card's details: everything that would run, in full.
//! Called by every surface before approve works.
//! Must never cut, fold or leave out: it is the whole content.

use super::{Card, Resource, resources};
use crate::escape;
use crate::line::{Line, Tone};
use crate::messages::{Arg, text};
use chopmark_domain::change::Language;

impl Card {
    /// Everything that would run: every action with every field, every file of the commit as a
    /// difference, every rendered file as it will be, and the full digest.
    pub fn details(&self, language: Language) -> Vec<Line> {
        let mut lines = vec![self.title(language), self.summary(language)];
        lines.extend(self.root_lines(language));
        lines.extend(self.differences(language));
        lines.push(heading(language, "details-actions", &[]));
        lines.extend(self.resources.iter().flat_map(|resource| whole(language, resource)));
        lines.extend(self.output_lines(language));
        if !self.commit_files.is_empty() {
            lines.push(heading(language, "details-commit", &[]));
            lines.extend(self.commit_files.iter().flat_map(|resource| whole(language, resource)));
        }
        for file in &self.files {
            lines.push(heading(language, "details-file", &[("name", Arg::from(&file.name))]));
            if self.is_withheld(&file.text) {
                lines.push(Line::ours(&text(language, "details-withheld", &[]), Tone::Muted).indented(2));
                continue;
            }
            let body = file.text.strip_suffix('\n').unwrap_or(&file.text);
            for part in escape::visible_lines(body) {
                lines.push(Line::tool(&part, Tone::Plain).indented(2));
            }
            if !file.text.ends_with('\n') {
                lines.push(Line::ours(&text(language, "details-no-newline", &[]), Tone::Muted).indented(2));
            }
        }
        lines.extend(self.digest_lines(language, true));
        lines
    }
}

fn heading(language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> Line {
    Line::ours(&text(language, key, args), Tone::Title)
}

fn whole(language: Language, resource: &Resource) -> Vec<Line> {
    let mut lines = resources::head(language, resource);
    lines.extend(resources::fields(language, resource));
    lines
}
