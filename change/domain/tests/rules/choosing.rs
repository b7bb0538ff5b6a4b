//! Which rule of approval a plan falls under: by kinds, deletes, templates, risk, components, and in which order.
//! Run on the domain's rules alone, with plans made of actions.
//! Must never let a rule of its own mind take what deletes, replaces or is severe.

use crate::samples::{action, plan};
use chopmark_domain::approval::{ApprovalRule, DecidedBy};
use chopmark_domain::ids::PolicyName;
use chopmark_domain::plan::{Plan, Verb};
use chopmark_domain::rights::Pattern;
use chopmark_domain::risk::Risk;
use chopmark_domain::rules::{About, ConditionalRule, Conditions, Rules};
use std::collections::BTreeSet;

/// A plan as a rule sees it; the rest of what there is to see is `Seen::default()`.
struct Seen<'a> {
    component: &'a str,
    template: Option<&'a str>,
    risk: Risk,
    actions: &'a [(&'a str, Verb)],
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self { component: "shop/cart", template: None, risk: Risk::Low, actions: &[("aws_s3_bucket", Verb::Update)] }
    }
}

const BUCKET: (&str, Verb) = ("aws_s3_bucket", Verb::Update);
const DELETE: (&str, Verb) = ("aws_db_instance", Verb::Delete);
const REPLACE: (&str, Verb) = ("aws_db_instance", Verb::Replace);

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::parse(text).unwrap()).collect()
}

fn special(name: &str, decided_by: DecidedBy, when: Conditions) -> ConditionalRule {
    let name = Some(PolicyName::parse(name).unwrap());
    ConditionalRule { when, rule: ApprovalRule { name, decided_by, ..ApprovalRule::default() } }
}

/// A rule that people meet.
fn asks(name: &str, when: Conditions) -> ConditionalRule {
    special(name, DecidedBy::People, when)
}

/// A rule that approves by itself.
fn approves(name: &str, when: Conditions) -> ConditionalRule {
    special(name, DecidedBy::TheRule, when)
}

/// The name of the rule that a plan of environment `dev` falls under; "usual" for the one without a name.
fn chosen(special: &[ConditionalRule], seen: &Seen<'_>) -> String {
    let rules = Rules { special: special.to_vec(), usual: ApprovalRule::default() };
    let plan: Plan = plan(seen.actions.iter().map(|(kind, verb)| action(kind, *verb)).collect());
    let path: chopmark_domain::component::ComponentId = format!("dev/{}", seen.component).parse().unwrap();
    let about = About {
        environment: &path.environment,
        component: &path.path,
        template: seen.template,
        risk: seen.risk,
        plan: &plan,
    };
    rules.rule_for(&about).name.as_ref().map_or_else(|| "usual".to_owned(), ToString::to_string)
}

/// Whether a rule with these conditions, which people meet, takes the plan from the usual one.
fn takes(when: &Conditions, seen: &Seen<'_>) -> bool {
    chosen(&[asks("special", when.clone())], seen) == "special"
}

#[test]
fn without_conditions_a_rule_takes_every_plan_and_without_rules_the_usual_one_does() {
    for actions in [&[][..], &[BUCKET], &[DELETE, REPLACE]] {
        for risk in [Risk::Low, Risk::Moderate, Risk::Severe] {
            let seen = Seen { risk, actions, ..Seen::default() };
            assert!(takes(&Conditions::default(), &seen), "{risk:?} {actions:?}");
            assert_eq!(chosen(&[], &seen), "usual");
        }
    }
}

#[test]
fn a_rule_people_meet_is_chosen_as_soon_as_one_action_is_of_its_kinds() {
    let databases = Conditions { kinds: patterns(&["aws_db_*", "aws_rds_cluster"]), ..Conditions::default() };
    let cases: [(&[(&str, Verb)], bool); 8] = [
        (&[("aws_db_instance", Verb::Update)], true),
        (&[BUCKET, ("aws_rds_cluster", Verb::Create)], true),
        (&[("aws_db_subnet_group", Verb::Delete), BUCKET], true),
        (&[BUCKET], false),
        (&[("aws_dynamodb_table", Verb::Delete)], false),
        (&[("AWS_DB_instance", Verb::Delete)], false),
        (&[BUCKET, ("aws_db_instance", Verb::Keep)], false),
        (&[], false),
    ];
    for (actions, expected) in cases {
        assert_eq!(takes(&databases, &Seen { actions, ..Seen::default() }), expected, "{actions:?}");
    }
}

