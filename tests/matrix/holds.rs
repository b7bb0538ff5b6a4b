//! What holds a change: hold x exception x moment x question, as the domain answers.
//! Reads the domain's holds alone.
//! Must never skip a combination.

use super::recorded;
use chopmark_domain::calendar::{Freeze, FreezeException, Span, Start, When, Zone};
use chopmark_domain::environment::{Disclosure, Environment, Mode, RepositoryAddress};
use chopmark_domain::grounds::Subject;
use chopmark_domain::halt::Halt;
use chopmark_domain::holds::{Hold, Looked, Pass};
use chopmark_domain::ids::Role;
use chopmark_domain::policy::{Effects, Policy};
use chopmark_domain::rights::Pattern;
use chopmark_domain::time::Timestamp;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The freeze goes from 300 to 600; the start's times are around it; the plan expires at 900.
const FREEZE: Span = Span { from: Timestamp(300), until: Timestamp(600) };
const EXPIRES: Timestamp = Timestamp(900);
const MOMENTS: [i64; 5] = [100, 300, 450, 600, 800];

fn environment(effects: Effects) -> Environment {
    Environment {
        name: "prod".parse().unwrap(),
        mode: Mode::Gitops,
        repository: RepositoryAddress { path: "/".into(), branch: "main".into(), folder: String::new(), remote: None },
        cluster: None,
        terraform: None,
        disclosure: Disclosure::Never,
        rules: chopmark_domain::approval::ApprovalRule::default().into(),
        windows: chopmark_domain::calendar::Windows::default(),
        effects,
        templates: vec![],
    }
}

fn exception(components: &[&str], templates: &[&str], approved_by: &[&str]) -> FreezeException {
    let patterns = |texts: &[&str]| texts.iter().map(|text| Pattern::parse(text).unwrap()).collect();
    FreezeException {
        name: "incident".parse().unwrap(),
        components: patterns(components),
        templates: patterns(templates),
        approved_by: roles(approved_by),
    }
}

fn roles(names: &[&str]) -> BTreeSet<Role> {
    names.iter().map(|name| Role::parse(name).unwrap()).collect()
}

/// One letter for each answer; the table's head says which.
fn letter(answer: Result<Vec<Pass>, Hold>) -> char {
    match answer {
        Ok(passes) if passes.is_empty() => 'y',
        Ok(_) => 'E',
        Err(Hold::Halted(_)) => 'S',
        Err(Hold::ReadOnly(None)) => 'R',
        Err(Hold::ReadOnly(Some(_))) => 'r',
        Err(Hold::Frozen { .. }) => 'F',
        Err(Hold::NotYet { .. }) => 'w',
        Err(Hold::Missed { .. }) => 'm',
        Err(Hold::TooLate { .. }) => 'x',
    }
}

const HEAD: &str = "\
A freeze from 300 to 600, a plan that expires at 900. Each row: a time to start, then whether it may be approved and
whether it may start, each before the freeze (100), at its first moment (300), in it (450), at its end (600), and long
after (800).
y yes; E yes, by the exception's name; F frozen; S stop switch; R read-only install; r read-only environment;
w waits for its time; m its time is over; x the plan expires before its time.
";

#[test]
fn every_hold_at_every_moment_with_every_exception_is_recorded() {
    let within = |from, until| Start::Within {
        window: Some("nightly".parse().unwrap()),
        span: Span { from: Timestamp(from), until: Timestamp(until) },
        zone: Zone::utc(),
    };
    let starts = [
        ("at once", Start::AtOnce),
        ("before the freeze (50-250)", within(50, 250)),
        ("in the freeze (400-500)", within(400, 500)),
        ("from the freeze on (500-700)", within(500, 700)),
        ("after the freeze (650-850)", within(650, 850)),
        ("after the expiry (950-1000)", within(950, 1000)),
    ];
    let exceptions = [
        ("none", vec![]),
        ("another component", vec![exception(&["prod/bank/*"], &[], &[])]),
        ("this component", vec![exception(&["prod/shop/*"], &[], &[])]),
        ("another template", vec![exception(&[], &["aws/*"], &[])]),
        ("this template", vec![exception(&[], &["kubernetes/*"], &[])]),
        ("this component by on-call", vec![exception(&["prod/shop/*"], &[], &["on-call"])]),
    ];
    let stops = [("nothing else", 0), ("stop switch", 1), ("read-only install", 2), ("read-only environment", 3)];
    let subject = Subject {
        component: "prod/shop/cart".parse().unwrap(),
        template: Some(("kubernetes".to_owned(), "web-service".parse().unwrap())),
    };
    let halt = Halt { by: "terminal:1".parse().unwrap(), why: None, at: Timestamp(1) };
    let mut text = HEAD.to_owned();
    for (stop, number) in stops {
        for (exception, list) in &exceptions {
            for approvers in [&["keeper"][..], &["keeper", "on-call"]] {
                let policy = Policy {
                    effects: if number == 2 { Effects::ReadOnly } else { Effects::Allowed },
                    freezes: vec![Freeze {
                        name: "holidays".parse().unwrap(),
                        environments: vec![Pattern::parse("prod").unwrap()],
                        when: When::Once { span: FREEZE, zone: Zone::utc() },
                        reason: String::new(),
                        exceptions: list.clone(),
                        written_at: "config.toml:1".to_owned(),
                    }],
                    ..Policy::default()
                };
                let place = environment(if number == 3 { Effects::ReadOnly } else { Effects::Allowed });
                let approvers_now = roles(approvers);
                writeln!(text, "\n{stop}, exception for {exception}, approved by {approvers:?}").unwrap();
                for (name, start) in &starts {
                    let ask = |question: fn(&Looked<'_>, Timestamp) -> Result<Vec<Pass>, Hold>| {
                        let looked = Looked {
                            halt: (number == 1).then_some(&halt),
                            policy: &policy,
                            environment: Some(&place),
                            subject: &subject,
                            start,
                            expires_at: EXPIRES,
                            approvers: Some(&approvers_now),
                        };
                        MOMENTS.map(|moment| letter(question(&looked, Timestamp(moment)))).iter().collect::<String>()
                    };
                    let (approve, begin) =
                        (ask(|looked, now| looked.to_approve(now)), ask(|looked, now| looked.to_start(now)));
                    writeln!(text, "  {name:<30} approve {approve}  start {begin}").unwrap();
                }
            }
        }
    }
    recorded("holds.txt", &text);
}
