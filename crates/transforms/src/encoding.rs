//! Text of files as it is stored: encoding and byte order mark are found, and kept on the way back.

use std::fmt;

use thiserror::Error;

/// How characters are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, the usual encoding of old files that are no UTF-8. The five bytes that it
    /// leaves undefined stand for the control characters of the same number.
    Windows1252,
    /// ISO-8859-1; only where an XML declaration says so.
    Latin1,
    /// US-ASCII; only where an XML declaration says so, or names an encoding that is not known
    /// while there are no other characters.
    Ascii,
}

/// The text of a file, and what is needed to store it the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte order mark. Line endings are as they were.
    pub text: String,
    /// How it was stored.
    pub encoding: Encoding,
    /// Whether a byte order mark comes first.
    pub bom: bool,
}

/// Why bytes are no text, or text can't be stored.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EncodingError {
    /// UTF-16 with half a character.
    #[error("the file is no valid {encoding} text; store it as UTF-8")]
    Invalid {
        /// The encoding that the byte order mark or the zero bytes tell.
        encoding: Encoding,
    },
    /// An XML declaration with an encoding that is not known, in a file that is no ASCII.
    #[error("the file declares the encoding `{name}`, which is not supported; store it as UTF-8")]
    Unsupported {
        /// The name in the declaration.
        name: String,
    },
    /// A character that the file's encoding does not have.
    #[error(
        "the character {character:?} can't be stored in {encoding}, the encoding of the file; store the file as UTF-8"
    )]
    Unmappable {
        /// The character.
        character: char,
        /// The encoding of the file.
        encoding: Encoding,
    },
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16 (little endian)",
            Encoding::Utf16Be => "UTF-16 (big endian)",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Latin1 => "ISO-8859-1",
            Encoding::Ascii => "US-ASCII",
        })
    }
}

const BOM: char = '\u{FEFF}';

/// Finds the encoding of a file: by its byte order mark, by the zero byte next to its first
/// ASCII character (UTF-16), by its XML declaration, else UTF-8 if it is valid, else
/// Windows-1252.
///
/// # Errors
/// UTF-16 that is not valid, or a declared encoding that is not known.
pub fn decode(bytes: &[u8]) -> Result<Decoded, EncodingError> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        [1..0x80, 0, ..] if bytes.len().is_multiple_of(2) => Encoding::Utf16Le,
        [0, 1..0x80, ..] if bytes.len().is_multiple_of(2) => Encoding::Utf16Be,
        bytes => match declared(bytes)? {
            Some(encoding) => encoding,
            None if std::str::from_utf8(bytes).is_ok() => Encoding::Utf8,
            None => Encoding::Windows1252,
        },
    };
    let text = match encoding {
        Encoding::Utf8 | Encoding::Ascii => String::from_utf8(bytes.to_vec()).ok(),
        Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
        Encoding::Windows1252 => Some(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
        Encoding::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
    };
    let text = text.ok_or(EncodingError::Invalid { encoding })?;
    let bom = text.starts_with(BOM);
    let text = match text.strip_prefix(BOM) {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    Ok(Decoded {
        text,
        encoding,
        bom,
    })
}

impl Decoded {
    /// The bytes of another text in the same encoding, with the same byte order mark.
    ///
    /// # Errors
    /// A character that the encoding does not have.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodingError> {
        let bom = if self.bom { "\u{FEFF}" } else { "" };
        let characters = bom.chars().chain(text.chars());
        Ok(match self.encoding {
            Encoding::Utf8 => characters.collect::<String>().into_bytes(),
            Encoding::Utf16Le => units(characters).flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => units(characters).flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 | Encoding::Latin1 | Encoding::Ascii => {
                let byte = |character: char| {
                    let same = u8::try_from(u32::from(character)).ok();
                    let byte = match self.encoding {
                        Encoding::Ascii => same.filter(u8::is_ascii),
                        Encoding::Latin1 => same,
                        _ => same
                            .into_iter()
                            .chain(0x80..0xA0)
                            .find(|byte| windows_1252(*byte) == character),
                    };
                    byte.ok_or(EncodingError::Unmappable {
                        character,
                        encoding: self.encoding,
                    })
                };
                characters.map(byte).collect::<Result<_, _>>()?
            }
        })
    }
}

/// What an XML declaration says about bytes that are no UTF-16. `None`: nothing, or Unicode.
fn declared(bytes: &[u8]) -> Result<Option<Encoding>, EncodingError> {
    let start: String = bytes
        .iter()
        .take(200)
        .map(|byte| char::from(*byte))
        .collect();
    let declaration = start
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"));
    let Some((_, value)) = declaration.and_then(|(inside, _)| inside.split_once("encoding")) else {
        return Ok(None);
    };
    let value = value.trim_start().strip_prefix('=').unwrap_or_default();
    let name = value.trim().split(['"', '\'']).nth(1).unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        // A declaration of UTF-16 in other files is left over from where the text was made.
        "" | "utf-8" | "utf8" | "utf-16" | "utf-16le" | "utf-16be" | "unicode" => Ok(None),
        "windows-1252" | "cp1252" => Ok(Some(Encoding::Windows1252)),
        "iso-8859-1" | "latin1" => Ok(Some(Encoding::Latin1)),
        _ if bytes.is_ascii() => Ok(Some(Encoding::Ascii)),
        "us-ascii" | "ascii" => Ok(None),
        _ => Err(EncodingError::Unsupported {
            name: name.to_owned(),
        }),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    rest.is_empty().then(|| String::from_utf16(&units).ok())?
}

fn units(characters: impl Iterator<Item = char>) -> impl Iterator<Item = u16> {
    characters.flat_map(|character| {
        let mut buffer = [0; 2];
        character.encode_utf16(&mut buffer).to_vec()
    })
}

/// The characters of 0x80 to 0x9F; the rest are those of Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    let special = usize::from(byte).checked_sub(0x80);
    let special = special.and_then(|at| WINDOWS_1252.get(at));
    special.copied().unwrap_or(char::from(byte))
}
