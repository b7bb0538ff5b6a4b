//! Quantities: processor time, memory and spans of time, read and brought into one spelling.
//! Used when a value is accepted and when two values are compared.
//! Must never round: what cannot be said exactly is refused.

/// Kubernetes' binary suffixes, largest first, with their factors.
const BINARY: [(&str, u128); 6] =
    [("Ei", 1 << 60), ("Pi", 1 << 50), ("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
/// Kubernetes' decimal suffixes, largest first. Kilo is a small k there.
const DECIMAL: [(&str, u128); 6] = [
    ("E", 1_000_000_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
];

/// Thousandths of a core in text such as `250m`, `0.5` or `2`.
pub(crate) fn millicores(text: &str) -> Option<u64> {
    match text.strip_suffix('m') {
        Some(number) => times(number, 1),
        None => times(text, 1000),
    }
    .and_then(|value| u64::try_from(value).ok())
}

/// The spelling Kubernetes itself uses.
pub(crate) fn cpu_text(millicores: u64) -> String {
    if millicores.is_multiple_of(1000) { (millicores / 1000).to_string() } else { format!("{millicores}m") }
}

/// Bytes in text such as `64Mi`, `1.5Gi`, `500M` or, as people write it, `64MB` and `1gb`. A small m
/// is refused: it would mean thousandths of a byte. The second value says whether the suffix is binary.
pub(crate) fn bytes(text: &str) -> Option<(u64, bool)> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &text[digits.len()..];
    let plain = if suffix.len() > 1 { suffix.trim_end_matches(['b', 'B']) } else { suffix };
    if plain.is_empty() {
        return Some((u64::try_from(times(digits, 1)?).ok()?, false));
    }
    let same = |name: &str| plain.eq_ignore_ascii_case(name) && (plain != "m");
    let binary = BINARY.iter().find(|(name, _)| same(name)).map(|(_, factor)| (*factor, true));
    let decimal = DECIMAL.iter().find(|(name, _)| same(name)).map(|(_, factor)| (*factor, false));
    let (factor, is_binary) = binary.or(decimal)?;
    Some((u64::try_from(times(digits, factor)?).ok()?, is_binary))
}

/// The spelling Kubernetes itself uses: the largest suffix of the same family that divides evenly.
pub(crate) fn memory_text(bytes: u64, binary: bool) -> String {
    let family = if binary { BINARY } else { DECIMAL };
    let fits = |(_, factor): &&(&str, u128)| bytes > 0 && u128::from(bytes).is_multiple_of(*factor);
    match family.iter().find(fits) {
        Some((name, factor)) => format!("{}{name}", u128::from(bytes) / factor),
        None => bytes.to_string(),
    }
}

/// Seconds in text such as `90s`, `5m`, `1h30m` or `2d`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text;
    let mut smallest = u64::MAX;
    while !rest.is_empty() {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest[length..].chars().next()?;
        let factor = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => return None,
        };
        if length == 0 || length > 9 || factor >= smallest {
            return None;
        }
        smallest = factor;
        total = total.checked_add(rest[..length].parse::<u64>().ok()?.checked_mul(factor)?)?;
        rest = &rest[length + 1..];
    }
    (!text.is_empty()).then_some(total)
}

/// The shortest spelling of a span.
pub(crate) fn duration_text(seconds: u64) -> String {
    let mut text = String::new();
    let mut rest = seconds;
    for (unit, factor) in [('d', 86400), ('h', 3600), ('m', 60), ('s', 1)] {
        if rest >= factor {
            text.push_str(&format!("{}{unit}", rest / factor));
            rest %= factor;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// A decimal number times a factor, when the result is whole.
fn times(number: &str, factor: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || (number.contains('.') && fraction.is_empty()) {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let scaled: u128 = format!("{whole}{fraction}").parse().ok()?;
    let product = scaled.checked_mul(factor)?;
    product.is_multiple_of(scale).then(|| product / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_amount_has_one_spelling() {
        let cpu = |text| millicores(text).map(cpu_text);
        for (said, kept) in [("250m", "250m"), ("0.25", "250m"), ("1000m", "1"), ("2", "2"), ("1.5", "1500m")] {
            assert_eq!(cpu(said).as_deref(), Some(kept), "{said}");
        }
        let memory = |text| bytes(text).map(|(bytes, binary)| memory_text(bytes, binary));
        for (said, kept) in [
            ("64Mi", "64Mi"),
            ("1024Mi", "1Gi"),
            ("0.5Gi", "512Mi"),
            ("64mib", "64Mi"),
            ("64MB", "64M"),
            ("1gb", "1G"),
            ("500M", "500M"),
            ("1048576", "1048576"),
        ] {
            assert_eq!(memory(said).as_deref(), Some(kept), "{said}");
        }
        let span = |text| seconds(text).map(duration_text);
        for (said, kept) in [("90s", "1m30s"), ("60m", "1h"), ("1h30m", "1h30m"), ("0s", "0s"), ("2d", "2d")] {
            assert_eq!(span(said).as_deref(), Some(kept), "{said}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for bad in ["", "m", "1.m", ".5", "1e3", "-1", "0x10", "1 ", "１", "0.0001", "99999999999999999999"] {
            assert_eq!(millicores(bad), None, "{bad}");
        }
        for bad in ["", "Mi", "64m", "64 Mi", "64Zi", "1.3", "-64Mi", "64MiMi", "64Mi\n", "99999999999Ei"] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
        for bad in ["", "5", "m", "5m5m", "30s1m", "1.5h", "5 m", "-5m", "9999999999s"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
