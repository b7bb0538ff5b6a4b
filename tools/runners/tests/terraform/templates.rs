//! The shipped templates, as the bytes that their examples promise: planned, made, edited, brought back, removed.
//! Run with every program there is, the mirror of providers, and the AWS that `tests/run` starts.
//! Must never render: the catalogue has proven that these bytes are what it renders.

use crate::kit::{Scene, cloud, lines};
use chopmark_domain::draft::Draft;
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{FieldChange, Shown, Step, Verb};
use chopmark_domain::ports::PlanPurpose;
use chopmark_domain::run::Verification;
use std::collections::BTreeMap;
use std::path::Path;

/// The only major of the provider that can be had as a Go module: the one of the mirror.
const MIRRORED: &str = "version = \"~> 3.40\"";
/// A machine image that the AWS of the tests has from its beginning.
const IMAGE: &str = "ami-03cf127a";

/// Files by name, as one version of a component has them.
type Files = BTreeMap<String, String>;

/// What an example renders to.
fn example(template: &str, name: &str) -> Files {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates").join(template);
    let text = std::fs::read_to_string(path.join("examples").join(format!("{name}.toml"))).unwrap();
    let example: toml::Table = toml::from_str(&text).unwrap();
    let expected = example["expected"].as_table().unwrap();
    expected.iter().map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())).collect()
}

/// The same files with a text in place of another that must be there.
fn with(files: &Files, from: &str, to: &str) -> Files {
    assert!(files["main.tf"].contains(from), "{from}");
    let mut changed = files.clone();
    changed.insert("main.tf".to_owned(), files["main.tf"].replace(from, to));
    changed
}

fn draft(scene: &Scene, name: &str, files: &Files) -> Draft {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    scene.draft(name, &files)
}

/// Made, edited, back as it was, removed; every time the second plan is empty. Returns the first step and the edit's.
async fn there_and_back(scene: &Scene, name: &str, files: &Files, edited: &Files) -> (Step, Step) {
    let first = scene.make(&draft(scene, name, files)).await;
    assert!(first.actions.iter().all(|action| action.verb == Verb::Create), "{:?}", lines(&first.actions));
    let edit = scene.make(&draft(scene, name, edited)).await;
    scene.make(&draft(scene, name, files)).await;
    remove(scene, name, files).await;
    (first, edit)
}

async fn remove(scene: &Scene, name: &str, files: &Files) {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (removal, version) = (scene.removal(name), scene.version(name, &files));
    let step = scene.plan_after(&removal, Some(&version), PlanPurpose::Execute).await.unwrap();
    assert!(step.actions.iter().all(|action| action.verb == Verb::Delete), "{:?}", lines(&step.actions));
    scene.apply(&removal, &step).await.unwrap();
    let verification = scene.verify(&removal, &step).await;
    assert!(matches!(verification, Verification::Passed { .. }), "{verification:?}");
}

#[tokio::test]
async fn a_note_goes_there_and_back_without_any_provider() {
    for scene in Scene::each() {
        let files = example("terraform/note", "hello");
        let edited = with(&files, "hello, world", "good night");
        let (first, edit) = there_and_back(&scene, "greeting", &files, &edited).await;
        assert_eq!(first.actions.len(), 1);
        let outputs: Vec<_> = edit.outputs.iter().map(|output| output.path.as_str()).collect();
        assert_eq!(outputs, ["text"]);
        assert_eq!(lines(&edit.actions), ["Update terraform_data.this /input/text /output"]);
    }
}

#[tokio::test]
async fn what_looks_like_code_arrives_as_the_text_it_is() {
    for scene in Scene::each() {
        let step = scene.plan(&draft(&scene, "reminder", &example("terraform/note", "labels"))).await.unwrap();
        let shown = |path: &str, text: &str| FieldChange {
            path: path.to_owned(),
            before: None,
            after: Some(Shown::Value(format!("{text:?}"))),
        };
        for expected in [
            shown("/input/text", "${file(1)}"),
            shown("/input/labels/TEAM", "shop"),
            shown("/input/labels/URGENT", "no"),
        ] {
            assert!(step.actions[0].fields.contains(&expected), "{expected:?}: {:?}", step.actions[0].fields);
        }
    }
}

