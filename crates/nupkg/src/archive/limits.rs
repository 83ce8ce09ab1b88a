//! How much an archive may hold.

/// What is refused as too much. The declared sizes are checked on opening; that
/// the content is no longer than declared is checked while it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files, links and folders together, those included that only occur in paths.
    pub max_entries: usize,
    /// Bytes of one entry, uncompressed.
    pub max_entry_bytes: u64,
    /// Bytes of all entries together, uncompressed.
    pub max_total_bytes: u64,
    /// How many times larger than in the archive an entry may be, and all entries
    /// together. Looked at only above [`RATIO_FREE_BYTES`](Self::RATIO_FREE_BYTES).
    pub max_ratio: u64,
}

impl Limits {
    /// Below this size (8 MiB) content may be compressed as well as it goes: it does no harm.
    pub const RATIO_FREE_BYTES: u64 = 8 * 1024 * 1024;

    /// Whether `size` bytes out of `packed` bytes are a ratio that is allowed.
    pub(super) fn allows_ratio(&self, size: u64, packed: u64) -> bool {
        size <= Self::RATIO_FREE_BYTES || size.div_ceil(packed.max(1)) <= self.max_ratio
    }
}

impl Default for Limits {
    /// 100 000 entries, 8 GiB in one, 20 GiB in all, ratio 1000 (deflate reaches 1032 at most).
    fn default() -> Self {
        const GIB: u64 = 1024 * 1024 * 1024;
        Self {
            max_entries: 100_000,
            max_entry_bytes: 8 * GIB,
            max_total_bytes: 20 * GIB,
            max_ratio: 1000,
        }
    }
}
