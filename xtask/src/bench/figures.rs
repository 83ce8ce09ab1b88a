//! What the kernel says a process costs.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::process::threads;

/// Memory of a process, in kB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    /// Its share: what it has alone, and its part of what it shares.
    pub(super) pss: u64,
    /// What it has alone, programs and libraries included.
    pub(super) private: u64,
    /// Of that, what is not a file's, so that it can't be dropped and read again.
    pub(super) anonymous: u64,
}

/// The memory of a process now.
pub(super) fn memory(id: u32) -> anyhow::Result<Memory> {
    let path = format!("/proc/{id}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| path.clone())?;
    parse_memory(&text).with_context(|| format!("{path} is not as expected"))
}

fn parse_memory(text: &str) -> Option<Memory> {
    let value = |key: &str| -> Option<u64> {
        let mut lines = text.lines();
        lines.find_map(|line| {
            line.strip_prefix(key)?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
    };
    Some(Memory {
        pss: value("Pss:")?,
        private: value("Private_Clean:")?.saturating_add(value("Private_Dirty:")?),
        anonymous: value("Anonymous:")?,
    })
}

/// How often the threads of a process have waited for something so far: each time, they
/// were woken.
pub(super) fn wake_ups(id: u32) -> anyhow::Result<u64> {
    let mut sum = 0_u64;
    for thread in threads(id) {
        let path = thread.join("status");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        sum = sum.saturating_add(parse_switches(&text).context("no voluntary_ctxt_switches")?);
    }
    Ok(sum)
}

fn parse_switches(text: &str) -> Option<u64> {
    let mut lines = text.lines();
    lines.find_map(|line| {
        line.strip_prefix("voluntary_ctxt_switches:")?
            .trim()
            .parse()
            .ok()
    })
}

/// The size of a file in bytes.
pub(super) fn size(file: &Path) -> anyhow::Result<u64> {
    let data = fs::metadata(file).with_context(|| format!("{} is not there", file.display()))?;
    Ok(data.len())
}

/// The one in the middle, of an even number the higher of the two; `None` of nothing.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::{Memory, median, parse_memory, parse_switches};

    #[test]
    fn the_kernels_words_are_understood() {
        let rollup = "400000-7ffd rollup\nRss: 520 kB\nPss:   516 kB\nPss_Dirty: 80 kB\nPrivate_Clean: 436 kB\nPrivate_Dirty:  80 kB\nAnonymous:  76 kB\n";
        let expected = Memory {
            pss: 516,
            private: 516,
            anonymous: 76,
        };
        assert_eq!(parse_memory(rollup), Some(expected));
        assert_eq!(parse_memory("Pss: 516 kB\n"), None);
        let status = "nonvoluntary_ctxt_switches:\t9\nvoluntary_ctxt_switches:\t7\n";
        assert_eq!(parse_switches(status), Some(7));
        assert_eq!(parse_switches("Name:\tx\n"), None);
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        for (values, expected) in [
            (vec![], None),
            (vec![3.0], Some(3.0)),
            (vec![9.0, 1.0, 2.0], Some(2.0)),
            (vec![4.0, 1.0, 3.0, 2.0], Some(3.0)),
        ] {
            assert_eq!(median(values.clone()), expected, "{values:?}");
        }
    }
}