#[test]
fn a_rule_that_approves_is_chosen_only_when_every_action_is_of_its_kinds() {
    let rules = [approves("buckets", Conditions { kinds: patterns(&["aws_s3_*"]), ..Conditions::default() })];
    let cases: [(&[(&str, Verb)], &str); 4] = [
        (&[BUCKET, ("aws_s3_object", Verb::Create)], "buckets"),
        (&[BUCKET, ("aws_db_instance", Verb::Keep)], "buckets"),
        (&[BUCKET, ("aws_db_instance", Verb::Update)], "usual"),
        (&[("aws_db_instance", Verb::Update)], "usual"),
    ];
    for (actions, expected) in cases {
        assert_eq!(chosen(&rules, &Seen { actions, ..Seen::default() }), expected, "{actions:?}");
    }
}

#[test]
fn a_rule_is_chosen_by_how_much_is_deleted_and_a_replacement_is_a_delete() {
    let least = |least| Conditions { at_least_deletes: Some(least), ..Conditions::default() };
    let most = |most| Conditions { at_most_deletes: Some(most), ..Conditions::default() };
    let cases: [(&[(&str, Verb)], u32); 5] = [
        (&[], 0),
        (&[BUCKET, ("aws_s3_object", Verb::Create), ("aws_iam_role", Verb::Keep)], 0),
        (&[DELETE, BUCKET], 1),
        (&[REPLACE], 1),
        (&[REPLACE, DELETE, BUCKET], 2),
    ];
    for (actions, deletes) in cases {
        let seen = Seen { actions, ..Seen::default() };
        for bound in 0..=3 {
            assert_eq!(takes(&least(bound), &seen), deletes >= bound, "at least {bound}: {actions:?}");
            assert_eq!(takes(&most(bound), &seen), deletes <= bound, "at most {bound}: {actions:?}");
            let exactly = Conditions { at_most_deletes: Some(bound), ..least(bound) };
            assert_eq!(takes(&exactly, &seen), deletes == bound, "exactly {bound}: {actions:?}");
        }
    }
}

#[test]
fn a_rule_is_chosen_by_template_and_never_for_what_no_template_made() {
    let aws = Conditions { templates: patterns(&["aws/*", "kubernetes/web-service"]), ..Conditions::default() };
    for (template, expected) in [
        (Some("aws/object-bucket"), true),
        (Some("kubernetes/web-service"), true),
        (Some("kubernetes/web-services"), false),
        (Some("kubernetes/cron-job"), false),
        (Some("awsome/object-bucket"), false),
        (Some("web-service"), false),
        (None, false),
    ] {
        assert_eq!(takes(&aws, &Seen { template, ..Seen::default() }), expected, "{template:?}");
    }
    let any = Conditions { templates: patterns(&["*"]), ..Conditions::default() };
    assert!(!takes(&any, &Seen::default()), "a pattern is for names, and this plan has none");
}

#[test]
fn a_rule_is_chosen_by_risk_in_exactly_the_classes_it_names() {
    let all = [Risk::Low, Risk::Moderate, Risk::Severe];
    for wanted in [&[Risk::Low][..], &[Risk::Severe], &[Risk::Moderate, Risk::Severe], &all] {
        let when = Conditions { risks: wanted.iter().copied().collect(), ..Conditions::default() };
        for risk in all {
            let seen = Seen { risk, ..Seen::default() };
            assert_eq!(takes(&when, &seen), wanted.contains(&risk), "{wanted:?}: {risk:?}");
        }
    }
}

#[test]
fn a_rule_is_chosen_by_component_with_the_environment_before_it() {
    for (pattern, component, expected) in [
        ("dev/shop/cart", "shop/cart", true),
        ("dev/shop/*", "shop/cart", true),
        ("*/shop/*", "shop/cart", true),
        ("*/*/cart", "shop/cart", true),
        ("dev/*", "shop/cart", true),
        ("dev/shop/cart", "shop/carts", false),
        ("prod/shop/*", "shop/cart", false),
        ("shop/cart", "shop/cart", false),
        ("dev/sho", "shop/cart", false),
    ] {
        let when = Conditions { components: patterns(&[pattern]), ..Conditions::default() };
        assert_eq!(takes(&when, &Seen { component, ..Seen::default() }), expected, "{pattern}: {component}");
    }
}

