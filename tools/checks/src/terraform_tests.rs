//! What the judges say of Terraform's plans and of the HCL behind them.
//! Run by `cargo test`.
//! Must never be satisfied by silence: each row that should be found is found under its own id.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::Checks;
use crate::tests::environment;
use chopmark_domain::component::{ComponentFile, TemplatePin};
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Mode, Providers, TerraformAddress};
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{FieldChange, Plan, Program, ResourceAction, Shown, Step, Verb};
use chopmark_domain::ports::Judges;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn file(name: &str, text: &str) -> ComponentFile {
    ComponentFile { name: name.to_owned(), text: text.to_owned() }
}

fn draft(files: Vec<ComponentFile>) -> Draft {
    let template = TemplatePin { name: "thing".parse().unwrap(), version: 1, digest: String::new() };
    Draft {
        component: "dev/main/thing".parse().unwrap(),
        action: Action::Create,
        content: Content::Component { template, values: BTreeMap::new(), files },
        verify: Verify::SecondPlan,
        way_back: WayBack::PreviousVersion,
    }
}

fn plan(actions: Vec<ResourceAction>) -> Plan {
    let step = Step {
        runner: "terraform".parse().unwrap(),
        target: String::new(),
        preconditions: vec![],
        instructions: String::new(),
        program: Program { name: "terraform".to_owned(), version: String::new(), digest: None },
        actions,
        outputs: vec![],
        caveats: vec![],
    };
    Plan { mode: Mode::Apply, steps: vec![step] }
}

/// An action that sets every leaf of a value, as the runner shows them.
fn action(verb: Verb, kind: &str, after: &Value) -> ResourceAction {
    let mut fields = Vec::new();
    crate::walk::walk(after, &mut |pointer, value| {
        if !value.is_object() && !value.is_array() {
            let after = Some(Shown::Value(value.to_string()));
            fields.push(FieldChange { path: pointer.to_owned(), before: None, after });
        }
    });
    ResourceAction { address: format!("{kind}.this"), kind: kind.to_owned(), verb, fields, because: None }
}

/// Judged with files that declare what is set.
fn found(actions: Vec<ResourceAction>) -> Vec<Finding> {
    let declared: String =
        actions.iter().map(|action| format!("resource \"{}\" \"this\" {{}}\n", action.kind)).collect();
    Checks::shipped().judge(&environment(), &draft(vec![file("main.tf", &declared)]), &plan(actions))
}

fn ids(findings: &[Finding]) -> Vec<(&str, Severity)> {
    findings.iter().map(|finding| (finding.id.as_str(), finding.severity)).collect()
}

#[test]
fn a_private_encrypted_bucket_passes() {
    let bucket = json!({"acl": "private", "force_destroy": false, "versioning": [{"enabled": true}]});
    let shut = json!({"block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true,
        "restrict_public_buckets": true});
    let actions = vec![
        action(Verb::Create, "aws_s3_bucket", &bucket),
        action(Verb::Create, "aws_s3_bucket_public_access_block", &shut),
    ];
    assert_eq!(found(actions), []);
}

