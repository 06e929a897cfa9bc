//! Screens as an animated GIF.
//!
//! A frame has 255 colours of its own and one that lets the frames before shine through: of each
//! only the pixels are written that have changed so much that it is seen. Colours that nobody
//! tells apart are one; where there are still too many, the most frequent stay as they are and the
//! others become the nearest of them.

use std::borrow::Cow;

use gif::{Encoder, Frame, Repeat};
use ratatui::{buffer::Buffer, layout::Rect};

use super::picture;
use crate::{
    raster::{GLYPH, LINE, Raster, Rgb},
    ui::theme::Theme,
};

/// The place of a frame's table that leaves what was there.
const UNCHANGED: u8 = 255;

/// A channel of a pixel may be so far from what the film shows: a thirtieth of its range, which
/// nobody sees of a digit that moves. Held against what is shown, so that it never adds up.
const UNSEEN: u8 = 8;

/// Colours of one frame that are so near share a place in its table.
const ALIKE: u8 = 3;

/// A film that is being written.
pub struct Gif {
    theme: Theme,
    encoder: Encoder<Vec<u8>>,
    /// What the film shows by now; nothing before the first screen.
    page: Option<Page>,
}

/// What a film shows.
struct Page {
    screen: Buffer,
    width: usize,
    pixels: Vec<Rgb>,
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
            encoder,
            page: None,
        })
    }

    /// A screen, for so many hundredths of a second.
    ///
    /// # Errors
    ///
    /// When there is no memory for it.
    pub fn show(&mut self, screen: Buffer, hundredths: u16) -> Result<(), gif::EncodingError> {
        let changed = changed(self.page.as_ref().map(|page| &page.screen), &screen);
        let raster = self.drawn(&screen, changed);
        let part = Part {
            left: usize::from(changed.x) * GLYPH,
            top: usize::from(changed.y) * LINE,
            width: raster.width(),
        };
        let pixels = self.seen_to_change(raster.pixels(), part);
        let table = Table::of(pixels.iter().flatten().copied());
        let buffer: Vec<u8> = pixels
            .iter()
            .map(|pixel| pixel.map_or(UNCHANGED, |color| table.index(color)))
            .collect();
        self.remember(screen, &raster, part, &table.colours, &buffer);
        let frame = Frame {
            delay: hundredths,
            left: part.left as u16,
            top: part.top as u16,
            width: part.width as u16,
            height: (buffer.len() / part.width) as u16,
            transparent: Some(UNCHANGED),
            palette: Some(table.colours.as_flattened().to_vec()),
            buffer: Cow::Owned(buffer),
            ..Frame::default()
        };
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

    /// The pixels of a part of the screen.
    fn drawn(&self, screen: &Buffer, part: Rect) -> Raster {
        let mut cut = Buffer::empty(Rect::new(0, 0, part.width, part.height));
        for place in part.positions() {
            cut[(place.x - part.x, place.y - part.y)] = screen[place].clone();
        }
        picture::of(&cut, self.theme)
    }

    /// Of a part's pixels those that are to be written.
    fn seen_to_change(&self, pixels: &[Rgb], part: Part) -> Vec<Option<Rgb>> {
        let Some(page) = &self.page else {
            return pixels.iter().copied().map(Some).collect();
        };
        let shown = (0..pixels.len()).map(|place| page.pixels[part.on_page(place, page.width)]);
        let pixels = pixels.iter().zip(shown);
        pixels
            .map(|(color, shown)| differs(*color, shown, UNSEEN).then_some(*color))
            .collect()
    }

    /// What the film shows after a frame.
    fn remember(
        &mut self,
        screen: Buffer,
        raster: &Raster,
        part: Part,
        table: &[Rgb],
        buffer: &[u8],
    ) {
        let page = self.page.get_or_insert_with(|| Page {
            screen: Buffer::default(),
            width: raster.width(),
            pixels: raster.pixels().to_vec(),
        });
        page.screen = screen;
        for (place, &index) in buffer.iter().enumerate() {
            if index != UNCHANGED {
                page.pixels[part.on_page(place, page.width)] = table[usize::from(index)];
            }
        }
    }
}

/// Where a part of the screen lies on the page, in pixels.
#[derive(Clone, Copy)]
struct Part {
    left: usize,
    top: usize,
    width: usize,
}

impl Part {
    fn on_page(self, place: usize, width: usize) -> usize {
        let (x, y) = (place % self.width, place / self.width);
        (self.top + y) * width + self.left + x
    }
}

