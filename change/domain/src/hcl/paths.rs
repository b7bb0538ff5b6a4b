//! Paths within a bundle, judged by their letters alone.
//! Used wherever a configuration names a file or a folder.
//! Must never look at a disk: links are the reader's matter.

/// The path from the bundle's root that `path`, written in the folder `from`, means; none when it leaves the bundle.
pub(super) fn inside(from: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.contains(['\\', '\0', ':']) {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a file, empty for the root.
pub(super) fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_or_is_none() {
        assert_eq!(inside("", "./a.txt").as_deref(), Some("a.txt"));
        assert_eq!(inside("modules/vpc", "../shared").as_deref(), Some("modules/shared"));
        assert_eq!(inside("modules/vpc", "../..").as_deref(), Some(""));
        for bad in ["../x", "a/../../b", "/etc/passwd", "~/x", "a\\..\\b", "c:/x", "a\0"] {
            assert_eq!(inside("", bad), None, "{bad:?}");
        }
        assert_eq!(inside("modules/vpc", "../../../x"), None);
    }
}
