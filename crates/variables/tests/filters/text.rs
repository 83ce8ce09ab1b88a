//! Filters on text.

use super::{NONE, check};

#[test]
fn unknown_filters_and_wrong_arguments_give_no_value() {
    check(&[
        ("a", "NoSuchFilter", NONE),
        ("a", "ToUpper x", NONE),
        ("a", "Append", NONE),
        ("a", "Contains", NONE),
        ("a", "Substring", NONE),
        ("a", "Trim middle", NONE),
        ("a", "VersionMajor x", NONE),
        ("a", "NowDate", NONE),
        ("a", "NoSuchFilter | ToUpper", NONE),
    ]);
}

#[test]
fn case_and_parts() {
    check(&[
        ("aÄß", "toupper", "AÄß"),
        ("AÄİ", "ToLower", "aäİ"),
        ("b", "Append c \"d \"", "bcd "),
        ("b", "Prepend a", "ab"),
        ("b", "Append #{v} | ToUpper", "BB"),
        ("abc", "Contains bc", "true"),
        ("abc", "Contains BC", "false"),
        ("abc", "StartsWith ab", "true"),
        ("abc", "StartsWith bc", "false"),
        ("abc", "EndsWith bc", "true"),
        ("abc", "EndsWith \"\"", "true"),
        ("äbcd", "Substring 2", "äb"),
        ("äbcd", "Substring 1 2", "bc"),
        ("äbcd", "Substring 3 9", "d"),
        ("äbcd", "Substring 4 1", ""),
        ("äbcd", "Substring 5 1", NONE),
        ("äbcd", "Substring -1 1", NONE),
        ("äbcd", "Substring x", NONE),
        ("äbcd", "Truncate 2", "äb..."),
        ("äbcd", "Truncate 4", "äbcd"),
        ("äbcd", "Truncate 3 \"\"", "äbc"),
        ("äbcd", "Truncate x", NONE),
        (" \ta b\n", "Trim", "a b"),
        (" a ", "Trim start", "a "),
        (" a ", "Trim End", " a"),
        ("a\nb\r\n\nc", "Indent", "    a\n    b\r\n    \n    c"),
        ("a\nb", "Indent 1", " a\n b"),
        ("a\nb", "Indent 1/2", " a\n  b"),
        ("a\nb", "Indent /2", "a\n  b"),
        ("a\nb", "Indent \"// \"", "// a\n// b"),
        ("a\nb", "Indent - \"+ \"", "-a\n+ b"),
        ("a\nb", "Indent a b c", NONE),
    ]);
}

#[test]
fn escapes() {
    check(&[
        (
            "<a href='/x'>\"&\"</a>",
            "HtmlEscape",
            "&lt;a href=&apos;&#x2F;x&apos;&gt;&quot;&amp;&quot;&lt;&#x2F;a&gt;",
        ),
        (
            "<a b='/'>\"&\"",
            "XmlEscape",
            "&lt;a b=&apos;/&apos;&gt;&quot;&amp;&quot;",
        ),
        (
            "\"a\\\r\n\tb\u{1}é",
            "JsonEscape",
            "\\\"a\\\\\\r\\n\\tb\\u0001é",
        ),
        (
            "it's\n\na\r\nb",
            "YamlSingleQuoteEscape",
            "it''s\n\n\na\r\n\r\nb",
        ),
        (
            "\"a\\\r\n\té😀",
            "YamlDoubleQuoteEscape",
            "\\\"a\\\\\\r\\n\\t\\u00e9\\U0001f600",
        ),
        (
            "a b:c=d#e!\\é",
            "PropertiesKeyEscape",
            "a\\ b\\:c\\=d\\#e\\!\\\\\\u00e9",
        ),
        (
            " a b:c=\n😀",
            "PropertiesValueEscape",
            "\\ a b:c=\\n\\ud83d\\ude00",
        ),
        (
            "http://a/b c?d=é&e=%",
            "UriEscape",
            "http://a/b%20c?d=%C3%A9&e=%25",
        ),
        ("a/b c~_-.é", "UriDataEscape", "a%2Fb%20c~_-.%C3%A9"),
    ]);
}

