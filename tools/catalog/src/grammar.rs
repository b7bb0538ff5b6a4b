//! Grammars of the texts that parameters hold: images, hosts, paths, schedules, keys, references.
//! Used when a value is accepted.
//! Must never be looser than what the value is used for: a text that passes goes into infrastructure.

use ipnet::IpNet;

/// Longest image reference: Kubernetes sets no limit, registries cut names at 255.
const LONGEST_IMAGE: usize = 400;
/// Longest host name (RFC 1123).
const LONGEST_HOST: usize = 253;
/// Longest key of a config map or secret, and longest variable we accept.
pub(crate) const LONGEST_KEY: usize = 253;

/// The range of addresses that a text is. A range begins where its prefix says: of `10.0.0.5/16` nobody knows whether
/// the address or the range was meant.
pub(crate) fn cidr(text: &str) -> Option<IpNet> {
    let (address, prefix) = text.split_once('/')?;
    let range: IpNet = text.parse().ok()?;
    // The parser of ranges takes leading zeros, which elsewhere mean octal; that of addresses does not.
    let plain = address.parse() == Ok(range.addr()) && prefix == range.prefix_len().to_string();
    (plain && range.addr() == range.network()).then_some(range)
}

/// Whether the text is an image reference: `[host[:port]/]path[:tag][@sha256:hex]`.
pub(crate) fn is_image(text: &str) -> bool {
    let (named, digest) = match text.split_once('@') {
        Some((named, digest)) => (named, Some(digest)),
        None => (text, None),
    };
    if text.len() > LONGEST_IMAGE || !digest.is_none_or(is_image_digest) {
        return false;
    }
    let (path, tag) = match named.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (named, None),
    };
    let mut parts: Vec<&str> = path.split('/').collect();
    let first_is_host =
        parts.len() > 1 && parts.first().is_some_and(|first| first.contains(['.', ':']) || *first == "localhost");
    if first_is_host && !is_host_and_port(parts.remove(0)) {
        return false;
    }
    parts.iter().all(|part| is_image_part(part)) && tag.is_none_or(is_tag)
}

fn is_host_and_port(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "1"));
    let label = |label: &str| {
        let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = label.as_bytes();
        edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
    };
    host.split('.').all(label) && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

