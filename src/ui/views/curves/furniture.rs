//! All about the lines of the plot: axes, lines to compare with, marks with their words, and
//! the ruler.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Scale, Scene, marks::changes, series::Range};
use crate::{
    message::Failure,
    ui::{
        theme::Depth,
        widget::{chart::Plot, text},
    },
    words::{grouped, pointed},
};

/// Of more changes than these only the newest has words; the ruler tells the others.
const MARKS_WITH_WORDS: usize = 3;

/// All about the lines: axes, lines to compare with, marks, and the ruler.
pub(super) struct Furniture<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) range: Range,
    pub(super) plot: &'a Plot,
}

impl Furniture<'_> {
    pub(super) fn render(&self, buf: &mut Buffer) {
        let theme = self.scene.stage.theme;
        self.upright(buf);
        self.across(buf);
        let references = self.references(buf);
        let changes = changes(self.scene);
        for mark in &changes {
            self.stem(mark.step, theme.symbols().edited, theme.changed(), buf);
        }
        self.ruler(buf);
        self.name_references(&references, buf);
        // Words last, so that nothing cuts through them.
        let with_words = match changes.len() {
            ..=MARKS_WITH_WORDS => 0,
            all => all - 1,
        };
        for (place, mark) in (0..).zip(&changes[with_words..]) {
            self.name(mark.step, place, &mark.words, theme.changed(), buf);
        }
        self.milestones(buf);
        self.fault(buf);
    }

    fn area(&self) -> Rect {
        self.scene.at.plot
    }

    fn column(&self, step: u64) -> Option<u16> {
        self.scene.axis.column(step, self.area().width)
    }

    /// The axis at the left, with its numbers.
    fn upright(&self, buf: &mut Buffer) {
        let (theme, area, x) = (self.scene.stage.theme, self.area(), self.scene.at.upright());
        for y in area.top()..area.bottom() {
            set(buf, (x, y), theme.symbols().axis, theme.faint());
        }
        for (row, words) in self.range.ticks(area.height) {
            let y = area.y + row;
            set(buf, (x, y), theme.symbols().tick, theme.faint());
            let place = Rect::new(x - 4, y, 4, 1);
            text::right(buf, place, &[(&words, theme.dim())]);
        }
    }

    /// The axis below.
    fn across(&self, buf: &mut Buffer) {
        let (theme, row) = (self.scene.stage.theme, self.scene.at.across());
        let symbols = theme.symbols();
        set(
            buf,
            (self.scene.at.upright(), row.y),
            symbols.corner,
            theme.faint(),
        );
        text::rule(buf, theme, row, row.x, row.right());
        let (word, labels) = self.scene.axis.labels(row.width);
        text::left(buf, row, &[(word, theme.dim())]);
        for (start, name) in labels {
            let place = Rect {
                x: row.x + start,
                width: row.width - start,
                ..row
            };
            text::left(buf, place, &[(&name, theme.dim())]);
        }
        // A number under the ruler stays whole.
        let foot = self
            .column(self.scene.ruler)
            .map(|column| (row.x + column, row.y));
        let is_rule = |place: &(u16, u16)| buf[*place].symbol().chars().eq([symbols.rule]);
        if let Some(place) = foot.filter(is_rule) {
            set(buf, place, symbols.foot, theme.text());
        }
    }

    /// What the loss is held against: each with its name and its row, if it has one.
    fn references(&self, buf: &mut Buffer) -> Vec<(Option<u16>, String)> {
        let (theme, area) = (self.scene.stage.theme, self.area());
        if self.scene.place.scale == Scale::Digits {
            return Vec::new();
        }
        let curve = &self.scene.stage.seen.curve;
        let pca = curve.components;
        let pca_name = pca.map_or_else(String::new, |pca| format!("PCA-{}", pca.count));
        let lines = [
            ("average", curve.mean_image),
            (&*pca_name, pca.map(|pca| pca.loss)),
            ("grey", curve.one_grey),
            ("copy", curve.copy),
        ];
        let mut named: Vec<(Option<u16>, String)> = Vec::new();
        for (name, value) in lines {
            let Some(value) = value.filter(|value| value.is_finite()) else {
                continue;
            };
            let words = format!("{name} {}", pointed(&format!("{value:.3}")));
            if value > self.range.high {
                let words = format!("{words} {}", theme.symbols().above);
                // The highest would only push the others away.
                if !named.iter().any(|(row, _)| *row == Some(0)) {
                    named.push((Some(0), words));
                }
                continue;
            }
            let row = self.range.scale().row(value, area.height);
            let Some(row) = row.filter(|_| value >= self.range.low) else {
                continue;
            };
            if named.iter().any(|(taken, _)| *taken == Some(row)) {
                continue;
            }
            for column in 0..area.width {
                if self.plot.is_empty(column, row) {
                    set(
                        buf,
                        (area.x + column, area.y + row),
                        theme.symbols().dashed,
                        theme.faint(),
                    );
                }
            }
            named.push((Some(row), words));
        }
        named
    }

    /// In the margin, or at the right end of their lines, over the dots.
    fn name_references(&self, references: &[(Option<u16>, String)], buf: &mut Buffer) {
        let (theme, area) = (self.scene.stage.theme, self.area());
        let title = self.scene.at.title;
        for (row, words) in references {
            let Some(row) = row else { continue };
            let place = Rect {
                x: area.x,
                y: area.y + row,
                width: title.right().saturating_sub(area.x),
                height: 1,
            };
            let words = if title.right() > area.right() {
                words.clone()
            } else {
                format!(" {words}")
            };
            let width = text::width(&words);
            if width <= place.width {
                let x = place.right() - width;
                write(buf, Rect { x, width, ..place }, &words, theme.dim());
            }
        }
    }

    /// A line from top to bottom, where nothing is.
    fn stem(&self, step: u64, symbol: char, style: Style, buf: &mut Buffer) {
        let Some(column) = self.column(step) else {
            return;
        };
        let area = self.area();
        for row in 0..area.height {
            if self.plot.is_empty(column, row) {
                set(buf, (area.x + column, area.y + row), symbol, style);
            }
        }
    }

    fn ruler(&self, buf: &mut Buffer) {
        let Some(column) = self.column(self.scene.ruler) else {
            return;
        };
        let (theme, area) = (self.scene.stage.theme, self.area());
        for row in 0..area.height {
            let place = (area.x + column, area.y + row);
            if self.plot.is_empty(column, row) || theme.depth == Depth::None {
                set(buf, place, theme.symbols().axis, theme.text());
            } else {
                // The dots stay to be seen, on a strip of the ruler's own.
                buf[place].set_bg(theme.faint().fg.unwrap_or_default());
            }
        }
    }

    /// Words beside a stem: at its left where there is room.
    fn name(&self, step: u64, row: u16, words: &str, style: Style, buf: &mut Buffer) {
        let area = self.area();
        let Some(column) = self.column(step).filter(|_| row < area.height) else {
            return;
        };
        let width = text::width(words);
        let y = area.y + row;
        let start = if width <= column {
            area.x + column - width
        } else if column + 1 + width <= area.width {
            area.x + column + 1
        } else {
            // Of too long ones the ruler tells.
            return;
        };
        write(buf, Rect::new(start, y, width, 1), words, style);
    }

    /// What was reached, with its words where nothing else is: in the lowest rows, where the
    /// lines come last.
    fn milestones(&self, buf: &mut Buffer) {
        let (theme, area) = (self.scene.stage.theme, self.area());
        let lowest = area.height.saturating_sub(1);
        let mut told: Vec<Rect> = Vec::new();
        for milestone in &self.scene.stage.seen.curve.milestones {
            let Some(column) = self.column(milestone.step) else {
                continue;
            };
            let is_free = |place: Rect| {
                let in_plot = area.intersection(place) == place;
                let is_empty = |x: u16, y: u16| {
                    self.plot.is_empty(x - area.x, y - area.y) && buf[(x, y)].symbol() == " "
                };
                in_plot
                    && told.iter().all(|other| !other.intersects(place))
                    && place.positions().all(|place| is_empty(place.x, place.y))
            };
            let words = text::plain(&milestone.name, theme);
            let words = format!("{} {words}", theme.symbols().milestone);
            // A blank beside the words, so that they do not run into others.
            let at = |row: u16, width: u16| Rect::new(area.x + column, area.y + row, width, 1);
            let rows = (area.height / 2 + 1..area.height).rev();
            let wide = rows
                .map(|row| at(row, text::width(&words) + 1))
                .find(|place| is_free(*place));
            let (place, words) = match wide {
                Some(place) => (place, words),
                None if is_free(at(lowest, 1)) => {
                    (at(lowest, 1), theme.symbols().milestone.to_string())
                }
                None => continue,
            };
            text::left(buf, place, &[(&words, theme.dim())]);
            told.push(place);
        }
    }

    /// Where no step could follow.
    fn fault(&self, buf: &mut Buffer) {
        let Some(Failure::Diverged { step, .. }) = &self.scene.stage.app.failure else {
            return;
        };
        let (theme, area) = (self.scene.stage.theme, self.area());
        let Some(column) = self.column(*step) else {
            return;
        };
        let known = self.scene.losses.last();
        let loss = known.and_then(|last| self.scene.smoothed(last));
        let y = loss.and_then(|loss| self.plot.height(self.range.scale(), loss));
        let row = y.map_or(0, |y| (y / 4).clamp(0, i32::from(area.height) - 1) as u16);
        set(
            buf,
            (area.x + column, area.y + row),
            theme.symbols().fault,
            theme.warning(),
        );
        let words = format!(" step {} ", grouped(*step));
        self.name(*step, row, &words, theme.warning(), buf);
    }
}

/// Words of which nothing that stood there shines through.
fn write(buf: &mut Buffer, place: Rect, words: &str, style: Style) {
    for place in place.positions() {
        buf[place].reset();
    }
    text::left(buf, place, &[(words, style)]);
}

fn set(buf: &mut Buffer, place: (u16, u16), character: char, style: Style) {
    buf[place].reset();
    buf[place].set_char(character).set_style(style);
}
