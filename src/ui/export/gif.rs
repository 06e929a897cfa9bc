//! Screens as an animated GIF.
//!
//! A frame has 255 colours of its own and one that lets the frame before shine through: of each
//! only the cells are written that have changed. Where those have more colours, the most
//! frequent stay as they are and the others become the nearest of them.

use std::{borrow::Cow, collections::HashMap};

use gif::{Encoder, Frame, Repeat};
use ratatui::{buffer::Buffer, layout::Rect};

use super::picture;
use crate::{
    raster::{GLYPH, LINE, Raster, Rgb},
    ui::theme::Theme,
};

/// The place of a frame's table that leaves what was there.
const UNCHANGED: u8 = 255;

/// A film that is being written.
pub struct Gif {
    theme: Theme,
    size: (u16, u16),
    encoder: Encoder<Vec<u8>>,
    before: Option<Buffer>,
}

impl Gif {
    /// A film of screens of so many columns and rows.
    ///
    /// # Errors
    ///
    /// When a GIF cannot be so large.
    pub fn new(size: (u16, u16), theme: Theme) -> Result<Self, gif::EncodingError> {
        let [width, height] = [size.0 * GLYPH as u16, size.1 * LINE as u16];
        let mut encoder = Encoder::new(Vec::new(), width, height, &[])?;
        encoder.set_repeat(Repeat::Infinite)?;
        Ok(Self {
            theme,
            size,
            encoder,
            before: None,
        })
    }

    /// A screen, for so many hundredths of a second.
    ///
    /// # Errors
    ///
    /// When there is no memory for it.
    pub fn show(&mut self, screen: Buffer, hundredths: u16) -> Result<(), gif::EncodingError> {
        let changed = self.changed(&screen);
        let raster = self.drawn(&screen, changed);
        let width = raster.width();
        let is_new = |place: usize| {
            let cell = (
                changed.x + (place % width / GLYPH) as u16,
                changed.y + (place / width / LINE) as u16,
            );
            let before = self.before.as_ref();
            before.is_none_or(|before| before[cell] != screen[cell])
        };
        let pixels: Vec<Option<Rgb>> = raster
            .pixels()
            .iter()
            .enumerate()
            .map(|(place, color)| is_new(place).then_some(*color))
            .collect();
        let mut table = Table::of(pixels.iter().flatten().copied());
        let buffer: Vec<u8> = pixels
            .iter()
            .map(|pixel| pixel.map_or(UNCHANGED, |color| table.index(color)))
            .collect();
        let frame = Frame {
            delay: hundredths,
            left: changed.x * GLYPH as u16,
            top: changed.y * LINE as u16,
            width: changed.width * GLYPH as u16,
            height: changed.height * LINE as u16,
            transparent: Some(UNCHANGED),
            palette: Some(table.colours.as_flattened().to_vec()),
            buffer: Cow::Owned(buffer),
            ..Frame::default()
        };
        self.before = Some(screen);
        self.encoder.write_frame(&frame)
    }

    /// The whole file.
    ///
    /// # Errors
    ///
    /// When there is no memory for its end.
    pub fn finish(self) -> Result<Vec<u8>, gif::EncodingError> {
        self.encoder.into_inner()
    }

    /// The least rectangle of cells that holds all that are others than before; at least one.
    fn changed(&self, screen: &Buffer) -> Rect {
        let whole = Rect::new(0, 0, self.size.0, self.size.1);
        let Some(before) = &self.before else {
            return whole;
        };
        let places = whole.positions();
        let changed = places.filter(|place| before[*place] != screen[*place]);
        let cell = |place: ratatui::layout::Position| Rect::new(place.x, place.y, 1, 1);
        let united = changed.map(cell).reduce(Rect::union);
        united.unwrap_or(Rect::new(0, 0, 1, 1))
    }

    /// The pixels of a part of the screen.
    fn drawn(&self, screen: &Buffer, part: Rect) -> Raster {
        let mut cut = Buffer::empty(Rect::new(0, 0, part.width, part.height));
        for place in part.positions() {
            cut[(place.x - part.x, place.y - part.y)] = screen[place].clone();
        }
        picture::of(&cut, self.theme)
    }
}

