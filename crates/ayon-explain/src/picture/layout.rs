//! Where everything stands in a picture: layers from left to right, so that whoever asks stands left of what it asks for.
//!
//! The usual four steps (Sugiyama): take back edges out, put each node one layer after the last that asks for it, order the
//! layers so that few lines cross, and move nodes to where their neighbours are. Two things are our own. A line over several
//! layers runs in a *lane*, and all lines to one node share its lane: what everybody needs has one trunk instead of a fan.
//! And heights are the exact least-squares answer for each layer in turn (pool adjacent violators), so nothing overlaps and
//! nothing is further away than it must be.
//!
//! Only comparisons, sums and divisions of numbers decide: the same graph stands the same way everywhere.

use std::collections::BTreeMap;

/// Rounds of ordering and of moving. More change little.
const ROUNDS: usize = 12;
/// Height of a node.
pub(super) const NODE_HEIGHT: f64 = 24.0;
/// Space that a lane takes.
const LANE: f64 = 5.0;

/// Free space between two layers, widened by how much passes through.
const LAYER_GAP: f64 = 70.0;

/// The room that a node needs from left to right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) width: f64,
    /// Left of it, for words on lines that come in.
    pub(super) before: f64,
    /// Right of it, for words on lines that go out.
    pub(super) after: f64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Per node: the left end and the middle of its height.
    pub(super) places: Vec<(f64, f64)>,
    /// Per node: its layer.
    pub(super) layers: Vec<usize>,
    /// Per line: the points between its ends, two for each layer that it passes.
    pub(super) ways: Vec<Vec<(f64, f64)>>,
}

/// A place in a layer: a node, or a lane to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Node(usize),
    Lane { to: usize, layer: usize },
}

/// Lays out nodes with this room and so much space below each, and lines, whose ends are indexes of nodes.
pub(super) fn layout(rooms: &[Room], lines: &[(usize, usize)], gap: f64) -> Layout {
    let layers = layers(rooms.len(), lines);
    let mut slots = Slots::new(&layers, lines);
    slots.order();
    let heights = slots.heights(gap);
    let columns = columns(&slots, rooms);
    let height_of = |slot: Slot| heights.get(&slot).copied().unwrap_or_default();
    let places = (0..rooms.len())
        .map(|node| (columns[layers[node]].0, height_of(Slot::Node(node))))
        .collect();
    let way = |(from, to): &(usize, usize)| {
        let passed = (layers[*from] + 1)..layers[*to];
        let points = passed.flat_map(|layer| {
            let y = height_of(Slot::Lane { to: *to, layer });
            let (left, right) = columns[layer];
            [(left, y), (right, y)]
        });
        points.collect()
    };
    Layout {
        width: columns.last().map_or(0.0, |(_, right)| *right),
        height: heights.values().fold(0.0, |most: f64, y| most.max(*y)) + NODE_HEIGHT / 2.0,
        places,
        ways: lines.iter().map(way).collect(),
        layers,
    }
}