#[tokio::test]
async fn a_certificate_is_made_anew_and_its_key_never_shown() {
    for scene in Scene::each_with_providers() {
        let files = example("tls/tls-certificate", "shop");
        let edited = with(&files, "days         = 30", "days         = 60");
        let (first, edit) = there_and_back(&scene, "shop-tls", &files, &edited).await;
        let verbs: Vec<_> = edit.actions.iter().map(|action| (action.verb, action.kind.as_str())).collect();
        assert_eq!(verbs, [(Verb::Replace, "tls_self_signed_cert")], "the key stays");
        assert!(!format!("{first:?}{edit:?}").contains("PRIVATE KEY"));
    }
}

/// A scene whose provider speaks to the AWS of the tests.
fn clouded(mut scene: Scene, address: &str) -> Scene {
    let endpoints = ["ec2", "iam", "route53", "s3", "sts"];
    let endpoints = endpoints.map(|name| (name.to_owned(), Literal::from(address)));
    let settings = BTreeMap::from([("endpoints".to_owned(), Literal::Map(BTreeMap::from(endpoints)))]);
    scene.terraform().settings.insert("aws".to_owned(), settings);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        let file = scene.folder.path().join(name);
        std::fs::write(&file, "canary-of-the-cloud").unwrap();
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        scene.terraform().credentials.insert(name.to_owned(), format!("file:{}", file.display()));
    }
    scene
}

/// The provider's settings, as the catalogue would write them from the environment's.
fn provided(mut files: Files, address: &str) -> Files {
    let endpoints: String =
        ["ec2", "iam", "route53", "s3", "sts"].map(|name| format!("    {name} = \"{address}\"\n")).concat();
    let provider = format!(
        "provider \"aws\" {{\n  region                      = \"us-east-1\"\n  skip_credentials_validation = true\n  \
         skip_metadata_api_check     = true\n  skip_region_validation      = true\n  skip_requesting_account_id  = true\n  \
         s3_force_path_style         = true\n\n  endpoints {{\n{endpoints}  }}\n}}\n"
    );
    files.insert("providers.tf".to_owned(), provider);
    // What is common to all majors is tried with the one there is.
    let versions = files["versions.tf"].replace("version = \"~> 6.0\"", MIRRORED);
    files.insert("versions.tf".to_owned(), versions);
    files
}

fn unique(word: &str, program: usize) -> String {
    format!("{word}-{}-{program}", std::process::id())
}

