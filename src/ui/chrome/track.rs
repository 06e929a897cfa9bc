//! The line of the tape: which column is which step, for whoever draws it and for
//! the mouse that points at it. Its axis is film time.

use ratatui::layout::Rect;

use crate::pace::Film;

/// A line that the whole film fits on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Track {
    line: Rect,
    film: Film,
}

impl Track {
    /// The film on this line, if there is anything of both.
    pub(in crate::ui) fn new(line: Rect, film: Film) -> Option<Self> {
        (!line.is_empty() && film.duration() > 0.0).then_some(Self { line, film })
    }

    pub(in crate::ui) fn line(&self) -> Rect {
        self.line
    }

    /// The column of the moment after this step.
    pub(crate) fn column(&self, step: u64) -> u16 {
        let part = (self.film.time_of(step) / self.film.duration()).clamp(0.0, 1.0);
        self.line.x + (part * f64::from(self.line.width - 1)).round() as u16
    }

    /// The moment of a column, or of the nearest before it that has one; of a column
    /// beside the line, that of its end.
    pub(crate) fn step_at(&self, column: u16) -> u64 {
        let column = column.clamp(self.line.x, self.line.right() - 1);
        let step = self.film.step_at(self.seconds(f64::from(column)));
        // The next may be nearer to the middle of the column.
        let next = step.saturating_add(1);
        let is_nearer = self.column(step) < column && self.column(next) == column;
        if is_nearer { next } else { step }
    }

    /// Whether this is a cell of the line.
    pub(crate) fn is_at(&self, column: u16, row: u16) -> bool {
        self.line.contains((column, row).into())
    }

    /// Whether steps fall into this column, and none of `kept`, which are in order.
    pub(in crate::ui) fn is_bare(&self, column: u16, kept: &[u64]) -> bool {
        // Columns are rounded to: they reach half a column to either side.
        let edge = |column: f64| self.film.step_at(self.seconds(column));
        let end = edge(f64::from(column) + 0.5).saturating_add(1);
        let start = match column.checked_sub(self.line.x) {
            None | Some(0) => 0,
            Some(_) => edge(f64::from(column) - 0.5).saturating_add(1),
        };
        let kept_before = |end: u64| kept.partition_point(|step| *step < end);
        start < end && kept_before(start) == kept_before(end)
    }

    fn seconds(&self, column: f64) -> f64 {
        let last = f64::from(self.line.width - 1).max(1.0);
        let part = (column - f64::from(self.line.x)) / last;
        part.clamp(0.0, 1.0) * self.film.duration()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is pointed at is drawn where it was pointed at, as near as whole steps come.
        #[test]
        fn a_column_is_that_of_its_own_step(
            x in 0_u16..50, width in 1_u16..300, epochs in 1_u64..40, column in 0_u16..400,
        ) {
            let film = Film::new(1875, epochs);
            let track = Track::new(Rect::new(x, 3, width, 1), film).unwrap();
            let step = track.step_at(column);
            prop_assert!(step <= film.steps());
            let wanted = column.clamp(x, x + width - 1);
            // Where no step falls, the one before is shown.
            let next = track.column(step + 1);
            prop_assert!(track.column(step) == wanted || track.column(step) < wanted && wanted < next);
            prop_assert!(width == 1 || track.column(0) == x && track.column(film.steps()) == x + width - 1);
        }
    }

    #[test]
    fn a_column_is_bare_where_steps_fall_and_none_is_kept() {
        let film = Film::new(1875, 10);
        let track = Track::new(Rect::new(2, 0, 90, 1), film).unwrap();
        let ends: Vec<u64> = (1..=10).map(|epoch| epoch * 1875).collect();
        let bare = |column| track.is_bare(column, &ends);
        for end in &ends {
            assert!(!bare(track.column(*end)));
        }
        assert!(bare(track.column(2500)) && bare(2));
        assert!(
            !track.is_bare(2, &[0]),
            "the beginning is in the first column"
        );
        let all: Vec<u64> = (0..=18_750).collect();
        assert!((2..92).all(|column| !track.is_bare(column, &all)));
        // One step an epoch: most columns have no step that could be kept.
        let short = Track::new(Rect::new(0, 0, 90, 1), Film::new(1, 5)).unwrap();
        assert!((0..90).all(|column| !short.is_bare(column, &[0, 1, 2, 3, 4, 5])));
    }
}
