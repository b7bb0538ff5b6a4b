//! A sentence cut into tokens: words as they are written, runs of Chinese, quoted text, pauses.
//! First step of the offline planner; senses are given to tokens by the lexicon.
//! Must never change a word: names and values are taken from the tokens as they were typed.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Latin letters, digits and the signs that stand in names, images, paths, quantities.
    Word,
    /// Chinese characters without a break.
    Han,
    /// Text in quotes.
    Quoted,
    /// A comma or the like: what stands on both sides belongs less together.
    Pause,
    /// The end of a sentence.
    Stop,
    /// A question mark.
    Question,
}

/// A piece of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// As typed, without quotes.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: TokenKind,
}

/// More tokens than any sentence has; what follows is not looked at.
const MOST_TOKENS: usize = 400;

fn is_han(c: char) -> bool {
    // The private use area stands for words of both scripts: see senses.rs.
    matches!(u32::from(c), 0x3007 | 0xE000..=0xF8FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3134F)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._:/-=@+%*~$&#<>|\\^[](){}".contains(c) || (c.is_alphabetic() && !is_han(c))
}

fn closing(open: char) -> Option<char> {
    Some(match open {
        '"' | '`' | '\'' => open,
        '“' => '”',
        '‘' => '’',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        _ => return None,
    })
}

/// Cuts a sentence.
pub(crate) fn tokens(sentence: &str) -> Vec<Token> {
    let chars: Vec<char> = sentence.chars().collect();
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < chars.len() && out.len() < MOST_TOKENS {
        let c = chars[at];
        let pause = match c {
            ',' | '、' | '，' => Some(TokenKind::Pause),
            ';' | '.' | '!' | '。' | '！' | '；' | '\n' => Some(TokenKind::Stop),
            '?' | '？' => Some(TokenKind::Question),
            _ => None,
        };
        if let Some((text, next)) = quoted(&chars, at) {
            out.push(Token { text, kind: TokenKind::Quoted });
            at = next;
        } else if is_han(c) {
            let end = end_of(&chars, at, is_han);
            out.push(Token { text: chars[at..end].iter().collect(), kind: TokenKind::Han });
            at = end;
        } else if let (Some(kind), false) = (pause, c == '.' && chars.get(at + 1).is_some_and(|c| is_word(*c))) {
            out.push(Token { text: c.to_string(), kind });
            at += 1;
        } else if is_word(c) {
            at = word(&chars, at, &mut out);
        } else {
            at += 1;
        }
    }
    out
}

fn end_of(chars: &[char], from: usize, belongs: fn(char) -> bool) -> usize {
    chars[from..].iter().position(|c| !belongs(*c)).map_or(chars.len(), |length| from + length)
}

/// The text in quotes that begin here, with the place after them. An apostrophe within a word opens nothing.
fn quoted(chars: &[char], at: usize) -> Option<(String, usize)> {
    let open = chars[at];
    let close = closing(open)?;
    let after_word = at > 0 && chars[at - 1].is_ascii_alphanumeric();
    if open == '\'' && after_word {
        return None;
    }
    let mut text = String::new();
    let mut inside = at + 1;
    loop {
        let c = *chars.get(inside)?;
        // As in JSON and in shells: a backslash before the quote or before another one stands for what follows it.
        let escaped = chars.get(inside + 1).filter(|next| c == '\\' && (**next == close || **next == '\\'));
        match escaped {
            Some(next) => text.push(*next),
            None if c == close => return Some((text, inside + 1)),
            None => text.push(c),
        }
        inside += if escaped.is_some() { 2 } else { 1 };
    }
}

/// Takes the word that begins here, with quoted text that is joined to it by `=`.
fn word(chars: &[char], from: usize, out: &mut Vec<Token>) -> usize {
    let mut end = from;
    let mut text = String::new();
    while end < chars.len() {
        let c = chars[end];
        let apostrophe = matches!(c, '\'' | '’') && chars.get(end + 1).is_some_and(|c| c.is_alphabetic());
        if is_word(c) || apostrophe {
            text.push(if apostrophe { '\'' } else { c });
            end += 1;
        } else if let (true, Some((value, next))) = (text.ends_with('='), quoted(chars, end)) {
            text.push_str(&value);
            out.push(Token { text, kind: TokenKind::Word });
            return next;
        } else {
            break;
        }
    }
    let trimmed = text.trim_end_matches(['.', ':', ')', '(', '>', '|']).trim_start_matches(['(', '<', '|', ':', '=']);
    let stops = text.ends_with('.');
    let stem = trimmed.strip_suffix("'s").unwrap_or(trimmed);
    if !stem.is_empty() {
        out.push(Token { text: stem.to_owned(), kind: TokenKind::Word });
    }
    if stops && !trimmed.is_empty() {
        out.push(Token { text: ".".to_owned(), kind: TokenKind::Stop });
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sentence: &str) -> Vec<String> {
        tokens(sentence).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn names_images_and_quantities_stay_whole() {
        assert_eq!(
            texts("deploy image localhost/web:1 as cart, 64Mi memory: yes."),
            ["deploy", "image", "localhost/web:1", "as", "cart", ",", "64Mi", "memory", "yes", "."]
        );
        assert_eq!(texts("0.5 cores at */5"), ["0.5", "cores", "at", "*/5"]);
    }

    #[test]
    fn chinese_and_latin_need_no_blank_between_them() {
        assert_eq!(texts("把cart的镜像换成nginx:1.27"), ["把", "cart", "的镜像换成", "nginx:1.27"]);
        assert_eq!(texts("cart 健康吗？"), ["cart", "健康吗", "？"]);
    }

    #[test]
    fn apostrophes_quotes_and_pairs_are_told_apart() {
        assert_eq!(texts("set cart's image, don't"), ["set", "cart", "image", ",", "don't"]);
        assert_eq!(texts("with A=1, B=\"two words\" and 'x y'"), ["with", "A=1", ",", "B=two words", "and", "x y"]);
        assert_eq!(texts(r#"with B="tw\"o \\ ${x}\d""#), ["with", r#"B=tw"o \ ${x}\d"#]);
        assert_eq!(texts("叫「cart」"), ["叫", "cart"]);
        assert_eq!(texts("it's \"open"), ["it", "open"]);
    }
}