/// What a component's state says of an attribute.
fn in_state(scene: &Scene, name: &str, kind: &str, attribute: &str) -> String {
    let state = std::fs::read_to_string(scene.state(name)).unwrap();
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    let resources = state["resources"].as_array().unwrap();
    let resource = resources.iter().find(|resource| resource["type"] == kind).unwrap();
    resource["instances"][0]["attributes"][attribute].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_bucket_goes_there_and_back_private_encrypted_and_versioned() {
    let Some(address) = cloud() else { return };
    for (number, scene) in Scene::each_with_providers().into_iter().enumerate() {
        let scene = clouded(scene, &address);
        let name = format!("bucket        = \"{}\"", unique("archive", number));
        let files =
            with(&provided(example("aws/object-storage", "reports-3"), &address), "bucket        = \"archive\"", &name);
        let edited = with(&files, "days = 90", "days = 30");
        let (first, edit) = there_and_back(&scene, "archive", &files, &edited).await;
        let bucket = first.actions.iter().find(|action| action.kind == "aws_s3_bucket").unwrap();
        for (path, value) in [
            ("/acl", "\"private\""),
            ("/force_destroy", "false"),
            ("/versioning/0/enabled", "true"),
            (
                "/server_side_encryption_configuration/0/rule/0/apply_server_side_encryption_by_default/0/sse_algorithm",
                "\"AES256\"",
            ),
            ("/tags/ENABLED", "\"no\""),
        ] {
            let field = bucket.fields.iter().find(|field| field.path == path).unwrap();
            assert_eq!(field.after, Some(Shown::Value(value.to_owned())), "{path}");
        }
        let days = "/lifecycle_rule/0/noncurrent_version_expiration/0/days";
        assert_eq!(lines(&edit.actions), [format!("Update aws_s3_bucket.this {days}")]);
    }
}

#[tokio::test]
async fn a_network_goes_there_and_back_and_another_range_replaces_it() {
    let Some(address) = cloud() else { return };
    for scene in Scene::each_with_providers() {
        let scene = clouded(scene, &address);
        let files = provided(example("aws/network", "core"), &address);
        let edited = with(&files, "\"10.0.1.0/24\"", "\"10.0.7.0/24\"");
        let (first, edit) = there_and_back(&scene, "core", &files, &edited).await;
        assert_eq!(first.actions.len(), 3);
        let expected = ["Delete aws_subnet.this[\"10.0.1.0/24\"]", "Create aws_subnet.this[\"10.0.7.0/24\"]"];
        let said: Vec<_> =
            lines(&edit.actions).iter().map(|line| line.split(" /").next().unwrap().to_owned()).collect();
        assert_eq!(said, expected);
    }
}

/// What a template needs and does not make.
async fn surround(scene: &Scene, address: &str, text: &str) -> Files {
    let mut around = provided(example("aws/network", "core"), address);
    around.retain(|name, _| name != "outputs.tf");
    around.insert("main.tf".to_owned(), text.to_owned());
    scene.make(&draft(scene, "around", &around)).await;
    around
}

#[tokio::test]
async fn a_machine_goes_there_and_back_encrypted_and_without_old_metadata() {
    let Some(address) = cloud() else { return };
    for scene in Scene::each_with_providers() {
        let scene = clouded(scene, &address);
        let network = "resource \"aws_vpc\" \"this\" {\n  cidr_block = \"10.8.0.0/16\"\n}\n\n\
             resource \"aws_subnet\" \"this\" {\n  vpc_id     = aws_vpc.this.id\n  cidr_block = \"10.8.1.0/24\"\n}\n";
        let around = surround(&scene, &address, network).await;
        let subnet = in_state(&scene, "around", "aws_subnet", "id");
        let files = provided(example("aws/virtual-machine", "web"), &address);
        let files = with(&with(&files, "subnet-0a1b2c3d", &subnet), "ami-0abcdef1234567890", IMAGE);
        // This AWS says of every machine that it has a public address.
        let files = with(&files, "associate_public_ip_address = false", "associate_public_ip_address = true");
        let edited = with(&files, "Name = \"web\"", "Name = \"shop\"");
        let (first, edit) = there_and_back(&scene, "web", &files, &edited).await;
        let fields = &first.actions[0].fields;
        for (path, value) in
            [("/metadata_options/0/http_tokens", "\"required\""), ("/root_block_device/0/encrypted", "true")]
        {
            let field = fields.iter().find(|field| field.path == path).unwrap();
            assert_eq!(field.after, Some(Shown::Value(value.to_owned())), "{path}");
        }
        assert_eq!(lines(&edit.actions), ["Update aws_instance.this /tags/Name /tags_all/Name"]);
        remove(&scene, "around", &around).await;
    }
}

#[tokio::test]
async fn a_record_goes_there_and_back() {
    let Some(address) = cloud() else { return };
    // The provider waits half a minute at each change of a record: one program is enough.
    for scene in Scene::each_with_providers().into_iter().take(1) {
        let scene = clouded(scene, &address);
        let zone = "resource \"aws_route53_zone\" \"this\" {\n  name = \"example.com\"\n}\n";
        let around = surround(&scene, &address, zone).await;
        let zone = in_state(&scene, "around", "aws_route53_zone", "zone_id");
        let files = with(&provided(example("aws/dns-record", "www"), &address), "Z0123456789ABCDEFGHIJ", &zone);
        let edited = with(&files, "192.0.2.10", "192.0.2.20");
        let (_, edit) = there_and_back(&scene, "www", &files, &edited).await;
        assert_eq!(edit.actions.len(), 1, "{:?}", lines(&edit.actions));
        remove(&scene, "around", &around).await;
    }
}
