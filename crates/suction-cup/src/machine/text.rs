//! The words for ends and times. People read them in the log, and the server shows them.

use std::time::Duration;

use super::protocol::Exit;
use super::run::Ended;

impl Ended {
    /// `ended with exit code 1 after 3.2 s`.
    pub(super) fn once(&self) -> String {
        match how(&self.exit) {
            Ok(how) => format!("ended {how} after {}", span(self.ran)),
            Err(why) => format!("could not be started ({why})"),
        }
    }

    /// `ended 5 times in 0.4 s, last with exit code 1`.
    pub(super) fn often(&self, count: usize, time: Duration) -> String {
        let time = span(time);
        match how(&self.exit) {
            Ok(how) => format!("ended {count} times in {time}, last {how}"),
            Err(why) => {
                format!("ended {count} times in {time}, and at last could not be started ({why})")
            }
        }
    }
}

/// How it ended, such as `by signal 9 (SIGKILL)`, or why it never ran.
pub(crate) fn how(exit: &Exit) -> Result<String, &str> {
    match exit {
        Exit::Code(code) => Ok(format!("with exit code {code}")),
        Exit::Signal(number) => Ok(match signal_name(*number) {
            Some(name) => format!("by signal {number} ({name})"),
            None => format!("by signal {number}"),
        }),
        Exit::NotStarted(why) => Err(why),
    }
}

fn signal_name(number: i32) -> Option<&'static str> {
    Some(match number {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        _ => return None,
    })
}

/// A time span for people: `0.4 s`, `42 s`, `5 min`, `3 h`, `12 days`.
pub(crate) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => {
            let tenths = seconds * 10 + u64::from(time.subsec_millis() + 50) / 100;
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        10..=600 => format!("{seconds} s"),
        601..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_do() {
        for (seconds, expected) in [
            (0.0, "0.0 s"),
            (9.96, "10.0 s"),
            (10.0, "10 s"),
            (600.9, "600 s"),
            (601.0, "10 min"),
            (7_199.0, "119 min"),
            (7_200.0, "2 h"),
            (172_799.0, "47 h"),
            (172_800.0, "2 days"),
        ] {
            assert_eq!(span(Duration::from_secs_f64(seconds)), expected);
        }
    }

    #[test]
    fn signals_have_names() {
        for (number, expected) in [
            (4, "by signal 4 (SIGILL)"),
            (6, "by signal 6 (SIGABRT)"),
            (7, "by signal 7 (SIGBUS)"),
            (8, "by signal 8 (SIGFPE)"),
            (9, "by signal 9 (SIGKILL)"),
            (11, "by signal 11 (SIGSEGV)"),
            (15, "by signal 15 (SIGTERM)"),
            (64, "by signal 64"),
        ] {
            assert_eq!(how(&Exit::Signal(number)), Ok(expected.to_owned()));
        }
        assert_eq!(how(&Exit::Code(3)), Ok("with exit code 3".to_owned()));
        assert_eq!(how(&Exit::NotStarted("why".to_owned())), Err("why"));
    }
}
