//! What the judges say of drafts that should pass, and of those that should not.
//! Run by `cargo test`.
//! Must never let a finding repeat the value it found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::component::{ComponentFile, TemplatePin};
use chopmark_domain::draft::{Action, Content, Verify, WayBack};
use chopmark_domain::environment::{Mode, RepositoryAddress};
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{Program, ResourceAction, Step, Verb};
use chopmark_domain::proposal::ObjectReference;
use serde_json::{Value, json};

pub(crate) fn environment() -> Environment {
    let rule = ApprovalRule {
        approvers: std::collections::BTreeSet::new(),
        needed: 1,
        self_approval: SelfApproval::Forbidden,
        expires_after_seconds: 60,
        written_at: String::new(),
        ..ApprovalRule::default()
    };
    let repository = RepositoryAddress { path: "/".into(), branch: "main".into(), folder: String::new(), remote: None };
    let name = "dev".parse().unwrap();
    Environment {
        name,
        mode: Mode::Apply,
        repository,
        cluster: None,
        terraform: None,
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: rule.into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: vec![],
    }
}

fn draft(component: &str, object: &Value) -> Draft {
    let file = ComponentFile { name: "object.yaml".into(), text: object.to_string() };
    Draft {
        component: component.parse().unwrap(),
        action: Action::Create,
        content: Content::Component {
            template: TemplatePin { name: "thing".parse().unwrap(), version: 1, digest: String::new() },
            values: BTreeMap::new(),
            files: vec![file],
        },
        verify: Verify::Exists,
        way_back: WayBack::PreviousVersion,
    }
}

fn said(component: &str, object: &Value) -> Vec<(String, Severity)> {
    let plan = Plan { mode: Mode::Apply, steps: vec![] };
    let findings = Checks::shipped().judge(&environment(), &draft(component, object), &plan);
    assert!(!format!("{findings:?}").contains("CANARY"), "a finding repeats the value it found");
    findings.into_iter().map(|finding| (finding.id, finding.severity)).collect()
}

fn deployment(pod: &Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"template": {"spec": pod}}})
}

fn container(more: &Value) -> Value {
    let mut container = json!({"name": "cart", "image": "localhost/web:1"});
    container.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    deployment(&json!({"containers": [container]}))
}

#[test]
fn a_plain_deployment_passes() {
    assert_eq!(said("dev/shop/cart", &container(&json!({}))), []);
}

#[test]
fn secrets_in_clear_are_denied_without_being_repeated() {
    let key = "-----BEGIN PRIVATE KEY-----\nCANARYa8f3\n-----END PRIVATE KEY-----";
    for (name, value) in [("DB_PASSWORD", "CANARY9xKq2vLpZr7"), ("X", key), ("Y", "ghp_CANARY8sjK2lq0ZmPw91xT")] {
        let object = container(&json!({"env": [{"name": name, "value": value}]}));
        assert_eq!(said("dev/shop/cart", &object), [("secret-in-clear".to_owned(), Severity::Deny)], "{name}");
    }
    for (name, value) in [("DB_PASSWORD", "env:DB_PASSWORD"), ("TOKEN_TTL", "15m"), ("GREETING", "AKIA is a prefix")] {
        let object = container(&json!({"env": [{"name": name, "value": value}]}));
        assert_eq!(said("dev/shop/cart", &object), [], "{name}");
    }
}

#[test]
fn objects_stay_in_their_components_namespace() {
    let denied = [("namespace-escape".to_owned(), Severity::Deny)];
    let map = |namespace: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": namespace}});
    assert_eq!(said("dev/shop/cart", &map("shop")), []);
    assert_eq!(said("dev/shop/cart", &map("kube-system")), denied);
    assert_eq!(said("dev/cluster/shop", &map("shop")), []);
    assert_eq!(said("dev/cluster/shop", &map("bank")), denied);
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "x"}});
    assert_eq!(said("dev/shop/cart", &role), denied);
}

#[test]
fn pods_that_reach_their_node_are_denied() {
    let pods = [
        json!({"containers": [{"image": "a:1"}], "hostNetwork": true}),
        json!({"containers": [{"image": "a:1"}], "volumes": [{"name": "x", "hostPath": {"path": "/"}}]}),
        json!({"containers": [{"image": "a:1"}], "initContainers": [{"image": "a:1", "securityContext": {"privileged": true}}]}),
    ];
    for pod in pods {
        assert_eq!(said("dev/shop/cart", &deployment(&pod)), [("node-access".to_owned(), Severity::Deny)]);
    }
}

#[test]
fn tags_that_move_are_warned_of() {
    for (image, floats) in [
        ("nginx", true),
        ("nginx:latest", true),
        ("localhost:5000/web", true),
        ("nginx:1.27", false),
        ("a@sha256:00", false),
    ] {
        let found = said("dev/shop/cart", &container(&json!({"image": image})));
        assert_eq!(found.iter().any(|(id, _)| id == "floating-tag"), floats, "{image}");
    }
}

