//! Mappings and sequences, which take YAML.

use crate::check;

#[test]
fn blocks_in_place_of_blocks() {
    let text = "a:\n  # c\n  b: 1 # d\n  c: 2\n\n# e\nz: 1\n";
    check(&[
        (
            text,
            "a",
            "x: 1\ny: [2]",
            "a:\n  # c\n  x: 1\n  y: [2]\n\n# e\nz: 1\n",
        ),
        (
            text,
            "a",
            "- 1\n- x: 1\n  y: 2\n",
            "a:\n  # c\n  - 1\n  - x: 1\n    y: 2\n\n# e\nz: 1\n",
        ),
        (
            text,
            "a",
            "  x:\n    y: 1\n\n  z: 2\n",
            "a:\n  # c\n  x:\n    y: 1\n\n  z: 2\n\n# e\nz: 1\n",
        ),
        (
            text,
            "a",
            "# f\n---\nx: 1 # g\ny: 2 # h\n...\n",
            "a:\n  # c\n  x: 1 # g\n  y: 2\n\n# e\nz: 1\n",
        ),
        (
            text,
            "a",
            "x: |\n  one\n   two\ny: 'b\n  c'",
            "a:\n  # c\n  x: |\n    one\n     two\n  y: 'b\n    c'\n\n# e\nz: 1\n",
        ),
        (
            text,
            "a",
            "x: |\n  one\n",
            "a:\n  # c\n  x: |\n    one\n\n# e\nz: 1\n",
        ),
        // What would swallow a blank line or a comment goes into brackets.
        (
            text,
            "a",
            "x: |+\n  one\n",
            "a:\n  # c\n  {x: \"one\\n\"}\n\n# e\nz: 1\n",
        ),
        (
            "a:\n  b: 1 # d\n",
            "a",
            "x: |\n  y",
            "a: {x: \"y\\n\"} # d\n",
        ),
        (
            "a:\r\n  b: 1\r\n",
            "a",
            "x: 1\ny: 2",
            "a:\r\n  x: 1\r\n  y: 2\r\n",
        ),
        ("a:\n  b: 1", "a", "x: |\n  y", "a:\n  x: |\n    y\n"),
        (
            "- - a\n  - b\n- c",
            "0",
            "x: 1\ny: 2",
            "- x: 1\n  y: 2\n- c",
        ),
        ("-\n  a: 1\n", "0", "x: 1\ny: 2", "-\n  x: 1\n  y: 2\n"),
        (
            "? k\n: a: 1\n  b: 2\n",
            "k",
            "x: 1\ny: 2",
            "? k\n: x: 1\n  y: 2\n",
        ),
    ]);
}

#[test]
fn dashes_right_below_their_key() {
    let text = "a:\n- 1\n- 2\nz: 1\n";
    check(&[
        (text, "a", "- x\n- y\n- z", "a:\n- x\n- y\n- z\nz: 1\n"),
        (text, "a", "x: 1\ny: 2", "a:\n  x: 1\n  y: 2\nz: 1\n"),
        (text, "a", "!t\n- x", "a:\n  !t\n  - x\nz: 1\n"),
        (text, "a", "[x]", "a: [x]\nz: 1\n"),
        ("a: # c\n- 1\nz: 1\n", "a", "[x]", "a: # c\n  [x]\nz: 1\n"),
        ("a:\n-\n  # c\n  1\nz: 1\n", "a", "[x]", "a: [x]\nz: 1\n"),
        ("a:\n- - 1\n- 2", "a", "- 3", "a:\n- 3"),
        (
            "a:\n- - 1\n- 2",
            "a:0",
            "x: 1\ny: 2",
            "a:\n- x: 1\n  y: 2\n- 2",
        ),
    ]);
}

