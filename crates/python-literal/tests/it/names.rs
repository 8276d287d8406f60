//! A name whose value may differ when the file runs is never given one.

use crate::{names, read, show};

#[test]
fn assignments_of_every_form() {
    let source = "a = b = 1; c: str = 'x'\nd = c\nd += 'y'\ne: int\nf = [1]\nf += (2,)\ng, h = 1, 2\ni = missing\nj = i\n(k) = 1\n";
    insta::assert_snapshot!(names(source), @r#"
    a: 1
    b: 1
    c: 'x'
    d: 'xy'
    f: [1, 2]
    g: open: line 7, column 1: what it is assigned to is not a plain name
    h: open: line 7, column 1: what it is assigned to is not a plain name
    i: open: line 8, column 5: `missing` is not assigned before this
    j: open: line 9, column 5: it depends on `i`, which line 8 leaves open
    k: open: line 10, column 1: what it is assigned to is not a plain name
    "#);
}

#[test]
fn code_that_may_bind_a_name_costs_its_value() {
    let source = "\
a = b = c = d = e = f = g = h = i = j = k = l = m = n = o = kept = 1
if x: a = 2
for b in y: pass
with open(z) as (c, [p]): pass
try:
    import d
except Exception as e:
    f = 3
del g
def h(): kept = 2
class i:
    kept = 3
while (j := 1): pass
foo(k := 2)
match y:
    case [l]: pass
def other():
    global m
    m = 3
print(f'{(n := 3)}')
if x:
    def o():
        kept = 4
else:
    q = 5
kept[0].d = 2
";
    insta::assert_snapshot!(names(source), @r#"
    a: open: line 2, column 7: an `if` statement may bind it, depending on what runs
    b: open: line 3, column 5: a loop may bind it, depending on what runs
    c: open: line 4, column 18: a `with` statement may bind it, depending on what runs
    d: open: line 6, column 12: a `try` statement may bind it, depending on what runs
    e: open: line 7, column 21: a `try` statement may bind it, depending on what runs
    f: open: line 8, column 5: a `try` statement may bind it, depending on what runs
    g: open: line 9, column 5: it is deleted
    h: open: line 10, column 5: it is bound by a function definition, not by a literal
    i: open: line 11, column 7: it is bound by a class definition, not by a literal
    j: open: line 13, column 8: a loop may bind it, depending on what runs
    k: open: line 14, column 5: an expression may bind it, depending on what runs
    kept: 1
    l: open: line 16, column 11: a `match` statement may bind it, depending on what runs
    m: open: line 18, column 12: a function declares it `global` and may assign it
    n: open: line 20, column 7: an expression may bind it, depending on what runs
    o: open: line 22, column 9: an `if` statement may bind it, depending on what runs
    other: open: line 17, column 5: it is bound by a function definition, not by a literal
    p: open: line 4, column 22: a `with` statement may bind it, depending on what runs
    q: open: line 25, column 5: an `if` statement may bind it, depending on what runs
    "#);
}

#[test]
fn later_assignments_make_a_name_known_again() {
    let source = "if x:\n    a = 1\na = 2\nfrom y import *\nb = 3\n";
    let module = read(source);
    assert_eq!(show(&module, "b"), "3");
    assert_eq!(
        show(&module, "a"),
        "open: line 4, column 15: `import *` may bind any name"
    );
    assert_eq!(
        show(&module, "never"),
        "open: line 4, column 15: `import *` may bind any name"
    );
    assert_eq!(show(&read("if x:\n    a = 1\na = 2\n"), "a"), "2");
    assert_eq!(show(&read("a = 2\n"), "never"), "unbound");
}

/// Each of these changes the list `a` when Python runs it, or may.
#[test]
fn objects_changed_in_place_are_open() {
    for code in [
        "a.append(1)",
        "a[0] = 1",
        "del a[0]",
        "a[:] = []",
        "b = a\nb.append(1)",
        "b = a\nb += [1]",
        "b = (a,)\nb[0].append(1)",
        "b = {'k': a}\nif x: b['k'].append(1)",
        "b = [a] + []\nb[0].append(1)",
        "b = c = a\nfoo(c)",
        "b = foo(a)",
        "b = f'{a.append(1)}'",
        "b = f'{foo(f\"{a}\")}'",
        "def f():\n    a.append(1)\nf()",
        "def g():\n    a.append(1)\ndef f(): g()\nb = f()",
        "def f(): g()\ntry: f()\nexcept: pass\ndef g(): a.append(1)\nf()",
        "@call\ndef f(): a.append(1)",
        "def f(x=a.append(1)): pass",
        "class C:\n    a.append(1)",
        "def f(): global a",
        "globals()['a'] = 1",
        "def f(): exec(code)\nf()",
        "b = a\ndef f(): global a\na.append(1)\na = b",
        "b: foo(a) = 1",
        "a: foo(a) = ['x']",
        "b: (a := 2) = 1",
        "for a[0] in x: pass",
        "[a.append(i) for i in x]",
        "a += foo()",
        "a *= 2",
        "import a",
        "a, b = 1, 2",
        "with a as b: pass",
        "ａ = 1",
    ] {
        let module = read(&format!("a = ['x']\n{code}\n"));
        assert!(
            matches!(module.get("a"), Some(Err(_))),
            "{code}: {}",
            show(&module, "a")
        );
    }
}

/// Code that was left behind earlier changes what is assigned later.
#[test]
fn code_that_runs_later_counts() {
    for before in [
        "class C:\n    def m(self): a.append(1)",
        "f = lambda: a.append(1)",
        "f = (a.append(i) for i in x)",
        "if x:\n    def f(): a.append(1)",
        "def f(): a.append(1)\ng = f",
        "@decorate\ndef f(): a.append(1)",
    ] {
        let module = read(&format!("{before}\na = ['x']\nrun()\n"));
        assert!(
            matches!(module.get("a"), Some(Err(_))),
            "{before}: {}",
            show(&module, "a")
        );
    }
}

/// None of these touches the list `a`, and a reader that gave up on it would be of no use.
#[test]
fn what_is_out_of_reach_keeps_its_value() {
    for code in [
        "b = a",
        "b = a + ['y']\nb += ['z']",
        "def f(): a.append(1)",
        "def f():\n    a = 1",
        "foo(a=1)",
        "this.a.append(1)",
        "import os.a",
        "b = [1]\nb.append(2)",
        "a = ['x']\nb = a\na = ['x']\nb.append(1)",
        "print('a')",
        "if x:\n    class C:\n        b = 1",
        "match = 1\ncase = 2\ntype = 3",
        "services = {}\nservices[0] = 1",
        "from .a import b",
        "import b as c",
    ] {
        let module = read(&format!("a = ['x']\n{code}\n"));
        assert_eq!(show(&module, "a"), "['x']", "{code}");
    }
    let module =
        read("name = 'core'\nservices = {}\nservices[name] = foo(name)\nother.append(name)\n");
    assert_eq!(show(&module, "name"), "'core'");
    assert!(matches!(module.get("services"), Some(Err(_))));
}

#[test]
fn a_value_is_taken_when_it_is_assigned() {
    let module = read("a = 'x'\nb = a\na = foo()\nc = ['y']\nd = c + []\nc.append(1)\n");
    assert_eq!(show(&module, "b"), "'x'");
    assert_eq!(show(&module, "d"), "['y']");
}
