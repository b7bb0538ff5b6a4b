//! Withholding: what a card does not say because a judge found a secret in it.
//! Called when a card is made, before anybody sees it.
//! Must never leave out what happens to a resource: addresses, verbs and names stay.

use super::{Card, Resource};
use chopmark_domain::finding::SECRET_IN_CLEAR;
use chopmark_domain::manifest::MANIFEST_NAME;

impl Card {
    /// Takes out the texts and values in which a secret stands, wherever the card has them: the file, its difference,
    /// the manifest, which repeats what was said, and what becomes of it out there. Such a plan is denied, and whoever
    /// wrote it knows what it says.
    pub(super) fn withhold_secrets(&mut self) {
        let found: Vec<String> = self.secrets().map(str::to_owned).collect();
        if found.is_empty() {
            return;
        }
        let is_file = |about: &String| self.files.iter().any(|file| file.name == *about);
        let in_file = found.iter().any(is_file);
        // An object's file is not named: it may be any.
        let anywhere = !found.iter().all(is_file);
        let holds = |name: &str| anywhere || name == MANIFEST_NAME || found.iter().any(|about| about == name);
        let names: Vec<String> = self.files.iter().map(|file| file.name.clone()).filter(|name| holds(name)).collect();
        for file in self.files.iter_mut().filter(|file| holds(&file.name)) {
            file.text.clear();
        }
        let of_file = |resource: &Resource| {
            let ends = |name: &String| {
                let before = resource.address.strip_suffix(name.as_str());
                before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
            };
            anywhere || names.iter().any(ends)
        };
        for resource in self.resources.iter_mut().chain(&mut self.commit_files) {
            let withheld = match resource.kind.as_str() {
                "file" => of_file(resource),
                _ => in_file || found.contains(&resource.address),
            };
            if withheld {
                resource.fields.clear();
            }
        }
        if in_file {
            self.outputs.clear();
        }
    }

    /// Whether a file's text was taken out.
    pub(super) fn is_withheld(&self, text: &str) -> bool {
        text.is_empty() && self.secrets().next().is_some()
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        let secrets = self.findings.iter().filter(|finding| finding.id == SECRET_IN_CLEAR);
        secrets.map(|finding| finding.about.as_str())
    }
}
