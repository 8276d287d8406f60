//! Sorting by keys that need not be a total order.
//!
//! With keys of different orderers, `a < b < c < a` is possible. Python's sort then gives *some* order, and rez takes it;
//! the standard library's may panic. This is Python's own way for lists shorter than 64, so that the answer is the same:
//! take the run the list begins with, then insert one item after the other at the place that halving finds.

/// Sorts so that the greatest key comes first; items whose keys are equal, or not comparable, keep their order where the
/// keys are a total order at all.
pub fn sort_best_first<T, K: PartialOrd>(items: &mut Vec<T>, key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    // Python reverses, sorts, and reverses again, which keeps the order of equals.
    let mut places: Vec<usize> = (0..items.len()).rev().collect();
    let is_less = |a: usize, b: usize| keys[a] < keys[b];
    let sorted = leading_run(&mut places, is_less);
    for next in sorted..places.len() {
        let place = places[next];
        let at = insertion_point(&places[..next], |other| is_less(place, other));
        places[at..=next].rotate_right(1);
    }
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(places.iter().rev().filter_map(|&place| taken[place].take()));
}

/// How many items the list begins with that ascend, after turning them round if they strictly descend.
fn leading_run(places: &mut [usize], is_less: impl Fn(usize, usize) -> bool) -> usize {
    let descends = |pair: &[usize]| is_less(pair[1], pair[0]);
    let is_descending = places.get(..2).is_some_and(descends);
    let mut pairs = places.windows(2);
    let run = pairs
        .position(|pair| descends(pair) != is_descending)
        .map_or(places.len(), |last| last + 1);
    if is_descending {
        places[..run].reverse();
    }
    run
}

/// Where an item belongs in a sorted list, after those it equals.
fn insertion_point(sorted: &[usize], is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, sorted.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_before(sorted[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
