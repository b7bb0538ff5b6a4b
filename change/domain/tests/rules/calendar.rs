//! When something is: one time, every week, over midnight, where clocks are put forward and back.
//! Run on the domain's calendar alone.
//! Must never depend on the zone of the machine.

use chopmark_domain::calendar::{Span, Start, Starts, When, Window, Windows, Zone};
use chopmark_domain::time::Timestamp;
use proptest::prelude::*;

const ZONES: [&str; 7] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];
const DAY: i64 = 24 * 60 * 60 * 1000;

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn weekly(days: &[i8], from: &str, until: &str, name: &str) -> When {
    When::weekly(days.iter().copied().collect(), from, until, zone(name)).unwrap()
}

/// What clocks in Berlin show at the beginning and end of the span that holds, or comes next.
fn next(when: &When, at: &str) -> (String, String) {
    let zone = when.zone();
    let span = when.at_or_after(zone.read(at).unwrap()).unwrap();
    (zone.written(span.from), zone.written(span.until))
}

fn pair(from: &str, until: &str) -> (String, String) {
    (from.to_owned(), until.to_owned())
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
    let friday = weekly(&[5], "22:00", "04:00", "Europe/Berlin");
    let night = pair("2026-11-20 22:00 Europe/Berlin", "2026-11-21 04:00 Europe/Berlin");
    for at in ["2026-11-16 00:00", "2026-11-20 22:00", "2026-11-21 03:59"] {
        assert_eq!(next(&friday, at), night, "{at}");
    }
    assert_eq!(next(&friday, "2026-11-21 04:00").0, "2026-11-27 22:00 Europe/Berlin");
    let at = |text| friday.at(zone("Europe/Berlin").read(text).unwrap()).is_some();
    assert_eq!([at("2026-11-20 21:59"), at("2026-11-21 03:59"), at("2026-11-21 23:00")], [false, true, false]);
    let whole = weekly(&[6], "00:00", "00:00", "UTC");
    assert_eq!(next(&whole, "2026-11-21 12:00"), pair("2026-11-21 00:00 UTC", "2026-11-22 00:00 UTC"));
}

#[test]
fn where_clocks_are_put_forward_a_window_is_shorter_and_one_that_falls_out_is_left_out() {
    // 2026-03-29 in Berlin: 02:00 becomes 03:00.
    let early = weekly(&[7], "01:30", "03:30", "Europe/Berlin");
    let zone = zone("Europe/Berlin");
    let span = early.at_or_after(zone.read("2026-03-28 12:00").unwrap()).unwrap();
    assert_eq!(span.until.since(span.from), 60 * 60 * 1000);
    let inside = weekly(&[7], "02:00", "03:00", "Europe/Berlin");
    let (from, _) = next(&inside, "2026-03-28 12:00");
    assert!(from.starts_with("2026-03-29 03:") || from.starts_with("2026-04-05 02:00"), "{from}");
    assert_eq!(zone.written(zone.read("2026-03-29 02:30").unwrap()), "2026-03-29 03:30 Europe/Berlin");
}

#[test]
fn where_clocks_are_put_back_the_hour_that_comes_twice_is_in_the_window_twice() {
    // 2026-10-25 in Berlin: 03:00 becomes 02:00.
    let early = weekly(&[7], "01:30", "03:30", "Europe/Berlin");
    let span = early.at_or_after(zone("Europe/Berlin").read("2026-10-24 12:00").unwrap()).unwrap();
    assert_eq!(span.until.since(span.from), 3 * 60 * 60 * 1000);
}

#[test]
fn a_zone_without_the_day_itself_leaves_that_week_out() {
    // Samoa had no 2011-12-30, a Friday.
    let friday = weekly(&[5], "10:00", "11:00", "Pacific/Apia");
    let (from, _) = next(&friday, "2011-12-29 12:00");
    assert!(from.starts_with("2011-12-31") || from.starts_with("2012-01-06"), "{from}");
}

