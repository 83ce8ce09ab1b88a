//! Encodings, and substitution in whole files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use transforms::encoding::{Encoding, EncodingError, decode};
use transforms::{TransformError, substitute};
use variables::{EvaluateError, VariableSet};

#[test]
fn encodings_are_found_and_kept() {
    for (bytes, text, encoding, bom) in [
        (&b""[..], "", Encoding::Utf8, false),
        (b"a\r\nb\n", "a\r\nb\n", Encoding::Utf8, false),
        (b"\xC3\xA9", "é", Encoding::Utf8, false),
        (b"\xEF\xBB\xBFa", "a", Encoding::Utf8, true),
        (b"\xFF\xFEa\0\xE9\0", "aé", Encoding::Utf16Le, true),
        (b"\xFE\xFF\0a\xD8\x3D\xDE\0", "a😀", Encoding::Utf16Be, true),
        (b"<\0a\0", "<a", Encoding::Utf16Le, false),
        (b"\0<\0a", "<a", Encoding::Utf16Be, false),
        (
            b"\xE9\x80\x81\xFF",
            "é€\u{81}ÿ",
            Encoding::Windows1252,
            false,
        ),
    ] {
        let decoded = decode(bytes).unwrap();
        assert_eq!(
            (decoded.text.as_str(), decoded.encoding, decoded.bom),
            (text, encoding, bom)
        );
        assert_eq!(decoded.encode(&decoded.text).unwrap(), bytes);
    }
}

#[test]
fn what_can_not_be_stored_is_an_error() {
    let error = EncodingError::Invalid {
        encoding: Encoding::Utf16Le,
    };
    assert_eq!(decode(b"\xFF\xFEa"), Err(error.clone()));
    assert_eq!(decode(b"\xFF\xFE\0\xD8"), Err(error));
    let decoded = decode(b"\xE9").unwrap();
    assert_eq!(decoded.encode("é€").unwrap(), b"\xE9\x80");
    assert_eq!(
        decoded.encode("Ω").unwrap_err().to_string(),
        "the character 'Ω' can't be stored in Windows-1252, the encoding of the file; store the file as UTF-8"
    );
    assert!(decoded.encode("\u{85}").is_err());
}

#[test]
fn an_xml_declaration_says_what_the_bytes_are() {
    for (declared, rest, encoding) in [
        ("encoding='utf-8'", &b"\xC3\xA9"[..], Encoding::Utf8),
        ("encoding=\"UTF-16\"", b"\xC3\xA9", Encoding::Utf8),
        ("standalone='yes'", b"\xC3\xA9", Encoding::Utf8),
        (
            "encoding = \"ISO-8859-1\" ",
            b"\xC3\xA9\x80",
            Encoding::Latin1,
        ),
        (
            "encoding='Windows-1252'",
            b"\xC3\xA9\x80",
            Encoding::Windows1252,
        ),
        ("encoding='us-ascii'", b"a", Encoding::Ascii),
        ("encoding='us-ascii'", b"\xC3\xA9", Encoding::Utf8),
        ("encoding='koi8-r'", b"a", Encoding::Ascii),
    ] {
        let declaration = format!("<?xml version='1.0' {declared}?><a/>");
        let bytes = [declaration.as_bytes(), rest].concat();
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.encoding, encoding, "{declared}");
        assert_eq!(decoded.encode(&decoded.text).unwrap(), bytes, "{declared}");
        assert!(decoded.encode("é").is_ok() || encoding == Encoding::Ascii);
    }
    let error = decode(b"<?xml version='1.0' encoding='koi8-r'?><a>\xC3</a>").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the file declares the encoding `koi8-r`, which is not supported; store it as UTF-8"
    );
    let latin = decode(b"<?xml version='1.0' encoding='iso-8859-1'?>").unwrap();
    assert_eq!(latin.text, "<?xml version='1.0' encoding='iso-8859-1'?>");
    assert_eq!(
        latin.encode("€").unwrap_err().to_string(),
        "the character '€' can't be stored in ISO-8859-1, the encoding of the file; store the file as UTF-8"
    );
}

#[test]
fn substitution_goes_on_after_what_it_can_not_read() {
    let set = VariableSet::from_iter([("Name", "World"), ("Loop", "#{Loop}")]);
    let result = substitute("#{Name}\r\n#{ css }\n#{a { b }}\n##{Name} #{Name}", &set).unwrap();
    assert_eq!(result.text, "World\r\n#{css}\n#{a { b }}\n#{Name} World");
    assert_eq!(result.missing, ["css"]);
    assert_eq!(result.parse_error.unwrap().line, 3);
    let same = substitute("no # { } here", &set).unwrap();
    assert_eq!(
        (same.text.as_str(), same.parse_error),
        ("no # { } here", None)
    );
    assert!(matches!(
        substitute("#{Name} #{Loop}", &set),
        Err(TransformError::Evaluate(EvaluateError::Cycle { .. }))
    ));
    assert_eq!(
        substitute("#{Name | Null}", &set),
        Err(TransformError::Null)
    );
}

proptest! {
    #[test]
    fn any_file_comes_back_the_same(bytes in prop::collection::vec(any::<u8>(), 0..40), bom in prop::sample::select(vec![&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"])) {
        let bytes = [bom, &bytes].concat();
        if let Ok(decoded) = decode(&bytes) {
            prop_assert_eq!(decoded.encode(&decoded.text).unwrap(), bytes);
        }
    }

    #[test]
    fn any_text_without_variables_stays(text in "(\\PC|\n|\r| ){0,30}") {
        if !text.contains("#{") {
            prop_assert_eq!(substitute(&text, &VariableSet::new()).unwrap().text, text);
        }
    }
}
