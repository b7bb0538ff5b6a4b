//! Promises about Terraform templates: values arrive exactly, shapes stay, variants fit, settings are blocks.
//! Run by cargo.
//! Must never need Terraform itself: its own reading of the same bytes is tested where it is run.

use super::{SHIPPED, code, committed, create, environment, names, proposal, said};
use crate::broken::BrokenTemplate;
use crate::catalog::Catalog;
use crate::load;
use crate::source::Source;
use chopmark_domain::component::{ComponentFile, ComponentVersion};
use chopmark_domain::draft::{Action, Draft, Verify};
use chopmark_domain::environment::{Environment, Mode, Providers, TerraformAddress};
use chopmark_domain::ids::TemplateName;
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Drafter;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::Intent;
use std::collections::BTreeMap;

const METADATA: &str = r#"version = 1
scope = "main"
verify = "second_plan"
kinds = ["terraform/aws_s3_bucket", "terraform/aws_s3_bucket_versioning"]
title = { en = "Bucket", zh = "存储桶" }
summary = { en = "A bucket.", zh = "一个存储桶。" }
words = { en = ["bucket"], zh = ["存储桶"] }

[terraform.providers.aws]
source = "hashicorp/aws"
majors = [5, 3]

[[parameters]]
name = "owner"
type = "text"
required = true
title = { en = "Owner", zh = "负责人" }

[[parameters]]
name = "versions"
type = "integer"
least = -5
most = 5
title = { en = "Versions", zh = "版本数" }

[[parameters]]
name = "locked"
type = "bool"
default = false
title = { en = "Locked", zh = "锁定" }

[[parameters]]
name = "tags"
type = "map"
keys = "file"
values = "text"
title = { en = "Tags", zh = "标签" }

[[parameters]]
name = "zones"
type = "list"
items = "text"
title = { en = "Zones", zh = "区" }
"#;

const MAIN: &str = r#"# The bucket.
resource "aws_s3_bucket" "this" {
  bucket        = {{ component.name }}
  force_destroy = {{ locked }}
{% if versions is not none %}
  keep          = {{ versions }}
{% endif %}
  tags = merge({{ tags or {} }}, {
    owner = {{ owner }}
{% for key, value in (tags or {}) | items %}
    {{ key ~ "-copy" }} = {{ value }}
{% endfor %}
  })
{% if zones %}
  zones = concat({{ zones }}, [])
{% endif %}
}
"#;
const OLD: &str = "output \"version\" {\n  value = 3\n}\n";
const NEW: &str = "resource \"aws_s3_bucket_versioning\" \"this\" {\n  bucket = aws_s3_bucket.this.id\n}\n";

fn example(major: Option<u32>) -> String {
    let version = major.unwrap_or(5);
    let majors = major.map(|major| format!("[majors]\naws = {major}\n")).unwrap_or_default();
    let outputs = if version == 3 { OLD } else { NEW };
    format!(
        "group = \"main\"\ncomponent = \"reports\"\nsentence = {{ en = \"bucket reports for ann\", zh = \"ann 的存储桶 reports\" }}\n\
         values = {{ owner = \"ann\" }}\n{majors}[expected]\n\"main.tf\" = '''\n# The bucket.\nresource \"aws_s3_bucket\" \"this\" {{\n  \
         bucket        = \"reports\"\n  force_destroy = false\n  tags = merge({{}}, {{\n    owner = \"ann\"\n  }})\n}}\n'''\n\
         \"outputs.tf\" = '''\n{outputs}'''\n\"versions.tf\" = '''\nterraform {{\n  required_version = \">= 1.4.0\"\n\n  \
         required_providers {{\n    aws = {{\n      source  = \"hashicorp/aws\"\n      version = \"~> {version}.0\"\n    }}\n  }}\n}}\n'''\n"
    )
}

fn sources() -> Source {
    let files = [
        ("template.toml", METADATA.to_owned()),
        ("files/main.tf", MAIN.to_owned()),
        ("files/aws-3/outputs.tf", OLD.to_owned()),
        ("files/aws-5/outputs.tf", NEW.to_owned()),
        ("examples/newest.toml", example(None)),
        ("examples/older.toml", example(Some(3))),
    ];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect();
    Source { family: "test".into(), name: "bucket".into(), files }
}

pub(super) fn catalog() -> Catalog {
    Catalog::default().add(vec![sources()]).unwrap()
}

/// The fault of the template with a file replaced.
fn fault(file: &str, from: &str, to: &str) -> BrokenTemplate {
    let mut source = sources();
    let text = source.files.entry(file.to_owned()).or_default();
    assert!(text.contains(from), "{from:?} is not in {file}");
    *text = text.replacen(from, to, 1);
    load::load(&source).map(|_| ()).unwrap_err()
}

