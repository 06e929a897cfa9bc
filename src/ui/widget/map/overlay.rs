//! What lies over a map that is walked through: a cursor with its values on the axes, the way to
//! it, and the image that is nearest.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::{Color, Style},
    widgets::Widget,
};

use super::{MapCells, axis, marker_of, plot_area, set_char};
use crate::ui::theme::{Depth, Glyphs, Theme};

/// Cells of the cursor's arms.
const ARM_ACROSS: u16 = 4;
const ARM_UP: u16 = 2;
/// Of so many pixels of a line, the last is dark.
const DASH: usize = 3;

/// A place on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where.
    pub point: [f32; 2],
    /// Whether no data lives there.
    pub void: bool,
}

/// Marks over a map that has been drawn in the same area.
#[derive(Debug, Clone, Copy)]
pub struct Overlay<'a> {
    /// The cells of that map.
    pub cells: &'a MapCells,
    /// The chosen sample's place, whose mark stays.
    pub chosen: [f32; 2],
    /// The cursor.
    pub cursor: Option<Mark>,
    /// The image nearest to it.
    pub nearest: Option<[f32; 2]>,
    /// A line, from place to place.
    pub line: &'a [Mark],
    /// Whether the vertical axis is one that the cursor moves along.
    pub two_axes: bool,
    /// The colours.
    pub theme: Theme,
}

impl Widget for Overlay<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let plot = plot_area(area, self.cells.axes()).intersection(buf.area);
        if plot.is_empty() {
            return;
        }
        self.draw_line(plot, buf);
        self.draw_nearest(plot, buf);
        if let Some(cursor) = self.cursor
            && let Some(cell) = self.cell(cursor.point, plot)
        {
            self.draw_cursor(cursor, cell, plot, buf);
            let (axes, place) = (self.cells.axes(), (cursor.point, cell));
            axis::values(self.theme, axes, place, self.two_axes, area, buf);
        }
    }
}

