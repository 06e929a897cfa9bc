//! Figures: images over what a network makes of them, as on the screen, and those of a [`paper`].
//!
//! A pure function from values to pixels, and the pixels as a PNG file's bytes.
//! White is real, green was made by the network, as on the screen; between them
//! stands what the network was shown, where that is something else. This module
//! knows samples and colours; it may not know files, the screen, or how anything
//! was trained.

mod drawing;
mod layout;
mod palette;
pub mod paper;
mod sheet;

pub use drawing::Drawing;
pub use palette::{network, original};
pub use sheet::Sheet;

use crate::{
    data::Classes,
    image::ImageSize,
    lens::Sample,
    raster::{LINE, Raster},
};
use layout::{Layout, Tile};

/// Whether the beginning of a file is that of a figure that was drawn here.
pub fn is_ours(beginning: &[u8]) -> bool {
    let has = |words: &[u8]| beginning.windows(words.len()).any(|part| part == words);
    has(drawing::SIGNATURE.as_bytes()) || has(b"Software\0ae-tui")
}

/// The most images of one figure: a hundred bands, some 30,000 pixels high.
pub const MAX_IMAGES: usize = 1_000;

/// Everything a figure shows.
#[derive(Debug, Clone)]
pub struct Figure<'a> {
    /// The network.
    pub title: &'a str,
    /// The images.
    pub subtitle: &'a str,
    /// What was done to the images on their way in, where it was anything.
    pub noise: &'a str,
    /// Rows and columns of the images.
    pub size: ImageSize,
    /// What their labels stand for.
    pub classes: &'a Classes,
    /// Each image and what was made of it.
    pub samples: &'a [Sample],
}

/// From a pixel, 0 to 1, to its colour.
type Ramp = fn(f32) -> [u8; 3];

/// A row of pictures within a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strip {
    Original,
    Noisy,
    Reconstruction,
}

impl Figure<'_> {
    /// The bytes of a PNG file.
    ///
    /// # Panics
    ///
    /// When there is no sample.
    pub fn png(&self) -> Vec<u8> {
        self.draw().png()
    }

    fn draw(&self) -> Raster {
        let labels: Vec<[String; 2]> = self.samples.iter().map(|own| self.label(own)).collect();
        let letters = |[number, name]: &[String; 2]| number.len() + name.chars().count();
        let longest = labels.iter().map(letters).max().unwrap_or_default();
        let tile = Tile::new(self.size, longest);
        let titles = [self.title, self.subtitle].map(|title| layout::shortened(title, tile));
        let strips = strips(self.samples);
        let layout = Layout::new(self.samples.len(), strips.len(), tile, &titles);
        let mut raster = Raster::new(layout.size(), palette::PAGE);
        for ((line, words), color) in titles.iter().enumerate().zip([palette::TEXT, palette::DIM]) {
            raster.text(Layout::title(line), words, color);
        }
        for band in 0..layout.bands() {
            for (row, strip) in strips.iter().enumerate() {
                self.caption(&mut raster, layout.caption(band, row), *strip);
            }
            raster.text(layout.loss_caption(band), "loss", palette::DIM);
        }
        for (place, sample) in self.samples.iter().enumerate() {
            for (row, strip) in strips.iter().enumerate() {
                let (pixels, color) = strip.picture(sample);
                let scale = layout::scale(self.size);
                raster.picture(
                    layout.tile(place, row),
                    (pixels, self.size.width),
                    scale,
                    color,
                );
            }
            let [number, name] = &labels[place];
            let room = tile.letters().saturating_sub(number.len());
            let name: String = name.chars().take(room).collect();
            let label = [(number.as_str(), palette::DIM), (&name, palette::INK)];
            raster.text_centred(layout.label(place), &label);
            let loss = format!("{:.3}", sample.loss);
            raster.text_centred(layout.loss(place), &[(&loss, palette::DIM)]);
        }
        raster
    }

    /// The number of an image, and what it shows where that is known.
    fn label(&self, sample: &Sample) -> [String; 2] {
        let number = sample.index.to_string();
        match self.classes {
            Classes::Unlabelled => [number, String::new()],
            classes => [
                format!("{number}:"),
                format!(" {}", classes.name(sample.label)),
            ],
        }
    }

    /// What a row shows, in the colour in which it shows it.
    fn caption(&self, raster: &mut Raster, [x, middle]: [usize; 2], strip: Strip) {
        match strip {
            Strip::Original => raster.text([x, middle - LINE / 2], "original", palette::INK),
            Strip::Noisy => {
                raster.text([x, middle - LINE], "noisy", palette::INK);
                raster.text([x, middle], self.noise, palette::DIM);
            }
            Strip::Reconstruction => {
                raster.text([x, middle - LINE / 2], "reconstruction", palette::NET);
            }
        }
    }
}

impl Strip {
    /// The pixels of this row's picture of a sample, and what colours they have.
    fn picture(self, sample: &Sample) -> (&[f32], Ramp) {
        match self {
            Self::Original => (&sample.original, original),
            Self::Noisy => {
                let shown = sample.noisy.as_ref();
                (shown.unwrap_or(&sample.original), original)
            }
            Self::Reconstruction => (&sample.reconstruction, network),
        }
    }
}

/// The rows of each band.
fn strips(samples: &[Sample]) -> &'static [Strip] {
    if samples.iter().any(|sample| sample.noisy.is_some()) {
        &[Strip::Original, Strip::Noisy, Strip::Reconstruction]
    } else {
        &[Strip::Original, Strip::Reconstruction]
    }
}

#[cfg(test)]
mod tests;
