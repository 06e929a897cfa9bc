//! The plane as pictures: what the network makes of places in even steps on the map's axes.
//!
//! Pictures are means of the whole image, of MNIST's 4 by 4 pixels to one or 2 by 2, without
//! gutters: a digit's own margin separates them. One where no data lives is at a quarter of its strength.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    ground::{Grid, Ground, cursor_at},
    place::Size,
    plane,
};
use crate::{
    image::ImageSize,
    measure::Verdict,
    message::LatentAnswer,
    ui::{
        frame::Body,
        theme::{Depth, Glyphs, Theme},
        views::Stage,
        widget::{
            bitmap::{self, Bitmap},
            fit::Image,
            picture::{Paint, pair},
            squares::Squares,
            text,
        },
    },
};

/// What is left of a picture where no data lives.
const VOID: f32 = 0.25;
/// Of a picture's side a corner's arm is one part of so many.
const CORNER: usize = 4;

/// Draws the pane.
pub(super) fn render(stage: &Stage, ground: &Ground, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let Some(grid) = ground.grid else { return };
    let larger = match grid.size {
        Size::Small => "z larger",
        Size::Large => "Z smaller",
    };
    let says = format!("{} x {}  {larger}", grid.columns, grid.rows);
    let names = names(stage, grid);
    let fits = |name: &&String| text::width(name) + 3 + text::width(&says) <= area.width;
    let name = names.iter().find(fits).unwrap_or(&names[1]);
    text::title(buf, area, theme, name, &[(&says, theme.dim())]);
    let Some(answer) = &stage.seen.answers.latent else {
        return;
    };
    let answered = answer.grid.len() == usize::from(grid.columns * grid.rows);
    let pictures = Pictures {
        answer,
        grid,
        image: stage.app.image(),
        squares: Squares::new(stage.app.image(), grid.side.into()),
    };
    if answered {
        pictures.render(theme, buf);
    }
    let cursor = grid.cell_of(cursor_at(stage.app, stage.seen), ground.axes);
    values(ground, grid, cursor, theme, area, buf);
    if let Some(cell) = cursor {
        corners(grid, cell, theme, buf);
    }
    if answered {
        let bitmap = || pictures.finely(cursor, theme);
        stage.fine.declare(grid.area, buf, bitmap);
    }
    // On a narrow screen the narrator says it.
    let wide = matches!(stage.frame.body, Body::Wide(_));
    let below = grid.area.bottom() + 2;
    if wide && below + 2 <= area.bottom() {
        let words = "Each picture is one place, decoded; dim ones lie where no real image does. \
                     The corners are the cursor.";
        let width = area.right() - grid.area.x;
        for (y, line) in (below..area.bottom()).zip(text::wrapped(words, width)) {
            let row = Rect {
                x: grid.area.x,
                y,
                width,
                height: 1,
            };
            text::left(buf, row, &[(&line, theme.dim())]);
        }
    }
}

/// What is decoded, at two lengths.
fn names(stage: &Stage, grid: Grid) -> [String; 2] {
    let plain = if grid.line {
        "the line, decoded"
    } else {
        "the plane, decoded"
    };
    match plane::shown(stage.seen) {
        None => [format!("manifold: {plain}"), plain.into()],
        Some(pair) => {
            let shape = stage.app.plan.kind.code;
            let [across, up] = pair.map(|value| plane::name(shape, value));
            [
                format!("decoded: {across} across, {up} up"),
                format!("{across}, {up}"),
            ]
        }
    }
}

/// The pictures and how they stand.
struct Pictures<'a> {
    answer: &'a LatentAnswer,
    grid: Grid,
    image: ImageSize,
    squares: Squares,
}

