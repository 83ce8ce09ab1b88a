//! The ledger as text: a header, one line per version newest first, a checksum.
//!
//! ```text
//! octopus-ledger 1
//! bad 2.1.0 ticket-7 crashed ended 5 times in 0.4 s, last with exit code 1
//! good 2.0.0 bundle
//! crc32 1b2c3d4e
//! ```

use std::fmt;

use nupkg::{NuGetVersion, crc32};

use super::{BadReason, Entry, Ledger, Standing};

const NAME: &str = "octopus-ledger";
const FORM: u32 = 1;
const CHECKSUM: &str = "crc32 ";

/// Why a text is not a ledger that this program can use.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Torn, altered, or never a ledger.
    #[error("it is damaged ({what}): it is kept aside and every version goes on trial again")]
    Damaged {
        /// What is wrong with it.
        what: String,
    },
    /// Written by a later Suction Cup.
    #[error(
        "it has form {form}, and this program knows form {FORM} only: install the newer Suction Cup again"
    )]
    FromTheFuture {
        /// The form that its header names.
        form: u32,
    },
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = format!("{NAME} {FORM}\n");
        for (version, Entry { stamp, standing }) in self.entries() {
            body += &format!("{} {version} {stamp}", standing.as_str());
            if let Standing::Bad { reason, detail } = standing {
                body += &format!(" {} {detail}", reason.as_str());
            }
            body += "\n";
        }
        let checksum = crc32(body.as_bytes());
        writeln!(f, "{body}{CHECKSUM}{checksum:08x}")
    }
}

impl Ledger {
    /// Reads the text form.
    ///
    /// # Errors
    /// [`ParseError`]: damaged and from the future are told apart by the header, since
    /// a later form may check itself in another way.
    pub fn parse(bytes: &[u8]) -> Result<Ledger, ParseError> {
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
        let form = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix(NAME)?.trim_start().parse::<u32>().ok())
            .ok_or_else(|| damaged("it has no header"))?;
        if form > FORM {
            return Err(ParseError::FromTheFuture { form });
        }
        let (body, checksum) = text
            .rsplit_once(CHECKSUM)
            .ok_or_else(|| damaged("it has no checksum"))?;
        if format!("{:08x}\n", crc32(body.as_bytes())) != checksum {
            return Err(damaged("its checksum does not match"));
        }
        let mut ledger = Ledger::default();
        for line in body.lines().skip(1) {
            let (version, entry) =
                parse_line(line).ok_or_else(|| damaged(&format!("no entry: `{line}`")))?;
            ledger.set(version, entry);
        }
        Ok(ledger)
    }
}

fn parse_line(line: &str) -> Option<(NuGetVersion, Entry)> {
    let mut fields = line.splitn(5, ' ');
    let word = fields.next()?;
    let version = fields.next()?.parse().ok()?;
    let stamp = fields.next()?.parse().ok()?;
    let standing = match (word, fields.next(), fields.next()) {
        ("trial", None, None) => Standing::Trial,
        ("good", None, None) => Standing::Good,
        ("bad", Some(reason), Some(detail)) => Standing::bad(parse_reason(reason)?, detail),
        _ => return None,
    };
    Some((version, Entry { stamp, standing }))
}

fn parse_reason(word: &str) -> Option<BadReason> {
    [
        BadReason::Unconfirmed,
        BadReason::Unhealthy,
        BadReason::Crashed,
    ]
    .into_iter()
    .find(|reason| reason.as_str() == word)
}

fn damaged(what: &str) -> ParseError {
    ParseError::Damaged {
        what: what.to_owned(),
    }
}
