//! Changes of Terraform: a bucket made, a replacement, a reconcile, an existing root.
//! Used by every test of this crate through the kit.
//! Must never use chance or the clock: what is drawn is recorded.

use super::{action, field, json, number, step, template, waiting};
use chopmark_domain::component::{ComponentFile, ComponentId, TemplatePin};
use chopmark_domain::draft::{Action, Content, WayBack};
use chopmark_domain::facts::{ChangeFile, Drift};
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::{Caveat, ResourceAction, Shown, Verb};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Sourced};
use std::collections::BTreeMap;

fn hidden(mark: &str) -> Option<Shown> {
    Some(Shown::Hidden(mark.into()))
}

fn of(mut file: ChangeFile, component: &str) -> ChangeFile {
    let component: ComponentId = component.parse().unwrap();
    file.change.component = component.clone();
    file.record.proposal.component = component.clone();
    file.record.draft.component = component;
    file
}

fn content(origin: Origin) -> Content {
    let value = |value: Literal, origin| Sourced { value, origin };
    Content::Component {
        template: TemplatePin { name: template("object-storage"), version: 1, digest: "0".repeat(64) },
        values: BTreeMap::from([
            ("bucket".to_owned(), value("reports".into(), Origin::Said)),
            ("versioning".to_owned(), value(Literal::Bool(true), origin)),
        ]),
        files: vec![ComponentFile { name: "main.tf".into(), text: "resource \"aws_s3_bucket\" \"this\" {}\n".into() }],
    }
}

/// An edit of a bucket that must be made anew, with hidden values, a long list and outputs.
pub(crate) fn bucket() -> ChangeFile {
    let mut replaced = action(
        Verb::Replace,
        "aws_s3_bucket",
        "aws_s3_bucket.this",
        vec![
            field("/bucket", Some(json("reports")), Some(json("reports-2026"))),
            field("/tags/secret", hidden("3f2a91aa"), hidden("77b0c2bb")),
            field("/tags/same", hidden("3f2a91aa"), hidden("3f2a91aa")),
            field("/arn", Some(json("arn:aws:s3:::reports")), Some(json("(known after apply)"))),
        ],
    );
    replaced.because = Some("bucket".into());
    let mut actions: Vec<ResourceAction> = (0..12)
        .map(|i| {
            action(
                Verb::Update,
                "aws_s3_object",
                &format!("aws_s3_object.page[{i}]"),
                vec![field("/n", Some(number(i)), Some(number(i + 1)))],
            )
        })
        .collect();
    actions.push(action(Verb::Delete, "aws_s3_bucket_policy", "aws_s3_bucket_policy.old", vec![]));
    actions.push(replaced);
    let mut step = step("terraform", "local:state", actions);
    step.outputs = vec![
        field("bucket", Some(json("reports")), Some(json("reports-2026"))),
        field("key", hidden("00aa11"), hidden("00bb22")),
    ];
    step.caveats = vec![Caveat { key: "caveat-reduced-isolation".into(), about: "terraform".into() }];
    let mut file = of(waiting(Action::Edit, vec![step]), "dev/main/reports");
    file.record.draft.content = content(Origin::Model);
    file.record.draft.way_back = WayBack::NotEverything("data".into());
    file
}

/// The bucket brought back after somebody suspended its versioning and removed its policy.
pub(crate) fn reconcile() -> ChangeFile {
    let mut file =
        of(waiting(Action::Reconcile, vec![step("terraform", "local:state", changed())]), "dev/main/reports");
    file.record.draft.content = content(Origin::Kept);
    file.record.proposal.intent = Intent::Reconcile;
    file
}

/// The suspended versioning kept: nothing moves but what is committed.
pub(crate) fn adopted() -> ChangeFile {
    let file = field("text", Some(json("versioning = true\n")), Some(json("versioning = false\n")));
    let git = step("git", "repository", vec![action(Verb::Update, "file", "main/reports/component.toml", vec![file])]);
    let mut file = of(waiting(Action::Edit, vec![git, step("terraform", "local:state", vec![])]), "dev/main/reports");
    file.record.draft.content = content(Origin::Found);
    file
}

/// What differs of the bucket.
fn changed() -> Vec<ResourceAction> {
    vec![
        action(
            Verb::Update,
            "aws_s3_bucket_versioning",
            "aws_s3_bucket_versioning.this",
            vec![field("/versioning_configuration/0/status", Some(json("Suspended")), Some(json("Enabled")))],
        ),
        action(
            Verb::Create,
            "aws_s3_bucket_policy",
            "aws_s3_bucket_policy.this",
            vec![field("/policy", None, Some(json("{}")))],
        ),
    ]
}

/// A folder that somebody else wrote, with a local module.
pub(crate) fn root() -> ChangeFile {
    let actions = vec![action(
        Verb::Create,
        "terraform_data",
        "module.vpc.terraform_data.net",
        vec![field("/input", None, Some(json("10.0.0.0/16")))],
    )];
    let mut file =
        of(waiting(Action::Root, vec![step("terraform", "local:/infra/network", actions)]), "dev/roots/network");
    let text = |name: &str, text: &str| ComponentFile { name: name.into(), text: text.into() };
    file.record.draft.content = Content::Root {
        folder: "/infra/network".into(),
        files: vec![
            text("main.tf", "module \"vpc\" {\n  source = \"./modules/vpc\"\n}\n"),
            text("modules/vpc/main.tf", "resource \"terraform_data\" \"net\" {\n  input = \"10.0.0.0/16\"\n}\n"),
            text("prod.auto.tfvars", "size = 3\n"),
        ],
    };
    file.record.draft.way_back = WayBack::NotEverything("root".into());
    file.record.proposal.intent = Intent::Root { folder: "/infra/network".into() };
    file
}

/// What somebody finds who asks what drifted.
pub(crate) fn drifted() -> Vec<Drift> {
    let of = |component: &str, actions, problem| Drift { component: component.parse().unwrap(), actions, problem };
    let locked = Problem::new(Code::StateLocked).with("holder", "ann@laptop").with("id", "7f3k");
    let foreign = action(Verb::Delete, "terraform_data", "terraform_data.other", vec![]);
    vec![
        of("dev/main/reports", changed(), None),
        of("dev/roots/network", vec![foreign], None),
        of("dev/main/dns", vec![], Some(locked)),
        of("dev/main/notes", vec![], None),
        of("dev/shop/cart", vec![], None),
    ]
}