impl Pictures<'_> {
    fn render(&self, theme: Theme, buf: &mut Buffer) {
        let area = self.grid.area;
        let pixel = |x: usize, y: usize| {
            let square = self.squares.square(x, y);
            self.at(square).map_or(0.0, |(picture, strength)| {
                strength * self.squares.value(picture, x, y)
            })
        };
        for y in 0..area.height {
            for x in 0..area.width {
                if let Some(cell) = buf.cell_mut((area.x + x, area.y + y)) {
                    let (x, y) = (usize::from(x), usize::from(2 * y));
                    pair(cell, [pixel(x, y), pixel(x, y + 1)], Paint::Network, theme);
                }
            }
        }
    }

    /// The picture of a column and row of the grid, and how much of it is shown.
    fn at(&self, [column, row]: [usize; 2]) -> Option<(Image<'_>, f32)> {
        if row >= usize::from(self.grid.rows) {
            return None;
        }
        let place = row * usize::from(self.grid.columns) + column;
        let (values, verdict) = &self.answer.grid[place];
        let void = *verdict == Some(Verdict::Void);
        let size = self.image;
        Some((Image { size, values }, if void { VOID } else { 1.0 }))
    }

    /// All pixels of all pictures, with the corners around the cursor's.
    fn finely(&self, cursor: Option<(u16, u16)>, theme: Theme) -> Bitmap {
        let (area, side) = (self.grid.area, self.squares.fine_side());
        let pixels = |cells: u16| usize::from(cells) * self.squares.times();
        let size = [pixels(area.width), pixels(2 * area.height)];
        let mut bitmap = Bitmap::of(size, Paint::Network, theme, |x, y| {
            let square = self.squares.fine_square(x, y);
            self.at(square).map_or(0.0, |(picture, strength)| {
                strength * self.squares.fine_value(picture, x, y)
            })
        });
        let ink = bitmap::in_full(theme).original(1.0);
        if let Some((column, row)) = cursor {
            let [left, top] = [column, row].map(|place| usize::from(place) * side);
            let arm = (side / CORNER).max(2) - 1;
            for along in (0..arm).chain(side - arm..side) {
                for edge in [0, side - 1] {
                    bitmap.mark([left + along, top + edge], ink);
                    bitmap.mark([left + edge, top + along], ink);
                }
            }
        }
        bitmap
    }
}

/// The values of the rows at the left and of the columns below, the cursor's in accent.
fn values(
    ground: &Ground,
    grid: Grid,
    cursor: Option<(u16, u16)>,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let style = |own: bool| if own { theme.accent() } else { theme.dim() };
    let below = grid.area.bottom();
    for column in 0..grid.columns {
        let row = if grid.line { grid.rows - 1 } else { 0 };
        let Some(at) = ground.axes.point(grid.part(column, row)) else {
            return;
        };
        let words = short(at[0]);
        let x =
            grid.area.x + column * grid.side + grid.side.saturating_sub(text::width(&words)) / 2;
        let place = Rect {
            x,
            y: below,
            width: grid.side.min(area.right().saturating_sub(x)),
            height: u16::from(below < area.bottom()),
        };
        let own = cursor.is_some_and(|cursor| cursor.0 == column && !grid.line);
        text::left(buf, place, &[(&words, style(own))]);
    }
    for row in 0..grid.rows {
        let Some(at) = ground.axes.point(grid.part(0, row)) else {
            return;
        };
        let words = short(if grid.line { at[0] } else { at[1] });
        let place = Rect {
            x: area.x,
            y: grid.area.y + (2 * row + 1) * grid.side / 4,
            width: grid.area.x - area.x,
            height: 1,
        };
        let own = cursor.is_some_and(|cursor| cursor.1 == row);
        text::right(buf, place, &[(&words, style(own))]);
    }
}

/// A value in four columns.
fn short(value: f32) -> String {
    let forms = [format!("{value:.1}"), format!("{value:.0}")];
    let short = forms.into_iter().find(|words| words.len() <= 4);
    short.unwrap_or_else(|| format!("{value:.0e}"))
}

/// A frame of corners around a picture.
fn corners(grid: Grid, (column, row): (u16, u16), theme: Theme, buf: &mut Buffer) {
    let (left, right) = (
        grid.area.x + column * grid.side,
        grid.area.x + (column + 1) * grid.side - 1,
    );
    let top = grid.area.y + row * grid.side / 2;
    let bottom = (grid.area.y + ((row + 1) * grid.side - 1) / 2).min(grid.area.bottom() - 1);
    let ink = Style::new().fg(theme.original(1.0)).bg(theme.original(0.0));
    let style = if theme.depth == Depth::None {
        Style::new()
    } else {
        ink
    };
    let [ul, ur, ll, lr] = match theme.glyphs {
        Glyphs::Blocks => ['┌', '┐', '└', '┘'],
        Glyphs::Ascii => ['+'; 4],
    };
    for (place, character) in [
        ((left, top), ul),
        ((right, top), ur),
        ((left, bottom), ll),
        ((right, bottom), lr),
    ] {
        if let Some(cell) = buf.cell_mut(place) {
            cell.reset();
            cell.set_char(character).set_style(style);
        }
    }
}
