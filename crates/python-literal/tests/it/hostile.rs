//! Input made to break the reader ends in an answer, quickly and without overflowing the stack.

use proptest::prelude::*;
use python_literal::{MAX_BYTES, MAX_DEPTH, ParseError, parse, parse_bytes};

use crate::{read, show};

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("x = {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(show(&read(&nested(MAX_DEPTH)), "x").starts_with('['));
    assert!(show(&read(&nested(MAX_DEPTH + 1)), "x").contains("nested too deeply"));
    assert!(matches!(
        parse(&nested(100_000)),
        Err(ParseError::Syntax { .. })
    ));
    let braces = format!("x = f'{}'", "{".repeat(100_001));
    assert!(matches!(parse(&braces), Err(ParseError::Syntax { .. })));
    let texts = format!("x = {}", "f'{".repeat(100_000));
    assert!(matches!(parse(&texts), Err(ParseError::Syntax { .. })));
    let signs = format!("x = {}1", "-".repeat(100_000));
    assert_eq!(show(&read(&signs), "x"), "1");
    let blocks: Vec<String> = (0..200)
        .map(|depth| format!("{}if x:", " ".repeat(depth)))
        .collect();
    assert!(matches!(
        parse(&blocks.join("\n")),
        Err(ParseError::Syntax { .. })
    ));
}

#[test]
fn references_do_not_nest_beyond_the_limit() {
    let source = format!("a = [1]\n{}", "a = [a]\n".repeat(100_000));
    assert!(show(&read(&source), "a").starts_with("open"));
}

#[test]
fn references_do_not_multiply_beyond_the_limit() {
    let doubled = format!("a = 'x' 'y'\n{}", "a = a + a\n".repeat(100));
    assert!(show(&read(&doubled), "a").starts_with("open"));
    let laughs = format!(
        "a = ['ha']\n{}",
        "a = [a, a, a, a, a, a, a, a, a, a]\n".repeat(20)
    );
    assert!(show(&read(&laughs), "a").starts_with("open"));
    let fields = format!("a = '0123456789'\n{}", "a = f'{a}{a}{a}{a}'\n".repeat(50));
    assert!(show(&read(&fields), "a").starts_with("open"));
    let grown = format!("a = [0]\n{}", "a += [1]\n".repeat(100_000));
    assert!(show(&read(&grown), "a").starts_with("open"));
}

/// Tens of thousands of statements, clauses or items in one: a step that were quadratic would be noticed.
#[test]
fn large_input_takes_linear_time() {
    let fill = |unit: &str| unit.repeat(MAX_BYTES / unit.len() / 32);
    for source in [
        fill("a=b;"),
        fill("a=b\n"),
        fill("a=[];b=a;c(b)\n"),
        format!("x = {{{}}}", fill("1:2,")),
        format!("x = {{{}}}", fill("'a',")),
        format!("x = {}1", fill("1+")),
        format!("x = {}1", fill("'é'+")),
        format!("x = {}", fill("'a' ")),
        format!("x = '{}'", fill("\\x41")),
        format!("x = f'{}'", fill("{x}")),
        format!("x = f'{}'", fill("{{}}")),
        fill("def f(): g()\n"),
        fill("def f(): f(f)\nf()\n"),
        fill("a = b = "),
        fill("import a\n"),
        format!("if a: {}", fill("b = ")),
        format!("if a: {}", fill("else: ")),
        format!("if a: {}", fill("for b: ")),
        format!("if a: {}", fill("match b: ")),
        format!("if a: {}", fill("def b, ")),
        fill("if a: pass\nelif b: c = 1\n"),
        fill("lambda: "),
        fill("lambda a=1, b="),
        fill("if lambda: "),
        fill("del a, "),
        fill("for a in "),
        fill("with a as b, "),
        fill("match "),
        fill("match: "),
        fill("case a: "),
        fill("x:"),
        fill("x: y = "),
        fill("@a\n"),
        fill("a[0]="),
        fill("\\\n"),
        fill("#\n"),
        fill(";"),
        fill("\n"),
        fill("f'{"),
        fill("\"\"\""),
        fill("'"),
    ] {
        // Only that it answers matters.
        let _ = parse(&source);
    }
}

#[test]
fn the_size_is_limited() {
    let large = " ".repeat(MAX_BYTES + 1);
    assert!(matches!(parse(&large), Err(ParseError::TooLarge { .. })));
    assert!(parse_bytes(large.as_bytes(), MAX_BYTES + 1).is_ok());
}

/// Pieces of Python in any order: nearer to a real file than random characters are.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "x",
        "y",
        " ",
        "=",
        "+=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "\n",
        "\n    ",
        "\n\t",
        "\r\n",
        "'a'",
        "f'{x}'",
        "f\"{x!r:{y}}\"",
        "b'c'",
        "'",
        "\"\"\"",
        "\\",
        "1",
        "0x",
        "1.5",
        "-",
        "+",
        "if ",
        "else:",
        "def f():",
        "class C:",
        "@",
        "lambda ",
        "for ",
        " in ",
        "import ",
        "from ",
        "*",
        "del ",
        "global ",
        "match ",
        "case ",
        "as ",
        "async ",
        "with ",
        "try:",
        "except:",
        "é",
        "\u{feff}",
        "#",
        "None",
        "True",
        ".",
        ":=",
        "not ",
        "type ",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn check(source: &str) -> Result<(), TestCaseError> {
    let Ok(module) = parse(source) else {
        return Ok(());
    };
    for statement in module.statements() {
        let (python_literal::Statement::Assignment { span, .. }
        | python_literal::Statement::Code { span, .. }) = statement;
        prop_assert!(source.get(span.clone()).is_some(), "{span:?} in {source:?}");
    }
    for (name, outcome) in module.iter() {
        prop_assert!(module.line(name).is_some());
        match outcome {
            Ok(node) => {
                let printed = format!("x = {node}");
                prop_assert!(parse(&printed).is_ok());
            }
            Err(open) => prop_assert!(source.get(open.span.clone()).is_some()),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_answered(source in any::<String>()) {
        check(&source)?;
    }

    #[test]
    fn any_pieces_are_answered(source in pieces()) {
        check(&source)?;
    }

    #[test]
    fn any_bytes_are_answered(bytes in any::<Vec<u8>>()) {
        let _ = parse_bytes(&bytes, 1000);
    }
}
