//! The draft of a web service: rendered, parsed back, compared, within a millisecond.
//! Calls the catalogue as the engine does.
//! Must never measure a first call: templates are compiled once.

use super::{median, milliseconds, timed};
use chopmark_catalog::Catalog;
use chopmark_domain::approval::{ApprovalRule, SelfApproval};
use chopmark_domain::component::{ComponentId, ComponentPath};
use chopmark_domain::environment::{Environment, Mode, RepositoryAddress};
use chopmark_domain::ids::{EnvironmentName, TemplateName};
use chopmark_domain::literal::Literal;
use chopmark_domain::ports::Drafter;
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::rendered;
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

/// Measures and prints; the bound that is broken, if any.
pub(crate) fn bench() -> Option<String> {
    let loading = timed(|| drop(black_box(Catalog::shipped())));
    let catalog = Catalog::shipped().expect("the shipped templates load");
    let (proposal, environment) = (proposal(), environment(&catalog));
    let draft = || catalog.draft(&proposal, &environment, None, None).expect("a web service is drafted");
    let drafted = draft();
    let parse = || rendered::objects(drafted.files()).expect("it parses");
    let objects = parse();
    let each = |work: &dyn Fn()| median((0..501).map(|_| timed(work)).collect());
    let whole = each(&|| drop(black_box(draft())));
    // Every file is parsed twice: with markers in the values' places, and as it will stand.
    let parsing = each(&|| drop(black_box((parse(), parse()))));
    let comparing = each(&|| {
        black_box(objects == objects.clone());
    });
    let rendering = whole.saturating_sub(parsing + comparing);
    let share = |part: Duration| 100.0 * part.as_secs_f64() / whole.as_secs_f64();
    println!("draft of a web-service: {:.3} ms (goal: under 1), {} files", milliseconds(whole), drafted.files().len());
    println!(
        "  values, render and manifest {:.0} %, parse back {:.0} %, compare {:.0} %",
        share(rendering),
        share(parsing),
        share(comparing)
    );
    println!("  loading and trying the whole catalogue, once: {:.1} ms", milliseconds(loading));
    (whole > Duration::from_millis(1)).then(|| format!("a draft takes {whole:?}"))
}

fn proposal() -> Proposal {
    let said = |value: Literal| Sourced { value, origin: Origin::Said };
    let values = BTreeMap::from([
        ("image".to_owned(), said(Literal::from("nginx:1.27"))),
        ("replicas".to_owned(), said(Literal::Integer(2))),
    ]);
    Proposal {
        component: ComponentId {
            environment: EnvironmentName::parse("local").unwrap(),
            path: ComponentPath::new("shop", "cart").unwrap(),
        },
        environment_origin: Origin::Default,
        group_origin: Origin::Said,
        intent: Intent::Create { template: TemplateName::parse("web-service").unwrap(), values },
        revises: None,
    }
}

fn environment(catalog: &Catalog) -> Environment {
    Environment {
        name: EnvironmentName::parse("local").unwrap(),
        mode: Mode::Gitops,
        repository: RepositoryAddress {
            path: PathBuf::from("repository"),
            branch: "main".to_owned(),
            folder: String::new(),
            remote: None,
        },
        cluster: None,
        terraform: None,
        disclosure: chopmark_domain::environment::Disclosure::Allowed,
        rules: ApprovalRule {
            approvers: BTreeSet::new(),
            needed: 1,
            self_approval: SelfApproval::Allowed,
            expires_after_seconds: 60,
            written_at: String::new(),
            ..ApprovalRule::default()
        }
        .into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects: chopmark_domain::policy::Effects::Allowed,
        templates: catalog.templates().map(|template| template.name.clone()).collect(),
    }
}
