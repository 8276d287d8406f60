//! Mistakes are named with their place; what is odd but valid is read.

use python_literal::{ParseError, parse, parse_bytes};

use crate::statements;

#[test]
fn mistakes_have_a_place_and_an_expectation() {
    let sources = [
        "x = [1, 2",
        "x = (1]",
        "x = )",
        "x = 1 2",
        "x = 'a",
        "x = \"\"\"a\n\n",
        "x =",
        "x = ,",
        "x = [1 2]",
        "x = {1: 2, 3}",
        "x = {1: }",
        "x = {1, 2: 3}",
        "é = 'ä' = ",
        "= 1",
        "a = = 1",
        "  x = 1",
        "x = 1\n  y = 2",
        "if x:\ny = 1",
        "if x:\n    y = 1\n  z = 2",
        "if x:\n\ty = 1\n        z = 2",
        "def f()\n    pass",
        "@x\ny = 1",
        "x = 012",
        "x = 1__0",
        "x = 5 $",
        "x = f'{'",
        "x = f'{a]}'",
        "x = f'}'",
        "x = f'{}'",
        "x = 1 \\",
        "x = 1 \\ 2",
        "x = for",
        "; x",
        "x = 1;; y = 2",
        "x = '\0'",
        "x ? y",
    ];
    let shown: Vec<String> = sources
        .iter()
        .map(|source| match parse(source) {
            Ok(_) => format!("{source:?}: no mistake"),
            Err(error) => format!("{source:?}: {error}"),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    "x = [1, 2": line 1, column 5: this bracket is never closed: expected `]`
    "x = (1]": line 1, column 7: expected `)`, found `]`
    "x = )": line 1, column 5: `)` closes nothing
    "x = 1 2": line 1, column 7: expected an operator or the end of the value, found `2`
    "x = 'a": line 1, column 5: this string is never closed
    "x = \"\"\"a\n\n": line 1, column 5: this string is never closed
    "x =": line 1, column 4: expected a value after `=`
    "x = ,": line 1, column 5: expected a value, found `,`
    "x = [1 2]": line 1, column 8: expected an operator or the end of the value, found `2`
    "x = {1: 2, 3}": line 1, column 13: expected `:` after the key, found `}`
    "x = {1: }": line 1, column 9: expected a value, found `}`
    "x = {1, 2: 3}": line 1, column 10: expected `,` or `}`, found `:`
    "é = 'ä' = ": line 1, column 11: expected a value after `=`
    "= 1": line 1, column 1: expected a target before `=`
    "a = = 1": line 1, column 5: expected a target before `=`
    "  x = 1": line 1, column 3: this line is indented without a reason
    "x = 1\n  y = 2": line 2, column 3: this line is indented without a reason
    "if x:\ny = 1": line 1, column 6: expected an indented block after this
    "if x:\n    y = 1\n  z = 2": line 3, column 3: this indentation matches no enclosing block
    "if x:\n\ty = 1\n        z = 2": line 3, column 9: tabs and spaces are mixed so that the indentation is ambiguous
    "def f()\n    pass": line 1, column 8: expected `:`
    "@x\ny = 1": line 2, column 1: expected `def` or `class` after the decorator
    "x = 012": line 1, column 5: a decimal integer has no leading zeros; octal is written `0o…`
    "x = 1__0": line 1, column 5: `1__0` is not a number
    "x = 5 $": line 1, column 7: the character `$` has no meaning here
    "x = f'{'": line 1, column 8: this string is never closed
    "x = f'{a]}'": line 1, column 9: expected `}`
    "x = f'}'": line 1, column 7: a single `}` in an f-string: write `}}`
    "x = f'{}'": line 1, column 7: expected an expression in the braces; a brace itself is written `{{`
    "x = 1 \\": line 1, column 7: the character `\\` has no meaning here
    "x = 1 \\ 2": line 1, column 7: the character `\\` has no meaning here
    "x = for": line 1, column 5: expected a value, found `for`
    "; x": line 1, column 1: expected a statement before `;`
    "x = 1;; y = 2": line 1, column 7: expected a statement before `;`
    "x = '\0'": line 1, column 6: a Python file contains no null bytes
    "x ? y": line 1, column 3: the character `?` has no meaning here
    "#);
}

#[test]
fn odd_but_valid_code_is_skipped() {
    let source = "\
x = 1; y = 2;
if a: b = 1; c = 2
elif d: pass
else: pass
async def f(a, *, b: int = {1: 2}[1]) -> None: pass
for i in x:
    pass
else:
    pass
z = \\
    3
@a.b(lambda: 1)
class C(D, metaclass=E):

    x = 1
match x:
    case 1: pass
match(x)
print f'{x!r:>{width}} {{ {d[\"k\"]:{\"a\"}} }}', 0777, 10L
\x0ctype X = int
lambda: 0
try: pass
except* A: pass
finally: pass
";
    insta::assert_snapshot!(statements(source), @r#"
    1: assigns ["x"]: "x = 1"
    1: assigns ["y"]: "y = 2"
    2: If binds ["b", "c"]: "if a: b = 1; c = 2\nelif d: pass\nelse: pass"
    5: Function binds ["f"]: "async def f(a, *, b: int = {1: 2}[1]) -> None: pass"
    6: Loop binds ["i"]: "for i in x:\n    pass\nelse:\n    pass"
    10: assigns ["z"]: "z = \\\n    3"
    12: Class binds ["C"]: "@a.b(lambda: 1)\nclass C(D, metaclass=E):\n\n    x = 1"
    16: Match binds []: "match x:\n    case 1: pass"
    18: Expression binds []: "match(x)"
    19: Expression binds []: "print f'{x!r:>{width}} {{ {d[\"k\"]:{\"a\"}} }}', 0777, 10L"
    20: Other binds ["X"]: "type X = int"
    21: Expression binds []: "lambda: 0"
    22: Try binds []: "try: pass\nexcept* A: pass\nfinally: pass"
    "#);
}

#[test]
fn bytes_are_checked() {
    assert_eq!(
        parse_bytes(b"x = 1\n# \xff", 100).unwrap_err(),
        ParseError::NotUtf8 { offset: 8 }
    );
    assert_eq!(
        parse_bytes(b"x = 1", 4).unwrap_err(),
        ParseError::TooLarge { bytes: 5, limit: 4 }
    );
    let latin = "# coding: latin-1\nx = 'é'".as_bytes();
    assert_eq!(
        parse_bytes(latin, 100).unwrap_err(),
        ParseError::Encoding {
            encoding: "latin-1".to_owned()
        }
    );
    assert!(parse_bytes(b"# coding: latin-1\nx = 'e'", 100).is_ok());
    assert!(parse_bytes(b"\xef\xbb\xbfx = 1", 100).is_ok());
    assert!(parse_bytes(b"", 100).is_ok());
}