/// One more than the layer of the last that asks. Lines that close a cycle do not count.
fn layers(count: usize, lines: &[(usize, usize)]) -> Vec<usize> {
    let mut below = vec![Vec::new(); count];
    for (from, to) in lines {
        below[*from].push(*to);
    }
    let mut order = Vec::new();
    let mut state = vec![State::New; count];
    let mut forward = vec![Vec::new(); count];
    for start in 0..count {
        // Depth first, by hand: (node, how many of its lines are done).
        let mut open = vec![(start, 0)];
        while let Some((node, done)) = open.pop() {
            if done == 0 && state[node] != State::New {
                continue;
            }
            state[node] = State::Open;
            if let Some(next) = below[node].get(done).copied() {
                open.push((node, done + 1));
                if state[next] != State::Open {
                    forward[node].push(next);
                }
                if state[next] == State::New {
                    open.push((next, 0));
                }
            } else {
                state[node] = State::Done;
                order.push(node);
            }
        }
    }
    let mut layers = vec![0; count];
    for node in order.into_iter().rev() {
        for next in &forward[node] {
            layers[*next] = layers[*next].max(layers[node] + 1);
        }
    }
    layers
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// The slots of every layer in their order, and the segments between neighbouring layers.
struct Slots {
    layers: Vec<Vec<Slot>>,
    left: BTreeMap<Slot, Vec<Slot>>,
    right: BTreeMap<Slot, Vec<Slot>>,
}

impl Slots {
    fn new(layers: &[usize], lines: &[(usize, usize)]) -> Self {
        let count = layers.iter().max().map_or(0, |last| last + 1);
        let mut slots = Self {
            layers: vec![Vec::new(); count],
            left: BTreeMap::new(),
            right: BTreeMap::new(),
        };
        for (node, layer) in layers.iter().enumerate() {
            slots.layers[*layer].push(Slot::Node(node));
        }
        for (from, to) in lines
            .iter()
            .filter(|(from, to)| layers[*from] < layers[*to])
        {
            let mut at = Slot::Node(*from);
            for (layer, slots_of) in slots
                .layers
                .iter_mut()
                .enumerate()
                .take(layers[*to])
                .skip(layers[*from] + 1)
            {
                let lane = Slot::Lane { to: *to, layer };
                if !slots.left.contains_key(&lane) {
                    slots_of.push(lane);
                }
                join(&mut slots.left, lane, at);
                join(&mut slots.right, at, lane);
                at = lane;
            }
            join(&mut slots.left, Slot::Node(*to), at);
            join(&mut slots.right, at, Slot::Node(*to));
        }
        slots
    }

    /// Orders each layer by the mean place of its neighbours, there and back; the best order of all rounds stays.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..ROUNDS {
            let is_rightward = round % 2 == 0;
            let count = self.layers.len();
            for step in 1..count {
                let (layer, beside) = if is_rightward {
                    (step, step - 1)
                } else {
                    (count - 1 - step, count - step)
                };
                let places = places(&self.layers[beside]);
                let neighbours = if is_rightward {
                    &self.left
                } else {
                    &self.right
                };
                let mean = |slot: &Slot, own: usize| {
                    let found = neighbours.get(slot).into_iter().flatten();
                    let found: Vec<usize> = found
                        .filter_map(|other| places.get(other).copied())
                        .collect();
                    mean(found.iter().map(|place| float(*place))).unwrap_or(float(own))
                };
                let mut ranked: Vec<(f64, usize, Slot)> = self.layers[layer]
                    .iter()
                    .enumerate()
                    .map(|(own, slot)| (mean(slot, own), own, *slot))
                    .collect();
                ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                self.layers[layer] = ranked.into_iter().map(|(_, _, slot)| slot).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// How many pairs of segments cross.
    fn crossings(&self) -> usize {
        let mut crossings = 0;
        for pair in self.layers.windows(2) {
            let places = places(&pair[1]);
            // Counts of ends so far, as a tree of sums (Fenwick), so that each segment asks in logarithmic time.
            let mut sums = vec![0_usize; pair[1].len() + 1];
            let mut ends_so_far = 0;
            for slot in &pair[0] {
                let ends = self.right.get(slot).into_iter().flatten();
                let ends: Vec<usize> = ends.filter_map(|end| places.get(end).copied()).collect();
                for end in &ends {
                    let mut index = end + 1;
                    let mut not_after = 0;
                    while index > 0 {
                        not_after += sums[index];
                        index &= index - 1;
                    }
                    crossings += ends_so_far - not_after;
                }
                for end in &ends {
                    let mut index = end + 1;
                    while index < sums.len() {
                        sums[index] += 1;
                        index += index & index.wrapping_neg();
                    }
                }
                ends_so_far += ends.len();
            }
        }
        crossings
    }

    /// The middle of every slot, top down, the first at half a node.
    fn heights(&self, gap: f64) -> BTreeMap<Slot, f64> {
        let mut heights = BTreeMap::new();
        for layer in &self.layers {
            let mut y = 0.0;
            let mut before = None;
            for slot in layer {
                y += before.map_or(0.0, |before| apart(before, *slot, gap));
                heights.insert(*slot, y);
                before = Some(*slot);
            }
        }
        for round in 0..ROUNDS {
            let count = self.layers.len();
            for step in 0..count {
                let layer = if round % 2 == 0 {
                    step
                } else {
                    count - 1 - step
                };
                let slots = &self.layers[layer];
                let wish = |slot: &Slot| {
                    let sides = [self.left.get(slot), self.right.get(slot)];
                    let beside = sides.into_iter().flatten().flatten();
                    let beside: Vec<f64> = beside
                        .filter_map(|other| heights.get(other).copied())
                        .collect();
                    mean(beside.into_iter())
                        .or_else(|| heights.get(slot).copied())
                        .unwrap_or_default()
                };
                let wishes: Vec<f64> = slots.iter().map(wish).collect();
                let gaps: Vec<f64> = slots
                    .windows(2)
                    .map(|pair| apart(pair[0], pair[1], gap))
                    .collect();
                for (slot, y) in slots.iter().zip(nearest(&wishes, &gaps)) {
                    heights.insert(*slot, y);
                }
            }
        }
        let top = heights
            .values()
            .fold(f64::INFINITY, |least: f64, y| least.min(*y));
        for y in heights.values_mut() {
            *y += NODE_HEIGHT / 2.0 - top;
        }
        heights
    }
}

fn join(joined: &mut BTreeMap<Slot, Vec<Slot>>, slot: Slot, other: Slot) {
    let others = joined.entry(slot).or_default();
    if !others.contains(&other) {
        others.push(other);
    }
}

fn places(layer: &[Slot]) -> BTreeMap<Slot, usize> {
    layer
        .iter()
        .enumerate()
        .map(|(place, slot)| (*slot, place))
        .collect()
}

/// How far the middles of two neighbours are apart at least.
fn apart(above: Slot, below: Slot, gap: f64) -> f64 {
    let half = |slot: Slot| match slot {
        Slot::Node(_) => f64::midpoint(NODE_HEIGHT, gap),
        Slot::Lane { .. } => LANE / 2.0,
    };
    half(above) + half(below)
}

/// Left and right end of every layer.
fn columns(slots: &Slots, rooms: &[Room]) -> Vec<(f64, f64)> {
    let mut columns: Vec<(f64, f64)> = Vec::new();
    let mut after = 0.0;
    for layer in &slots.layers {
        let most = |of: &dyn Fn(&Room) -> f64| {
            let nodes = layer.iter().filter_map(|slot| match slot {
                Slot::Node(node) => rooms.get(*node),
                Slot::Lane { .. } => None,
            });
            nodes.map(of).fold(0.0, f64::max)
        };
        let left = columns.last().map_or(0.0, |(_, right)| {
            right + LAYER_GAP.max(after + most(&|room| room.before))
        });
        columns.push((left, left + most(&|room| room.width)));
        let lines = layer.iter().filter_map(|slot| slots.right.get(slot));
        let passing: usize = lines.map(Vec::len).sum();
        after = most(&|room| room.after) + float(passing).min(200.0) / 2.0;
    }
    columns
}

/// The places nearest to `wishes` (by least squares) of which each is at least its gap below the one before.
///
/// Without the gaps this is the regression by a rising function, which merging neighbours that are in the wrong order solves
/// exactly (pool adjacent violators).
fn nearest(wishes: &[f64], gaps: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(wishes.len());
    let mut offset = 0.0;
    // Blocks of equal places: sum of wishes, and how many.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        if let Some(gap) = index.checked_sub(1).and_then(|before| gaps.get(before)) {
            offset += gap;
        }
        offsets.push(offset);
        blocks.push((wish - offset, 1));
        while let [.., above, below] = blocks.as_mut_slice() {
            if above.0 / float(above.1) <= below.0 / float(below.1) {
                break;
            }
            *above = (above.0 + below.0, above.1 + below.1);
            blocks.pop();
        }
    }
    let places = blocks
        .iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / float(*count), *count));
    places
        .zip(offsets)
        .map(|(place, offset)| place + offset)
        .collect()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = values.len();
    (count > 0).then(|| values.sum::<f64>() / float(count))
}

