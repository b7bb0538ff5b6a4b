//! Attacks by values that would rather be syntax (P29 to P34), through every door by which a value comes in.
//! Values are said, sent by a model, typed as an edit, written into the repository or the configuration.
//! Must never accept another witness than Terraform's state, the cluster's objects and the committed bytes.

use super::puppet::{Puppet, call, words};
use super::rig::{HELLO, mine};
use crate::kit::cluster::Cluster;
use crate::kit::scene::Scene;
use crate::kit::terraform::{Terraform, state_of};
use crate::kit::world::Repository;
use rstest::rstest;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// P29, P30, P33 and their kin, for HCL.
const HCL: &[&str] = &[
    "web\" }\nresource \"terraform_data\" \"x\" {\n input = \"y",
    "${file(\"/etc/passwd\")}",
    "%{ for x in [1] }A%{ endfor }",
    "{{ 7*7 }}{% raw %}",
    "$${a}%%{b}$$${c}",
    "<<EOT\n${path.cwd}\nEOT\n",
    "\\\"${1}\\u0041",
    "*/ # // /*",
    "\\",
    "${",
];

/// P31 to P33 and their kin, for YAML.
const YAML: &[&str] = &[
    "nginx\n      hostNetwork: true",
    "NO",
    "on",
    "1.20",
    "012",
    "12:34:56",
    "null",
    "~",
    "1e3",
    "0x1f",
    "*a",
    "&a x",
    "!!str x",
    "<<",
    "{{ 7*7 }}{% raw %}",
    "---\nkind: Secret",
    "# x",
    " padded ",
    "'\"",
    "a: b",
];

/// Values by names that every kind of map takes.
fn keyed(texts: &[&str]) -> Map<String, Value> {
    texts.iter().enumerate().map(|(number, text)| (format!("k{number:02}"), json!(text))).collect()
}

/// Has a model propose exactly these values.
fn proposed(scene: &mut Scene, config: &str, template: &str, (name, group): (&str, &str), values: Value) -> String {
    let arguments = json!({"template": template, "name": name, "group": group, "values": values});
    let puppet = Puppet::says(vec![call("propose_create", arguments), words("Done.")]);
    puppet.serve(scene, config);
    scene.propose(&format!("make the {template} {name} in {group} as we said"))
}

fn input_of(scene: &Scene) -> Value {
    let state = state_of(scene, HELLO).expect("there is a state");
    assert_eq!(state["resources"].as_array().unwrap().len(), 1, "no other resource: {state}");
    state["resources"][0]["instances"][0]["attributes"]["input"]["value"].clone()
}

#[test]
fn p29_p30_p33_texts_arrive_in_hcl_as_the_texts_they_are() {
    for terraform in Terraform::each() {
        let mut scene = terraform.scene();
        let values = json!({"text": HCL[0], "labels": keyed(HCL)});
        let change = proposed(&mut scene, &terraform.config(), "note", ("hello", "main"), values);
        scene.run(&["approve", &change]).ended(0);
        let input = input_of(&scene);
        assert_eq!(input["text"], HCL[0]);
        assert_eq!(input["labels"], json!(keyed(HCL)));
    }
}

