//! What every chat platform shares: arrivals and presses in, posts and cards out, and the port between an adapter and
//! the program.
//! Used by bot/surfaces/{discord,slack} and by bot/app/chat.
//! Must never name a platform: what only one of them has stays in its adapter.

mod alone;
mod arrival;
mod buttons;
mod form;
mod port;
mod post;
mod press;

pub use alone::alone;
pub use arrival::{Arrival, Meant, Reply, Speaker};
pub use buttons::{Button, Style, buttons, capital};
pub use form::{Choice, Field, FieldKind, Filled, Form, FormAsked, FormKind};
pub use port::{Chat, Check, Desk, Fault, Gone, HttpCall, HttpReply, Partial, Suggested, Suggesting, Taken, Verdict};
pub use post::{Attachment, Audience, CardView, Content, Drawn, Outgoing, Post, PostBody};
pub use press::{Act, Asks, Press, Pressed};
