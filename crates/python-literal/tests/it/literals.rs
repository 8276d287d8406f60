//! Literals have the value that Python gives them.

use proptest::prelude::*;
use python_literal::{Entry, Node, Value};

use crate::{evaluate, read};

#[test]
fn strings_of_every_kind() {
    for (written, expected) in [
        (r#""plain""#, r"'plain'"),
        (r#""it's""#, r#""it's""#),
        (r#"'a' "b" '''c'''"#, r"'abc'"),
        (r#"r"a\n" R'\''"#, r#""a\\n\\'""#),
        (r#""\x41\u00e9\U0001F600\101\0""#, r"'Aé😀A\x00'"),
        (r#""\q\8""#, r"'\\q\\8'"),
        ("\"\"\"a\r\nb\rc\\\r\nd\"\"\"", r"'a\nb\ncd'"),
        ("'a\\\nb'", "'ab'"),
        (r#"b"\xff\u0041" B'x'"#, r"b'\xff\\u0041x'"),
        (r#"rb"\x" b'\501'"#, r"b'\\xA'"),
        (r#"u"é""#, "'é'"),
        (
            r#"f"{{{'{'}""#,
            "open: line 1, column 9: only plain names can be filled into an f-string, not `'{'`",
        ),
        (
            r#""\N{DASH}""#,
            "open: line 1, column 6: a character given by its Unicode name has no counterpart as plain data",
        ),
        (
            r#""\ud800""#,
            "open: line 1, column 6: a lone surrogate has no counterpart as plain data",
        ),
        (
            r#""\xg1""#,
            "error: line 1, column 6: expected 2 hexadecimal digits after this escape",
        ),
        (
            r#""\U00110000""#,
            "error: line 1, column 6: there is no such Unicode character",
        ),
        (
            r#"b"é""#,
            "error: line 1, column 7: bytes can only contain ASCII characters; write others as `\\x…`",
        ),
        (
            r#""a" b"b""#,
            "error: line 1, column 9: text and bytes cannot be joined",
        ),
    ] {
        assert_eq!(evaluate(written), expected, "{written}");
    }
}

#[test]
fn fields_of_f_strings_take_plain_names() {
    let source = r#"
name = "core"
number = 1.50
items = ["a", 1, None]
a = f"{name}-{ number }/{{x}}" "{name}"
b = f"{name!r}{items}{name!s}"
c = rf"\{name}\n"
d = f"{name:>10}"
e = f"{name.upper()}"
g = f"{other}"
h = f"{name=}"
i = F'{name}{{{name}}}'
"#;
    insta::assert_snapshot!(crate::names(source), @r#"
    a: 'core-1.5/{x}{name}'
    b: "'core'['a', 1, None]core"
    c: '\\core\\n'
    d: open: line 8, column 7: only plain names can be filled into an f-string, not `name:>10`
    e: open: line 9, column 7: only plain names can be filled into an f-string, not `name.upper()`
    g: open: line 10, column 7: `other` is not assigned before this
    h: open: line 11, column 7: only plain names can be filled into an f-string, not `name=`
    i: 'core{core}'
    items: ['a', 1, None]
    name: 'core'
    number: 1.5
    "#);
}

#[test]
fn containers_keep_order_and_lines() {
    for (written, expected) in [
        ("()", "()"),
        ("(1,)", "(1,)"),
        ("1,", "(1,)"),
        ("1, 2", "(1, 2)"),
        ("((1))", "1"),
        ("[1, [2, ], (), {}]", "[1, [2], (), {}]"),
        ("{1, 2, 1.0, True}", "{1, 2}"),
        ("{1: 'a', 'b': None, True: 'c'}", "{1: 'c', 'b': None}"),
        ("{(1, 2): 3,}", "{(1, 2): 3}"),
        (
            "{[]: 1}",
            "open: line 1, column 5: Python refuses this: a list as a key",
        ),
        (
            "{**a}",
            "open: line 1, column 6: it takes running `**` to know the value",
        ),
        (
            "[*a]",
            "open: line 1, column 6: it takes running `*` to know the value",
        ),
        (
            "[1 for _ in a]",
            "open: line 1, column 8: it takes running `… for … in …` to know the value",
        ),
    ] {
        assert_eq!(evaluate(written), expected, "{written}");
    }
    let module = read("x = {\n  'a': 1,\n  # comment\n  'b': [\n    2,\n    3],\n}\ny = x\n");
    let entries = module.get("y").unwrap().unwrap().as_dict().unwrap();
    let lines: Vec<u32> = entries.iter().map(|entry| entry.key.line).collect();
    assert_eq!(lines, [2, 4]);
    let inner: Vec<u32> = entries[1]
        .value
        .value
        .as_sequence()
        .unwrap()
        .iter()
        .map(|item| item.line)
        .collect();
    assert_eq!(inner, [5, 6]);
    assert_eq!(module.line("y"), Some(8));
    assert_eq!(module.node("y").unwrap().unwrap().line, 1);
}

#[test]
fn sums_and_signs() {
    for (written, expected) in [
        ("'a' + 'b' 'c' + f'd'", "'abcd'"),
        ("[1] + [2] + []", "[1, 2]"),
        ("(1,) + (2,)", "(1, 2)"),
        ("1 + 2.5", "3.5"),
        ("- -+1", "1"),
        ("-1.5", "-1.5"),
        ("-0.0", "-0.0"),
        (
            "1e308 + 1e308",
            "open: line 1, column 11: it takes running `+` to know the value",
        ),
        (
            "'a' + 1",
            "open: line 1, column 9: Python refuses this: a string + an integer",
        ),
        (
            "-'a'",
            "open: line 1, column 5: Python refuses this: a sign before a string",
        ),
        (
            "1 + 2 * 3",
            "open: line 1, column 11: it takes running `*` to know the value",
        ),
        (
            "-2 ** 2",
            "open: line 1, column 8: it takes running `**` to know the value",
        ),
        (
            "'%s' % 1",
            "open: line 1, column 10: it takes running `%` to know the value",
        ),
        (
            "'{}'.format(1)",
            "open: line 1, column 9: it takes running `.` to know the value",
        ),
        (
            "1 if y else 2",
            "open: line 1, column 7: it takes running `… if … else …` to know the value",
        ),
        (
            "not True",
            "open: line 1, column 5: it takes running `not` to know the value",
        ),
        (
            "1 == 1",
            "open: line 1, column 7: it takes running `==` to know the value",
        ),
        (
            "1j",
            "open: line 1, column 5: a complex number has no counterpart as plain data",
        ),
        (
            "...",
            "open: line 1, column 5: `...` has no counterpart as plain data",
        ),
        (
            "lambda a=1: a",
            "open: line 1, column 5: it takes running `lambda` to know the value",
        ),
        (
            "os.environ['X']",
            "open: line 1, column 5: it takes running `os.environ` to know the value",
        ),
    ] {
        assert_eq!(evaluate(written), expected, "{written}");
    }
}

/// Any value that a literal can have.
fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i128>().prop_map(Value::Int),
        "-?[1-9][0-9]{39,60}".prop_map(Value::BigInt),
        any::<f64>()
            .prop_filter("NaN is no literal", |number| !number.is_nan())
            .prop_map(Value::Float),
        any::<String>().prop_map(Value::Str),
        "[a-z'\"\\\\{}\n]{0,6}".prop_map(Value::Str),
        any::<Vec<u8>>().prop_map(Value::Bytes),
    ];
    scalar.prop_recursive(4, 40, 5, |inner| {
        let node = inner.prop_map(|value| Node { value, line: 1 });
        let key = any::<String>().prop_map(|text| Node {
            value: Value::Str(text),
            line: 1,
        });
        prop_oneof![
            prop::collection::vec(node.clone(), 0..5).prop_map(Value::List),
            prop::collection::vec(node.clone(), 0..5).prop_map(Value::Tuple),
            prop::collection::btree_set(any::<i128>(), 1..5).prop_map(|items| {
                Value::Set(
                    items
                        .into_iter()
                        .map(|item| Node {
                            value: Value::Int(item),
                            line: 1,
                        })
                        .collect(),
                )
            }),
            prop::collection::vec((key, node), 0..5).prop_map(|mut pairs| {
                pairs.sort_by_key(|(key, _)| key.to_string());
                pairs.dedup_by(|(left, _), (right, _)| left == right);
                Value::Dict(
                    pairs
                        .into_iter()
                        .map(|(key, value)| Entry { key, value })
                        .collect(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(value in values()) {
        let source = format!("x = {value}");
        let module = python_literal::parse(&source).expect("printed values are Python");
        prop_assert_eq!(module.get("x"), Some(Ok(&value)), "{}", source);
    }

    #[test]
    fn lists_add_up(left in values(), right in values()) {
        let module = read(&format!("a = [{left}]\nb = [{right}]\nx = a + b\nc = [{left}]\nc += [{right}]"));
        let both = format!("[{left}, {right}]");
        for name in ["x", "c"] {
            let sum = module.get(name).map(|outcome| outcome.map(ToString::to_string));
            prop_assert_eq!(sum, Some(Ok(both.clone())), "{}", name);
        }
    }
}
