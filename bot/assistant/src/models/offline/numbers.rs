//! Numbers and quantities as people write them, turned into the spelling that templates take.
//! Used by the offline planner when it reads values.
//! Must never round a value: what has no exact spelling is no value.

use chinese_number::{ChineseCountMethod, ChineseToNumber};

/// Characters of Chinese numerals.
const NUMERALS: &str = "零〇一二两三四五六七八九十百千万";

/// How many characters at the beginning of the text are a Chinese numeral.
pub(crate) fn numeral_length(text: &str) -> usize {
    text.chars().take_while(|c| NUMERALS.contains(*c)).count()
}

/// The value of a Chinese numeral.
pub(crate) fn numeral(text: &str) -> Option<i64> {
    if text.is_empty() || text.chars().count() > 12 || !text.chars().all(|c| NUMERALS.contains(c)) {
        return None;
    }
    let plain = text.replace('两', "二").replace('〇', "零");
    plain.to_number(ChineseCountMethod::TenThousand).ok()
}

/// English number words up to twelve, and those that people use for more.
const ENGLISH: [(&str, i64); 15] = [
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("twenty", 20),
    ("hundred", 100),
];

/// A whole number in digits, in English or Chinese words.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let low = text.to_lowercase();
    if let Some((_, value)) = ENGLISH.iter().find(|(word, _)| *word == low) {
        return Some(*value);
    }
    let digits = low.strip_prefix(['x', '×']).or_else(|| low.strip_suffix(['x', '×'])).unwrap_or(&low);
    digits.parse().ok().or_else(|| numeral(text))
}

/// A decimal number as thousandths, exactly.
fn thousandths(number: &str) -> Option<u64> {
    if number == "半" {
        return Some(500);
    }
    if let Some(value) = numeral(number) {
        return u64::try_from(value).ok()?.checked_mul(1000);
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let fraction: u64 = format!("{fraction:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(fraction)
}

/// Splits `64MiB` into number and unit. Chinese numerals and 半 count as numbers.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let number = |c: char| c.is_ascii_digit() || c == '.' || c == '半' || NUMERALS.contains(c);
    let at = text.find(|c| !number(c)).unwrap_or(text.len());
    text.split_at(at)
}

/// An amount of memory: `64Mi`, `64 MB`, `1.5g`, `512 兆`. `m` means mega here: nobody asks for
/// thousandths of a byte. Without a unit the number must be given in bytes.
pub(crate) fn memory(number: &str, unit: &str) -> Option<String> {
    let suffix = match unit.to_lowercase().as_str() {
        "ki" | "kib" => "Ki",
        "mi" | "mib" | "mebibytes" | "mebibyte" => "Mi",
        "gi" | "gib" | "gibibytes" | "gibibyte" => "Gi",
        "ti" | "tib" => "Ti",
        "k" | "kb" | "kilobytes" => "k",
        "m" | "mb" | "megs" | "meg" | "megabyte" | "megabytes" | "兆" | "兆字节" => "M",
        "g" | "gb" | "gigs" | "gig" | "gigabyte" | "gigabytes" | "吉" | "吉字节" => "G",
        "t" | "tb" => "T",
        "" | "b" | "bytes" | "字节" => "",
        _ => return None,
    };
    let thousandths = thousandths(number)?;
    if thousandths % 1000 == 0 {
        return Some(format!("{}{suffix}", thousandths / 1000));
    }
    let (smaller, factor) = match suffix {
        "Gi" => ("Mi", 1024),
        "Mi" => ("Ki", 1024),
        "Ti" => ("Gi", 1024),
        "G" => ("M", 1000),
        "M" => ("k", 1000),
        "T" => ("G", 1000),
        _ => return None,
    };
    let amount = thousandths.checked_mul(factor)?;
    (amount % 1000 == 0).then(|| format!("{}{smaller}", amount / 1000))
}

/// An amount of processor time: `500m`, `0.5`, `2 cores`, `半核`, `250 毫核`.
pub(crate) fn cpu(number: &str, unit: &str) -> Option<String> {
    let thousandths = thousandths(number)?;
    let amount = match unit.to_lowercase().as_str() {
        "" | "core" | "cores" | "cpu" | "cpus" | "vcpu" | "vcpus" | "核" | "核心" | "个核" | "颗" => thousandths,
        "m" | "mcpu" | "millicore" | "millicores" | "millicpu" | "毫核" if thousandths % 1000 == 0 => {
            thousandths / 1000
        }
        _ => return None,
    };
    Some(if amount % 1000 == 0 { (amount / 1000).to_string() } else { format!("{amount}m") })
}

/// A span of time: `90s`, `5 minutes`, `2 小时`, `1h30m`.
pub(crate) fn duration(number: &str, unit: &str) -> Option<String> {
    let suffix = match unit.to_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" | "秒" | "秒钟" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" | "分" | "分钟" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" | "小时" | "个小时" | "钟头" => "h",
        "d" | "day" | "days" | "天" => "d",
        _ => return None,
    };
    let thousandths = thousandths(number)?;
    if thousandths % 1000 != 0 {
        return match suffix {
            "h" if (thousandths * 60) % 1000 == 0 => Some(format!("{}m", thousandths * 60 / 1000)),
            _ => None,
        };
    }
    let amount = thousandths / 1000;
    Some(if suffix == "d" { format!("{}h", amount.checked_mul(24)?) } else { format!("{amount}{suffix}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_of_both_languages_count() {
        for (text, value) in
            [("三", 3), ("两", 2), ("十二", 12), ("二十", 20), ("一百零五", 105), ("three", 3), ("x4", 4)]
        {
            assert_eq!(integer(text), Some(value), "{text}");
        }
        for text in ["", "三个", "web1", "64Mi", "九九九九九九九九九九九九九"] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_are_spelt_the_way_templates_take_them() {
        assert_eq!(memory("64", "MB").as_deref(), Some("64M"));
        assert_eq!(memory("64", "mi").as_deref(), Some("64Mi"));
        assert_eq!(memory("1.5", "Gi").as_deref(), Some("1536Mi"));
        assert_eq!(memory("64", "核"), None);
        assert_eq!(cpu("0.5", "").as_deref(), Some("500m"));
        assert_eq!(cpu("半", "核").as_deref(), Some("500m"));
        assert_eq!(cpu("2", "cores").as_deref(), Some("2"));
        assert_eq!(cpu("250", "毫核").as_deref(), Some("250m"));
        assert_eq!(duration("1.5", "h").as_deref(), Some("90m"));
        assert_eq!(duration("2", "小时").as_deref(), Some("2h"));
        assert_eq!(split("64MiB"), ("64", "MiB"));
        assert_eq!(split("半核"), ("半", "核"));
    }
}
