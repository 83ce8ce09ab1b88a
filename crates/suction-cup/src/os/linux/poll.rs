//! Waiting; a long wait without the memory of the program's code.
//!
//! Its pages are those of the file, so giving them back loses nothing: what runs next is
//! mapped again from the system's cache, 64 kB at a time. A supervisor that waits for months
//! needs no more than the lines below.
#![allow(
    unsafe_code,
    reason = "a call that no crate offers as a safe one; its block says why it is sound"
)]

use std::fs;
use std::ptr::with_exposed_provenance_mut;
use std::time::Duration;

use rustix::event::{PollFd, Timespec};
use rustix::io;
use rustix::mm::{Advice, madvise};

/// Where the program's code is mapped.
#[derive(Debug)]
pub(in crate::os) struct Code {
    start: usize,
    length: usize,
}

impl Code {
    /// The mapping that this very code is in.
    pub(in crate::os) fn of_this() -> Option<Code> {
        let here = Code::of_this as *const () as usize;
        let maps = fs::read_to_string("/proc/self/maps").ok()?;
        maps.lines()
            .filter_map(Code::parse)
            .find(|code| (code.start..code.start.saturating_add(code.length)).contains(&here))
    }

    /// From a line of the kernel's list; only what can be executed and not written.
    fn parse(line: &str) -> Option<Code> {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        let (start, end) = (address(start)?, address(end)?);
        rest.starts_with("r-xp ").then_some(Code {
            start,
            length: end.checked_sub(start)?,
        })
    }
}

/// Waits until there is something in one of `all`, or for this long; says in how many.
/// Without the pages of `code`, if given.
///
/// Every wait is here, so that this function has both calls in itself: of a long wait's end
/// nothing but it is in memory.
///
/// # Errors
/// Those of the operating system.
#[inline(never)]
pub(in crate::os) fn poll(
    all: &mut [PollFd<'_>],
    timeout: Option<Duration>,
    code: Option<&Code>,
) -> io::Result<usize> {
    // Too long for the system is for good.
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    if let Some(Code { start, length }) = code {
        let start = with_exposed_provenance_mut(*start);
        // SAFETY: the range is one mapping of this program's file, private and not writable:
        // its pages hold what the file holds, and the kernel maps the same again when they are
        // touched. Nothing but code and constants is in it.
        let _ = unsafe { madvise(start, *length, Advice::LinuxDontNeed) };
    }
    rustix::event::poll(all, timeout.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_given_back() {
        let check = |line: &str| Code::parse(line).map(|code| (code.start, code.length));
        let line = |kind: &str| format!("00401000-00403000 {kind} 00000000 fe:00 42   /usr/bin/x");
        assert_eq!(check(&line("r-xp")), Some((0x40_1000, 0x2000)));
        for other in ["rw-p", "r--p", "rwxp", "r-xs", "---p"] {
            assert_eq!(check(&line(other)), None, "{other}");
        }
        assert_eq!(check("00403000-00401000 r-xp 0"), None);
        assert_eq!(check("r-xp"), None);
    }

    #[test]
    fn it_runs_on_without_its_pages() {
        let code = Code::of_this();
        assert!(code.is_some());
        for _ in 0..3 {
            let time = Some(Duration::from_millis(1));
            assert_eq!(poll(&mut [], time, code.as_ref()), Ok(0));
        }
    }
}
