//! What the adapter is made with.
//! Filled by bot/app from the section `[slack]`.
//! Must never show a token: secrets stand in types that hide them.

use secrecy::SecretString;

/// What the adapter is made with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bot's token, `xoxb-…`.
    pub bot_token: SecretString,
    /// The app's token, `xapp-…`: with it events come over Socket Mode.
    pub app_token: Option<SecretString>,
    /// The signing secret: with it events may come over HTTP.
    pub signing_secret: Option<SecretString>,
    /// Another address of the API, such as a proxy's.
    pub api: Option<String>,
}
