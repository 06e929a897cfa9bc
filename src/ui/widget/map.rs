//! The latent space: where each class lives.
//!
//! The axes shorten long tails, as codes behind a ReLU have them: on linear axes
//! five digits share a corner, on these all ten get a place.
//! Images beyond the range stand on the edge. Binning ([`MapCells`]) and
//! painting ([`LatentMap`]) are apart, and each is tested alone.

mod axis;
mod cells;
mod overlay;
mod paint;
mod prior;
mod territory;

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

pub use axis::{Axes, plot_area};
pub use cells::MapCells;
pub use overlay::{Mark, Overlay};

use super::{set_char, text};
use crate::{data::Classes, ui::theme::Theme};

/// How the images are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapStyle {
    /// The majority of each half cell, brighter where there are more images,
    /// and a letter on each territory.
    #[default]
    Density,
    /// A dot for each image.
    Dots,
    /// The majority class of each cell.
    Letters,
}

impl MapStyle {
    /// What is drawn.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Density => {
                "Each place in the colour of its most frequent digit, brighter where there are more images."
            }
            Self::Dots => "A dot for each image, in the colour of its digit.",
            Self::Letters => "The most frequent digit of each place, as its letter.",
        }
    }

    /// The next way to draw.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Density => Self::Dots,
            Self::Dots => Self::Letters,
            Self::Letters => Self::Density,
        }
    }
}

/// The chosen sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chosen {
    /// Its place.
    pub point: [f32; 2],
    /// Its class.
    pub label: u8,
}

/// The map with its axes. Its bins should have the size of [`plot_area`]; after
/// a resize the old ones are clipped.
#[derive(Debug, Clone, Copy)]
pub struct LatentMap<'a> {
    /// The images.
    pub cells: &'a MapCells,
    /// The sample to mark.
    pub chosen: Option<Chosen>,
    /// The middle of the standard normal distribution, if its circles are wanted.
    pub prior: Option<[f32; 2]>,
    /// How to draw the images.
    pub style: MapStyle,
    /// What the labels stand for.
    pub classes: &'a Classes,
    /// The colours.
    pub theme: Theme,
}

impl Widget for LatentMap<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let axes = self.cells.axes();
        axis::render(self.theme, area, axes, buf);
        if axes.named {
            self.values(area, axes, buf);
            axis::names(self.theme, axes, area, buf);
        }
        Bare(self).render(plot_area(area, self.cells.axes()), buf);
    }
}

/// The map without its axes. Its bins should have the size of its place.
#[derive(Debug, Clone, Copy)]
pub struct Bare<'a>(pub LatentMap<'a>);

impl Widget for Bare<'_> {
    fn render(self, plot: Rect, buf: &mut Buffer) {
        let Self(map) = self;
        map.plot(plot, buf);
    }
}

impl LatentMap<'_> {
    /// The chosen sample's code on the axes.
    fn values(&self, area: Rect, axes: Axes, buf: &mut Buffer) {
        let plot = plot_area(area, axes);
        let place = self.chosen.and_then(|chosen| {
            let (column, row) = self.cells.cell_of(chosen.point)?;
            Some((chosen.point, (plot.x + column, plot.y + row)))
        });
        if let Some(place) = place.filter(|(_, place)| plot.contains((*place).into())) {
            axis::values(self.theme, axes, place, !axes.digits, area, buf);
        }
    }

    fn plot(self, plot: Rect, buf: &mut Buffer) {
        paint::images(&self, plot, buf);
        let marker = self.marker(plot);
        prior::circles(&self, plot, marker, buf);
        paint::letters(&self, plot, marker, buf);
        if let (Some(chosen), Some(marker)) = (self.chosen, marker) {
            self.mark(chosen.label, marker, buf);
        }
    }

    /// The cells of the chosen sample's mark: three where there is room, around
    /// its place but inside the plot.
    fn marker(&self, plot: Rect) -> Option<Rect> {
        marker_of(self.cells, self.chosen?.point, plot)
    }

    fn mark(&self, label: u8, marker: Rect, buf: &mut Buffer) {
        let mark = text::mark(self.classes, label, self.theme);
        let chip = if marker.width == 3 {
            ['[', mark, ']']
        } else {
            [mark; 3]
        };
        for (x, character) in (marker.left()..marker.right()).zip(chip) {
            set_char(buf, (x, marker.y), character, self.theme.selection());
        }
    }
}

/// The cells of a mark at this place.
fn marker_of(cells: &MapCells, point: [f32; 2], plot: Rect) -> Option<Rect> {
    let (column, row) = cells.cell_of(point)?;
    let width = if plot.width < 3 { 1 } else { 3 };
    if plot.is_empty() {
        return None;
    }
    let x = (plot.x.saturating_add(column))
        .saturating_sub(width / 2)
        .clamp(plot.x, plot.right() - width);
    let y = plot.y.saturating_add(row).min(plot.bottom() - 1);
    Some(Rect::new(x, y, width, 1))
}

#[cfg(test)]
mod tests;
