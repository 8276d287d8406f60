//! How long the engine takes for pubgrub's own large case: each of its 641 candidates asked for alone.
//!
//! It needs the shared data; without it, it says so and takes no time.

use std::hint::black_box;
use std::io::Write as _;

use ayon_benches::large_case::{LargeCase, LargeWorld};
use criterion::{Criterion, criterion_group, criterion_main};
use universe::{Control, solve};

fn large_case(criterion: &mut Criterion) {
    let case = match LargeCase::shared() {
        Ok(case) => case,
        Err(error) => {
            // Nobody is left to tell when this cannot be written.
            let _ = writeln!(std::io::stderr(), "{error}; skipping pubgrub's large case");
            return;
        }
    };
    let LargeWorld {
        world, requests, ..
    } = case.world();
    let name = format!("large_case/{} roots", requests.len());
    criterion.bench_function(&name, |bencher| {
        bencher.iter(|| {
            for request in &requests {
                let _ = black_box(solve(&world, request, &Control::unlimited()));
            }
        });
    });
}

criterion_group!(benches, large_case);
criterion_main!(benches);