/// The colours of a frame.
struct Table {
    colours: Vec<Rgb>,
    indices: HashMap<Rgb, u8>,
}

impl Table {
    /// The most frequent of these colours; of two that are as frequent, the darker first.
    fn of(pixels: impl Iterator<Item = Rgb>) -> Self {
        let mut counts: HashMap<Rgb, usize> = HashMap::new();
        for color in pixels {
            *counts.entry(color).or_default() += 1;
        }
        let mut counts: Vec<(Rgb, usize)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|&(color, count)| (std::cmp::Reverse(count), color));
        counts.truncate(usize::from(UNCHANGED));
        let mut colours: Vec<Rgb> = counts.into_iter().map(|(color, _)| color).collect();
        let indices = colours.iter().copied().zip(0..).collect();
        colours.resize(usize::from(UNCHANGED) + 1, [0; 3]);
        Self { colours, indices }
    }

    /// The place of a colour, or of the nearest that there is.
    fn index(&mut self, color: Rgb) -> u8 {
        if let Some(index) = self.indices.get(&color) {
            return *index;
        }
        let apart = |other: &Rgb| -> u32 {
            let channels = color.iter().zip(other);
            let squares = channels.map(|(one, other)| u32::from(one.abs_diff(*other)).pow(2));
            squares.sum()
        };
        let known = self.colours[..usize::from(UNCHANGED)].iter().zip(0..);
        let nearest = known.min_by_key(|(other, index)| (apart(other), *index));
        let index = nearest.map_or(0, |(_, index)| index);
        self.indices.insert(color, index);
        index
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::ui::theme::{Depth, Glyphs, Tone};

    const THEME: Theme = Theme {
        depth: Depth::True,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };

    /// The frames of a film as they are seen, one over the other.
    fn seen(gif: &[u8]) -> Vec<(u16, Vec<Rgb>)> {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::Indexed);
        let mut decoder = options.read_info(gif).unwrap();
        let width = usize::from(decoder.width());
        let mut page = vec![[0; 3]; width * usize::from(decoder.height())];
        let mut frames = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            let table = frame.palette.clone().unwrap();
            for (place, index) in frame.buffer.iter().enumerate() {
                let x = usize::from(frame.left) + place % usize::from(frame.width);
                let y = usize::from(frame.top) + place / usize::from(frame.width);
                if Some(*index) != frame.transparent {
                    page[y * width + x] = table.as_chunks().0[usize::from(*index)];
                }
            }
            frames.push((frame.delay, page.clone()));
        }
        frames
    }

    #[test]
    fn every_frame_shows_its_screen_to_the_pixel() {
        let size = (8, 3);
        let mut film = Gif::new(size, THEME).unwrap();
        let screens: Vec<Buffer> = (0..4_u8)
            .map(|number| {
                let mut screen = Buffer::empty(Rect::new(0, 0, size.0, size.1));
                let style = Style::new()
                    .fg(Color::Indexed(40 + number))
                    .bg(Color::Indexed(232));
                screen.set_string(u16::from(number), 1, "▀", style);
                screen.set_string(0, 2, "run", Style::new());
                screen
            })
            .collect();
        for (screen, hundredths) in screens.iter().zip([10, 20, 30, 40]) {
            film.show(screen.clone(), hundredths).unwrap();
        }
        // The same once more changes nothing, and is a frame all the same.
        film.show(screens[3].clone(), 50).unwrap();
        let frames = seen(&film.finish().unwrap());
        assert_eq!(frames.len(), 5);
        let shown = screens.iter().chain([&screens[3]]);
        for (((delay, pixels), screen), wanted) in
            frames.iter().zip(shown).zip([10, 20, 30, 40, 50])
        {
            assert_eq!(*delay, wanted);
            assert_eq!(pixels, picture::of(screen, THEME).pixels());
        }
    }
}
