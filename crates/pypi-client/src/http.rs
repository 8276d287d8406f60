//! Requests to an index: their headers, limits and repetitions.
