//! The senses of words: each piece of a sentence with everything it can mean.
//! Second step of the offline planner, between the tokens and the plan.
//! Must never drop a word: what has no sense may be a name or a value.

use super::lexicon::{Noun, Particle, Sense, Verb, words};
use super::numbers;
use super::tokens::{Token, TokenKind, tokens};
use chopmark_catalog::{Catalog, Parameter, ParameterKind, Template};
use chopmark_functions::nearest::misspelt;
use std::collections::{BTreeMap, BTreeSet};

/// A piece of the sentence with what it can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// As typed.
    pub(crate) text: String,
    /// What kind of token it is.
    pub(crate) kind: TokenKind,
    /// What it can mean; empty for names and values.
    pub(crate) senses: Vec<Sense>,
    /// Whether the senses are those of a word that this one is a typing error of.
    pub(crate) guessed: bool,
    /// Its value, when it is a whole number.
    pub(crate) number: Option<i64>,
}

impl Mention {
    /// Whether it has that sense.
    pub(crate) fn has(&self, sense: &Sense) -> bool {
        self.senses.contains(sense)
    }

    /// Whether it is that particle.
    pub(crate) fn is(&self, particle: Particle) -> bool {
        self.has(&Sense::Particle(particle))
    }

    /// Whether it is that noun.
    pub(crate) fn noun(&self, noun: Noun) -> bool {
        self.has(&Sense::Noun(noun))
    }

    /// The verb it can be.
    pub(crate) fn verb(&self) -> Option<Verb> {
        self.senses.iter().find_map(|sense| match sense {
            Sense::Verb(verb) => Some(*verb),
            _ => None,
        })
    }

    /// Whether it separates what stands on both sides.
    pub(crate) fn separates(&self) -> bool {
        matches!(self.kind, TokenKind::Pause | TokenKind::Stop | TokenKind::Question)
    }

    /// Whether it only says how something is: beside a word for a place it may be a name all the same.
    pub(crate) fn describes(&self) -> bool {
        self.senses.iter().all(|sense| matches!(sense, Sense::Always(..) | Sense::Against(..)))
    }

    /// Whether it could be a name or a value: no separator, and nothing but a filler otherwise.
    pub(crate) fn is_open(&self) -> bool {
        !self.separates() && self.senses.is_empty()
    }
}

/// Names that exist now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// Environments.
    pub(crate) environments: BTreeSet<String>,
    /// Namespaces.
    pub(crate) groups: BTreeSet<String>,
    /// Components, by their own name.
    pub(crate) components: BTreeSet<String>,
}

/// The words of an English phrase, and its senses.
type Phrase = (Vec<String>, Vec<Sense>);

/// Every word and phrase with its senses.
#[derive(Debug, Clone)]
pub(crate) struct Vocabulary {
    /// English phrases by their first word: the words, and the senses.
    english: BTreeMap<String, Vec<Phrase>>,
    /// Chinese words.
    chinese: BTreeMap<String, Vec<Sense>>,
    /// Single English words that a typing error may stand for.
    spelled: BTreeSet<String>,
    /// Characters of the longest Chinese word.
    longest: usize,
    /// Words of both scripts, such as `CPU 上限`, without blanks; each is read as one character of the
    /// private use area, which no sentence holds: what is invisible was removed from it.
    mixed: Vec<(String, char)>,
}

/// The shortest word for a template that a typing error may stand for.
const SHORTEST_CORRECTED: usize = 5;

/// The first character that stands for a word of both scripts.
const FIRST_MIXED: u32 = 0xE000;

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| u32::from(c) >= 0x2E80)
}

