//! Promises about loading: what a template may not be, and how its author learns of it.
//! Run by cargo.
//! Must never load a template that a case here calls broken.

use crate::broken::BrokenTemplate;
use crate::catalog::Catalog;
use crate::load;
use crate::source::Source;
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

const METADATA: &str = r#"version = 1
scope = "namespace"
verify = "exists"
kinds = ["v1/ConfigMap"]
title = { en = "Note", zh = "便条" }
summary = { en = "A note.", zh = "一张便条。" }
words = { en = ["note"], zh = ["便条"] }

[[parameters]]
name = "text"
type = "text"
required = true
title = { en = "Text", zh = "文本" }

[[parameters]]
name = "items"
type = "list"
items = "text"
most = 100
title = { en = "Items", zh = "条目" }
"#;

const FILE: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ component.name }}
  namespace: {{ component.group }}
  labels:
    app.kubernetes.io/name: {{ component.name }}
    app.kubernetes.io/managed-by: chopmark
    chopmark.io/component: {{ component.name }}
    chopmark.io/group: {{ component.group }}
data:
  text: {{ text }}
"#;

fn example() -> String {
    let rendered = FILE
        .replace("{{ component.name }}", "\"memo\"")
        .replace("{{ component.group }}", "\"shop\"")
        .replace("{{ text }}", "\"hello\"");
    format!(
        "group = \"shop\"\ncomponent = \"memo\"\nsentence = {{ en = \"note hello\", zh = \"便条 hello\" }}\n\
         values = {{ text = \"hello\" }}\n[expected]\n\"note.yaml\" = '''\n{rendered}'''\n"
    )
}