#[rstest]
#[case("${file(\"/etc/passwd\")}")]
#[case("%{ for x in [1] }A%{ endfor }")]
#[case("{{ 7*7 }}{% raw %}")]
#[case("\" }\nresource \"terraform_data\" \"x\" {\n input = \"y")]
fn p29_p30_p33_a_person_who_types_syntax_gets_its_characters(#[case] text: &str) {
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let scene = terraform.scene();
    let spelled = text.replace('\\', "\\\\").replace('"', "\\\"");
    let sentence = format!("create a note called hello in dev with text \"{spelled}\"");
    let finished = scene.run(&["--json", "ask", &sentence]);
    // A sentence that cannot be read is refused or asked about; what became a plan shows these characters.
    if finished.code != Some(4) {
        return assert_eq!(
            scene.sql("select count(*) from changes where state = 'awaiting_approval'").unwrap()[0][0],
            "0"
        );
    }
    let change = crate::kit::scene::change_of(&finished.events());
    let card = scene.card(&change);
    assert_eq!(
        card["resources"].as_array().unwrap().iter().filter(|one| one["action"] == "create").count(),
        1,
        "{card}"
    );
    assert!(!card.to_string().contains("root:x:0"), "{card}");
    scene.run(&["approve", &change]).ended(0);
    let kept = input_of(&scene)["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with(kept.trim_end_matches('\\')), "{kept:?} is not what was typed");
}

#[test]
fn p29_a_value_written_into_the_repository_by_hand_is_read_as_a_value() {
    let Some(terraform) = Terraform::each().into_iter().next() else { return };
    let scene = terraform.scene();
    scene.carry_out(super::rig::NOTE);
    let repository = Repository::at(&scene.data().join("repositories/dev"));
    let hostile = "text = \"${file(\\\"/etc/passwd\\\")}\\\" }\\nresource \\\"a\\\" \\\"b\\\" {\"";
    repository.commit_by_hand(&format!("{HELLO}/component.toml"), "text = \"one\"", hostile);
    let finished = scene.run(&["--json", "ask", "set hello's labels to TEAM=shop"]);
    let said = finished.words();
    assert!(!said.contains("root:x:0"), "{said}");
    if finished.code == Some(4) {
        let change = crate::kit::scene::change_of(&finished.events());
        scene.run(&["approve", &change]);
        let text = input_of(&scene)["text"].to_string();
        assert!(!text.contains("root:x:0"), "{text}");
    }
}

#[test]
fn p31_p32_p33_texts_arrive_in_a_cluster_as_the_texts_they_are() {
    let Some(cluster) = Cluster::with("attack-texts") else { return };
    cluster.kubectl(&["create", "namespace", cluster.namespace()]);
    let mut scene = cluster.scene();
    let values = json!({"data": keyed(YAML)});
    let change = proposed(&mut scene, &cluster.config(), "config-map", ("words", cluster.namespace()), values);
    scene.run(&["approve", &change]).ended(0);
    let arguments = ["get", "configmap", "words", "-n", cluster.namespace(), "-o", "json"];
    let object: Value = serde_json::from_str(&cluster.kubectl(&arguments)).unwrap();
    assert_eq!(object["data"], json!(keyed(YAML)));
    let kinds = cluster.kubectl(&["get", "configmaps,secrets,pods", "-n", cluster.namespace(), "-o", "name"]);
    assert!(!kinds.contains("secret/"), "{kinds}");
}

#[rstest]
#[case("nginx\n      hostNetwork: true")]
#[case("nginx\r\nx")]
#[case("nginx: {a: b}")]
#[case("&a nginx")]
#[case("nginx # x")]
#[case("{{ component.name }}")]
#[case("--privileged")]
#[case("nginx:1.27\u{0}")]
fn p31_an_image_that_is_no_image_is_refused_at_every_door(#[case] image: &str) {
    let mut scene = Scene::with_config(&mine());
    let arguments = json!({"template": "web-service", "name": "cart", "group": "shop", "values": {"image": image}});
    let puppet = Puppet::says(vec![
        call("propose_create", arguments.clone()),
        call("propose_create", arguments),
        words("Sorry."),
    ]);
    puppet.serve(&mut scene, &mine());
    scene.run(&["--json", "ask", "make the web service cart in shop"]);
    if !image.contains('\u{0}') {
        scene.run(&["--json", "ask", &format!("deploy image \"{image}\" as cart in shop")]);
    }
    scene.chat(&[&format!("deploy image {image} as cart in shop")]);
    let changes = scene.sql("select id from changes where state = 'awaiting_approval'").unwrap();
    for change in changes.iter().flatten() {
        // Part of it may have been understood as an image; never the whole, and never as anything else.
        let card = scene.card(change);
        let files = card["files"].to_string();
        assert!(
            !files.contains("hostNetwork") && !files.contains("privileged") && !files.contains("{a: b}"),
            "{files}"
        );
    }
    assert_eq!(Repository::at(&scene.repository()).count(), 1, "nothing was committed");
}

/// A template of the user's own.
fn template(scene: &Scene, file: &str, extra: &str) -> String {
    let folder = scene.path("work/mine/memo");
    for part in ["files", "examples"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    let metadata = format!(
        "version = 1\nscope = \"namespace\"\nverify = \"exists\"\nkinds = [\"v1/ConfigMap\"]\n\
         title = {{ en = \"Memo\", zh = \"便条\" }}\nsummary = {{ en = \"A memo.\", zh = \"便条。\" }}\n\
         words = {{ en = [\"memo\"], zh = [\"便条\"] }}\n\
         [[parameters]]\nname = \"items\"\ntype = \"list\"\nitems = \"text\"\nmost = 100\n\
         title = {{ en = \"Items\", zh = \"条目\" }}\n{extra}"
    );
    std::fs::write(folder.join("template.toml"), metadata).unwrap();
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ component.name }}\n  namespace: {{ component.group }}\n  \
        labels:\n    app.kubernetes.io/name: {{ component.name }}\n    app.kubernetes.io/managed-by: chopmark\n    \
        chopmark.io/component: {{ component.name }}\n    chopmark.io/group: {{ component.group }}\n";
    std::fs::write(folder.join("files/memo.yaml"), format!("{head}{file}")).unwrap();
    let items: Vec<String> = (0..100).map(|_| "\"x\"".to_owned()).collect();
    let example = format!(
        "group = \"shop\"\ncomponent = \"memo\"\nsentence = {{ en = \"memo\", zh = \"便条\" }}\n\
         values = {{ items = [{}] }}\n[expected]\n\"memo.yaml\" = ''\n",
        items.join(", ")
    );
    std::fs::write(folder.join("examples/one.toml"), example).unwrap();
    folder.display().to_string()
}

