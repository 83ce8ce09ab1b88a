//! The checksum by which chunks are looked for.

/// Adler-32 but for its modulus: Octodiff lets both sums overflow at 16 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rolling {
    a: u16,
    b: u16,
}

impl Rolling {
    pub(crate) fn of(window: &[u8]) -> Self {
        window.iter().fold(Self { a: 1, b: 0 }, |sum, byte| {
            let a = sum.a.wrapping_add(u16::from(*byte));
            Self {
                a,
                b: sum.b.wrapping_add(a),
            }
        })
    }

    /// The window goes on by one byte.
    pub(crate) fn roll(&mut self, length: usize, old: u8, new: u8) {
        let gone = u16::from(old);
        self.a = self.a.wrapping_sub(gone).wrapping_add(u16::from(new));
        // A chunk is shorter than 64 KiB.
        let length = u16::try_from(length).unwrap_or(u16::MAX);
        let gone = length.wrapping_mul(gone);
        self.b = self
            .b
            .wrapping_sub(gone)
            .wrapping_add(self.a)
            .wrapping_sub(1);
    }

    pub(crate) fn value(self) -> u32 {
        u32::from(self.b) << 16 | u32::from(self.a)
    }
}

#[cfg(test)]
mod tests {
    use super::Rolling;

    #[test]
    fn the_checksum_rolls() {
        let bytes: Vec<u8> = (0..5000_u32)
            .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
            .collect();
        let mut rolling = Rolling::of(&bytes[..2048]);
        for at in 1..2000 {
            rolling.roll(2048, bytes[at - 1], bytes[at + 2047]);
            assert_eq!(rolling.value(), Rolling::of(&bytes[at..at + 2048]).value());
        }
    }

    #[test]
    fn the_sums_overflow_at_65536_and_not_at_adler_32_s_own_65521() {
        assert_eq!(Rolling::of(&[255; 257]).value() & 0xffff, 0);
    }
}
