//! Times as people say them: `tonight at 22:00 Berlin`, `2026-12-01 22:00 Europe/Berlin`, `今晚 22:00 上海时间`.
//! Used by the parser for when a change is to start; the router counts with the zone.
//! Must never read a clock, guess a zone, or take a sentence that says more than a time for one.

use super::parse::leading_change;
use chopmark_domain::calendar::Zone;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, Time};

/// When something is to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// As soon as it may.
    Now,
    /// In the window of that name.
    Window(String),
    /// At that time.
    At(At),
}

/// A time of day on some day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The day.
    pub day: Day,
    /// What clocks show.
    pub time: Time,
    /// The zone, if one was said.
    pub zone: Option<Zone>,
}

/// A day as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// The next time that clocks show it.
    Next,
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// That day.
    On(Date),
}

impl At {
    /// The moment it means in a zone, said at `now`.
    pub fn moment(&self, zone: &Zone, now: Timestamp) -> Option<Timestamp> {
        let today = zone.local(now)?.date();
        let on = |days: i64| zone.moment(today.checked_add(days.days()).ok()?, self.time);
        match self.day {
            Day::On(date) => zone.moment(date, self.time),
            Day::Today => on(0),
            Day::Tomorrow => on(1),
            Day::Next => on(0).filter(|moment| *moment >= now).or_else(|| on(1)),
        }
    }
}

/// What stands after `schedule chg-…`: `now`, `in nightly`, or a time.
pub(super) fn when(text: &str) -> Option<When> {
    let words = words(text);
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    match said.as_slice() {
        ["now"] => Some(When::Now),
        rest => window(rest).map(When::Window).or_else(|| at(rest).map(When::At)),
    }
}

/// `in nightly`, `in window nightly`, `in the nightly window`.
fn window(words: &[&str]) -> Option<String> {
    let name = match words {
        ["in", "the", name, "window"] | ["in" | "at", "the", "window", name] => name,
        ["in", name, "window"] | ["in" | "at", "window", name] | ["at", name, "window"] | ["in", name] => name,
        _ => return None,
    };
    chopmark_domain::ids::PolicyName::parse(name).ok().map(|name| name.to_string())
}

/// A sentence that is only about when a change starts: `run it tonight at 22:00 Berlin`, `今晚 22:00 上海时间执行`.
pub(super) fn sentence(text: &str) -> Option<(Option<ChangeId>, When)> {
    let sure = |change, rest: &str| {
        // "run it in shop" and "run it now" mean something else; a window is called a window here.
        let rest = rest.trim();
        let named = rest.contains("window") || rest.contains("窗口");
        match when(rest)? {
            When::Now => None,
            When::Window(_) if !named => None,
            when => Some((change, when)),
        }
    };
    let lower = text.to_ascii_lowercase();
    for verb in ["run ", "start ", "schedule "] {
        if let Some(rest) = lower.strip_prefix(verb) {
            let (change, rest) = thing(rest.trim_start())?;
            return sure(change, rest);
        }
    }
    for verb in ["执行", "运行", "启动"] {
        if let Some((before, after)) = lower.split_once(verb)
            && !before.trim().is_empty()
        {
            let change = match after.trim() {
                "" => None,
                after => match thing(after)? {
                    (change, "") => change,
                    _ => return None,
                },
            };
            return sure(change, before);
        }
    }
    let moved = lower.strip_prefix('把')?;
    let (change, rest) = thing(moved.trim_start())?;
    let rest = rest.trim_start();
    let rest = ["安排在", "安排到", "定在", "定时在"].iter().find_map(|verb| rest.strip_prefix(verb))?;
    sure(change, rest.trim_end_matches("执行").trim_end_matches("运行"))
}