impl Overlay<'_> {
    /// The column and row on the screen of a point that is shown.
    fn cell(&self, point: [f32; 2], plot: Rect) -> Option<(u16, u16)> {
        let axes = self.cells.axes();
        if axes.shown.is_some() && !axes.holds(point) {
            return None;
        }
        let (column, row) = self.cells.cell_of(point)?;
        let place = (plot.x + column, plot.y + row);
        plot.contains(place.into()).then_some(place)
    }

    fn draw_line(&self, plot: Rect, buf: &mut Buffer) {
        let kept = marker_of(self.cells, self.chosen, plot);
        let pixels = self.pixels(plot);
        for (number, (x, y, void)) in pixels.into_iter().enumerate() {
            let place = (plot.x + x, plot.y + y / 2);
            let hidden = kept.is_some_and(|kept| kept.contains(place.into()));
            if let Some(cell) = buf.cell_mut(place)
                && !hidden
            {
                let dark = number % DASH == DASH - 1;
                self.pixel(cell, y % 2 == 0, dark, void);
            }
        }
    }

    /// The half cells that the line passes, in their order.
    fn pixels(&self, plot: Rect) -> Vec<(u16, u16, bool)> {
        let axes = self.cells.axes();
        let (across, down) = (f32::from(plot.width), f32::from(2 * plot.height));
        let place = |mark: &Mark| {
            let [x, y] = axes.parts(mark.point)?;
            let place = [x * across, (1.0 - y) * down];
            place.iter().all(|part| part.is_finite()).then_some(place)
        };
        let mut pixels: Vec<(u16, u16, bool)> = Vec::new();
        for pair in self.line.windows(2) {
            let (Some(from), Some(to)) = (place(&pair[0]), place(&pair[1])) else {
                continue;
            };
            let way = [0, 1].map(|axis: usize| to[axis] - from[axis]);
            let steps = way.iter().fold(0.0_f32, |most, part| most.max(part.abs()));
            // Far outside what is shown there is nothing to draw.
            let steps = (2.0 * steps).ceil().clamp(1.0, 4.0 * (across + down)) as u16;
            for step in 0..=steps {
                let part = f32::from(step) / f32::from(steps);
                let at = [0, 1].map(|axis: usize| from[axis] + part * way[axis]);
                let inside = |at: f32, size: f32| (0.0..=size).contains(&at);
                if !inside(at[0], across) || !inside(at[1], down) {
                    continue;
                }
                let x = (at[0] as u16).min(plot.width - 1);
                let y = (at[1] as u16).min(2 * plot.height - 1);
                let void = pair[usize::from(part > 0.5)].void;
                if !pixels
                    .iter()
                    .rev()
                    .take(8)
                    .any(|&(a, b, _)| (a, b) == (x, y))
                {
                    pixels.push((x, y, void));
                }
            }
        }
        pixels
    }

    /// One pixel of the line in a cell that shows two.
    fn pixel(&self, cell: &mut Cell, upper: bool, dark: bool, void: bool) {
        let style = if void {
            self.theme.warning()
        } else {
            self.theme.accent()
        };
        match (self.theme.depth, self.theme.glyphs) {
            (_, _) if dark && self.theme.depth == Depth::None => {}
            (Depth::None, glyphs) => {
                let halves = ['▀', '▄'];
                let character = match glyphs {
                    Glyphs::Ascii => '*',
                    Glyphs::Blocks if cell.symbol().starts_with(halves) => '█',
                    Glyphs::Blocks => halves[usize::from(!upper)],
                };
                cell.set_char(character);
            }
            (_, Glyphs::Ascii) => {
                let ground = if dark {
                    self.theme.original(0.0)
                } else {
                    style.fg.unwrap_or_default()
                };
                cell.reset();
                cell.set_char(' ').set_bg(ground);
            }
            _ => {
                let color = if dark {
                    self.theme.original(0.0)
                } else {
                    style.fg.unwrap_or_default()
                };
                let [above, below] = halves_of(cell);
                let [above, below] = if upper {
                    [color, below]
                } else {
                    [above, color]
                };
                cell.reset();
                // An empty half shows the terminal's own background.
                match (above, below) {
                    (Color::Reset, below) => cell.set_char('▄').set_fg(below),
                    (above, below) => cell.set_char('▀').set_fg(above).set_bg(below),
                };
            }
        }
    }

    fn draw_nearest(&self, plot: Rect, buf: &mut Buffer) {
        let Some(place) = self.nearest.and_then(|point| self.cell(point, plot)) else {
            return;
        };
        let cursor = self.cursor.and_then(|cursor| self.cell(cursor.point, plot));
        let kept = marker_of(self.cells, self.chosen, plot);
        if cursor == Some(place) || kept.is_some_and(|kept| kept.contains(place.into())) {
            return;
        }
        let style = self.on_tile(Style::new().fg(self.theme.original(1.0)));
        set_char(buf, place, self.theme.symbols().ring, style);
    }

    fn draw_cursor(&self, cursor: Mark, (x, y): (u16, u16), plot: Rect, buf: &mut Buffer) {
        let symbols = self.theme.symbols();
        let (style, across, up) = if cursor.void {
            (self.theme.warning(), symbols.later, symbols.edited)
        } else {
            (self.theme.accent(), symbols.rule, symbols.axis)
        };
        let style = self.on_tile(style);
        let (across_by, up_by) = if self.two_axes {
            (ARM_ACROSS, ARM_UP)
        } else {
            (0, plot.height)
        };
        let first = x.saturating_sub(across_by).max(plot.left());
        for column in first..(x + across_by + 1).min(plot.right()) {
            set_char(buf, (column, y), across, style);
        }
        let first = y.saturating_sub(up_by).max(plot.top());
        for row in first..(y + up_by + 1).min(plot.bottom()) {
            set_char(buf, (x, row), up, style);
        }
        set_char(buf, (x, y), symbols.cross, style);
    }

    fn on_tile(&self, style: Style) -> Style {
        match self.theme.depth {
            Depth::None => Style::new(),
            _ => style.bg(self.theme.original(0.0)),
        }
    }
}

/// The colours of a cell's halves.
fn halves_of(cell: &Cell) -> [Color; 2] {
    match cell.symbol() {
        "▀" => [cell.fg, cell.bg],
        "▄" => [cell.bg, cell.fg],
        _ => [cell.bg, cell.bg],
    }
}
