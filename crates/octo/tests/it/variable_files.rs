//! Files of variables that are not in order: where and why, without showing a value.

use expect_test::expect;

use crate::run::Place;

/// What people see of a run with this file of variables.
fn seen(file: &[u8]) -> String {
    let place = Place::new().input("#{A}");
    place.file("vars.json", file);
    let seen = place.transcript("variables evaluate --variables vars.json -");
    assert!(!seen.contains("hunter2"), "{seen}");
    seen
}

#[test]
fn damaged() {
    let mut all = String::new();
    for file in [
        "",
        "{\"A\": \"x\"",
        "{\n  \"A\": \"x\",\n  \"B\": ,\n}",
        "\"hunter2\"",
        "{\"A\": {\"hunter2\": 1}}",
        "{\"A\": null}",
        "{\"A\": \"hunter2\", \"a\": \"y\"}",
        "{\"A\": \"\\ud800\"}",
        "[\"hunter2\"]",
        "[{\"Name\": \"A\"}]",
        "[{\"Value\": \"hunter2\"}]",
        "[{\"Name\": \"A\", \"Value\": null}]",
        "[{\"Name\": \"A\", \"Value\": \"hunter2\", \"IsSensitive\": \"hunter2\"}]",
        "[{\"Name\": \"A\", \"Value\": \"x\", \"Scope\": {\"Environment\": \"hunter2\"}}]",
        "[{\"Name\": \"A\", \"Value\": \"x\", \"Scope\": [\"hunter2\"]}]",
        "[{\"Name\": \"A\", \"Value\": \"x\",\n  \"Scope\": {\"TenantTag\": [\"x\"]}}]",
        "{\"A\": \"x\"} more",
    ] {
        let seen = seen(file.as_bytes());
        let error = seen.lines().next().unwrap();
        assert!(seen.ends_with("=> 1\n"), "{seen}");
        all.push_str(&format!("{file}\n  {error}\n"));
    }
    expect![[r#"

          ! Error: vars.json cannot be read as variables: line 1, column 1: EOF while parsing a value.
        {"A": "x"
          ! Error: vars.json cannot be read as variables: line 1, column 9: EOF while parsing an object.
        {
          "A": "x",
          "B": ,
        }
          ! Error: vars.json cannot be read as variables: line 3, column 8: expected value.
        "hunter2"
          ! Error: vars.json cannot be read as variables: line 1, column 9: expected an object of names and values, or a list of variables.
        {"A": {"hunter2": 1}}
          ! Error: vars.json cannot be read as variables: line 1, column 21: a value is a string, a number, true or false; write an object or list as a string.
        {"A": null}
          ! Error: vars.json cannot be read as variables: line 1, column 11: there is no value; write the one that is meant, or "".
        {"A": "hunter2", "a": "y"}
          ! Error: vars.json cannot be read as variables: line 1, column 20: a is there twice (case does not matter).
        {"A": "\ud800"}
          ! Error: vars.json cannot be read as variables: line 1, column 15: the string has an escape that stands for no character.
        ["hunter2"]
          ! Error: vars.json cannot be read as variables: line 1, column 10: expected a variable with Name and Value.
        [{"Name": "A"}]
          ! Error: vars.json cannot be read as variables: line 1, column 14: missing field `Value`.
        [{"Value": "hunter2"}]
          ! Error: vars.json cannot be read as variables: line 1, column 21: missing field `Name`.
        [{"Name": "A", "Value": null}]
          ! Error: vars.json cannot be read as variables: line 1, column 29: there is no value; write the one that is meant, or "".
        [{"Name": "A", "Value": "hunter2", "IsSensitive": "hunter2"}]
          ! Error: vars.json cannot be read as variables: line 1, column 59: expected a boolean.
        [{"Name": "A", "Value": "x", "Scope": {"Environment": "hunter2"}}]
          ! Error: vars.json cannot be read as variables: line 1, column 63: expected a list.
        [{"Name": "A", "Value": "x", "Scope": ["hunter2"]}]
          ! Error: vars.json cannot be read as variables: line 1, column 48: expected a list.
        [{"Name": "A", "Value": "x",
          "Scope": {"TenantTag": ["x"]}}]
          ! Error: vars.json cannot be read as variables: line 2, column 23: unknown field `TenantTag`, expected one of `Environment`, `Machine`, `Role`, `Action`, `Channel`, `ProcessOwner`.
        {"A": "x"} more
          ! Error: vars.json cannot be read as variables: line 1, column 12: trailing characters.
    "#]].assert_eq(&all);
    let deep = format!("{{\"A\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(seen(deep.as_bytes()).ends_with("=> 1\n"));
}

#[test]
fn the_way_out_is_told() {
    let place = Place::new().input("[1]");
    place.file("a.txt", b"");
    place.check("variables evaluate a.txt --variables -", expect![[r#"
        ! Error: standard input cannot be read as variables: line 1, column 2: expected a variable with Name and Value.
        ! Hint: Write {"Name": "value"}, or [{"Name": "…", "Value": "…", "Scope": {"Environment": ["…"]}}].
        => 1
    "#]]);
    place.check(
        "variables evaluate a.txt --variables none.json",
        expect![[r#"
            ! Error: none.json cannot be read.
            ! Cause: No such file or directory (os error 2)
            => 1
        "#]],
    );
}

#[test]
fn values_stay_as_they_are_written() {
    let values = r##"{"A": "\"#{B}\" \\ \u00e4\n", "B": 1.10, "C": 123456789012345678901234567890,
        "D": -1e5, "E": false, "F": ""}"##;
    let place = Place::new().input("#{A}#{B} #{C} #{D} #{E} #{F}.");
    place.file("vars.json", values.as_bytes());
    place.check(
        "variables evaluate --variables vars.json - --strict",
        expect![[r#"
            "1.10" \ ä
            1.10 123456789012345678901234567890 -1e5 false .<no line break>
            => 0
        "#]],
    );
}