#[test]
fn what_everybody_may_read_is_warned_of_and_what_everybody_may_change_is_denied() {
    use Severity::{Deny, Warn};
    let policy = |principal: Value, action: Value, condition: Value| {
        let statement = json!({"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition});
        json!({"policy": json!({"Statement": [statement]}).to_string()})
    };
    let none = || json!({});
    for (kind, after, expected) in [
        ("aws_s3_bucket", json!({"acl": "public-read"}), Some(("bucket-public", Warn))),
        ("aws_s3_bucket_acl", json!({"acl": "public-read-write"}), Some(("bucket-public", Deny))),
        ("aws_s3_bucket_public_access_block", json!({"block_public_acls": false}), Some(("bucket-public", Warn))),
        (
            "aws_s3_bucket",
            json!({"grant": [{"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]}),
            Some(("bucket-public", Warn)),
        ),
        ("aws_s3_bucket_policy", policy(json!("*"), json!("s3:GetObject"), none()), Some(("bucket-public", Warn))),
        (
            "aws_s3_bucket_policy",
            policy(json!({"AWS": ["*"]}), json!(["s3:GetObject", "s3:PutObject"]), none()),
            Some(("bucket-public", Deny)),
        ),
        ("aws_s3_bucket_policy", json!({"policy": "{not json"}), Some(("bucket-public", Warn))),
        ("aws_sqs_queue", policy(json!("*"), json!("sqs:*"), none()), Some(("policy-public", Deny))),
        ("aws_s3_bucket_policy", policy(json!("*"), json!("s3:*"), json!({"IpAddress": {"x": "y"}})), None),
        ("aws_s3_bucket_policy", policy(json!({"AWS": "arn:aws:iam::1:root"}), json!("s3:*"), none()), None),
        ("aws_s3_bucket_policy", json!({"policy": "(known after apply)"}), None),
    ] {
        let findings = found(vec![action(Verb::Create, kind, &after)]);
        assert_eq!(ids(&findings), expected.into_iter().collect::<Vec<_>>(), "{kind} {after}");
    }
}

#[test]
fn a_bucket_that_loses_its_shutter_is_opened() {
    let shutter = || action(Verb::Delete, "aws_s3_bucket_public_access_block", &json!({}));
    assert_eq!(ids(&found(vec![shutter()])), [("bucket-public", Severity::Warn)]);
    let both = found(vec![shutter(), action(Verb::Delete, "aws_s3_bucket", &json!({}))]);
    assert_eq!(ids(&both), [("data-loss", Severity::Warn)]);
}

#[test]
fn guarded_ports_are_not_opened_to_the_world() {
    let rule = |range: &str, from: u64, to: u64| json!({"ingress": [{"cidr_blocks": [range], "from_port": from, "to_port": to, "protocol": "tcp"}]});
    for (after, denied) in [
        (rule("0.0.0.0/0", 22, 22), true),
        (rule("0.0.0.0/0", 0, 65535), true),
        (rule("128.0.0.0/1", 3389, 3389), true),
        (rule("0.0.0.0/0", 443, 443), false),
        (rule("10.0.0.0/8", 22, 22), false),
        (json!({"ingress": [{"ipv6_cidr_blocks": ["::/0"], "from_port": 22, "to_port": 22, "protocol": "tcp"}]}), true),
        (json!({"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 0, "to_port": 0, "protocol": "-1"}]}), true),
        (json!({"egress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 0, "to_port": 0, "protocol": "-1"}]}), false),
    ] {
        let findings = found(vec![action(Verb::Create, "aws_security_group", &after)]);
        let expected = if denied { vec![("open-to-the-world", Severity::Deny)] } else { vec![] };
        assert_eq!(ids(&findings), expected, "{after}");
    }
    let outgoing =
        json!({"type": "egress", "cidr_blocks": ["0.0.0.0/0"], "from_port": 0, "to_port": 0, "protocol": "-1"});
    assert_eq!(found(vec![action(Verb::Create, "aws_security_group_rule", &outgoing)]), []);
}

#[test]
fn an_edited_rule_is_judged_with_the_ports_of_its_file() {
    for (port, expected) in [(22, vec![("open-to-the-world", Severity::Deny)]), (443, vec![])] {
        let text = format!(
            "resource \"aws_security_group_rule\" \"this\" {{\n  type = \"ingress\"\n  protocol = \"tcp\"\n  from_port = {port}\n  to_port = {port}\n}}\n"
        );
        let edit = action(Verb::Update, "aws_security_group_rule", &json!({"cidr_blocks": ["0.0.0.0/0"]}));
        let draft = draft(vec![file("main.tf", &text)]);
        let findings = Checks::shipped().judge(&environment(), &draft, &plan(vec![edit]));
        assert_eq!(ids(&findings), expected, "{port}");
    }
    let unseen = found(vec![action(Verb::Update, "aws_security_group_rule", &json!({"cidr_blocks": ["0.0.0.0/0"]}))]);
    assert_eq!(ids(&unseen), [("open-to-the-world", Severity::Warn)]);
}

#[test]
fn storage_in_the_clear_is_warned_of() {
    let warned = [("unencrypted-storage", Severity::Warn)];
    for (kind, after) in [
        ("aws_ebs_volume", json!({"encrypted": false})),
        ("aws_instance", json!({"root_block_device": [{"encrypted": false}]})),
        ("aws_db_instance", json!({"engine": "postgres"})),
    ] {
        assert_eq!(ids(&found(vec![action(Verb::Create, kind, &after)])), warned, "{kind}");
    }
    assert_eq!(found(vec![action(Verb::Create, "aws_db_instance", &json!({"storage_encrypted": true}))]), []);
    assert_eq!(found(vec![action(Verb::Create, "aws_ebs_volume", &json!({"encrypted": "(known after apply)"}))]), []);
    let mut off = action(Verb::Update, "aws_ebs_volume", &json!({}));
    let on = Some(Shown::Value("true".to_owned()));
    off.fields = vec![FieldChange { path: "/encrypted".to_owned(), before: on, after: None }];
    assert_eq!(ids(&found(vec![off])), warned);
}

#[test]
fn data_and_keys_that_go_are_named() {
    for (kind, id) in
        [("aws_s3_bucket", "data-loss"), ("aws_db_instance", "data-loss"), ("tls_private_key", "key-loss")]
    {
        for verb in [Verb::Delete, Verb::Replace] {
            let findings = found(vec![action(verb, kind, &json!({"storage_encrypted": true}))]);
            assert_eq!(ids(&findings), [(id, Severity::Warn)], "{kind}");
        }
    }
}

#[test]
fn what_changes_but_is_not_declared_is_denied() {
    let stranger = action(Verb::Create, "aws_iam_user", &json!({}));
    let declared = draft(vec![file("main.tf", "resource \"terraform_data\" \"this\" {}\n")]);
    let judged = |actions| Checks::shipped().judge(&environment(), &declared, &plan(actions));
    assert_eq!(ids(&judged(vec![stranger])), [("not-what-runs", Severity::Deny)]);
    let mut instance = action(Verb::Create, "terraform_data", &json!({}));
    instance.address = "terraform_data.this[\"a.b\"]".to_owned();
    assert_eq!(judged(vec![instance]), []);
    // What is no longer declared goes, by its name.
    assert_eq!(judged(vec![action(Verb::Delete, "terraform_data_of_before", &json!({}))]), []);
    let broken = draft(vec![file("main.tf", "resource {")]);
    assert_eq!(ids(&Checks::shipped().judge(&environment(), &broken, &plan(vec![]))), [("unreadable", Severity::Deny)]);
}

#[test]
fn secrets_in_hcl_are_denied_without_being_repeated() {
    let denied = |name: &str, text: &str| {
        let findings =
            Checks::shipped().judge(&environment(), &draft(vec![file(name, text), file("main.tf", "")]), &plan(vec![]));
        assert!(!format!("{findings:?}").contains("CANARY"), "{text}: repeated");
        assert!(findings.iter().all(|finding| finding.id == "secret-in-clear" && finding.severity == Severity::Deny));
        findings.iter().map(|finding| finding.facts["path"].clone()).collect::<Vec<_>>()
    };
    let key = "a = <<EOT\n-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----\nEOT\n";
    for (text, path) in [
        ("provider \"aws\" {\n  access_key = \"AKIACANARYCANARYCANA\"\n}\n", vec!["x.tf:2", "provider.aws.access_key"]),
        (
            "resource \"aws_db_instance\" \"this\" {\n  password = \"CANARY-9xKq2v\"\n}\n",
            vec!["resource.aws_db_instance.this.password"],
        ),
        ("variable \"db_password\" {\n  default = \"CANARY-9xKq2v\"\n}\n", vec!["variable.db_password"]),
        ("a = { name = \"DB_PASSWORD\", value = \"CANARY-9xKq2v\" }\n", vec!["a[DB_PASSWORD]"]),
        ("a = jsonencode({ API_TOKEN = \"CANARY-9xKq2v\" })\n", vec!["a.API_TOKEN"]),
        ("# ghp_CANARY8sjK2lq0ZmPw91xT\n", vec!["x.tf:1"]),
        (key, vec!["x.tf:2"]),
    ] {
        assert_eq!(denied("x.tf", text), path, "{text}");
    }
    assert_eq!(denied("terraform.tfvars", "db_password = \"CANARY-9xKq2v\"\n"), ["db_password"]);
    for fine in [
        "private_key_pem = tls_private_key.this.private_key_pem\n",
        "http_tokens = \"required\"\n",
        "password = var.password\n",
        "password = \"${var.password}\"\n",
        "variable \"password\" {\n  type = string\n  sensitive = true\n}\n",
    ] {
        assert_eq!(denied("x.tf", fine), Vec::<String>::new(), "{fine}");
    }
}

fn rooted(folder: &str, name: &str) -> Vec<Finding> {
    let terraform = TerraformAddress {
        program: None,
        providers: Providers::BuiltIn,
        majors: BTreeMap::new(),
        settings: BTreeMap::new(),
        backend: None,
        plan_credentials: BTreeMap::new(),
        credentials: BTreeMap::new(),
        ports: vec![],
        apply_seconds: 60,
        roots: BTreeMap::from([("network".to_owned(), PathBuf::from("/srv/network"))]),
    };
    let environment = Environment { terraform: Some(terraform), ..environment() };
    let mut draft = draft(vec![]);
    draft.component = format!("dev/roots/{name}").parse().unwrap();
    draft.content = Content::Root { folder: PathBuf::from(folder), files: vec![file("main.tf", "")] };
    Checks::shipped().judge(&environment, &draft, &plan(vec![]))
}

#[test]
fn a_root_is_applied_only_where_the_environment_names_its_folder() {
    assert_eq!(rooted("/srv/network", "network"), []);
    for (folder, name) in [("/srv/other", "other"), ("/srv/other/network", "network"), ("/srv/network", "dns")] {
        let findings = rooted(folder, name);
        assert_eq!(ids(&findings), [("root-unnamed", Severity::Deny)], "{folder}");
        assert_eq!((findings[0].facts["folder"].as_str(), findings[0].facts["environment"].as_str()), (folder, "dev"));
    }
}

proptest::proptest! {
    #[test]
    fn whatever_a_plan_says_the_judges_answer(address in ".*", path in "(/[^/]{0,8}){0,4}", value in ".*", text in ".*") {
        let mut odd = action(Verb::Create, "aws_s3_bucket_policy", &json!({"policy": text.clone()}));
        odd.fields.push(FieldChange { path, before: None, after: Some(Shown::Value(value)) });
        let mut stranger = odd.clone();
        stranger.address = address;
        for actions in [vec![odd], vec![stranger]] {
            let files = vec![file("main.tf", "resource \"aws_s3_bucket_policy\" \"this\" {}\n"), file("x.tf", &text)];
            let found = Checks::shipped().judge(&environment(), &draft(files), &plan(actions));
            proptest::prop_assert!(found.iter().all(|finding| finding.id != "judge-failed"));
        }
    }
}