pub(super) fn with(majors: &[(&str, u32)], settings: &[(&str, Literal)]) -> Environment {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let terraform = TerraformAddress {
        program: None,
        providers: Providers::BuiltIn,
        majors: majors.iter().map(|(source, major)| ((*source).to_owned(), *major)).collect(),
        settings: BTreeMap::from([("aws".to_owned(), settings)]),
        backend: None,
        plan_credentials: BTreeMap::new(),
        credentials: BTreeMap::new(),
        ports: Vec::new(),
        apply_seconds: 60,
        roots: BTreeMap::new(),
    };
    let templates = vec![TemplateName::parse("bucket").unwrap()];
    Environment { terraform: Some(terraform), templates, ..environment(Mode::Apply) }
}

pub(super) fn draft(values: &[(&str, Literal)], environment: &Environment) -> Result<Draft, Problem> {
    catalog().draft(&proposal("dev/main/reports", create("bucket", said(values))), environment, None, None)
}

pub(super) fn file<'a>(draft: &'a Draft, name: &str) -> &'a ComponentFile {
    draft.files().iter().find(|file| file.name == name).expect("no such file")
}

fn text(draft: &Draft, name: &str) -> String {
    file(draft, name).text.clone()
}

#[test]
fn the_variant_is_the_one_that_fits_the_provider_that_is_there() {
    let values = [("owner", Literal::from("ann"))];
    let newest = draft(&values, &with(&[], &[])).unwrap();
    assert_eq!(names(&newest), ["component.toml", "main.tf", "outputs.tf", "versions.tf"]);
    assert_eq!(text(&newest, "outputs.tf"), NEW);
    let old = draft(&values, &with(&[("hashicorp/aws", 3)], &[])).unwrap();
    assert_eq!(text(&old, "outputs.tf"), OLD);
    assert!(text(&old, "versions.tf").contains("version = \"~> 3.0\""));
    let none = draft(&values, &with(&[("hashicorp/aws", 4)], &[])).unwrap_err();
    assert_eq!(
        (none.code, none.facts["supported"].as_str(), none.facts["version"].as_str()),
        (Code::NoVariant, "3, 5", "4")
    );
    assert_eq!(draft(&values, &environment(Mode::Gitops)).unwrap_err().code, Code::TemplateNotAllowed);
}

#[test]
fn where_no_terraform_is_a_template_still_ends_as_files() {
    let note = proposal("dev/main/hello", create("note", said(&[("text", "hello".into())])));
    let made = SHIPPED.draft(&note, &environment(Mode::Gitops), None, None).unwrap();
    assert_eq!(names(&made), ["component.toml", "main.tf", "outputs.tf", "versions.tf"]);
    assert_eq!((made.runner(None), made.verify), ("terraform", Verify::SecondPlan));
}

#[test]
fn an_environment_s_settings_become_typed_literals_and_blocks() {
    let map = |entries: &[(&str, Literal)]| {
        Literal::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    };
    let settings = [
        ("region", "eu-${x}".into()),
        ("s3_use_path_style", Literal::Bool(true)),
        ("endpoints", map(&[("s3", "http://localhost:5000".into()), ("tags", map(&[("a", 1.into())]))])),
    ];
    let made = draft(&[("owner", "ann".into())], &with(&[], &settings)).unwrap();
    let expected = "provider \"aws\" {\n  region            = \"eu-$${x}\"\n  s3_use_path_style = true\n\n  endpoints {\n    s3   = \
                    \"http://localhost:5000\"\n    tags = { \"a\" = 1 }\n  }\n}\n";
    assert_eq!(text(&made, "providers.tf"), expected);
    for settings in [
        [("secret_key", Literal::from("x"))],
        [("a b", "x".into())],
        [("assume_role", map(&[("token", "x".into())]))],
        [("x = 1\n}\nresource \"a\" \"b\" {\n  y", "z".into())],
    ] {
        assert_eq!(code(draft(&[("owner", "ann".into())], &with(&[], &settings))), Code::RenderMismatch);
    }
}

