//! Criterion benches, corpora, generators of large worlds, and the conformance program.