/// Whether a channel of one colour is more than so far from the other's.
fn differs(color: Rgb, other: Rgb, most: u8) -> bool {
    let mut channels = color.into_iter().zip(other);
    channels.any(|(one, other)| one.abs_diff(other) > most)
}

/// The least rectangle of cells that holds all that are others than before; at least one.
fn changed(before: Option<&Buffer>, screen: &Buffer) -> Rect {
    let Some(before) = before else {
        return screen.area;
    };
    let places = screen.area.positions();
    let changed = places.filter(|place| before[*place] != screen[*place]);
    let cell = |place: ratatui::layout::Position| Rect::new(place.x, place.y, 1, 1);
    let united = changed.map(cell).reduce(Rect::union);
    united.unwrap_or(Rect::new(0, 0, 1, 1))
}

/// The colours of a frame.
struct Table {
    colours: Vec<Rgb>,
    /// The place of each colour that a pixel has, by colour.
    places: Vec<(Rgb, u8)>,
}

impl Table {
    /// The most frequent of these colours; of two that are as frequent, the darker first.
    fn of(pixels: impl Iterator<Item = Rgb>) -> Self {
        let mut pixels: Vec<Rgb> = pixels.collect();
        pixels.sort_unstable();
        let alike = pixels.chunk_by(|one, other| one == other);
        let mut counts: Vec<(Rgb, usize)> = alike.map(|run| (run[0], run.len())).collect();
        counts.sort_by_key(|&(color, count)| (std::cmp::Reverse(count), color));
        let mut colours: Vec<Rgb> = Vec::new();
        let mut places: Vec<(Rgb, u8)> = Vec::with_capacity(counts.len());
        for (color, _) in counts {
            // Hues that nobody tells apart share a place, so that there is one for the rare.
            let alike = colours
                .iter()
                .position(|known| !differs(color, *known, ALIKE));
            let place = match alike {
                Some(place) => place as u8,
                None if colours.len() < usize::from(UNCHANGED) => {
                    colours.push(color);
                    (colours.len() - 1) as u8
                }
                None => nearest(&colours, color),
            };
            places.push((color, place));
        }
        places.sort_unstable();
        colours.resize(usize::from(UNCHANGED) + 1, [0; 3]);
        Self { colours, places }
    }

    /// The place of a colour that a pixel has: its own, or of the nearest that there is.
    fn index(&self, color: Rgb) -> u8 {
        let place = self
            .places
            .binary_search_by_key(&color, |(color, _)| *color);
        self.places[place.expect("the table was made of all pixels")].1
    }
}

/// The place of the colour that is least far from this one. A tint is seen sooner than a shade:
/// what is white stays without any.
fn nearest(colours: &[Rgb], color: Rgb) -> u8 {
    const OF_A_TINT: i32 = 8;
    let apart = |other: &Rgb| -> i32 {
        let [r, g, b] =
            [0, 1, 2].map(|channel| i32::from(color[channel]) - i32::from(other[channel]));
        r * r + g * g + b * b + OF_A_TINT * ((r - g).pow(2) + (g - b).pow(2))
    };
    let places = colours.iter().zip(0..);
    let least = places.min_by_key(|(other, place)| (apart(other), *place));
    least.map_or(0, |(_, place)| place)
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
    fn a_grey_that_has_no_place_becomes_another_grey_and_no_green() {
        let colours = [
            [60, 60, 60],
            [150, 150, 150],
            [87, 145, 112],
            [139, 145, 156],
        ];
        assert_eq!(nearest(&colours, [120, 120, 120]), 1);
        assert_eq!(nearest(&colours, [90, 140, 115]), 2);
    }

    #[test]
    fn what_is_too_little_to_be_seen_is_not_written_and_never_adds_up() {
        let size = (2, 1);
        let grey = |level: u8| {
            let mut screen = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            screen.set_style(
                screen.area,
                Style::new().bg(Color::Rgb(level, level, level)),
            );
            screen
        };
        let mut film = Gif::new(size, THEME).unwrap();
        let levels = (40..=200).step_by(3);
        for level in levels.clone() {
            film.show(grey(level), 10).unwrap();
        }
        let frames = seen(&film.finish().unwrap());
        let mut shown: Vec<Rgb> = Vec::new();
        for ((_, pixels), level) in frames.iter().zip(levels.clone()) {
            assert!(pixels.iter().all(|pixel| *pixel == pixels[0]));
            assert!(pixels[0][0].abs_diff(level) <= UNSEEN, "{level}");
            shown.push(pixels[0]);
        }
        shown.dedup();
        // Steps of three are shown by every third.
        assert_eq!(shown.len(), levels.count().div_ceil(3));
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
