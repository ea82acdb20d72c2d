//! Times: seconds since 1970, and RFC 3339. A time is an argument here, never read from a clock.

/// Seconds since the start of 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(pub i64);

const DAY: i64 = 86_400;

/// The seconds since 1970 of a time in RFC 3339; parts of a second are left off.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| digits.parse().ok()).flatten()
    };
    let sign = |at: usize, signs: &str| {
        text.as_bytes()
            .get(at)
            .is_some_and(|b| signs.as_bytes().contains(b))
    };
    let shaped = sign(4, "-") && sign(7, "-") && sign(10, "Tt") && sign(13, ":") && sign(16, ":");
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    // As Go reads it: no second is the 61st, and no month has days of the next.
    let real = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    if !shaped || !real || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let rest = text.get(19..)?;
    let zone = match rest.strip_prefix('.') {
        Some(part) => {
            let zone = part.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone.len() < part.len()).then_some(zone)?
        }
        None => rest,
    };
    let at = text.len() - zone.len();
    let offset = match zone {
        "Z" | "z" => 0,
        _ if zone.len() == 6 && sign(at + 3, ":") => {
            let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = hours * 60 + minutes;
            match zone.chars().next()? {
                '+' => minutes * 60,
                '-' => -minutes * 60,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset)
}

/// The same in thousandths of a second; what is shorter is left off.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let whole = seconds(text)?;
    let digits = text.get(19..)?.strip_prefix('.').unwrap_or_default();
    let mut part = 0;
    let digits = digits.bytes().take_while(u8::is_ascii_digit);
    for (digit, place) in digits.zip([100, 10, 1]) {
        part += i64::from(digit - b'0') * place;
    }
    Some(whole * 1000 + part)
}

/// The days of a month.
fn length(year: i64, month: i64) -> i64 {
    let (next, of) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    days(next, of, 1) - days(year, month, 1)
}

/// Days from the start of 1970 in the Gregorian calendar; years begin in March, so that the day
/// that some have more is their last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The time for a sentence: 2026-11-23 14:02 UTC.
pub(crate) fn minute(seconds: i64) -> String {
    let text = written(seconds);
    let (day, time) = text.split_once('T').unwrap_or_default();
    [day, " ", time.get(..5).unwrap_or_default(), " UTC"].concat()
}

/// The time in RFC 3339.
pub(crate) fn written(seconds: i64) -> String {
    let (day, time) = (seconds.div_euclid(DAY) + 719_468, seconds.rem_euclid(DAY));
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, minute, seconds, written};

    #[test]
    fn times_are_read_and_written() {
        for (text, known) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-23T12:00:00Z", 1_795_435_200),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2116-03-01T00:00:00Z", 4_612_464_000),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(seconds(text), Some(known), "{text}");
            assert_eq!(written(known), text);
        }
        assert_eq!(minute(951_868_799), "2000-02-29 23:59 UTC");
        assert_eq!(seconds("1970-01-01T02:00:00.123456789+02:00"), Some(0));
        for (part, known) in [
            ("", 0),
            (".5", 500),
            (".05", 50),
            (".1239", 123),
            (".9999", 999),
        ] {
            let text = format!("1970-01-01T00:00:01{part}Z");
            assert_eq!(milliseconds(&text), Some(1000 + known), "{text}");
        }
        assert_eq!(seconds("1969-12-31T16:00:00-08:00"), Some(0));
        for odd in [
            "",
            "2026",
            "2026-11-23",
            "2026-11-23T12:00:00",
            "2026-13-23T12:00:00Z",
            "2026-11-23T12:00:00.Zz",
            "2026-11-23T12:00:00.Z",
            "2026-02-29T12:00:00Z",
            "2026-04-31T12:00:00Z",
            "2026-11-00T12:00:00Z",
            "2016-12-31T23:59:60Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T12:00:00+24:00",
            "2026-11-23T12:00:00-00:60",
            "10000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z",
            "2026-11-23 12:00:00Z",
            "2026-11-23T12:00:00Z ",
            "+026-11-23T12:00:00Z",
            "2026-11-23T12:00:00+2:00",
        ] {
            assert_eq!(seconds(odd), None, "{odd}");
        }
    }
}