/// The change that is meant, and what follows.
fn thing(text: &str) -> Option<(Option<ChangeId>, &str)> {
    // Chinese is written without spaces: an id ends where its alphabet does.
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    if let (change @ Some(_), "") = leading_change(&text[..end]) {
        return Some((change, &text[end..]));
    }
    let it = ["it", "this", "它", "这个变更", "该变更"].iter().find_map(|it| text.strip_prefix(it))?;
    Some((None, it)).filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Chinese words and what they stand for, longest first.
const CHINESE: [(&str, &str); 17] = [
    ("今天晚上", " tonight "),
    ("明天晚上", " tomorrow night "),
    ("今晚", " tonight "),
    ("明晚", " tomorrow night "),
    ("今天", " today "),
    ("今日", " today "),
    ("明天", " tomorrow "),
    ("明日", " tomorrow "),
    ("现在", " now "),
    ("立即", " now "),
    ("马上", " now "),
    ("窗口", " window "),
    ("点半", ":30 "),
    ("点钟", ":00 "),
    ("时区", " "),
    ("在", " at "),
    ("于", " at "),
];

fn words(text: &str) -> Vec<String> {
    let mut text = text.to_lowercase();
    for (chinese, plain) in CHINESE {
        text = text.replace(chinese, plain);
    }
    // 22点30分, 22点
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('点') {
        out.push_str(before);
        let minutes = after.split_once('分').filter(|(minutes, _)| minutes.parse::<u8>().is_ok());
        let (minutes, next) = minutes.unwrap_or(("00", after));
        out.push_str(&format!(":{minutes} "));
        rest = next;
    }
    out.push_str(rest);
    out.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A day and a time in either order, then a zone.
fn at(words: &[&str]) -> Option<At> {
    let (mut day, mut time, mut night) = (None, None, false);
    let mut rest = words;
    while let [word, after @ ..] = rest {
        let mut next = after;
        let said = match *word {
            "at" | "on" | "the" => None,
            "today" => Some(Day::Today),
            "tonight" => {
                night = true;
                Some(Day::Today)
            }
            "tomorrow" => {
                if let ["night", after @ ..] = after {
                    night = true;
                    next = after;
                }
                Some(Day::Tomorrow)
            }
            word => match word.parse::<Date>() {
                Ok(date) if word.len() == 10 => Some(Day::On(date)),
                _ => {
                    let half = after.first().filter(|half| matches!(**half, "am" | "pm"));
                    let Some(read) = clock(word, half.copied()) else { break };
                    if time.replace(read).is_some() {
                        return None;
                    }
                    next = if half.is_some() { &after[1..] } else { after };
                    None
                }
            },
        };
        if said.is_some() && std::mem::replace(&mut day, said).is_some() {
            return None;
        }
        rest = next;
    }
    let zone = match rest {
        [] => None,
        rest => Some(zone(&rest.join(" "))?),
    };
    let time = time?;
    // "Tonight at 01:00" is a day later for some and over for others.
    if night && time.hour() < 17 {
        return None;
    }
    Some(At { day: day.unwrap_or(Day::Next), time, zone })
}

/// `22:00`, `22:00:30`, `10pm`, `10:30 pm`.
fn clock(word: &str, half: Option<&str>) -> Option<Time> {
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some("am")),
        (_, Some(digits)) => (digits, Some("pm")),
        (None, None) => (word, half),
    };
    let parts: Vec<&str> = digits.split(':').collect();
    let (hour, minute, second) = match (parts.as_slice(), half) {
        ([hour, minute], _) if minute.len() == 2 => (*hour, *minute, "00"),
        ([hour, minute, second], _) if minute.len() == 2 && second.len() == 2 => (*hour, *minute, *second),
        ([hour], Some(_)) => (*hour, "00", "00"),
        _ => return None,
    };
    let number = |text: &str| text.parse::<i8>().ok();
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("am") => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// Cities by their Chinese names.
const CITIES: [(&str, &str); 14] = [
    ("上海", "Asia/Shanghai"),
    ("北京", "Asia/Shanghai"),
    ("中国", "Asia/Shanghai"),
    ("香港", "Asia/Hong_Kong"),
    ("台北", "Asia/Taipei"),
    ("新加坡", "Asia/Singapore"),
    ("东京", "Asia/Tokyo"),
    ("首尔", "Asia/Seoul"),
    ("柏林", "Europe/Berlin"),
    ("伦敦", "Europe/London"),
    ("巴黎", "Europe/Paris"),
    ("纽约", "America/New_York"),
    ("旧金山", "America/Los_Angeles"),
    ("悉尼", "Australia/Sydney"),
];

/// A zone by its name, or by the one city that is called so.
fn zone(text: &str) -> Option<Zone> {
    let text = text.strip_prefix("in ").unwrap_or(text);
    let text = text.strip_suffix(" time").or_else(|| text.strip_suffix("时间")).unwrap_or(text).trim();
    let city = CITIES.iter().find(|(name, _)| *name == text).map(|(_, zone)| (*zone).to_owned());
    let known = || {
        let written = text.replace(' ', "_");
        let mut names = jiff::tz::db().available().map(|name| name.to_string());
        names.find(|name| name.eq_ignore_ascii_case(&written)).or_else(|| {
            let called =
                |name: &String| name.rsplit_once('/').is_some_and(|(_, city)| city.eq_ignore_ascii_case(&written));
            let mut found = jiff::tz::db().available().map(|name| name.to_string()).filter(called);
            found.next().filter(|_| found.next().is_none())
        })
    };
    Zone::parse(&city.or_else(known)?).ok()
}