impl Vocabulary {
    /// From the planner's own words and those of the catalogue.
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut vocabulary = Self {
            english: BTreeMap::new(),
            chinese: BTreeMap::new(),
            spelled: BTreeSet::new(),
            longest: 1,
            mixed: Vec::new(),
        };
        for (sense, words) in words() {
            for word in words.iter() {
                vocabulary.add(word, &sense);
            }
        }
        for (index, template) in catalog.templates().enumerate() {
            let sense = Sense::Template(index);
            let names = [template.name.as_str().to_owned(), template.name.as_str().replace('-', " ")];
            let titles = [template.title.en.to_lowercase(), template.title.zh.clone()];
            for word in template.words.iter().chain(&names).chain(&titles) {
                vocabulary.add(word, &sense);
            }
            for (fact, always) in template.always.iter().enumerate() {
                always.words.iter().for_each(|word| vocabulary.add(word, &Sense::Always(index, fact)));
                always.against.iter().for_each(|word| vocabulary.add(word, &Sense::Against(index, fact)));
            }
            for parameter in &template.parameters {
                let sense = Sense::Parameter(template.name.clone(), parameter.name.clone());
                let names = [parameter.name.clone(), parameter.name.replace('_', " ")];
                let titles = [parameter.title.en.to_lowercase(), parameter.title.zh.clone()];
                for word in parameter.words.iter().chain(&names).chain(&titles) {
                    vocabulary.add(word, &sense);
                }
                vocabulary.add_choices(template, parameter);
            }
        }
        vocabulary
    }

    fn add_choices(&mut self, template: &Template, parameter: &Parameter) {
        let ParameterKind::Choice { options } = &parameter.kind else { return };
        for option in options {
            let sense = Sense::Choice(template.name.clone(), parameter.name.clone(), option.value.clone());
            let own = [option.value.to_lowercase(), option.value.to_lowercase().replace('-', " ")];
            // "A" is an article before it is the type of a record; beside its parameter's word it is read as it stands.
            for word in option.words.iter().chain(&own).filter(|word| word.chars().count() > 1) {
                self.add(word, &sense);
            }
        }
    }

    fn add(&mut self, phrase: &str, sense: &Sense) {
        let mut phrase = phrase.to_lowercase();
        if is_chinese(&phrase) && phrase.contains(|c: char| c.is_ascii_alphanumeric()) {
            phrase.retain(|c| c != ' ');
            phrase = self.mixed_mark(phrase);
        }
        let senses = if is_chinese(&phrase) {
            self.longest = self.longest.max(phrase.chars().count());
            self.chinese.entry(phrase).or_default()
        } else {
            let words: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
            let Some(first) = words.first() else { return };
            // A name is often one letter away from a short word for a template: "cart" is no "cert".
            let correctable = match sense {
                // A name may be one letter away from what something is, too.
                Sense::Particle(_) | Sense::Always(..) | Sense::Against(..) => false,
                Sense::Template(_) => first.chars().count() >= SHORTEST_CORRECTED,
                _ => true,
            };
            if let ([only], true) = (words.as_slice(), correctable) {
                self.spelled.insert(only.clone());
            }
            let phrases = self.english.entry(first.clone()).or_default();
            let known = phrases.iter().position(|(known, _)| *known == words);
            let at = known.unwrap_or_else(|| {
                phrases.push((words, Vec::new()));
                phrases.len() - 1
            });
            &mut phrases[at].1
        };
        if !senses.contains(sense) {
            senses.push(sense.clone());
        }
    }

    /// The character that stands for a word of both scripts.
    fn mixed_mark(&mut self, word: String) -> String {
        if let Some((_, mark)) = self.mixed.iter().find(|(known, _)| *known == word) {
            return mark.to_string();
        }
        let next = u32::try_from(self.mixed.len()).ok().and_then(|count| char::from_u32(FIRST_MIXED + count));
        let mark = next.unwrap_or('\u{F8FF}');
        self.mixed.push((word, mark));
        self.mixed.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        mark.to_string()
    }

    /// The sentence with every word of both scripts as one character.
    fn with_marks(&self, sentence: &str) -> String {
        let mut out = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some(c) = rest.chars().next() {
            let begins = self.mixed.iter().find_map(|(word, mark)| Some((length_of(word, rest)?, *mark)));
            match begins {
                Some((length, mark)) => {
                    out.push(mark);
                    rest = &rest[length..];
                }
                None => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }

    /// The pieces of a sentence with their senses.
    pub(crate) fn read(&self, sentence: &str, names: &Names) -> Vec<Mention> {
        let tokens = cut_pairs(tokens(&self.with_marks(sentence)), |word| self.is_parameter(word));
        let mut mentions = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token.kind {
                TokenKind::Word => at += self.word(&tokens[at..], names, &mut mentions),
                TokenKind::Han => {
                    self.han(&token.text, &mut mentions);
                    at += 1;
                }
                TokenKind::Quoted | TokenKind::Pause | TokenKind::Stop | TokenKind::Question => {
                    mentions.push(plain(&token.text, token.kind));
                    at += 1;
                }
            }
        }
        mentions
    }

    /// The longest phrase at the beginning of the tokens; returns how many tokens it took.
    fn word(&self, tokens: &[Token], names: &Names, mentions: &mut Vec<Mention>) -> usize {
        let low = tokens[0].text.to_lowercase();
        let mut mention = plain(&tokens[0].text, TokenKind::Word);
        let mut taken = 1;
        if let Some((words, senses)) = self.phrase(&low, tokens) {
            taken = words;
            mention.senses = senses;
            if taken > 1 {
                let texts: Vec<&str> = tokens[..taken].iter().map(|token| token.text.as_str()).collect();
                mention.text = texts.join(" ");
            }
        }
        if taken == 1 {
            let known = [
                (&names.environments, Sense::Environment),
                (&names.groups, Sense::Group),
                (&names.components, Sense::Component),
            ];
            let senses = known.into_iter().filter(|(names, _)| names.contains(&low)).map(|(_, sense)| sense);
            let before = mention.senses.len();
            mention.senses.extend(senses);
            // What is called `hello` is greeted by nobody who says more than that.
            if mention.senses.len() > before && (tokens.len() > 1 || !mentions.is_empty()) {
                mention.senses.retain(|sense| *sense != Sense::Verb(Verb::Help));
            }
            mention.number = numbers::integer(&low);
        }
        let unknown = mention.senses.is_empty() && mention.number.is_none();
        if unknown
            && low.chars().all(|c| c.is_ascii_lowercase())
            && let Some(word) = misspelt(&low, self.spelled.iter().map(String::as_str))
        {
            mention.senses = self.single(word);
            mention.guessed = true;
        }
        mentions.push(mention);
        taken
    }

    fn phrase(&self, first: &str, tokens: &[Token]) -> Option<(usize, Vec<Sense>)> {
        let fits = |words: &[String]| {
            words.len() <= tokens.len()
                && words
                    .iter()
                    .zip(tokens)
                    .all(|(word, token)| token.kind == TokenKind::Word && *word == token.text.to_lowercase())
        };
        let exact = self.english.get(first).into_iter().flatten().filter(|(words, _)| fits(words));
        exact.max_by_key(|(words, _)| words.len()).map(|(words, senses)| (words.len(), senses.clone()))
    }

    fn single(&self, word: &str) -> Vec<Sense> {
        let phrases = self.english.get(word).into_iter().flatten();
        phrases.filter(|(words, _)| words.len() == 1).flat_map(|(_, senses)| senses.clone()).collect()
    }

    /// Cuts a run of Chinese by the longest word at each place; numerals are numbers, what is left is open.
    fn han(&self, text: &str, mentions: &mut Vec<Mention>) {
        let mut rest = text;
        let mut open = String::new();
        while !rest.is_empty() {
            let word = self.longest_word(rest);
            let numeral = numbers::numeral_length(rest);
            let (taken, mention) = match word {
                Some((length, senses)) if length >= numeral => {
                    let word: String = rest.chars().take(length).collect();
                    let number = word.strip_suffix('个').and_then(numbers::numeral);
                    (length, Mention { senses: senses.clone(), number, ..plain(&word, TokenKind::Han) })
                }
                _ if numeral > 0 => {
                    let word: String = rest.chars().take(numeral).collect();
                    (numeral, Mention { number: numbers::numeral(&word), ..plain(&word, TokenKind::Han) })
                }
                _ => {
                    open.extend(rest.chars().next());
                    rest = skip(rest, 1);
                    continue;
                }
            };
            if !open.is_empty() {
                mentions.push(plain(&std::mem::take(&mut open), TokenKind::Han));
            }
            mentions.push(mention);
            rest = skip(rest, taken);
        }
        if !open.is_empty() {
            mentions.push(plain(&open, TokenKind::Han));
        }
    }

    /// Whether a word is one for a parameter.
    fn is_parameter(&self, word: &str) -> bool {
        self.single(word).iter().any(|sense| matches!(sense, Sense::Parameter(..)))
    }

    fn longest_word(&self, text: &str) -> Option<(usize, &Vec<Sense>)> {
        (1..=self.longest.min(text.chars().count())).rev().find_map(|length| {
            let word: String = text.chars().take(length).collect();
            self.chinese.get(&word).map(|senses| (length, senses))
        })
    }
}