/// Lower-case letters and digits, joined by single dots, one or two underscores, or dashes.
fn is_image_part(part: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = part.split(inner).filter(|between| !between.is_empty());
    part.starts_with(inner)
        && part.ends_with(inner)
        && separators.into_iter().all(|s| matches!(s, "." | "_" | "__") || s.bytes().all(|b| b == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (1..=128).contains(&tag.len())
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

fn is_image_digest(digest: &str) -> bool {
    digest
        .strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

/// Whether the text is a host name of dot-joined RFC 1123 labels, the first of which may be `*`.
pub(crate) fn is_host(text: &str) -> bool {
    let rest = text.strip_prefix("*.").unwrap_or(text);
    text.len() <= LONGEST_HOST && rest.split('.').all(chopmark_domain::ids::is_dns_label)
}

/// Whether the text is formed like a name of the IANA time zone database. `Local` is none: a
/// cluster's own zone is nobody's.
pub(crate) fn is_time_zone(text: &str) -> bool {
    let part = |part: &str| {
        (1..=30).contains(&part.len())
            && part.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'))
    };
    (1..=3).contains(&text.split('/').count()) && text.split('/').all(part) && text != "Local"
}

/// Whether the text is the path of a URL, with an optional query, in the characters of RFC 3986.
pub(crate) fn is_path(text: &str) -> bool {
    text.len() <= 1024
        && text.starts_with('/')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&b))
}

/// Whether the text is a name of an environment variable, in the stricter of Kubernetes' two rules.
pub(crate) fn is_variable(text: &str) -> bool {
    text.len() <= LONGEST_KEY
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.' | b'-'))
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Whether the text may be the key of a config map or secret.
pub(crate) fn is_file_key(text: &str) -> bool {
    (1..=LONGEST_KEY).contains(&text.len())
        && text != "."
        && !text.starts_with("..")
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Whether the text is a reference to a secret: `env:NAME` or `file:PATH`, without characters that
/// no name of a variable or file needs. What it refers to is read at the last moment, elsewhere.
pub(crate) fn is_secret_reference(text: &str) -> bool {
    if let Some(name) = text.strip_prefix("env:") {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        return (1..=128).contains(&name.len())
            && name.bytes().all(word)
            && !name.bytes().next().is_some_and(|b| b.is_ascii_digit());
    }
    text.strip_prefix("file:")
        .is_some_and(|path| (1..=1024).contains(&path.len()) && !path.chars().any(char::is_control))
}

/// Whether the text is a cron schedule of five fields or one of the names cron knows.
pub(crate) fn is_schedule(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('@') {
        return ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"].contains(&name);
    }
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let fields: Vec<&str> = text.split(' ').collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return false };
    is_field(minute, 0, 59, &[])
        && is_field(hour, 0, 23, &[])
        && is_field(day, 1, 31, &[])
        && is_field(month, 1, 12, &MONTHS)
        && is_field(weekday, 0, 6, &DAYS)
}

fn is_field(field: &str, least: usize, most: usize, names: &[&str]) -> bool {
    let number = |text: &str| {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(text)).map(|position| position + least);
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        named.or_else(|| digits.then(|| text.parse().ok()).flatten()).filter(|n| (least..=most).contains(n))
    };
    field.split(',').all(|item| {
        let (range, step) = item.split_once('/').map_or((item, "1"), |(range, step)| (range, step));
        let step_fits = (1..=2).contains(&step.len())
            && step.parse::<usize>().is_ok_and(|step| step > 0)
            && step.bytes().all(|b| b.is_ascii_digit());
        let range_fits = match range.split_once('-') {
            Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
            None => range == "*" || number(range).is_some(),
        };
        step_fits && range_fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_follow_the_grammar_of_references() {
        let digest = format!("nginx@sha256:{}", "a".repeat(64));
        for good in [
            "nginx",
            "nginx:1.27",
            "localhost/web:1",
            "localhost:5000/a/b:v1_2-x",
            "ghcr.io/Owner/App".to_lowercase().as_str(),
            "registry.example.com:443/a__b/c-d.e:TAG",
            digest.as_str(),
        ] {
            assert!(is_image(good), "{good}");
        }
        for bad in [
            "",
            "nginx\n      hostNetwork: true",
            "nginx:",
            ":1",
            "a b",
            "Nginx",
            "nginx@sha256:abc",
            "nginx@md5:aa",
            "a//b",
            "../x",
            "a.:b/c:1",
            "nginx:1 ",
            "$(id)",
            "a___b",
        ] {
            assert!(!is_image(bad), "{bad:?}");
        }
    }

    #[test]
    fn schedules_name_moments_that_exist() {
        for good in ["0 2 * * *", "*/15 * * * *", "0 0 1 jan sun", "0,30 9-17 * * mon-fri", "@daily", "5/10 * * * *"] {
            assert!(is_schedule(good), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "*/0 * * * *",
            "@reboot",
            "@every 5m",
            "0 2 * * *\n",
            "0  2 * * *",
            "a * * * *",
            "9-5 * * * *",
            "-1 * * * *",
        ] {
            assert!(!is_schedule(bad), "{bad:?}");
        }
    }

    #[test]
    fn hosts_paths_and_keys_hold_nothing_that_means_something_else() {
        for good in ["shop.example.com", "*.example.com", "localhost"] {
            assert!(is_host(good), "{good}");
        }
        for bad in ["", "a..b", "A.b", "*", "*.*.a", "http://a", "a/b", "a b"] {
            assert!(!is_host(bad), "{bad:?}");
        }
        for bad in ["", "healthz", "/a b", "/a\n", "/{x}", "/验"] {
            assert!(!is_path(bad), "{bad:?}");
        }
        assert!(is_path("/healthz?full=1"));
        for bad in ["", "..", "../x", "a/b", "<<", "a b", "&a"] {
            assert!(!is_file_key(bad), "{bad:?}");
        }
        for bad in ["", "1A", "A=B", "A B", "<<", "Ａ"] {
            assert!(!is_variable(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_range_of_addresses_begins_where_its_prefix_says() {
        for good in ["10.0.0.0/16", "0.0.0.0/0", "192.0.2.7/32", "2001:db8::/56", "2001:DB8::/56"] {
            assert!(cidr(good).is_some(), "{good}");
        }
        for bad in ["", "banana", "10.0.0.0", "10.0.0.5/16", "10.0.0.0/33", "10.0.0/16", "010.0.0.0/8", "::/129"] {
            assert!(cidr(bad).is_none(), "{bad:?}");
        }
        for bad in ["10.0.0.0/16 ", "10.0.0.0/+16", "10.0.0.0/-1", "１０.0.0.0/16", "10.0.0.0/016", "10.0.0.0/16\n"] {
            assert!(cidr(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_is_no_secret() {
        for good in ["env:DB_PASSWORD", "file:/run/secrets/db", "file:secrets/db.txt"] {
            assert!(is_secret_reference(good), "{good}");
        }
        for bad in ["", "hunter2", "env:", "env:A-B", "env:1A", "file:", "file:a\nb", "vault:x", "ENV:A"] {
            assert!(!is_secret_reference(bad), "{bad:?}");
        }
    }
}
