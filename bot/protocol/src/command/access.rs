//! Commands about people: joining identities, and questions about rights, which are also understood as questions.
//! Called by the parser.
//! Must never take words for a name: who is asked about is one word, and what is in its exact form.

use super::Command;
use chopmark_domain::access::Wanted;
use chopmark_domain::ids::Identity;

/// Characters of a code, without the dash that people may put into it.
const CODE: usize = 8;

/// `link`, or `link` and a code.
pub(super) fn link(tail: &str) -> Option<Command> {
    if tail.is_empty() {
        return Some(Command::Link { code: None });
    }
    let plain: String = tail.chars().filter(|c| *c != '-').collect();
    let is_code = plain.len() == CODE && plain.bytes().all(|b| b.is_ascii_alphanumeric());
    is_code.then(|| Command::Link { code: Some(plain.to_ascii_lowercase()) })
}

/// `unlink`, or `unlink` and an identity.
pub(super) fn unlink(tail: &str) -> Option<Command> {
    if tail.is_empty() {
        return Some(Command::Unlink { identity: None });
    }
    Identity::parse(tail).ok().map(|identity| Command::Unlink { identity: Some(identity) })
}

/// Who, and then what; or nothing.
pub(super) fn explain(tail: &str) -> Option<Command> {
    let Some((who, what)) = tail.split_once(char::is_whitespace) else {
        return if tail.is_empty() {
            Some(Command::Access { who: None, what: None })
        } else {
            is_who(tail).then(|| Command::Access { who: who(tail), what: None })
        };
    };
    asked(who, what)
}

/// `may bob approve chg-7f3k?`, `bob 能批准 chg-7f3k 吗`: only about a change or a component, so that no sentence is
/// taken for one.
pub(super) fn question(text: &str) -> Option<Command> {
    let exact = |wanted: &Wanted| wanted.change.is_some() || wanted.component.is_some();
    sentence(text).filter(|asked| matches!(asked, Command::Access { what: Some(wanted), .. } if exact(wanted)))
}

fn sentence(text: &str) -> Option<Command> {
    let text = text.trim_end_matches(['?', '？', '吗', '么']).trim_end();
    if let Some((first, rest)) = text.split_once(char::is_whitespace)
        && ["may", "can"].iter().any(|word| first.eq_ignore_ascii_case(word))
    {
        let (who, what) = rest.trim_start().split_once(char::is_whitespace)?;
        return asked(who, what);
    }
    for word in ["是否可以", "可不可以", "能不能", "能否", "可以", "能"] {
        if let Some((who, what)) = text.split_once(word) {
            return asked(who.trim(), what);
        }
    }
    None
}

fn asked(somebody: &str, what: &str) -> Option<Command> {
    // Chinese is written without spaces: an id may follow the verb at once.
    let apart = what.to_ascii_lowercase().replace("chg-", " chg-");
    let what = Wanted::parse(if what.is_ascii() { what } else { &apart })?;
    is_who(somebody).then(|| Command::Access { who: who(somebody), what: Some(what) })
}

/// Somebody by name, id or identity.
fn is_who(word: &str) -> bool {
    // "Who may approve it" asks for people, not about one.
    let asks = ["who", "anybody", "anyone", "谁", "有谁", "哪些人"].iter().any(|asks| word.eq_ignore_ascii_case(asks));
    !asks && !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'))
}

fn who(word: &str) -> Option<String> {
    let me = ["me", "i", "我"].iter().any(|me| word.eq_ignore_ascii_case(me));
    (!me).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::parse;

    fn access(who: Option<&str>, what: &str) -> Option<Command> {
        Some(Command::Access { who: who.map(str::to_owned), what: Wanted::parse(what) })
    }

    #[test]
    fn questions_about_rights_are_understood_in_both_languages() {
        for said in [
            "access explain bob approve chg-7f3k",
            "may bob approve chg-7f3k?",
            "can bob approve chg-7f3k",
            "bob 能批准 chg-7f3k 吗？",
            "bob能批准chg-7f3k吗",
            "解释权限 bob 批准 chg-7f3k",
        ] {
            assert_eq!(parse(said), access(Some("bob"), "approve chg-7f3k"), "{said}");
        }
        assert_eq!(parse("may I approve chg-7f3k?"), access(None, "approve chg-7f3k"));
        assert_eq!(parse("我可以批准 chg-7f3k 吗"), access(None, "approve chg-7f3k"));
        assert_eq!(
            parse("access explain terminal:4301 propose prod aws/object-storage"),
            access(Some("terminal:4301"), "propose prod aws/object-storage")
        );
        for sentence in [
            "can you approve it",
            "may the change be approved",
            "can I have 3 replicas",
            "谁能批准它？",
            "谁能批准 chg-7f3k？",
        ] {
            assert_eq!(parse(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn a_code_is_eight_characters_and_nothing_else() {
        let with = |code: &str| Some(Command::Link { code: Some(code.to_owned()) });
        assert_eq!(parse("link"), Some(Command::Link { code: None }));
        assert_eq!(parse("link k7mp-2xqa"), with("k7mp2xqa"));
        assert_eq!(parse("关联 K7MP2XQA"), with("k7mp2xqa"));
        for sentence in ["link the bucket", "link cart to shop", "link k7mp2xq", "unlink everything"] {
            assert_eq!(parse(sentence), None, "{sentence}");
        }
    }
}
