//! Troubles: why Discord did not do something, and what that means for whoever asked.
//! Made by the wire from serenity's errors; read by everything that sends.
//! Must never carry an address: those of interactions hold their tokens.

use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Fault, Gone};
use serenity::Error;
use serenity::http::HttpError;

/// How this platform is called in words.
pub(crate) const PLATFORM: &str = "Discord";

/// Discord's codes that we tell apart (docs: Topics / Opcodes and Status Codes / JSON).
pub(crate) mod codes {
    /// Unknown channel.
    pub(crate) const CHANNEL: isize = 10003;
    /// Unknown server.
    pub(crate) const SERVER: isize = 10004;
    /// Unknown member.
    pub(crate) const MEMBER: isize = 10007;
    /// Unknown message.
    pub(crate) const MESSAGE: isize = 10008;
    /// Unknown user.
    pub(crate) const USER: isize = 10013;
    /// Unknown webhook: the token of an interaction that is over.
    pub(crate) const WEBHOOK: isize = 10015;
    /// The interaction was answered before.
    pub(crate) const ANSWERED: isize = 40060;
    /// Missing access: the channel can't be seen.
    pub(crate) const ACCESS: isize = 50001;
    /// They take no messages from us.
    pub(crate) const CLOSED: isize = 50007;
    /// Missing permissions.
    pub(crate) const PERMISSION: isize = 50013;
    /// The channel's kind does not do this.
    pub(crate) const KIND: isize = 50024;
    /// The token of an interaction is not valid any more.
    pub(crate) const TOKEN: isize = 50027;
    /// The message's kind does not do this.
    pub(crate) const MESSAGE_KIND: isize = 50068;
    /// The thread is archived.
    pub(crate) const ARCHIVED: isize = 50083;
    /// The message has a thread already.
    pub(crate) const THREAD: isize = 160_004;
}

/// Why Discord did not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It answered so.
    Answered {
        /// The status of HTTP.
        status: u16,
        /// Its own code; 0 or less where it gave none.
        code: isize,
        /// Its words.
        why: String,
    },
    /// No whole answer came: whether it happened is unknown.
    Cut(String),
    /// It was never sent, or its answer makes no sense.
    Ours(String),
}

impl Trouble {
    /// Discord's own code, where it answered with one.
    pub(crate) fn code(&self) -> Option<isize> {
        match self {
            Self::Answered { code, .. } => Some(*code),
            Self::Cut(_) | Self::Ours(_) => None,
        }
    }

    /// Whether an interaction's token is what no longer works: then there are other ways to answer.
    pub(crate) fn is_over(&self) -> bool {
        match self {
            Self::Answered { status, code, .. } => {
                matches!(*code, codes::WEBHOOK | codes::TOKEN | 10_062) || matches!(*status, 401 | 404)
            }
            Self::Cut(_) | Self::Ours(_) => false,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
                let details: Vec<_> =
                    answer.error.errors.iter().map(|one| format!("; {}: {}", one.path, one.message)).collect();
                Self::Answered {
                    status: answer.status_code.as_u16(),
                    code: answer.error.code,
                    why: format!("{}{}", answer.error.message, details.concat()),
                }
            }
            // The address would be in its words.
            Error::Http(HttpError::Request(error)) => Self::Cut(error.without_url().to_string()),
            Error::Http(HttpError::RateLimitI64F64 | HttpError::RateLimitUtf8) => {
                Self::Cut("the headers of the rate limit make no sense".to_owned())
            }
            other => Self::Ours(other.to_string()),
        }
    }
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        let (status, code, why) = match trouble {
            // serenity's limiter waits as long as it is told; without it nobody tells us how long.
            Trouble::Cut(why) => return Self::Later { after: None, why },
            Trouble::Ours(why) => return Self::Invalid(why),
            Trouble::Answered { status, code, why } => (status, code, why),
        };
        match (status, code) {
            (429 | 500.., _) => Self::Later { after: None, why },
            (_, codes::MESSAGE) => Self::Gone { what: Gone::Message, why },
            (_, codes::CHANNEL | codes::SERVER | codes::USER | codes::ACCESS | codes::CLOSED | codes::PERMISSION) => {
                Self::Gone { what: Gone::Place, why }
            }
            (401, _) => Self::Refused(token_refused(&why)),
            (403, _) => {
                Self::Refused(Problem::new(Code::ChatRightMissing).with("platform", PLATFORM).with("right", why))
            }
            (404, _) => Self::Gone { what: Gone::Place, why },
            _ => Self::Invalid(why),
        }
    }
}

/// The problem of a token that Discord does not take.
pub(crate) fn token_refused(why: &str) -> Problem {
    Problem::new(Code::ChatTokenRefused).with("platform", PLATFORM).with("reason", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, code: isize) -> Fault {
        Trouble::Answered { status, code, why: "so".to_owned() }.into()
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_pass_is_not() {
        let later = Fault::Later { after: None, why: "so".to_owned() };
        assert_eq!(fault(429, -1), later);
        assert_eq!(fault(502, 0), later);
        assert_eq!(Fault::from(Trouble::Cut("so".to_owned())), later);
        assert_eq!(fault(400, 50035), Fault::Invalid("so".to_owned()));
    }

    #[test]
    fn what_is_gone_is_told_apart_from_what_a_person_must_mend() {
        let place = Fault::Gone { what: Gone::Place, why: "so".to_owned() };
        assert_eq!(fault(404, codes::MESSAGE), Fault::Gone { what: Gone::Message, why: "so".to_owned() });
        assert_eq!(fault(404, codes::CHANNEL), place);
        assert_eq!(fault(403, codes::CLOSED), place, "their direct messages are closed");
        assert_eq!(fault(403, codes::ACCESS), place);
        assert_eq!(fault(401, 0), Fault::Refused(token_refused("so")));
        assert!(matches!(fault(403, 0), Fault::Refused(problem) if problem.code == Code::ChatRightMissing));
    }
}
