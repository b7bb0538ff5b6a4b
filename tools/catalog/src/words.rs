//! Words: what people call a template, a parameter or a choice, in both languages.
//! Read from template.toml; used by the offline planner and by whatever explains a template.
//! Must never be the only way to name a thing: its identifier always works.

use serde::{Deserialize, Serialize};

/// Words people use for a thing, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English words and phrases, lower case.
    #[serde(default)]
    pub en: Vec<String>,
    /// Chinese words.
    #[serde(default)]
    pub zh: Vec<String>,
}

impl Words {
    /// Every word, English first.
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        self.en.iter().chain(&self.zh)
    }
}
