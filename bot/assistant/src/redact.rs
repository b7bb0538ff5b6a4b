//! Takes secrets out of text before it is sent to a model outside the program.
//! Used by the model ports on everything that goes out.
//! Must never be the reason to show a model more: what it misses is still data nobody meant to send.

mod kept;
mod shapes;

pub use kept::keep_secret;

use crate::tokens;
use chopmark_domain::problem::{Code, Problem};
use std::borrow::Cow;

/// What stands where a secret stood.
pub(crate) const GONE: &str = "[redacted]";

/// A text that passed the redactor, as it is sent, with the tokens it is estimated at: what is sent more than once
/// is worked out once.
#[derive(Debug, Clone)]
pub struct Clean {
    /// As it stands between the quotes of a JSON string.
    escaped: String,
    tokens: u64,
}

impl Clean {
    /// The text without secrets.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn of(whole: &str) -> Result<Self, Problem> {
        Self::already(&text(whole))
    }

    /// A text whose parts passed the redactor, or are names that no secret can have.
    pub(crate) fn already(text: &str) -> Result<Self, Problem> {
        let mut escaped =
            serde_json::to_string(text).map_err(|error| Problem::new(Code::Internal).with("reason", error))?;
        // JSON's own quotes.
        escaped.pop();
        escaped.remove(0);
        Ok(Self { escaped, tokens: tokens::estimate(text) })
    }

    /// Texts one after the other: what is escaped in each of them is so in all of them.
    pub(crate) fn joined(parts: &[&Self]) -> Self {
        let mut escaped = String::with_capacity(parts.iter().map(|part| part.escaped.len()).sum());
        parts.iter().for_each(|part| escaped.push_str(&part.escaped));
        Self { escaped, tokens: parts.iter().map(|part| part.tokens).sum() }
    }

    /// The text as it stands between the quotes of a JSON string.
    pub(crate) fn escaped(&self) -> &str {
        &self.escaped
    }

    /// What it is estimated at.
    pub(crate) fn tokens(&self) -> u64 {
        self.tokens
    }
}

/// The text without the secrets that are known and what looks like one: keys and tokens of known shape, private keys, what is assigned to a
/// name such as `password`, passwords in addresses, and long words that only chance writes.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    match kept::without(text) {
        Some(rest) => Cow::Owned(without_shapes(&rest).into_owned()),
        None => without_shapes(text),
    }
}

fn without_shapes(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(word) = shapes::next_word(text, at) {
        let secret = shapes::private_key(text, &word)
            .or_else(|| shapes::assigned(text, &word))
            .or_else(|| shapes::in_address(text, &word))
            .or_else(|| shapes::known(text, &word))
            .or_else(|| shapes::aws(text, &word));
        match secret {
            Some(secret) => {
                out.push_str(&text[kept..secret.start]);
                out.push_str(GONE);
                kept = secret.end;
                at = secret.end.max(word.end);
            }
            None => at = word.end,
        }
    }
    if kept == 0 && out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty letters that chance could have written.
    const CHANCE: &str = "q7Rt2LmXz9Kp4WvB8nYc3HdJ6sFg1TaQ5eUi0oZr";

    fn hides(around: &str, secret: &str) {
        let whole = around.replace("{}", secret);
        let clean = text(&whole);
        assert!(!clean.contains(secret), "{clean}");
        assert!(clean.contains(GONE), "{clean}");
        assert_eq!(text(&clean), clean, "a second time changes nothing");
    }

    #[test]
    fn keys_and_tokens_of_known_shape_do_not_go_out() {
        let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{CHANCE}\n-----END RSA PRIVATE KEY-----");
        let tail = &CHANCE[..36];
        let shapes = [
            pem,
            format!("AKIA{}", "ABCDEFGH23456789"),
            format!("ASIA{}", "ABCDEFGH23456789"),
            format!("ghp_{tail}"),
            format!("github_pat_{tail}"),
            format!("glpat-{}", &CHANCE[..20]),
            format!("xoxb-1234567890-{}", &CHANCE[..24]),
            format!("sk-proj-{tail}"),
            format!("sk_live_{}", &CHANCE[..24]),
            format!("AIza{}", &CHANCE[..35]),
            format!("hvs.{}", &CHANCE[..24]),
            format!("npm_{tail}"),
            format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{}", &CHANCE[..30]),
            CHANCE.to_owned(),
        ];
        for secret in shapes {
            for around in ["{}", "use {} please", "\"lines\":[\"got {}\"]", "密钥{}在这里", "a\n{}\nb"] {
                hides(around, &secret);
            }
        }
    }

    #[test]
    fn what_is_assigned_to_a_secret_name_does_not_go_out() {
        for around in [
            "password={}",
            "DB_PASSWORD: {}",
            "{\"clientSecret\":\"{}\"}",
            "log: \\\"api_key\\\": \\\"{}\\\"",
            "aws_secret_access_key = {}",
            "Authorization: Bearer {}",
            "Authorization: Basic {}",
            "postgres://shop:{}@db:5432/shop",
            "密码：{}",
            "token='{}'",
            "[{\"name\":\"DB_PASSWORD\",\"value\":\"{}\"}]",
            "log: {\\\"name\\\": \\\"API_KEY\\\", \\\"value\\\": \\\"{}\\\"}",
            "- name: DB_PASSWORD\n  value: {}\n",
            "\"- name: DB_PASSWORD\\n  value: {}\\n\"",
            "mysql --password {} -h db",
            "vault login --token={}",
            "Authorization: token {}",
            "\"authorization\": \"ApiKey {}\"",
            "the password is {}, write it down",
            "密码是{}",
        ] {
            hides(around, "hunter2hunter2");
        }
        // AWS' secret keys have slashes.
        hides("the pair is {} and the other", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        hides("\"{}\"", "wJalr/UtnF+MI/K7MDENGhbPxRfiCY9XAMPLEKEY");
    }

    #[test]
    fn a_secret_that_is_known_does_not_go_out_whatever_it_looks_like() {
        for secret in ["correct horse battery staple", "CANARY-kept-apart", "with \"quotes\" and \\"] {
            keep_secret(&secret.into());
            let quoted = serde_json::to_string(secret).unwrap_or_default();
            for whole in [format!("it is {secret}, isn't it"), format!("{{\"lines\":[{quoted}]}}")] {
                let clean = text(&whole);
                assert!(clean.contains(GONE) && !clean.contains(secret) && !clean.contains(&quoted), "{clean}");
            }
        }
        // What is too short would take ordinary words away.
        keep_secret(&"replica".into());
        assert_eq!(text("two replicas"), "two replicas");
    }

    #[test]
    fn what_is_no_secret_goes_out_as_it_is() {
        for plain in [
            "scale cart to 3",
            "image: registry.example.com/shop/cart@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            "\"commit\":\"0000000000000000000000000000000000000002\",\"tokens\":\"120\"",
            "a secret is read with token: env:SHOP_TOKEN or password=file:/run/secret",
            "cart-7d9f8b6c5d-x2x4z is not ready",
            "https://shop.example.com/a/b?x=1",
            "{\"secret\":{\"type\":\"string\"},\"token\":null}",
            "the password: ",
            "the password is required, and a token is expired",
            "- name: PASSWORD_FILE\n  value: /run/x",
            "registry.example.com/shop/cart/and/a/long/path/0123456789/Of/Images",
            "把购物车扩到三个副本",
            "-----BEGIN CERTIFICATE-----",
        ] {
            assert_eq!(text(plain), plain);
            assert!(matches!(text(plain), Cow::Borrowed(_)));
        }
    }
}
