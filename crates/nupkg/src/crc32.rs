//! CRC-32, as zip archives and the ledger of an agent have it.

#[cfg(feature = "tar")]
pub(crate) use crc32fast::Hasher as Crc32;
#[cfg(not(feature = "tar"))]
pub(crate) use small::Crc32;

/// The checksum of all these bytes.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut checksum = Crc32::new();
    checksum.update(bytes);
    checksum.finalize()
}

/// Without the 20 kB of tables and code that make `crc32fast` fast: a program that reads zip
/// archives only has one to read in its life.
#[cfg(any(test, not(feature = "tar")))]
mod small {
    /// Computes the checksum piece by piece.
    #[derive(Clone, Debug)]
    pub(crate) struct Crc32(u32);

    impl Crc32 {
        /// Of nothing yet.
        pub(crate) fn new() -> Self {
            Self(!0)
        }

        /// Takes the next bytes.
        pub(crate) fn update(&mut self, bytes: &[u8]) {
            /// What each half of a byte does.
            const TABLE: [u32; 16] = table();
            let step = |crc: u32| {
                let entry = TABLE.get((crc & 0xf) as usize).copied();
                crc >> 4 ^ entry.unwrap_or_default()
            };
            self.0 = bytes
                .iter()
                .fold(self.0, |crc, byte| step(step(crc ^ u32::from(*byte))));
        }

        /// The checksum.
        pub(crate) fn finalize(self) -> u32 {
            !self.0
        }
    }

    const fn table() -> [u32; 16] {
        let mut table = [0; 16];
        let mut at = 0;
        while at < 16 {
            let mut crc = at as u32;
            let mut bit = 0;
            while bit < 4 {
                crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
                bit += 1;
            }
            table[at] = crc;
            at += 1;
        }
        table
    }

    #[cfg(test)]
    mod tests {
        use super::Crc32;

        #[test]
        fn as_the_fast_one() {
            let bytes: Vec<u8> = (0..1000_u32).map(|at| (at * at / 7) as u8).collect();
            for length in [0, 1, 2, 9, 255, 1000] {
                let bytes = &bytes[..length];
                let mut small = Crc32::new();
                bytes.chunks(7).for_each(|piece| small.update(piece));
                assert_eq!(small.finalize(), crc32fast::hash(bytes), "{length}");
            }
            let mut small = Crc32::new();
            small.update(b"123456789");
            assert_eq!(small.finalize(), 0xcbf4_3926);
        }
    }
}
