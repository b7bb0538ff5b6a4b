//! The card's lines about where its content comes from: the folder of an existing root, and which side is which.
//! Called by draw and details.
//! Must never leave out a file that takes part.

use super::Card;
use crate::line::{Line, Source, Tone};
use crate::messages::{Arg, text};
use crate::words;
use chopmark_domain::change::Language;
use chopmark_domain::digest::Digest;
use chopmark_domain::draft::Action;

impl Card {
    /// The folder with what binds it; of a reconcile, which side is which.
    pub(super) fn root_lines(&self, language: Language) -> Vec<Line> {
        let mut lines = Vec::new();
        if let (Some(folder), Some(bundle)) = (&self.folder, self.bundle) {
            let (folder, digest) = (folder.display().to_string(), bundle.short());
            let args = [
                ("folder", Arg::from(&folder)),
                ("count", Arg::from(self.files.len())),
                ("digest", Arg::from(&digest)),
            ];
            lines.push(Line::tool(&text(language, "card-root", &args), Tone::Plain));
            lines.push(Line::ours(&text(language, "card-root-own", &[]), Tone::Muted));
        }
        if self.action == Action::Reconcile && !self.resources.is_empty() && !self.state.is_terminal() {
            lines.push(Line::ours(&text(language, "card-found", &[]), Tone::Plain));
        }
        lines
    }

    /// Every file of the root with its length and digest.
    pub(super) fn root_files(&self, language: Language) -> Vec<Line> {
        let files = if self.folder.is_some() { self.files.as_slice() } else { &[] };
        let line = |file: &chopmark_domain::component::ComponentFile| {
            if file.text.is_empty() {
                return Line::tool(&file.name, Tone::Plain).indented(2);
            }
            let digest = Digest::of(file.text.as_bytes()).short();
            let args = [("count", Arg::from(file.text.lines().count())), ("digest", Arg::from(&digest))];
            let remark = words::bracketed(language, &text(language, "card-root-file", &args));
            Line::tool(&file.name, Tone::Plain).then(&remark, Tone::Muted, Source::Ours).indented(2)
        };
        files.iter().map(line).collect()
    }
}
