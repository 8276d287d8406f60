//! How long it takes to lower a question to the neutral universe, up to the solver's first step.
//!
//! The universe is built as it is asked for; this is the part that comes before any asking: who is in play, which
//! launchers and interpreters are possible, and where every requirement divides the line of versions.

use ayon_benches::world::World;
use ayon_solve::{Stopped, resolve};
use criterion::{Criterion, criterion_group, criterion_main};

fn universe(criterion: &mut Criterion) {
    let world = World::load();
    let at_once = || Some(Stopped::Cancelled);
    criterion.bench_function(&format!("universe/plan/{}", world.name), |bencher| {
        let question = world.plan();
        bencher.iter(|| resolve(&world.studio, &question, &at_once));
    });
    criterion.bench_function(&format!("universe/verify/{}", world.name), |bencher| {
        let question = world.verify();
        bencher.iter(|| resolve(&world.studio, &question, &at_once));
    });
}

criterion_group!(benches, universe);
criterion_main!(benches);