#[test]
fn brackets_and_scalars() {
    let json = "{\n  \"x\": [1,\r\n 2]\n}";
    check(&[
        ("a: [1] # c\n", "a", "[x, {y: z}]", "a: [x, {y: z}] # c\n"),
        ("a: {b: 1}\n", "a", "", "a: \"\"\n"),
        ("a: {b: 1}\n", "a", "5", "a: 5\n"),
        ("a: {b: 1}\n", "a", "'5'", "a: '5'\n"),
        ("a: {b: 1}\n", "a", "two words", "a: two words\n"),
        ("a: {b: 1}\n", "a", "x: y: z", "a: \"x: y: z\"\n"),
        ("a: {b: 1}\n", "a", "*x", "a: \"*x\"\n"),
        ("a: {b: 1}\n", "a", "|\n  x\n  y\n", "a: \"x\\ny\\n\"\n"),
        ("a: {b: 1}\n", "a", "x\n---\ny", "a: \"x\\n---\\ny\"\n"),
        (
            "a: {b: 1}\n",
            "a",
            "%YAML 1.2\n---\nx: 1",
            "a: \"%YAML 1.2\\n---\\nx: 1\"\n",
        ),
        (
            "a: {b: 1}\n",
            "a",
            "- x\n- y: 1\n  z: 'q'",
            "a: [x, {y: 1, z: 'q'}]\n",
        ),
        (
            "a: {b: 1}\n",
            "a",
            "x: |\n  y\nz:\n'it''s': \"b\n\n  c\"",
            "a: {x: \"y\\n\", z: null, 'it''s': \"b\\nc\"}\n",
        ),
        (
            "a: {b: 1}\n",
            "a",
            "? [x]\n: &n y\n? z\nw: *n",
            "a: {? [x] : &n y, z: null, w: *n}\n",
        ),
        (
            "a: {b: 1}\n",
            "a",
            "!t\nx: !!str\ny: \"a, b\"\nz: c, d",
            "a: !t {x: !!str \"\", y: \"a, b\", z: \"c, d\"}\n",
        ),
        ("[{b: 1}, 2]", "0", "- x", "[[x], 2]"),
        (
            "a: {b: 1}\n",
            "a",
            json,
            "a: {\n    \"x\": [1,\n   2]\n  }\n",
        ),
        (
            "- - a: [[1]]\n",
            "0:0:a:0",
            "[x,\ny]",
            "- - a: [[x,\n      y]]\n",
        ),
        (
            "a:\n  b: 1\n",
            "a",
            json,
            "a: {\n    \"x\": [1,\n   2]\n  }\n",
        ),
        (
            "a:\n  - b: 1\n",
            "a:0",
            json,
            "a:\n  - {\n      \"x\": [1,\n     2]\n    }\n",
        ),
        ("a:\n  b: 1\n", "a", "text", "a: text\n"),
        ("a:\n  # c\n  b: 1\n", "a", "text", "a:\n  # c\n  text\n"),
        ("- b: 1\n- c", "0", "text", "- text\n- c"),
        ("? k\n: - 1\n", "k", "[2]", "? k\n: [2]\n"),
    ]);
}

#[test]
fn anchors_and_tags_stay() {
    check(&[
        (
            "a: &x\n  b: 1\nc: *x\n",
            "a",
            "y: 1",
            "a: &x\n  y: 1\nc: *x\n",
        ),
        (
            "a: &x !t {b: 1}\nc: *x\n",
            "a",
            "&y !u {z: 1}",
            "a: &x !t {z: 1}\nc: *x\n",
        ),
        ("a: !t\n  b: 1\n", "a", "[1]", "a: !t [1]\n"),
        ("a: !t # c\n  b: 1\n", "a", "[1]", "a: !t # c\n  [1]\n"),
        ("a: !t\n- 1\n", "a", "- 2\n- 3", "a: !t\n- 2\n- 3\n"),
        ("a: !t\n- 1\n", "a", "x: 2\ny: 3", "a: !t\n  x: 2\n  y: 3\n"),
        ("- !t\n  - 1\n", "0", "- 2\n- 3", "- !t\n  - 2\n  - 3\n"),
        ("a: &x 1\nb: [2]\n", "b", "[*x]", "a: &x 1\nb: [*x]\n"),
        ("a: {b: &x 1}\n", "a", "&y\nc: 1", "a: &y {c: 1}\n"),
    ]);
}