fn note(change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<(), BrokenTemplate> {
    let mut files = BTreeMap::from([
        ("template.toml".to_owned(), METADATA.to_owned()),
        ("files/note.yaml".to_owned(), FILE.to_owned()),
        ("examples/hello.toml".to_owned(), example()),
    ]);
    change(&mut files);
    load::load(&Source { family: "test".into(), name: "note".into(), files }).map(|_| ())
}

/// The fault of a template whose file had `from` replaced by `to`.
fn fault(file: &str, from: &str, to: &str) -> BrokenTemplate {
    note(|files| {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{from:?} is not in {file}");
        *text = text.replacen(from, to, 1);
    })
    .unwrap_err()
}

#[test]
fn a_template_that_keeps_the_rules_loads() {
    note(|_| ()).unwrap();
}

#[test]
fn a_fault_names_file_line_and_the_nearest_valid_thing() {
    let broken = fault("template.toml", "required = true", "requierd = true");
    assert_eq!((&*broken.file, broken.line), ("template.toml", 12));
    assert_eq!(broken.remedy.as_deref(), Some("did you mean `required`?"));
    let broken = fault("template.toml", "\"text\"\nrequired", "\"txt\"\nrequired");
    assert_eq!((broken.line, broken.remedy.as_deref()), (11, Some("did you mean `text`?")));
    let broken = fault("files/note.yaml", "{{ text }}", "{{ txt }}");
    assert_eq!((&*broken.file, broken.line), ("files/note.yaml", 12));
    assert!(broken.reason.contains("did you mean `text`?"), "{}", broken.reason);
    let drawn =
        format!("{:?}", miette::Report::new(fault("files/note.yaml", "text: {{ text }}", "text: \"{{ text }}\"")));
    assert!(drawn.contains("note.yaml:12"), "{drawn}");
    assert!(drawn.contains("whole literal") && drawn.contains("join texts inside"), "{drawn}");
}

#[test]
fn what_a_template_may_not_say_is_refused_at_load() {
    for (file, from, to) in [
        ("template.toml", "\"v1/ConfigMap\"", "\"v1/Secret\""),
        ("template.toml", "\"v1/ConfigMap\"", ""),
        ("template.toml", "\"v1/ConfigMap\"", "\"ConfigMap\""),
        ("template.toml", "most = 100", "least = 1\nmost = -1"),
        ("template.toml", "name = \"items\"", "name = \"text\""),
        ("template.toml", "name = \"items\"", "name = \"component\""),
        ("template.toml", "name = \"items\"", "name = \"restarted_at\""),
        ("template.toml", "name = \"items\"", "name = \"It ems\""),
        ("template.toml", "required = true", "required = true\ndefault = \"x\""),
        ("template.toml", "required = true", "options = []"),
        ("template.toml", "version = 1", "version = 1\nrestart = { counter = \"text\" }"),
        ("template.toml", "version = 1", "version = 1\norders = [{ least = \"text\", most = \"nothing\" }]"),
        ("template.toml", "version = 1", "version = \"one\""),
        ("files/note.yaml", "\ndata:", "\ndata: &a"),
        ("files/note.yaml", "\ndata:", "\ndata: !!map"),
        ("files/note.yaml", "\ndata:", "\ndata:\n  text: twice"),
        ("files/note.yaml", "\ndata:", "\n---\ndata:"),
        ("files/note.yaml", "\ndata:", "\ndata:\n  on: 0x1f"),
        ("files/note.yaml", "namespace: {{ component.group }}", "namespace: kube-system"),
        ("files/note.yaml", "managed-by: chopmark", "managed-by: somebody"),
        ("files/note.yaml", "text: {{ text }}", "text: |\n    {{ text }}"),
        ("files/note.yaml", "text: {{ text }}", "text: a\n    {{ text }}"),
        ("files/note.yaml", "text: {{ text }}", "text: {{ items }}"),
        ("files/note.yaml", "text: {{ text }}", "text: {{ text"),
        ("files/note.yaml", "text: {{ text }}", "text: {{ text | upper }}"),
        ("files/note.yaml", "text: {{ text }}", "text: {{ 1.5 }}"),
        ("examples/hello.toml", "\"hello\" }\n[expected]", "\"other\" }\n[expected]"),
        ("examples/hello.toml", "\"note.yaml\"", "\"other.yaml\""),
        ("examples/hello.toml", "text = \"hello\"", "txt = \"hello\""),
        ("examples/hello.toml", "zh = ", "de = "),
    ] {
        let broken = fault(file, from, to);
        assert!(broken.line >= 1 && !broken.reason.is_empty(), "{file}: {to}");
    }
    assert!(note(|files| files.retain(|name, _| !name.starts_with("examples"))).is_err(), "no example");
    assert!(note(|files| files.retain(|name, _| !name.starts_with("files"))).is_err(), "no file");
}

#[test]
fn no_file_lands_outside_its_component() {
    for path in [
        "files/../../outside.yaml",
        "files//etc/passwd.yaml",
        "/etc/passwd",
        "files/a/../../b.yaml",
        "files/sub/a.yaml",
        "files/component.toml",
        "files/.hidden.yaml",
        "files/A.yaml",
        "files/a.yml",
        "files/..yaml",
        "hooks/run.sh",
    ] {
        let broken = note(|files| {
            files.insert(path.to_owned(), FILE.to_owned());
        });
        assert_eq!(&*broken.unwrap_err().file, path);
    }
}

#[test]
fn a_template_that_never_ends_is_stopped() {
    let began = Instant::now();
    let range = "\n{% for i in range(99999999) %}\n# x\n{% endfor %}\ndata:";
    let reason = fault("files/note.yaml", "\ndata:", range).reason;
    assert!(reason.contains("range"), "{reason}");
    let mut nested = "# x\n".to_owned();
    for level in 0..5 {
        nested = format!("{{% for l{level} in items %}}\n{nested}{{% endfor %}}\n");
    }
    let items: Vec<String> = (0..100).map(|_| "\"x\"".to_owned()).collect();
    let broken = note(|files| {
        files.insert("files/note.yaml".into(), format!("{nested}{FILE}"));
        let values = format!("values = {{ items = [{}], text", items.join(", "));
        files.insert("examples/hello.toml".into(), example().replace("values = { text", &values));
    });
    let reason = broken.unwrap_err().reason;
    assert!(reason.contains("fuel"), "{reason}");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[test]
fn a_template_that_grows_without_end_is_stopped() {
    let long = "# ".to_owned() + &"x".repeat(10_000) + "\n";
    let items: Vec<String> = (0..100).map(|_| "\"x\"".to_owned()).collect();
    let broken = note(|files| {
        files.insert("files/note.yaml".into(), format!("{{% for i in items %}}\n{long}{{% endfor %}}\n{FILE}"));
        let values = format!("values = {{ items = [{}], text", items.join(", "));
        files.insert("examples/hello.toml".into(), example().replace("values = { text", &values));
    });
    let reason = broken.unwrap_err().reason;
    assert!(reason.contains("longer than"), "{reason}");
    assert!(fault("files/note.yaml", "{{ text }}", "{{ \"x\" * 100000000 }}").reason.contains("multiplication"));
}

#[test]
fn a_folder_of_the_users_adds_templates_and_replaces_none() {
    let root = tempfile::tempdir().unwrap();
    let place = |name: &str| {
        let folder = root.path().join("mine").join(name);
        fs::create_dir_all(folder.join("files")).unwrap();
        fs::create_dir_all(folder.join("examples")).unwrap();
        fs::write(folder.join("template.toml"), METADATA).unwrap();
        fs::write(folder.join("files/note.yaml"), FILE).unwrap();
        fs::write(folder.join("examples/hello.toml"), example()).unwrap();
        folder
    };
    let folder = place("memo");
    let folders = [root.path().to_path_buf()];
    let catalog = Catalog::with_folders(&folders).unwrap();
    assert!(catalog.templates().any(|template| template.name.as_str() == "memo" && template.family == "mine"));
    std::os::unix::fs::symlink("/etc/hostname", folder.join("files/link.yaml")).unwrap();
    assert!(Catalog::with_folders(&folders).unwrap_err().reason.contains("plain file"), "links are not followed");
    fs::remove_file(folder.join("files/link.yaml")).unwrap();
    place("web-service");
    assert!(Catalog::with_folders(&folders).unwrap_err().reason.contains("of this name"));
    assert!(Catalog::with_folders(&["/nowhere/at/all".into()]).is_err());
}

#[test]
fn the_shipped_templates_speak_both_languages_and_have_words() {
    for template in super::SHIPPED.templates() {
        assert!(!template.words.en.is_empty() && !template.words.zh.is_empty(), "{}", template.name);
        for parameter in &template.parameters {
            let named = [&parameter.title.en, &parameter.title.zh].iter().all(|title| !title.is_empty());
            assert!(named && !parameter.words.zh.is_empty(), "{} {}", template.name, parameter.name);
        }
        let schema = template.schema();
        assert_eq!(schema["properties"].as_object().unwrap().len(), template.parameters.len());
        assert_eq!(schema["additionalProperties"], false);
    }
}
