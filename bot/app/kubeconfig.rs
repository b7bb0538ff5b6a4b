//! Finds a kubeconfig and the names of its contexts, to offer them as environments.
//! Called by `init` and by the chat's first lines.
//! Must never read or show a credential: only names of contexts are taken.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A kubeconfig as far as it may be offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub file: PathBuf,
    /// Names of its contexts, the current one first.
    pub contexts: Vec<String>,
}

#[derive(Deserialize)]
struct Names {
    #[serde(default, rename = "current-context")]
    current: String,
    #[serde(default)]
    contexts: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The kubeconfig that `chosen`, KUBECONFIG or the home folder names, if it has a context.
/// The rules are kubectl's, except that only the first file of a list is looked at.
pub fn find(chosen: Option<&Path>) -> Option<Found> {
    let listed = || std::env::split_paths(&std::env::var_os("KUBECONFIG")?).find(|path| !path.as_os_str().is_empty());
    let file = match chosen {
        Some(file) => file.to_owned(),
        None => listed().or_else(|| Some(std::env::home_dir()?.join(".kube/config")))?,
    };
    let contexts = contexts(&std::fs::read_to_string(&file).ok()?)?;
    Some(Found { file, contexts }).filter(|found| !found.contexts.is_empty())
}

fn contexts(text: &str) -> Option<Vec<String>> {
    let names: Names = serde_saphyr::from_str(text).ok()?;
    let mut contexts: Vec<_> = names.contexts.into_iter().map(|context| context.name).collect();
    contexts.sort_by_key(|name| *name != names.current);
    Some(contexts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_contexts_are_taken_the_current_one_first() {
        let text = "apiVersion: v1\ncurrent-context: b\ncontexts:\n- name: a\n  context: {cluster: x, user: y}\n- name: b\n  context: {cluster: x, user: y}\nusers:\n- name: y\n  user: {token: secret}\n";
        assert_eq!(contexts(text), Some(vec!["b".to_owned(), "a".to_owned()]));
        assert_eq!(contexts("just words"), None);
        assert_eq!(find(Some(Path::new("/nowhere"))), None);
    }
}
