//! What a model says, heard while it is still being said.
//! Written by the model ports with every piece of an answer; read by bot/app, which shows it.
//! Must never let out half a word: a secret is known by its whole shape alone.

use crate::redact;
use crate::uses::Uses;
use chopmark_functions::clean;
use std::time::Duration;
use tokio::time::Instant;

/// How often what was said so far is looked through: surfaces show it more seldom still.
const OFTEN: Duration = Duration::from_millis(250);
/// Characters that are shown of an answer on its way.
const LONGEST: usize = 4_000;

/// An answer on its way.
pub(crate) struct Aloud<'a> {
    uses: &'a Uses,
    next: Instant,
}

impl<'a> Aloud<'a> {
    /// Nothing was said yet.
    pub(crate) fn begin(uses: &'a Uses) -> Self {
        Self { uses, next: Instant::now() }
    }

    /// So much was said by now.
    pub(crate) fn said(&mut self, text: &str) {
        let now = Instant::now();
        if now < self.next || !self.uses.is_heard() {
            return;
        }
        self.next = now + OFTEN;
        let whole = text.rfind(char::is_whitespace).map_or("", |end| &text[..end]);
        let shown = redact::text(&clean::text(whole, LONGEST)).into_owned();
        if !shown.trim().is_empty() {
            self.uses.say(shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chopmark_domain::time::Timestamp;
    use tokio::sync::watch;

    #[test]
    fn a_secret_is_never_heard_while_it_grows() {
        let (tell, told) = watch::channel(String::new());
        let uses = Uses::new(Timestamp(0)).heard_by(tell);
        let whole = "The key is AKIAIOSFODNN7EXAMPLE and that is all.";
        for end in 1..=whole.len() {
            Aloud::begin(&uses).said(&whole[..end]);
            assert!(!told.borrow().contains("AKI"), "{}", *told.borrow());
        }
        assert!(told.borrow().ends_with("and that is"), "{}", *told.borrow());
    }
}
