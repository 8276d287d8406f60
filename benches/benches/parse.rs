//! How long the corpus takes from text to studio: 804 addon releases, 39 launchers, the hosts.

use ayon_benches::corpus::CorpusTexts;
use ayon_benches::world;
use criterion::{Criterion, criterion_group, criterion_main};

fn parse(criterion: &mut Criterion) {
    match world::shared() {
        Some(shared) => {
            let texts = CorpusTexts::read(&shared).expect("the corpus can be read");
            criterion.bench_function("parse/corpus", |bencher| bencher.iter(|| texts.studio()));
        }
        None => {
            criterion.bench_function("parse/sample", |bencher| bencher.iter(world::sample));
        }
    }
}

criterion_group!(benches, parse);
criterion_main!(benches);
