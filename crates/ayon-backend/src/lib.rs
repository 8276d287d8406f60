//! What a backend is: the trait, its question, its answer as files, and the registry.
