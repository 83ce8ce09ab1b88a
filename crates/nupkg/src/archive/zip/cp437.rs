//! Names from before Unicode: code page 437 of the first PC.

/// What bytes from 0x80 on stand for.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// Decodes a name; every byte is a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let decode = |byte: &u8| match byte.checked_sub(0x80) {
        None => char::from(*byte),
        // There are 128, so that none is missing.
        Some(upper) => UPPER.chars().nth(upper.into()).unwrap_or('\u{fffd}'),
    };
    bytes.iter().map(decode).collect()
}

#[cfg(test)]
mod tests {
    use super::{UPPER, decode};

    #[test]
    fn every_byte_is_a_character() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(decode(b"a\x80\x9f\xa0\xfe\xff"), "aÇƒá■\u{a0}");
    }
}