/// How many bytes of the text are that word, whatever its case and the blanks within it.
fn length_of(word: &str, text: &str) -> Option<usize> {
    let mut wanted = word.chars();
    let mut next = wanted.next();
    for (at, c) in text.char_indices() {
        let Some(expected) = next else { return Some(at) };
        if c == ' ' && at > 0 {
            continue;
        }
        if c.to_ascii_lowercase() != expected {
            return None;
        }
        next = wanted.next();
    }
    next.is_none().then_some(text.len())
}

/// Cuts `replicas=3` and `port:8080` into word and value where the first part is a parameter's word. Upper-case
/// names before an equals sign are environment variables and stay whole.
fn cut_pairs(tokens: Vec<Token>, is_parameter: impl Fn(&str) -> bool) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let cut = token.text.split_once(['=', ':']).filter(|(word, value)| {
            token.kind == TokenKind::Word && !value.is_empty() && *word == word.to_lowercase() && is_parameter(word)
        });
        match cut {
            Some((word, value)) => {
                out.push(Token { text: word.to_owned(), kind: TokenKind::Word });
                out.push(Token { text: value.to_owned(), kind: TokenKind::Word });
            }
            None => out.push(token),
        }
    }
    out
}

fn plain(text: &str, kind: TokenKind) -> Mention {
    Mention { text: text.to_owned(), kind, senses: Vec::new(), guessed: false, number: None }
}

fn skip(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or("", |(at, _)| &text[at..])
}