#[test]
fn what_a_terraform_template_may_not_be_is_refused_at_load() {
    for (file, from, to) in [
        ("template.toml", "scope = \"main\"", "scope = \"namespace\""),
        ("template.toml", "terraform/aws_s3_bucket\"", "v1/ConfigMap\""),
        ("template.toml", "terraform/aws_s3_bucket\"", "aws_s3_bucket\""),
        ("template.toml", "source = \"hashicorp/aws\"", "source = \"https://x\""),
        ("template.toml", "majors = [5, 3]", "majors = []"),
        ("template.toml", "majors = [5, 3]", "majors = [5, 3, 2]"),
        ("template.toml", "majors = [5, 3]", "majors = [5]"),
        (
            "template.toml",
            "[terraform.providers.aws]",
            "[terraform]\nrequires = \"1\\\" }\"\n[terraform.providers.aws]",
        ),
        ("files/main.tf", "\"aws_s3_bucket\"", "\"aws_iam_role\""),
        ("files/main.tf", "\"this\"", "{{ owner }}"),
        ("files/main.tf", "{{ component.name }}", "\"{{ component.name }}\""),
        ("files/main.tf", "{{ component.name }}", "<<EOT\n{{ component.name }}\nEOT"),
        ("files/main.tf", "{{ component.name }}", "/*\n{{ component.name }}\n*/ 1"),
        ("files/main.tf", "{{ component.name }}", "\"${\n{{ component.name }}\n}-x"),
        ("files/main.tf", "{{ component.name }}", "file({{ component.name }})"),
        ("files/main.tf", "merge(", "templatestring("),
        ("files/main.tf", "# The bucket.", "provisioner \"local-exec\" {\n}"),
        ("files/main.tf", "# The bucket.", "data \"aws_ami\" \"x\" {\n}"),
        ("files/main.tf", "# The bucket.", "terraform {\n  backend \"http\" {}\n}"),
        ("files/versions.tf", "", ""),
        ("files/providers.tf", "", ""),
        ("files/x.tf.json", "", "{}"),
        ("files/main_override.tf", "", ""),
        ("files/x.auto.tfvars", "", ""),
        ("files/object.yaml", "", "a: 1\n"),
        ("files/../../outside/main.tf", "", ""),
        ("files//etc/main.tf", "", ""),
        ("files/aws-3/../main.tf", "", ""),
        ("files/aws-3/main.tf", "", ""),
        ("files/gcp-3/variables.tf", "", ""),
        ("examples/older.toml", "aws = 3", "aws = 4"),
        ("examples/older.toml", "~> 3.0", "~> 4.0"),
    ] {
        fault(file, from, to);
    }
}

#[test]
fn a_placeholder_that_is_no_whole_literal_is_named_with_its_line() {
    let broken = fault("files/main.tf", "{{ component.name }}", "\"x-{{ component.name }}\"");
    assert_eq!((&*broken.file, broken.line), ("files/main.tf", 3));
    let broken = fault("files/aws-3/outputs.tf", "3", "{{ ownr }}");
    assert_eq!((&*broken.file, broken.line), ("files/aws-3/outputs.tf", 2));
    assert!(broken.reason.contains("did you mean `owner`?"), "{}", broken.reason);
}

#[test]
fn a_component_stands_in_a_group_of_no_cluster() {
    let place = |component: &str| {
        let intent = create("bucket", said(&[("owner", "ann".into())]));
        catalog().draft(&proposal(component, intent), &with(&[], &[]), None, None)
    };
    assert!(place("dev/data/reports").is_ok());
    for group in ["cluster", "roots"] {
        let refused = place(&format!("dev/{group}/reports")).unwrap_err();
        assert_eq!((refused.code, refused.facts["rule"].as_str()), (Code::InvalidName, "group-main"));
    }
}

pub(super) fn reports() -> ComponentVersion {
    committed(&draft(&[("owner", "ann".into())], &with(&[], &[])).unwrap())
}

#[test]
fn what_comes_back_is_screened_like_what_is_rendered() {
    let restore = |version: &ComponentVersion| {
        let intent = Intent::Restore { version: Some(version.commit.clone()), undoes: None };
        catalog().draft(&proposal("dev/main/reports", intent), &with(&[], &[]), None, Some(version))
    };
    assert_eq!(restore(&reports()).unwrap().files(), reports().files);
    let mut locked = reports();
    locked.files.push(ComponentFile { name: ".terraform.lock.hcl".into(), text: String::new() });
    assert!(restore(&locked).is_ok());
    for (name, text) in [
        ("variables.tf", "data \"http\" \"x\" {}\n"),
        ("variables.tf", "resource \"aws_s3_bucket\" \"this\" {}\n"),
        ("variables.tf", "locals {\n"),
        ("x.auto.tfvars", "a = 1\n"),
        ("x.tf.json", "{}"),
        ("x.tofu", ""),
        ("main_override.tf", ""),
        ("object.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n"),
    ] {
        let mut version = reports();
        version.files.push(ComponentFile { name: name.into(), text: text.into() });
        assert_eq!(code(restore(&version)), Code::RenderMismatch, "{name}: {text}");
    }
    let again = proposal("dev/main/reports", Intent::Reconcile);
    let again = catalog().draft(&again, &with(&[], &[]), Some(&reports()), None).unwrap();
    assert_eq!((again.action, again.files()), (Action::Reconcile, reports().files.as_slice()));
}
