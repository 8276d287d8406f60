//! How long a solve takes with projects and metadata in memory: recorded sets of real packages, and a generated one.
//!
//! The recorded ones are in the shared data; without it, this is said, and the generated one alone is solved.

use std::io::Write as _;
use std::sync::Arc;

use ayon_benches::conformance::Snapshot;
use ayon_benches::python::{Form, Generated};
use ayon_benches::world;
use criterion::{Criterion, criterion_group, criterion_main};
use pypi::{Libc, Machine, Target, TargetPlatform};
use pypi_solve::{Ask, Asker, MemoryIndex, Root, solve};

const RECORDED: [(&str, &str); 3] = [
    ("vfx", "snapshots/vfx.json"),
    ("airflow3", "snapshots/airflow3.json.gz"),
    ("conflict", "snapshots/conflict.json"),
];

fn pypi_solve(criterion: &mut Criterion) {
    let mut bench = |name: &str, index: &MemoryIndex, ask: &Ask| {
        criterion.bench_function(&format!("pypi/solve/{name}"), |bencher| {
            bencher.iter(|| solve(index, ask, &|| false).is_ok());
        });
    };
    let (index, ask) = generated();
    bench("300 generated packages", &index, &ask);
    let Some(shared) = world::shared() else {
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(std::io::stderr(), "skipping the recorded sets");
        return;
    };
    for (name, file) in RECORDED {
        let snapshot = Snapshot::read(&shared.pypi(file)).expect("the set can be read");
        let index = snapshot.index(Form::Html).expect("our pages can be read");
        bench(name, &index, &snapshot.ask());
    }
}

fn generated() -> (MemoryIndex, Ask) {
    let generated = Generated::new(300);
    let linux = TargetPlatform::Linux {
        machine: Machine::X86_64,
        libc: Libc::Glibc(2, 28),
    };
    let target = Target::new(linux, &"3.11".parse().expect("a version"));
    let mut ask = Ask::new(Arc::new(target));
    let roots = generated.roots();
    ask.roots
        .extend((0..).zip(&roots).map(|(number, root)| Root {
            requirement: root.parse().expect("a requirement"),
            asker: Asker(number),
        }));
    let index = generated.world.index(Form::Html);
    (index.expect("our pages can be read"), ask)
}

criterion_group!(benches, pypi_solve);
criterion_main!(benches);