/// Counts here are far below where a float would round.
pub(super) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_in_order_stay_and_those_too_near_share_the_way() {
        assert_eq!(nearest(&[0.0, 50.0], &[10.0]), [0.0, 50.0]);
        assert_eq!(nearest(&[20.0, 20.0], &[10.0]), [15.0, 25.0]);
        assert_eq!(
            nearest(&[30.0, 20.0, 90.0], &[10.0, 10.0]),
            [20.0, 30.0, 90.0]
        );
        assert_eq!(nearest(&[], &[]), Vec::<f64>::new());
    }

    const ROOM: Room = Room {
        width: 100.0,
        before: 0.0,
        after: 0.0,
    };

    fn graphs() -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
        (2usize..40).prop_flat_map(|count| {
            let line =
                (0..count, 0..count).prop_filter("a line has two ends", |(from, to)| from != to);
            (Just(count), proptest::collection::vec(line, 0..120))
        })
    }

    proptest! {
        /// Whatever the graph, cycles and all: nothing overlaps, everything is inside, and lines out of cycles go right.
        #[test]
        fn nothing_overlaps((count, mut lines) in graphs()) {
            lines.sort_unstable();
            lines.dedup();
            let layout = layout(&vec![ROOM; count], &lines, 8.0);
            for (one, (x, y)) in layout.places.iter().enumerate() {
                prop_assert!(*x >= 0.0 && x + 100.0 <= layout.width + 0.001);
                prop_assert!(*y >= NODE_HEIGHT / 2.0 - 0.001 && y + NODE_HEIGHT / 2.0 <= layout.height + 0.001);
                for (other_x, other_y) in &layout.places[one + 1..] {
                    prop_assert!((x - other_x).abs() >= 100.0 || (y - other_y).abs() >= NODE_HEIGHT + 8.0 - 0.001);
                }
            }
            for (line, way) in lines.iter().zip(&layout.ways) {
                let (from, to) = (layout.layers[line.0], layout.layers[line.1]);
                prop_assert_eq!(way.len(), 2 * to.saturating_sub(from + 1));
                prop_assert!(way.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            }
            // Without cycles every line goes right.
            let down: Vec<_> = lines.iter().filter(|(from, to)| from < to).copied().collect();
            let layers = layers(count, &down);
            prop_assert!(down.iter().all(|(from, to)| layers[*from] < layers[*to]));
        }
    }
}