/// Loops within loops over a list of a hundred.
fn nested(depth: usize) -> String {
    (0..depth)
        .fold("# x\n".to_owned(), |inner, level| format!("{{% for i{level} in items %}}\n{inner}{{% endfor %}}\n"))
}

#[rstest]
#[case::a_range("{% for i in range(99999999) %}\n# x\n{% endfor %}\n".to_owned())]
#[case::nested_loops(nested(6))]
#[case::recursion("{% macro m() %}\n{{ m() }}\n{% endmacro %}\n{{ m() }}\n".to_owned())]
#[case::a_product("data:\n  a: {{ \"x\" * 100000000 }}\n".to_owned())]
#[case::it_includes_itself("{% include \"memo.yaml\" %}\n".to_owned())]
#[case::a_long_text(format!("{{% for i in items %}}\n# {}\n{{% endfor %}}\n", "x".repeat(20_000)))]
#[case::a_power("data:\n  a: {{ 9 ** 9 ** 9 }}\n".to_owned())]
fn p34_a_template_that_never_ends_is_stopped_in_time(#[case] file: String) {
    let scene = Scene::new();
    let folder = template(&scene, &file, "");
    let began = Instant::now();
    let finished = scene.run(&["templates", "check", &folder]);
    // The rule is a second; the rest is for a machine that does other things.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    assert!(finished.words().contains("memo.yaml"), "{}", finished.words());
    scene.run(&["templates", "list"]).ended(0);
}

#[rstest]
#[case("data: &a {}\n")]
#[case("data:\n  a: *b\n")]
#[case("data:\n  <<: {a: b}\n")]
#[case("data: !!python/object {}\n")]
#[case("---\nkind: Secret\n")]
fn p32_a_template_with_yaml_of_two_meanings_is_refused(#[case] file: &str) {
    let scene = Scene::new();
    let finished = scene.run(&["templates", "check", &template(&scene, file, "")]);
    assert_ne!(finished.code, Some(0), "{}", finished.words());
    assert!(finished.words().contains("memo.yaml:1") || finished.words().contains("line 1"), "{}", finished.words());
}
