//! Canonical JSON: sorted keys, no spaces, UTF-8 as it is, integers and strings only.
//! Used for everything that is digested or kept in the ledger; documented in docs/ledger.md.
//! Must never write a float: one value would have many spellings.

use serde::Serialize;
use serde_json::Value;

/// The canonical text of a value. A value that JSON cannot hold (a float, a map with keys that are
/// no strings) becomes a string that says so: none of our records has one, and a digest must not fail.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    match serde_json::to_value(value) {
        Ok(value) => write(&value, &mut out),
        Err(error) => write(&Value::String(format!("unserialisable: {error}")), &mut out),
    }
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) if number.is_f64() => write_text(&number.to_string(), out),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            let mut keys: Vec<_> = entries.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write(&entries[key], out);
            }
            out.push('}');
        }
    }
}

/// Escapes only what JSON requires: quote, backslash and the control characters below U+0020.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_and_the_spelling_do_not_matter() {
        let text = to_string(&json!({"b": [1, true, null], "a": "x\n\u{1}\"é验"}));
        assert_eq!(text, "{\"a\":\"x\\n\\u0001\\\"é验\",\"b\":[1,true,null]}");
    }
}
