//! How long a pinned bundle takes: resolving it for the launcher's process, judging it, inspecting it.

use std::hint::black_box;

use ayon_benches::world::World;
use ayon_benches::{effective, launcher_target};
use ayon_model::{JudgementRequest, System, inspect, judge};
use ayon_solve::resolve;
use criterion::{Criterion, criterion_group, criterion_main};

fn verify(criterion: &mut Criterion) {
    let world = World::load();
    let question = world.verify();
    resolve(&world.studio, &question, &|| None).expect("the bundle works");
    criterion.bench_function(&format!("verify/resolve/{}", world.name), |bencher| {
        bencher.iter(|| resolve(&world.studio, &question, &|| None));
    });
    let request = JudgementRequest {
        addons: &world.bundle.addons,
        installer_version: world.bundle.installer_version.as_deref(),
    };
    criterion.bench_function(&format!("verify/judge/{}", world.name), |bencher| {
        bencher.iter(|| judge(black_box(&world.studio), request));
    });
    let bundle = effective(&world.studio, &world.bundle);
    let targets = System::ALL.map(launcher_target);
    criterion.bench_function(&format!("verify/inspect/{}", world.name), |bencher| {
        bencher.iter(|| inspect(black_box(&world.studio), &bundle, &targets, None));
    });
}

criterion_group!(benches, verify);
criterion_main!(benches);
