//! How long rez's own benchmark takes with packages loaded: all its requests, with a pool that keeps what it learns and
//! with a new one for each, and the one that takes longest.
//!
//! It needs the shared data; without it, it says so and takes no time.

use std::io::Write as _;
use std::time::{Duration, Instant};

use ayon_benches::rez_benchmark::{Benchmark, Case};
use criterion::{Criterion, criterion_group, criterion_main};
use rez::solver::{Ask, Pool, solve};

fn rez_solve(criterion: &mut Criterion) {
    let benchmark = match Benchmark::shared() {
        Ok(benchmark) => benchmark,
        Err(error) => {
            // Nobody is left to tell when this cannot be written.
            let _ = writeln!(std::io::stderr(), "{error}; skipping rez's benchmark");
            return;
        }
    };
    let asks: Vec<Ask> = benchmark.cases.iter().map(Case::ask).collect();
    let mut group = criterion.benchmark_group("rez/solve");
    group.sample_size(20);
    let mut kept = benchmark.pool();
    group.bench_function(format!("{} requests, one pool", asks.len()), |bencher| {
        bencher.iter(|| asks.iter().for_each(|ask| answer(&mut kept, ask)));
    });
    group.bench_function(
        format!("{} requests, a new pool each", asks.len()),
        |bencher| {
            bencher.iter(|| {
                for ask in &asks {
                    answer(&mut benchmark.pool(), ask);
                }
            });
        },
    );
    let Some((number, worst)) = longest(&benchmark, &asks) else {
        return;
    };
    group.bench_function(
        format!("the longest, request {number}, a new pool"),
        |bencher| {
            bencher.iter(|| answer(&mut benchmark.pool(), worst));
        },
    );
    group.finish();
}

fn answer(pool: &mut Pool, ask: &Ask) {
    let _ = std::hint::black_box(solve(pool, ask, &mut |_| None));
}

/// The request that takes longest with a new pool, by the best of three.
fn longest<'a>(benchmark: &Benchmark, asks: &'a [Ask]) -> Option<(usize, &'a Ask)> {
    let time = |ask: &Ask| -> Option<Duration> {
        let times = (0..3).map(|_| {
            let mut pool = benchmark.pool();
            let start = Instant::now();
            answer(&mut pool, ask);
            start.elapsed()
        });
        times.min()
    };
    asks.iter().enumerate().max_by_key(|(_, ask)| time(ask))
}

criterion_group!(benches, rez_solve);
criterion_main!(benches);
