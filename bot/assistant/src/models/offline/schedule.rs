//! Schedules as people say them, as cron lines.
//! Used by the planner for parameters that are schedules.
//! Must never guess an hour: what is not understood is no schedule, and the tool asks.

use super::lexicon::Particle;
use super::numbers;
use super::sentence::Sentence;
use super::tokens::TokenKind;

/// Days of the week as people say them, Sunday first.
const DAYS: [(&str, &[&str]); 7] = [
    ("0", &["sunday", "sundays", "周日", "周天", "星期日", "星期天"]),
    ("1", &["monday", "mondays", "周一", "星期一"]),
    ("2", &["tuesday", "tuesdays", "周二", "星期二"]),
    ("3", &["wednesday", "wednesdays", "周三", "星期三"]),
    ("4", &["thursday", "thursdays", "周四", "星期四"]),
    ("5", &["friday", "fridays", "周五", "星期五"]),
    ("6", &["saturday", "saturdays", "周六", "星期六"]),
];

/// A cron line that was written as one, quoted or not, with the places it took.
pub(crate) fn written(sentence: &Sentence) -> Option<(String, Vec<usize>)> {
    let is_field = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_digit() || "*/,-".contains(c))
            && text.chars().any(|c| c.is_ascii_digit() || c == '*')
    };
    for (at, mention) in sentence.mentions.iter().enumerate() {
        let fields: Vec<&str> = mention.text.split_whitespace().collect();
        let named = ["@yearly", "@monthly", "@weekly", "@daily", "@hourly", "@midnight", "@annually"];
        if named.contains(&mention.text.as_str()) || (fields.len() == 5 && fields.iter().all(|field| is_field(field))) {
            return Some((mention.text.clone(), vec![at]));
        }
        if mention.kind == TokenKind::Word && is_field(&mention.text) {
            let five: Vec<usize> = (at..at + 5).collect();
            let texts: Option<Vec<&str>> =
                five.iter().map(|at| sentence.mentions.get(*at).map(|mention| mention.text.as_str())).collect();
            if let Some(texts) = texts.filter(|texts| texts.iter().all(|text| is_field(text))) {
                return Some((texts.join(" "), five));
            }
        }
    }
    None
}

/// A schedule in words, such as "every 5 minutes", "every day at 3:30" or "每天 3 点", with the places it took.
pub(crate) fn spoken(sentence: &Sentence) -> Option<(String, Vec<usize>)> {
    let mut words = Words { sentence, at: 0, taken: Vec::new() };
    for at in 0..sentence.mentions.len() {
        words.at = at;
        words.taken.clear();
        if let Some(line) = words.line() {
            return Some((line, words.taken));
        }
    }
    None
}

/// Reads on through the sentence, one word after the other.
struct Words<'a> {
    sentence: &'a Sentence,
    at: usize,
    taken: Vec<usize>,
}