#[test]
fn all_conditions_are_needed_together() {
    let all = Conditions {
        risks: BTreeSet::from([Risk::Severe]),
        kinds: patterns(&["aws_db_*"]),
        at_least_deletes: Some(1),
        at_most_deletes: Some(2),
        components: patterns(&["dev/shop/*"]),
        templates: patterns(&["aws/*"]),
    };
    let fits = || Seen {
        component: "shop/cart",
        template: Some("aws/database"),
        risk: Risk::Severe,
        actions: &[("aws_db_instance", Verb::Replace)],
    };
    assert!(takes(&all, &fits()));
    let missing = [
        ("risk", Seen { risk: Risk::Moderate, ..fits() }),
        ("kind", Seen { actions: &[("aws_s3_bucket", Verb::Delete)], ..fits() }),
        ("too few deletes", Seen { actions: &[("aws_db_instance", Verb::Update)], ..fits() }),
        ("too many deletes", Seen { actions: &[DELETE, DELETE, REPLACE], ..fits() }),
        ("component", Seen { component: "bank/cart", ..fits() }),
        ("template", Seen { template: Some("kubernetes/web-service"), ..fits() }),
        ("no template", Seen { template: None, ..fits() }),
    ];
    for (what, seen) in missing {
        assert!(!takes(&all, &seen), "{what}");
    }
}

#[test]
fn the_first_rule_that_fits_is_chosen_and_the_usual_one_comes_last() {
    let severe = asks("severe", Conditions { risks: BTreeSet::from([Risk::Severe]), ..Conditions::default() });
    let deletes = asks("deletes", Conditions { at_least_deletes: Some(1), ..Conditions::default() });
    let shop = asks("shop", Conditions { components: patterns(&["dev/shop/*"]), ..Conditions::default() });
    let both = Seen { risk: Risk::Severe, actions: &[DELETE], ..Seen::default() };
    let order = [severe.clone(), deletes.clone(), shop.clone()];
    assert_eq!(chosen(&order, &both), "severe");
    assert_eq!(chosen(&[deletes, shop, severe], &both), "deletes", "the order written is what counts");
    assert_eq!(chosen(&order, &Seen { actions: &[DELETE], ..Seen::default() }), "deletes");
    assert_eq!(chosen(&order, &Seen::default()), "shop");
    assert_eq!(chosen(&order, &Seen { component: "bank/vault", ..Seen::default() }), "usual");
    let all: Vec<_> = Rules { special: order.to_vec(), usual: ApprovalRule::default() }
        .all()
        .map(|rule| rule.name.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(all, [Some("severe".to_owned()), Some("deletes".to_owned()), Some("shop".to_owned()), None]);
}

#[test]
fn a_rule_that_approves_never_takes_what_is_severe_or_deletes_whatever_it_says() {
    // What configuration refuses to load: here it is asked what would happen if it did not.
    let every = Conditions {
        risks: BTreeSet::from([Risk::Low, Risk::Moderate, Risk::Severe]),
        kinds: patterns(&["*"]),
        ..Conditions::default()
    };
    let wanted = Conditions { at_least_deletes: Some(1), ..Conditions::default() };
    for when in [Conditions::default(), every, wanted.clone()] {
        let rules = [approves("itself", when)];
        for actions in [&[DELETE][..], &[REPLACE], &[BUCKET, DELETE], &[BUCKET, REPLACE]] {
            for risk in [Risk::Low, Risk::Severe] {
                let seen = Seen { risk, actions, ..Seen::default() };
                assert_eq!(chosen(&rules, &seen), "usual", "{risk:?} {actions:?}");
            }
        }
        let severe = Seen { risk: Risk::Severe, ..Seen::default() };
        assert_eq!(chosen(&rules, &severe), "usual");
    }
    let itself = approves("itself", Conditions::default());
    assert_eq!(chosen(std::slice::from_ref(&itself), &Seen { risk: Risk::Moderate, ..Seen::default() }), "itself");
    let next = [itself, asks("people", wanted)];
    assert_eq!(chosen(&next, &Seen { actions: &[DELETE], ..Seen::default() }), "people", "the next that fits decides");
}
