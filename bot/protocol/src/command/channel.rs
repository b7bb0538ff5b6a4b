//! Commands about how a person or a channel is spoken to: languages and kinds of news.
//! Called by the parser; the words of the kinds are read by the router's answers too.
//! Must never take a sentence for a subscription: every word of it is a kind.

use super::{Command, Pin, Whose};
use chopmark_domain::change::Language;
use chopmark_domain::ports::NewsKind;
use std::collections::BTreeSet;

/// Every kind of news, with its words in both languages, the usual ones first.
pub const KINDS: [(NewsKind, &[&str], &[&str]); 4] = [
    (NewsKind::Approvals, &["approvals", "approval"], &["审批", "批准"]),
    (NewsKind::Failures, &["failures", "failure"], &["失败", "故障"]),
    (NewsKind::Budget, &["budget", "budgets"], &["预算"]),
    (NewsKind::Alerts, &["alerts", "alert"], &["告警", "警报"]),
];

/// All of them.
const ALL: [&str; 6] = ["all", "everything", "all news", "全部", "所有", "一切"];

/// What stands after a language that is the channel's.
const HERE: [&str; 8] = ["here", "in this channel", "this channel", "本频道", "此频道", "这个频道", "这里", "在这里"];

/// The usual word of a kind.
pub fn kind_word(kind: NewsKind, language: Language) -> &'static str {
    let words = KINDS.iter().find(|(known, ..)| *known == kind).map(|(_, en, zh)| match language {
        Language::En => *en,
        Language::Zh => *zh,
    });
    words.and_then(|words| words.first().copied()).unwrap_or_default()
}

/// Whether a text begins with a Chinese word of a kind, which may follow a Chinese command at once.
pub(super) fn begins_kind(text: &str) -> bool {
    let words = KINDS.iter().flat_map(|(_, _, zh)| zh.iter()).chain(&ALL);
    words.filter(|word| !word.is_ascii()).any(|word| text.starts_with(word))
}

/// Nothing, or kinds with commas or "and" between them.
pub(super) fn kinds(tail: &str) -> Option<BTreeSet<NewsKind>> {
    let tail = tail.to_ascii_lowercase();
    if tail.is_empty() {
        return Some(BTreeSet::new());
    }
    if ALL.contains(&tail.as_str()) {
        return Some(KINDS.iter().map(|(kind, ..)| *kind).collect());
    }
    let words = tail.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | '，' | '和' | '与'));
    words.filter(|word| !matches!(*word, "" | "and")).map(kind).collect()
}

fn kind(word: &str) -> Option<NewsKind> {
    let is = |words: &[&str]| words.contains(&word);
    KINDS.iter().find(|(_, en, zh)| is(en) || is(zh)).map(|(kind, ..)| *kind)
}

/// A language or `auto`, then `here` or nothing.
pub(super) fn lang(tail: &str) -> Option<Command> {
    let tail = tail.to_ascii_lowercase();
    let (word, rest) = tail.split_once(char::is_whitespace).unwrap_or((&tail, ""));
    let pin = match word {
        "en" | "english" | "英文" | "英语" => Pin::To(Language::En),
        "zh" | "chinese" | "中文" | "汉语" => Pin::To(Language::Zh),
        "auto" | "自动" => Pin::LetGo,
        _ => return None,
    };
    let whose = match rest.trim() {
        "" => Whose::Mine,
        rest if HERE.contains(&rest) => Whose::Channels,
        _ => return None,
    };
    Some(Command::Lang { pin, whose })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::parse;
    use NewsKind::{Alerts, Approvals, Budget, Failures};

    #[test]
    fn kinds_of_news_are_read_in_both_languages_and_nothing_else_is() {
        let subscribe = |kinds: &[NewsKind]| Some(Command::Subscribe { kinds: kinds.iter().copied().collect() });
        for (said, kinds) in [
            ("subscribe", &[][..]),
            ("subscribe approvals", &[Approvals][..]),
            ("Subscribe approvals, failures and budget", &[Approvals, Failures, Budget][..]),
            ("subscribe all", &[Approvals, Failures, Budget, Alerts][..]),
            ("订阅 审批、失败", &[Approvals, Failures][..]),
            ("订阅告警", &[Alerts][..]),
            ("订阅全部", &[Approvals, Failures, Budget, Alerts][..]),
        ] {
            assert_eq!(parse(said), subscribe(kinds), "{said}");
        }
        let none = Some(Command::Unsubscribe { kinds: BTreeSet::new() });
        assert_eq!((parse("unsubscribe"), parse("退订"), parse("取消订阅")), (none.clone(), none.clone(), none));
        assert_eq!(parse("退订预算"), Some(Command::Unsubscribe { kinds: BTreeSet::from([Budget]) }));
        assert_eq!(
            (parse("subscriptions"), parse("订阅列表")),
            (Some(Command::Subscriptions), Some(Command::Subscriptions))
        );
        for sentence in ["subscribe me to the newsletter", "subscribe cart", "订阅它", "subscriptions of bob"] {
            assert_eq!(parse(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn a_language_is_pinned_for_a_person_or_a_channel_and_let_go_again() {
        let lang = |pin, whose| Some(Command::Lang { pin, whose });
        for (said, pin, whose) in [
            ("lang zh", Pin::To(Language::Zh), Whose::Mine),
            ("语言 英文", Pin::To(Language::En), Whose::Mine),
            ("lang zh here", Pin::To(Language::Zh), Whose::Channels),
            ("language english in this channel", Pin::To(Language::En), Whose::Channels),
            ("语言 英文 本频道", Pin::To(Language::En), Whose::Channels),
            ("lang auto", Pin::LetGo, Whose::Mine),
            ("语言 自动 本频道", Pin::LetGo, Whose::Channels),
        ] {
            assert_eq!(parse(said), lang(pin, whose), "{said}");
        }
        for sentence in ["lang", "lang fr", "lang zh there", "language of the cart"] {
            assert_eq!(parse(sentence), None, "{sentence}");
        }
    }
}
