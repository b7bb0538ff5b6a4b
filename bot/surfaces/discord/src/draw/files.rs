//! Files: names and sizes that Discord takes.
//! Used by posts.
//! Must never lose a byte of a file that is too large for one.

use crate::{limits, markup};
use chopmark_domain::change::Language;
use chopmark_protocol::chat::Attachment;
use chopmark_protocol::messages::{Arg, text};

/// The file under a name that Discord keeps as it is, in as many parts as its size needs.
pub(super) fn parts(file: &Attachment, language: Language) -> Vec<Attachment> {
    let (stem, end) = name(&file.name);
    let texts = split(&file.text, limits::FILE);
    let count = texts.len();
    let part = |(at, part): (usize, &str)| {
        if count == 1 {
            return Attachment { name: format!("{stem}{end}"), text: part.to_owned(), description: described(file) };
        }
        let args = [("part", Arg::from(at + 1)), ("count", Arg::from(count))];
        let remark = text(language, "chat-file-part", &args);
        Attachment {
            name: format!("{stem}-{}{end}", at + 1),
            description: format!("{} · {remark}", markup::cut(&described(file), limits::ALT_TEXT - 60)),
            text: part.to_owned(),
        }
    };
    texts.into_iter().enumerate().map(part).collect()
}

fn described(file: &Attachment) -> String {
    let said = chopmark_protocol::escape::visible(&file.description);
    if said.trim().is_empty() { file.name.clone() } else { markup::cut(&said, limits::ALT_TEXT) }
}

/// Letters, digits, dots, dashes and underscores: Discord replaces others, and then no part of the message finds it.
fn name(name: &str) -> (String, String) {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
        .take(80)
        .collect();
    let plain = plain.trim_matches('.');
    match plain.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && end.len() <= 5 && end.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (stem.to_owned(), format!(".{end}"))
        }
        _ if plain.is_empty() => ("file".to_owned(), ".txt".to_owned()),
        _ => (plain.to_owned(), ".txt".to_owned()),
    }
}

/// The text in parts of at most so many bytes, broken after a line where there is one.
fn split(text: &str, most: usize) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while rest.len() > most {
        let end = (0..=most).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let end = rest[..end].rfind('\n').map_or(end, |at| at + 1);
        let (part, after) = rest.split_at(end);
        out.push(part);
        rest = after;
    }
    out.push(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(name: &str, text: &str) -> Attachment {
        Attachment { name: name.to_owned(), description: "The plan".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_file_keeps_a_name_that_a_message_can_refer_to() {
        for (given, kept) in [
            ("chg-7f3k-1.txt", "chg-7f3k-1.txt"),
            ("../../etc/passwd", "_.._etc_passwd.txt"),
            ("计划.txt", "__.txt"),
            ("", "file.txt"),
            ("a b@everyone.json", "a_b_everyone.json"),
        ] {
            assert_eq!(parts(&file(given, "x"), Language::En)[0].name, kept, "{given}");
        }
    }

    #[test]
    fn a_file_larger_than_discord_takes_comes_in_parts_without_a_lost_byte() {
        let text = "一行文字 and words\n".repeat(900_000);
        let parts = parts(&file("plan.txt", &text), Language::Zh);
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), text);
        assert!(parts.iter().all(|part| part.text.len() <= limits::FILE && part.text.ends_with('\n')));
        let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["plan-1.txt", "plan-2.txt", "plan-3.txt"]);
        assert_eq!(parts[1].description, "The plan · 第 2 部分，共 3 部分");
    }

    proptest! {
        #[test]
        fn parts_are_the_whole(text in "[a-z购\n🚀]{0,60}", most in 4_usize..20) {
            let parts = split(&text, most);
            prop_assert!(parts.iter().all(|part| part.len() <= most));
            prop_assert_eq!(parts.concat(), text);
        }
    }
}
