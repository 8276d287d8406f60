//! `plan core maya nuke houdini ftrack --launcher ">=1.6.0"`, from question to resolution.

use ayon_benches::world::World;
use ayon_solve::resolve;
use criterion::{Criterion, criterion_group, criterion_main};

fn plan(criterion: &mut Criterion) {
    let world = World::load();
    let question = world.plan();
    resolve(&world.studio, &question, &|| None).expect("the plan has an answer");
    criterion.bench_function(&format!("plan/five-addons/{}", world.name), |bencher| {
        bencher.iter(|| resolve(&world.studio, &question, &|| None));
    });
}

criterion_group!(benches, plan);
criterion_main!(benches);