impl Words<'_> {
    fn text(&self) -> String {
        self.sentence.mentions.get(self.at).map(|mention| mention.text.to_lowercase()).unwrap_or_default()
    }

    fn next(&mut self) {
        self.taken.push(self.at);
        self.at += 1;
    }

    /// Takes the word if it is one of these.
    fn one_of(&mut self, words: &[&str]) -> bool {
        let fits = words.contains(&self.text().as_str());
        if fits {
            self.next();
        }
        fits
    }

    fn number(&mut self) -> Option<i64> {
        let number = self.sentence.mentions.get(self.at)?.number?;
        self.next();
        Some(number)
    }

    fn line(&mut self) -> Option<String> {
        if self.one_of(&["hourly"]) {
            return Some("0 * * * *".to_owned());
        }
        if self.one_of(&["daily", "nightly"]) {
            return self.day("*");
        }
        if self.one_of(&["weekly"]) {
            return self.day("0");
        }
        let every = self.sentence.mentions.get(self.at)?.is(Particle::Every);
        if !every {
            return self.run_together();
        }
        self.next();
        if let Some(count) = self.number() {
            let _ = self.one_of(&["个"]);
            if self.one_of(&["minutes", "minute", "min", "mins", "分钟", "分"]) {
                return (1..60).contains(&count).then(|| format!("*/{count} * * * *"));
            }
            if self.one_of(&["hours", "hour", "小时", "钟头"]) {
                return (1..24).contains(&count).then(|| format!("0 */{count} * * *"));
            }
            return None;
        }
        if self.one_of(&["minute", "分钟"]) {
            return Some("* * * * *".to_owned());
        }
        if self.one_of(&["hour", "小时"]) {
            return Some("0 * * * *".to_owned());
        }
        if self.one_of(&["day", "night", "天", "日", "晚"]) {
            return self.day("*");
        }
        if self.one_of(&["morning", "早", "早上"]) {
            return self.day("*");
        }
        self.weekday()
    }

    fn weekday(&mut self) -> Option<String> {
        let text = self.text();
        let (day, _) = DAYS.iter().find(|(_, words)| words.contains(&text.as_str()))?;
        self.next();
        self.day(day)
    }

    /// Chinese runs such as 每天 or 每周一, that are one piece because no word of the catalogue cut them.
    fn run_together(&mut self) -> Option<String> {
        let text = self.text();
        let rest = text.strip_prefix('每')?;
        if let Some((day, _)) = DAYS.iter().find(|(_, words)| words.iter().any(|word| rest.starts_with(word))) {
            self.next();
            return self.day(day);
        }
        ["天", "日", "晚", "早"].iter().any(|word| rest.starts_with(word)).then(|| self.next())?;
        self.day("*")
    }

    /// The hour after "every day"; midnight when none is said.
    fn day(&mut self, day: &str) -> Option<String> {
        let mut after_noon = false;
        loop {
            if self.one_of(&["下午", "晚上", "晚"]) {
                after_noon = true;
            } else if !self.one_of(&["at", "of", "the", "的", "凌晨", "早上", "上午", "在", "于", "天", "日"])
            {
                break;
            }
        }
        let Some((mut hour, minute)) = self.hour() else { return Some(format!("0 0 * * {day}")) };
        if self.one_of(&["pm", "p.m"]) || after_noon {
            hour += if hour < 12 { 12 } else { 0 };
        } else if self.one_of(&["am", "a.m"]) && hour == 12 {
            hour = 0;
        }
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then(|| format!("{minute} {hour} * * {day}"))
    }

    /// `3`, `3:30`, `3am`, `3 点`, `3 点半`, `3 点 15 分`.
    fn hour(&mut self) -> Option<(i64, i64)> {
        let text = self.text();
        if let Some((hour, minute)) = text.split_once(':') {
            let time = (hour.parse().ok()?, minute.parse().ok()?);
            self.next();
            return Some(time);
        }
        for (ending, noon) in [("am", 0), ("pm", 12)] {
            if let Some(hour) = text.strip_suffix(ending).and_then(|hour| hour.parse::<i64>().ok()) {
                self.next();
                return Some((hour % 12 + noon, 0));
            }
        }
        if self.one_of(&["midnight", "午夜", "零点"]) {
            return Some((0, 0));
        }
        if self.one_of(&["noon", "中午"]) {
            return Some((12, 0));
        }
        let hour = self.number()?;
        let text = self.text();
        if let Some(rest) = text.strip_prefix('点') {
            self.next();
            let minute = match rest {
                "半" => Some(30),
                "" if self.one_of(&["半"]) => Some(30),
                "" | "整" | "钟" => None,
                rest => numbers::numeral(rest.trim_end_matches('分')),
            };
            let minute = minute.or_else(|| {
                let minute = self.number()?;
                let _ = self.one_of(&["分", "分钟"]);
                Some(minute)
            });
            return Some((hour, minute.unwrap_or(0)));
        }
        let _ = self.one_of(&["o'clock"]);
        Some((hour, 0))
    }
}
