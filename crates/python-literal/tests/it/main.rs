//! What the crate promises, from the outside: one module per kind of promise.

mod hostile;
mod literals;
mod names;
mod packages;
mod syntax;

use python_literal::{Module, Statement};

/// Reads a source that must be Python.
fn read(source: &str) -> Module {
    match python_literal::parse(source) {
        Ok(module) => module,
        Err(error) => panic!("{error}\n{source}"),
    }
}

/// What a name is, in one line.
fn show(module: &Module, name: &str) -> String {
    match module.get(name) {
        None => "unbound".to_owned(),
        Some(Ok(value)) => value.to_string(),
        Some(Err(open)) => format!("open: {open}"),
    }
}

/// What `x` is after `x = …`.
fn evaluate(expression: &str) -> String {
    match python_literal::parse(&format!("x = {expression}\n")) {
        Ok(module) => show(&module, "x"),
        Err(error) => format!("error: {error}"),
    }
}

/// All names of a source, one a line.
fn names(source: &str) -> String {
    let module = read(source);
    let mut lines = Vec::new();
    for (name, _) in module.iter() {
        lines.push(format!("{name}: {}", show(&module, name)));
    }
    lines.join("\n")
}

/// The kinds of all statements, one a line.
fn statements(source: &str) -> String {
    let module = read(source);
    let lines = module.statements().iter().map(|statement| match statement {
        Statement::Assignment {
            line, span, names, ..
        } => {
            format!("{line}: assigns {names:?}: {:?}", &source[span.clone()])
        }
        Statement::Code {
            line,
            span,
            kind,
            binds,
        } => {
            format!(
                "{line}: {kind:?} binds {binds:?}: {:?}",
                &source[span.clone()]
            )
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