fn step(instructions: &Value, actions: Vec<ResourceAction>) -> Plan {
    let step = Step {
        runner: "kubernetes".parse().unwrap(),
        target: String::new(),
        preconditions: vec![],
        instructions: instructions.to_string(),
        program: Program { name: String::new(), version: String::new(), digest: None },
        actions,
        outputs: vec![],
        caveats: vec![],
    };
    Plan { mode: Mode::Apply, steps: vec![step] }
}

#[test]
fn what_takes_data_with_it_and_many_deletes_are_named() {
    let delete = |n: usize| ResourceAction {
        address: format!("PersistentVolumeClaim/shop/{n}"),
        kind: if n == 0 { "PersistentVolumeClaim".into() } else { "ConfigMap".into() },
        verb: Verb::Delete,
        fields: vec![],
        because: None,
    };
    let object = container(&json!({}));
    let plan = step(&json!({"objects": [object]}), (0..10).map(delete).collect());
    let found = Checks::shipped().judge(&environment(), &draft("dev/shop/cart", &object), &plan);
    let ids: Vec<_> = found.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids, ["data-loss", "many-deletes"]);
}

#[test]
fn objects_that_run_but_were_not_rendered_are_denied() {
    let (shown, sent) = (container(&json!({})), container(&json!({"image": "localhost/other:1"})));
    for instructions in [json!({"objects": [sent]}), json!({"objects": []}), json!("nothing")] {
        let plan = step(&instructions, vec![]);
        let found = Checks::shipped().judge(&environment(), &draft("dev/shop/cart", &shown), &plan);
        assert_eq!((found[0].id.as_str(), found[0].severity), ("not-what-runs", Severity::Deny));
    }
}

#[test]
fn a_secret_by_reference_passes_with_the_digest_the_runner_adds() {
    let references = r#"{"password":"env:DB_PASSWORD"}"#;
    let secret = |annotations: Value| {
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop",
            "annotations": annotations}, "type": "Opaque"})
    };
    let rendered = secret(json!({"chopmark.io/secret-references": references}));
    let sent = secret(json!({"chopmark.io/secret-references": references, "chopmark.io/secret-digest": "{}"}));
    let plan = step(&json!({"objects": [sent]}), vec![]);
    assert_eq!(Checks::shipped().judge(&environment(), &draft("dev/shop/db", &rendered), &plan), []);
    let clear = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"},
        "stringData": {"a": "CANARY"}});
    assert_eq!(said("dev/shop/db", &clear), [("secret-in-clear".to_owned(), Severity::Deny)]);
}

#[test]
fn a_patch_is_judged_by_what_it_sets() {
    let mut draft = draft("dev/shop/cart", &json!({}));
    let object = ObjectReference {
        api_version: "apps/v1".into(),
        kind: "Deployment".into(),
        namespace: Some("shop".into()),
        name: "cart".into(),
    };
    for (pointer, value, id) in [
        ("/spec/template/spec/hostNetwork", Literal::Bool(true), "node-access"),
        ("/spec/template/spec/containers/0/securityContext/privileged", Literal::Bool(true), "node-access"),
        ("/spec/template/spec/containers/0/image", Literal::from("nginx:latest"), "floating-tag"),
        (
            "/spec/template/spec/containers/0/env/0/value",
            Literal::from("ghp_CANARY8sjK2lq0ZmPw91xT"),
            "secret-in-clear",
        ),
    ] {
        let fields = BTreeMap::from([(pointer.to_owned(), Some(value))]);
        draft.content = Content::Fields { object: object.clone(), fields };
        let found = Checks::shipped().judge(&environment(), &draft, &step(&json!({}), vec![]));
        assert_eq!(found.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>(), [id], "{pointer}");
    }
}

#[test]
fn what_cannot_be_read_strictly_is_denied() {
    let mut draft = draft("dev/shop/cart", &container(&json!({})));
    let Content::Component { files, .. } = &mut draft.content else { unreachable!() };
    files[0].text = "a: &x 1\nb: *x\n".into();
    let found = Checks::shipped().judge(&environment(), &draft, &Plan { mode: Mode::Apply, steps: vec![] });
    assert_eq!((found[0].id.as_str(), found[0].severity), ("unreadable", Severity::Deny));
}

#[test]
fn a_judge_that_panics_denies() {
    let (draft, plan) = (draft("dev/shop/cart", &container(&json!({}))), Plan { mode: Mode::Apply, steps: vec![] });
    let environment = environment();
    let case = Case::new(&environment, &draft, &plan).unwrap();
    let broken = Judge { name: "broken", version: 1, verdict: |_| unreachable!("broken on purpose") };
    assert_eq!(heard(&broken, &case)[0].severity, Severity::Deny);
}

proptest::proptest! {
    #[test]
    fn whatever_a_value_holds_the_judges_answer(text in ".*", key in "[a-zA-Z_]{1,20}") {
        let object = container(&json!({"env": [{"name": key, "value": text}], "image": text}));
        let plan = step(&json!({"objects": [object.clone()]}), vec![]);
        let found = Checks::shipped().judge(&environment(), &draft("dev/shop/cart", &object), &plan);
        proptest::prop_assert!(found.iter().all(|finding| finding.id != "judge-failed"));
    }
}
