//! Secrets in clear: told by the name of a setting or the form of a value.
//! Asked by the sections of the configuration that hold settings of other programs.
//! Must never repeat what it looked at.

use chopmark_domain::literal::Literal;

/// Last words of the names of settings that hold a secret itself.
const SECRETS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "private_key",
    "access_key",
    "secret_key",
    "encryption_key",
    "conn_str",
];

/// Whether a setting holds a secret: by its name, or by the form of a text in it.
pub(super) fn holds_secret(name: &str, value: &Literal) -> bool {
    let name = name.replace('-', "_");
    let named = SECRETS.iter().any(|word| name == *word || name.ends_with(&format!("_{word}")));
    (named && matches!(value, Literal::Text(text) if !text.is_empty()))
        || match value {
            Literal::Text(text) => has_secret_form(text),
            Literal::List(items) => items.iter().any(|item| holds_secret("", item)),
            Literal::Map(entries) => entries.iter().any(|(name, value)| holds_secret(name, value)),
            Literal::Bool(_) | Literal::Integer(_) => false,
        }
}

/// A private key, an access key of AWS, or an address with a password in it.
fn has_secret_form(text: &str) -> bool {
    let password = text.split_once("://").and_then(|(_, rest)| rest.split('/').next()?.rsplit_once('@'));
    text.contains("-----BEGIN")
        || (text.len() == 20 && (text.starts_with("AKIA") || text.starts_with("ASIA")))
        || password.is_some_and(|(user, _)| user.contains(':'))
}
