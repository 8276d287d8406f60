//! Words on lines: each line has them at that end where fewer lines meet, so that they stand where there is room.

use std::fmt::Write as _;

use super::View;
use super::layout::{Layout, Room, float};
use super::xml::{escaped, width};

/// Width of a small letter, rather too wide than too narrow.
const LETTER: f64 = 6.1;
/// From one row to the next.
const ROW: f64 = 12.0;

/// The words of all lines, and where each has them.
pub(super) struct Labels {
    words: Vec<Vec<String>>,
    at_start: Vec<bool>,
}

impl Labels {
    /// Decides by how many lines leave and enter each node.
    pub(super) fn of(view: &View<'_>, lines: &[(usize, usize)]) -> Self {
        let mut ends = vec![(0_usize, 0_usize); view.nodes.len()];
        for (from, to) in lines {
            ends[*from].0 += 1;
            ends[*to].1 += 1;
        }
        Self {
            words: view.lines.iter().map(super::Line::words).collect(),
            at_start: lines
                .iter()
                .map(|(from, to)| ends[*from].0 < ends[*to].1)
                .collect(),
        }
    }

    /// Makes room for the words beside the nodes at which they stand.
    pub(super) fn make_room(&self, lines: &[(usize, usize)], rooms: &mut [Room]) {
        for (index, (from, to)) in lines.iter().enumerate() {
            let widths = self.words[index].iter().map(|words| width(words, LETTER));
            let widest = widths.fold(0.0, f64::max) + 24.0;
            if self.at_start[index] {
                rooms[*from].after = rooms[*from].after.max(widest);
            } else {
                rooms[*to].before = rooms[*to].before.max(widest);
            }
        }
    }

    /// Writes the words of one line, which goes through `points`.
    ///
    /// A line that has an end for itself has them on the side that it does not come from. Lines that share an end have them
    /// above each other, in the order of their other ends.
    pub(super) fn draw(
        &self,
        text: &mut String,
        lines: &[(usize, usize)],
        index: usize,
        layout: &Layout,
        points: &[(f64, f64)],
    ) {
        let ([start, bend, ..], [.., turn, end]) = (points, points) else {
            return;
        };
        let (is_at_start, line) = (self.at_start[index], lines[index]);
        let own = |(from, to): (usize, usize)| if is_at_start { from } else { to };
        let other = |(from, to): (usize, usize)| if is_at_start { to } else { from };
        let mut sharing: Vec<usize> = (0..lines.len())
            .filter(|shared| {
                self.at_start[*shared] == is_at_start && own(lines[*shared]) == own(line)
            })
            .collect();
        let height = |shared: usize| layout.places[other(lines[shared])].1;
        sharing.sort_by(|a, b| height(*a).total_cmp(&height(*b)).then(a.cmp(b)));
        let rows =
            |shared: &[usize]| float(shared.iter().map(|shared| self.words[*shared].len()).sum());
        let before = sharing
            .iter()
            .position(|shared| *shared == index)
            .unwrap_or_default();
        let ((x, anchor), (_, y), (_, from_y)) = if is_at_start {
            ((start.0 + 8.0, "start"), start, bend)
        } else {
            ((end.0 - 8.0, "end"), end, turn)
        };
        let top = match sharing.len() {
            1 if from_y < y => y + ROW,
            1 => y - 5.0 - ROW * (rows(&sharing) - 1.0),
            _ => y + 3.5 - ROW * (rows(&sharing) - 1.0) / 2.0 + ROW * rows(&sharing[..before]),
        };
        for (row, words) in self.words[index].iter().enumerate() {
            let y = top + ROW * float(row);
            let words = escaped(words);
            let _ = writeln!(
                text,
                "<text class=\"words\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>"
            );
        }
    }
}