#[test]
fn base64_and_hashes() {
    check(&[
        ("Bär", "ToBase64", "QsOkcg=="),
        ("Bär", "ToBase64 utf8", "QsOkcg=="),
        ("Bär", "ToBase64 Unicode", "QgDkAHIA"),
        ("Bär", "ToBase64 utf7", NONE),
        ("QsOk\ncg==", "FromBase64", "Bär"),
        ("QgDkAHIA", "FromBase64 unicode", "Bär"),
        ("QsOkcg", "FromBase64", NONE),
        ("abc", "Md5", "900150983cd24fb0d6963f7d28e17f72"),
        ("abc", "Sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abc",
            "Sha256",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        ("abc", "Sha384 4", "cb00753f"),
        ("abc", "Sha512 4", "ddaf35a1"),
        ("YWJj", "Sha256 4 base64", "ba7816bf"),
        ("abc", "Md5 unicode", "ce1473cf80c6b3fda8e3dfc006adc315"),
        ("a-b", "Sha256 base64", NONE),
        ("abc", "Sha256 x", NONE),
    ]);
}

#[test]
fn versions() {
    for (version, parts) in [
        (
            "1.2.3.4-beta.5.6+build.7",
            ["1", "2", "3", "4", "beta.5.6", "beta", "5.6", "build.7"],
        ),
        ("v10.020", ["10", "20", "0", "0", "", "", "", ""]),
        ("V1_rc-2", ["1", "0", "0", "0", "rc-2", "rc", "2", ""]),
        ("1.2.alpha", ["1", "2", "0", "0", "alpha", "alpha", "", ""]),
        ("1.2.3.4.5", ["1", "2", "3", "4", "5", "5", "", ""]),
        ("main\\x", ["0", "0", "0", "0", "main\\x", "main", "x", ""]),
        ("", ["0", "0", "0", "0", "", "", "", ""]),
        ("1 2", [NONE; 8]),
    ] {
        let filters = [
            "Major",
            "Minor",
            "Patch",
            "Revision",
            "Prerelease",
            "PrereleasePrefix",
            "PrereleaseCounter",
            "Metadata",
        ];
        for (filter, part) in filters.into_iter().zip(parts) {
            check(&[(version, &format!("Version{filter}"), part)]);
        }
    }
    check(&[("1", "VersionNext", NONE)]);
}

#[test]
fn regular_expressions() {
    check(&[
        ("abc123", "Match \"[0-9]+$\"", "true"),
        ("abc", "Match \"[0-9]\"", "false"),
        ("abab", "Match \"^(ab)\\1$\"", "true"),
        ("price: 5", "Match \"(?<=: )5\"", "true"),
        ("abc", "Match \"(\"", NONE),
        ("a1b22", "Replace \"[0-9]+\"", "ab"),
        (
            "a1b22",
            "Replace \"([a-z])(?<n>[0-9]+)\" \"${n}$1-$$-$9-$\"",
            "1a-$-$9-$22b-$-$9-$",
        ),
        ("abc", "Replace b \"[$&$`$'$_]\"", "a[bacabc]c"),
        ("ab", "Replace \"(x)?b\" \"<$1>\"", "a<>"),
        ("abc", "Replace x y", "abc"),
        (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
            "Match \"^(?:(a+)\\1?)+$\"",
            NONE,
        ),
    ]);
}

#[test]
fn uri_parts() {
    let uri = "HTTPS://me:pw@Example.com:8443/a/b%20c?d=e&f#g";
    for (part, expected) in [
        ("AbsolutePath", "/a/b%20c"),
        (
            "AbsoluteUri",
            "https://me:pw@example.com:8443/a/b%20c?d=e&f#g",
        ),
        ("Authority", "example.com:8443"),
        ("DnsSafeHost", "example.com"),
        ("Fragment", "#g"),
        ("Host", "example.com"),
        ("HostAndPort", "example.com:8443"),
        ("HostNameType", "Dns"),
        ("IsAbsoluteUri", "True"),
        ("IsDefaultPort", "False"),
        ("IsFile", "False"),
        ("IsLoopback", "False"),
        ("IsUnc", "False"),
        ("Path", "/a/b%20c"),
        ("PathAndQuery", "/a/b%20c?d=e&f"),
        ("port", "8443"),
        ("Query", "?d=e&f"),
        ("Scheme", "https"),
        ("SchemeAndServer", "https://example.com:8443"),
        ("UserInfo", "me:pw"),
        (
            "Nope",
            "[UriPart Nope error: there is no part of this name]",
        ),
    ] {
        check(&[(uri, &format!("UriPart {part}"), expected)]);
    }
    check(&[
        ("http://a", "UriPart AbsoluteUri", "http://a/"),
        ("http://a:80/", "UriPart AbsoluteUri", "http://a/"),
        ("http://a", "UriPart HostAndPort", "a:80"),
        ("http://a", "UriPart IsDefaultPort", "True"),
        ("foo://a", "UriPart Port", "-1"),
        ("http://[::1]:5/", "UriPart Host", "[::1]"),
        ("http://[::1]/", "UriPart DnsSafeHost", "::1"),
        ("http://[::1]:5/", "UriPart HostNameType", "IPv6"),
        ("http://127.0.0.1/", "UriPart HostNameType", "IPv4"),
        ("http://127.0.0.1/", "UriPart IsLoopback", "True"),
        ("file:///tmp/x", "UriPart IsFile", "True"),
        ("file:///tmp/x", "UriPart AbsoluteUri", "file:///tmp/x"),
        ("file://server/share", "UriPart IsUnc", "True"),
        ("mailto:a@b.c", "UriPart AbsoluteUri", "mailto:a@b.c"),
        ("a/b", "UriPart IsAbsoluteUri", "False"),
        (
            "a/b",
            "UriPart Host",
            "[UriPart Host error: this is no absolute URI]",
        ),
        (
            "http://",
            "UriPart Host",
            "[UriPart Host error: the URI has no host]",
        ),
        (
            "http://a:x/",
            "UriPart Host",
            "[UriPart Host error: the port is no number up to 65535]",
        ),
        ("http://a", "UriPart", NONE),
    ]);
}

#[test]
fn markdown() {
    check(&[
        ("", "Markdown", "\n"),
        (
            "**b** _i_",
            "markdown",
            "<p><strong>b</strong> <em>i</em></p>\n\n",
        ),
        (
            " # T\n\n- a\n- b ",
            "MarkdownToHtml",
            "<h1>T</h1>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n\n",
        ),
        (
            "~~a~~ H~2~O x^2^ ++i++ ==m==",
            "Markdown",
            "<p><del>a</del> H<sub>2</sub>O x<sup>2</sup> <ins>i</ins> <mark>m</mark></p>\n\n",
        ),
        (
            "see https://a.example/b",
            "Markdown",
            "<p>see <a href=\"https://a.example/b\">https://a.example/b</a></p>\n\n",
        ),
        (
            "|A|B|\n|-|-|\n|1|<b>2</b>|",
            "Markdown",
            "<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td><b>2</b></td>\n</tr>\n</tbody>\n</table>\n\n",
        ),
        ("a", "Markdown x", NONE),
    ]);
}
