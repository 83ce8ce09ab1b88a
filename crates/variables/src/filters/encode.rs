//! Base64 and hashes of text in an encoding.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

pub(super) fn to_base64(input: &str, encoding: &str) -> Option<String> {
    Some(STANDARD.encode(bytes(input, encoding)?))
}

/// White space in the input is ignored; bytes that are no text become `U+FFFD`.
pub(super) fn from_base64(input: &str, encoding: &str) -> Option<String> {
    let input: String = input.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(input).ok()?;
    match encoding.to_ascii_lowercase().as_str() {
        "utf8" => Some(String::from_utf8_lossy(&bytes).into_owned()),
        "unicode" => {
            let (pairs, _) = bytes.as_chunks::<2>();
            let units: Vec<u16> = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
            Some(String::from_utf16_lossy(&units))
        }
        _ => None,
    }
}

/// Lower-case hexadecimal. Arguments: the number of bytes to keep, and how the text becomes bytes.
pub(super) fn hash(algorithm: &str, input: &str, arguments: &[&str]) -> Option<String> {
    let (length, encoding) = match arguments {
        [] => (None, "utf8"),
        [one] => match one.parse::<usize>() {
            Ok(length) => (Some(length), "utf8"),
            Err(_) => (None, *one),
        },
        [length, encoding] => (Some(length.parse().ok()?), *encoding),
        _ => return None,
    };
    let input = bytes(input, encoding)?;
    let hash = match algorithm {
        "md5" => Md5::digest(input).to_vec(),
        "sha1" => Sha1::digest(input).to_vec(),
        "sha256" => Sha256::digest(input).to_vec(),
        "sha384" => Sha384::digest(input).to_vec(),
        "sha512" => Sha512::digest(input).to_vec(),
        _ => return None,
    };
    let kept = hash.iter().take(length.unwrap_or(hash.len()));
    Some(kept.map(|byte| format!("{byte:02x}")).collect())
}

fn bytes(input: &str, encoding: &str) -> Option<Vec<u8>> {
    match encoding.to_ascii_lowercase().as_str() {
        "utf8" => Some(input.as_bytes().to_vec()),
        "unicode" => Some(input.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        "base64" => STANDARD.decode(input).ok(),
        _ => None,
    }
}
