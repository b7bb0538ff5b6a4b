//! Role × action × environment, and further by template and component: who may do what under a sample configuration.
//! Reads `rights.toml` with the program's own reader; the table beside it is read in review.
//! Must never leave out an action, an environment, or a kind of target.

use super::recorded;
use chopmark::config::{self, Whereabouts, me};
use chopmark_domain::component::ComponentPath;
use chopmark_domain::ids::{EnvironmentName, PersonId, TemplateName};
use chopmark_domain::person::Person;
use chopmark_domain::rights::{Access, Missing, Right, Rights, Target, TemplateOf};
use std::collections::BTreeSet;
use std::fmt::Write;

const SAMPLE: &str = include_str!("rights.toml");

fn read() -> config::Config {
    let place = Whereabouts {
        file: Some("/etc/chopmark/config.toml".into()),
        named: true,
        data: Some("/data".into()),
        environment: None,
        templates: ["web-service", "object-storage"].map(|name| TemplateName::parse(name).unwrap()).to_vec(),
        me: Person { id: PersonId::parse("terminal:1").unwrap(), ..me() },
        token: None,
    };
    config::read(&place, Some(SAMPLE)).unwrap()
}

/// Every kind of target: the install, an environment, with each kind of template, with components.
fn targets<'a>(
    environment: &'a EnvironmentName,
    (web, storage): (&'a TemplateName, &'a TemplateName),
    (shop, office): (&'a ComponentPath, &'a ComponentPath),
) -> [(&'static str, Target<'a>); 7] {
    let whole = Target::environment(environment);
    let web = Some(TemplateOf::Known { family: "kubernetes", name: web });
    let storage = Some(TemplateOf::Known { family: "aws", name: storage });
    [
        ("anything", whole),
        ("kubernetes/web-service", Target { template: web, ..whole }),
        ("kubernetes/web-service shop/cart", Target { template: web, component: Some(shop), ..whole }),
        ("kubernetes/web-service office/printer", Target { template: web, component: Some(office), ..whole }),
        ("aws/object-storage shop/cart", Target { template: storage, component: Some(shop), ..whole }),
        ("no template shop/cart", Target { template: Some(TemplateOf::Outside), component: Some(shop), ..whole }),
        ("shop/cart", Target { component: Some(shop), ..whole }),
    ]
}

fn mark(rights: &Rights, person: &Person, action: Right, target: &Target<'_>) -> String {
    match rights.check(person, action, target) {
        Access::Allowed(_) => "yes".to_owned(),
        Access::Denied(missing) => match missing {
            Missing::AnyRole => "no role",
            Missing::Action(_) => "-",
            Missing::Environment(_) => "env",
            Missing::Template(_) => "template",
            Missing::Component(_) => "component",
        }
        .to_owned(),
    }
}

#[test]
fn who_may_do_what_where_is_a_reviewed_table() {
    let config = read();
    let rights = &config.policy.rights;
    let roles: BTreeSet<_> = config.people.values().flat_map(|person| person.roles.iter().cloned()).collect();
    let mut people: Vec<(String, Person)> = vec![];
    let of = |roles: Vec<_>| Person {
        id: PersonId::parse("person:sample").unwrap(),
        name: "sample".to_owned(),
        roles: roles.into_iter().collect(),
    };
    people.push(("(nobody)".to_owned(), of(vec![])));
    people.extend(roles.iter().map(|role| (role.to_string(), of(vec![role.clone()]))));
    people.push(("(all roles)".to_owned(), of(roles.iter().cloned().collect())));

    let template = |name: &str| TemplateName::parse(name).unwrap();
    let path = |group: &str, name: &str| ComponentPath::new(group, name).unwrap();
    let templates = (template("web-service"), template("object-storage"));
    let paths = (path("shop", "cart"), path("office", "printer"));
    let mut text = String::from("yes, or what is missing: no role, - (action), env, template, component\n");
    let mut row = |who: &str, what: &str, person: &Person, target: &Target<'_>| {
        write!(text, "  {who:<12} {what:<40}").unwrap();
        for action in Right::ALL {
            write!(text, " {}={:<10}", action.word(), mark(rights, person, action, target)).unwrap();
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    };
    for (who, person) in &people {
        row(who, "the whole install", person, &Target::INSTALL);
    }
    for environment in config.environments.all.keys() {
        for (what, target) in targets(environment, (&templates.0, &templates.1), (&paths.0, &paths.1)) {
            for (who, person) in &people {
                row(who, &format!("{environment}: {what}"), person, &target);
            }
        }
    }
    recorded("rights.txt", &text);
}

#[test]
fn whoever_has_no_role_may_do_nothing_and_without_grants_nobody_may() {
    let config = read();
    let none = Rights::default();
    for person in config.people.values() {
        let naked = Person { roles: BTreeSet::new(), ..person.clone() };
        for action in Right::ALL {
            assert!(!config.policy.rights.check(&naked, action, &Target::INSTALL).is_allowed());
            assert!(!none.check(person, action, &Target::INSTALL).is_allowed());
        }
    }
}
