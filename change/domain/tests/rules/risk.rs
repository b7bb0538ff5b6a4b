//! The class of a plan, from its parsed actions alone.
//! Run on the domain's classification.
//! Must never call a kind low that nobody has thought about.

use crate::samples::{action, plan};
use chopmark_domain::plan::Verb;
use chopmark_domain::risk::{Risk, classify};
use proptest::prelude::*;

const KINDS: [&str; 6] = ["Deployment", "file", "Secret", "Namespace", "ClusterRoleBinding", "Widget"];
const VERBS: [Verb; 6] = [Verb::Create, Verb::Update, Verb::Replace, Verb::Delete, Verb::TakeOver, Verb::Keep];

#[test]
fn kind_and_verb_make_the_class() {
    use Risk::{Low, Moderate, Severe};
    let table = [
        ("Deployment", [Low, Low, Severe, Severe, Moderate, Low]),
        ("file", [Low, Low, Severe, Severe, Moderate, Low]),
        ("Secret", [Moderate, Moderate, Severe, Severe, Moderate, Low]),
        ("Namespace", [Low, Moderate, Severe, Severe, Moderate, Low]),
        ("ClusterRoleBinding", [Severe, Severe, Severe, Severe, Moderate, Low]),
        ("Widget", [Severe, Severe, Severe, Severe, Moderate, Low]),
        ("terraform_data", [Low, Low, Severe, Severe, Moderate, Low]),
        ("random_password", [Low, Low, Severe, Severe, Moderate, Low]),
        ("tls_private_key", [Moderate, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_s3_bucket", [Low, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_s3_bucket_policy", [Moderate, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_instance", [Low, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_vpc", [Low, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_security_group_rule", [Moderate, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_route53_record", [Moderate, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_iam_role_policy", [Moderate, Moderate, Severe, Severe, Moderate, Low]),
        ("aws_iam_access_key", [Severe, Severe, Severe, Severe, Moderate, Low]),
    ];
    for (kind, risks) in table {
        for (verb, expected) in VERBS.into_iter().zip(risks) {
            let (risk, reasons) = classify(&plan(vec![action(kind, verb)]));
            assert_eq!(risk, expected, "{verb:?} {kind}");
            assert_eq!(reasons.len(), usize::from(expected != Low), "{reasons:?}");
            assert!(reasons.iter().all(|reason| reason.risk == expected && reason.about.starts_with(kind)));
        }
    }
}

#[test]
fn a_plan_is_as_severe_as_its_worst_action_and_names_it_first() {
    let all = plan(vec![
        action("Deployment", Verb::Update),
        action("Secret", Verb::Create),
        action("Widget", Verb::Create),
        action("Deployment", Verb::TakeOver),
    ]);
    let (risk, reasons) = classify(&all);
    assert_eq!(risk, Risk::Severe);
    let about: Vec<_> = reasons.iter().map(|reason| (reason.risk, reason.about.as_str())).collect();
    let expected = [
        (Risk::Severe, "Widget/shop/cart"),
        (Risk::Moderate, "Secret/shop/cart"),
        (Risk::Moderate, "Deployment/shop/cart"),
    ];
    assert_eq!(about, expected);
    assert_eq!(classify(&plan(vec![])).0, Risk::Low);
}

proptest! {
    #[test]
    fn an_unknown_kind_is_severe_whatever_it_is_called(kind in "\\PC{0,40}") {
        // Every known kind is one word that begins with a letter; a mark that none has makes a stranger of any.
        let kind = format!("{kind}\u{2020}");
        for verb in [Verb::Create, Verb::Update, Verb::Replace, Verb::Delete] {
            prop_assert_eq!(classify(&plan(vec![action(&kind, verb)])).0, Risk::Severe);
        }
    }

    #[test]
    fn another_action_never_lowers_the_class(picks in proptest::collection::vec((0_usize..6, 0_usize..6), 1..8)) {
        let actions: Vec<_> = picks.iter().map(|(kind, verb)| action(KINDS[*kind], VERBS[*verb])).collect();
        let mut worst = Risk::Low;
        for count in 1..=actions.len() {
            let risk = classify(&plan(actions[..count].to_vec())).0;
            prop_assert!(risk >= worst);
            worst = risk;
        }
        let most = actions.iter().map(|action| classify(&plan(vec![action.clone()])).0).max();
        prop_assert_eq!(Some(worst), most);
    }
}