#[test]
fn one_time_is_once() {
    let berlin = zone("Europe/Berlin");
    let span = Span { from: berlin.read("2026-12-20 00:00").unwrap(), until: berlin.read("2026-12-21 00:00").unwrap() };
    let once = When::Once { span, zone: berlin.clone() };
    assert_eq!(once.at_or_after(Timestamp(0)), Some(span));
    assert_eq!(once.at(Timestamp(span.until.0 - 1)), Some(span));
    assert_eq!((once.at(span.until), once.at_or_after(span.until)), (None, None));
}

#[test]
fn zones_are_named_and_nothing_else_is() {
    for bad in ["", "Berlin", "Europe/Berln", "CEST", "+02:00", "../../etc/passwd", "local"] {
        assert!(Zone::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_wish_is_kept_within_what_the_windows_allow() {
    let window = Window {
        name: "nightly".parse().unwrap(),
        when: weekly(&[1, 2, 3, 4, 5, 6, 7], "22:00", "23:00", "UTC"),
        written_at: "config.toml:1".into(),
    };
    let utc = zone("UTC");
    let at = |text: &str| utc.read(text).unwrap();
    let wish = |from: &str, until: &str| Start::Within {
        window: None,
        span: Span { from: at(from), until: at(until) },
        zone: utc.clone(),
    };
    let now = at("2026-11-20 12:00");
    let free = Windows { all: vec![window.clone()], starts: Starts::AtOnce };
    let bound = Windows { all: vec![window], starts: Starts::InWindows };
    assert_eq!(free.start(&Start::AtOnce, now), Some(Start::AtOnce));
    let nightly = bound.start(&Start::AtOnce, now).unwrap();
    assert_eq!(nightly.written().unwrap(), "2026-11-20 22:00 UTC (nightly)");
    // A wish for a window by name is for its next time, whenever it is planned again.
    let later = bound.start(&nightly, at("2026-11-25 23:30")).unwrap();
    assert_eq!(later.written().unwrap(), "2026-11-26 22:00 UTC (nightly)");
    let outside = wish("2026-11-20 12:30", "2026-11-20 13:30");
    assert_eq!((free.start(&outside, now).as_ref(), bound.start(&outside, now)), (Some(&outside), None));
    let longer = wish("2026-11-20 22:30", "2026-11-20 23:30");
    assert_eq!(bound.start(&longer, now), Some(wish("2026-11-20 22:30", "2026-11-20 23:00")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_span_begins_on_one_of_its_days_and_none_is_skipped(
        days in proptest::collection::btree_set(1_i8..=7, 1..=7),
        from in 0_i32..24 * 60,
        until in 0_i32..24 * 60,
        name in proptest::sample::select(&ZONES[..6]),
        moment in 1_600_000_000_000_i64..1_900_000_000_000,
    ) {
        let clock = |minutes: i32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let when = When::weekly(days.clone(), &clock(from), &clock(until), zone(name)).unwrap();
        let span = when.at_or_after(Timestamp(moment)).unwrap();
        prop_assert!(span.from < span.until && Timestamp(moment) < span.until);
        // Never longer than a day and the hour that clocks are put back.
        prop_assert!(span.until.since(span.from) <= DAY + DAY / 24);
        // It is the same span for every moment until it ends, and holds exactly from its beginning to its end.
        prop_assert_eq!(when.at_or_after(Timestamp(span.until.0 - 1)), Some(span));
        prop_assert_eq!(when.at(span.from), Some(span));
        prop_assert!(when.at(span.until).is_none_or(|next| next.from >= span.until || next.until > span.until));
        let begins = when.zone().local(span.from).unwrap();
        let (day, shown) = (begins.weekday().to_monday_one_offset(), i32::from(begins.hour()) * 60 + i32::from(begins.minute()));
        prop_assert!(days.contains(&day), "{begins}");
        // Only where clocks are put forward does it begin later than it says.
        prop_assert!(shown == from || (shown > from && shown - from <= 60), "{begins} for {}", clock(from));
        // A week later at the latest it comes again, but for what the hour of spring swallows.
        prop_assert!(span.from.since(Timestamp(moment)) <= 15 * DAY);
    }
}
