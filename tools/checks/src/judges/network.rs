//! Judge of the network: what the whole Internet reaches.
//! One of the list in `judges`.
//! Must never need to know the kind: a rule is told by its addresses and ports, in whatever resource it stands.

use crate::case::Case;
use crate::finding;
use crate::resource::Resource;
use crate::walk::walk;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::hcl::Tree;
use serde_json::Value;

/// Fields that say who may come in.
const SOURCES: [&str; 7] = [
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "cidr_ipv4",
    "cidr_ipv6",
    "source_ranges",
    "source_address_prefix",
    "source_address_prefixes",
];
/// Ports of remote control, file sharing, databases and clusters, which hold no one off by themselves.
const GUARDED: [u64; 25] = [
    21, 22, 23, 135, 139, 445, 1433, 1521, 2375, 2376, 2379, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 6443, 8020,
    9200, 10250, 11211, 27017, 50070,
];
/// Widest ranges that are still somebody's: anything wider is taken for the whole Internet, halves and quarters of it too.
const WIDEST_IPV4: u8 = 7;
const WIDEST_IPV6: u8 = 6;

/// Denies guarded ports, or all of them, for everybody; warns where the ports cannot be seen.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for resource in case.resources.iter().filter(|resource| resource.is_set()) {
        let outgoing = resource.action.kind.contains("egress") || resource.action.kind.contains("route");
        walk(&resource.after, &mut |pointer, node| {
            let Some(range) = open_range(node) else { return };
            if outgoing || pointer.split('/').any(|key| key == "egress") || goes_out(node) {
                return;
            }
            let whole = if pointer.is_empty() { declared(case, resource) } else { None };
            let Some((severity, ports)) = reached(node, whole) else { return };
            let facts = [("range", range.as_str()), ("ports", ports.as_str())];
            findings.push(finding("open-to-the-world", severity, &resource.action.address, &facts));
        });
    }
    findings
}

/// The range in a rule that holds everybody.
fn open_range(node: &Value) -> Option<String> {
    let Value::Object(fields) = node else { return None };
    let mut found = None;
    for (_, value) in fields.iter().filter(|(name, _)| SOURCES.contains(&name.as_str())) {
        walk(value, &mut |_, leaf| {
            if let Value::String(range) = leaf
                && is_everybody(range)
            {
                found.get_or_insert_with(|| range.clone());
            }
        });
    }
    found
}

fn is_everybody(range: &str) -> bool {
    if matches!(range, "*" | "Internet" | "any" | "0.0.0.0") {
        return true;
    }
    let Some((address, length)) = range.split_once('/') else { return false };
    let widest = if address.contains(':') { WIDEST_IPV6 } else { WIDEST_IPV4 };
    length.parse::<u8>().is_ok_and(|length| length <= widest)
}

fn goes_out(node: &Value) -> bool {
    let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
    text("type") == "egress" || text("direction") == "egress" || text("direction") == "outbound"
}

/// A rule that is a resource of its own as its file says it: an edit names only what changes.
fn declared<'a>(case: &'a Case<'_>, resource: &Resource<'_>) -> Option<&'a Tree> {
    let (_, name) = resource.action.address.rsplit_once('.')?;
    case.configuration.iter().find_map(|(_, tree)| tree.resource(&resource.action.kind, name))
}

/// What a rule opens, where that is bad: all ports, guarded ones, or ports that cannot be seen.
fn reached(node: &Value, declared: Option<&Tree>) -> Option<(Severity, String)> {
    let said = |name: &str| {
        let literal = || declared.and_then(|tree| tree.at(&[name])).and_then(Tree::literal);
        node.get(name).map(plain).or_else(|| literal().map(|literal| literal.to_string()))
    };
    let protocol = said("protocol").or_else(|| said("ip_protocol")).unwrap_or_default();
    if matches!(protocol.as_str(), "-1" | "all" | "*") {
        return Some((Severity::Deny, "*".to_owned()));
    }
    let port = |name: &str| said(name).and_then(|port| port.parse::<u64>().ok());
    match (port("from_port"), port("to_port")) {
        // Of ICMP these are types of messages.
        _ if protocol.contains("icmp") => None,
        (Some(from), Some(to)) => {
            let guarded: Vec<_> =
                GUARDED.iter().filter(|port| (from..=to).contains(*port)).map(ToString::to_string).collect();
            (!guarded.is_empty()).then(|| (Severity::Deny, guarded.join(", ")))
        }
        _ => Some((Severity::Warn, "?".to_owned())),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_lowercase)
}
