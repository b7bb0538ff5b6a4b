//! What the adapter is made with.
//! Filled by bot/app from the section `[discord]`.
//! Must never show a token: secrets stand in types that hide them.

use secrecy::SecretString;

/// What the adapter is made with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bot's token.
    pub token: SecretString,
    /// Whether the application has the privileged intent that lets it read what nobody addressed to it.
    pub message_content: bool,
    /// The application's public key, in hexadecimal: with it interactions may come over HTTP.
    pub public_key: Option<String>,
    /// Another address of the API, such as a proxy's.
    pub api: Option<String>,
    /// Servers in which commands are registered at once; none: everywhere.
    pub servers: Vec<String>,
}
