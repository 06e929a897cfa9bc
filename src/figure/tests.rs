//! The figure's pixels against the values they were drawn from.

use super::{
    layout::{Layout, Tile},
    *,
};
use crate::data::PIXELS;

/// Pixels of the figure for a pixel of MNIST's images.
const SCALE: usize = 4;
const SIDE: usize = 28;

fn sample(index: usize, grey: f32, noisy: Option<f32>) -> Sample {
    let mut original = vec![0.0; PIXELS];
    original[index] = 1.0;
    Sample {
        index,
        label: (index % 10) as u8,
        original,
        noisy: noisy.map(|value| vec![value; PIXELS]),
        reconstruction: vec![grey; PIXELS],
        code: vec![],
        loss: 0.25,
    }
}

fn drawn(samples: &[Sample], noise: &str) -> Raster {
    let figure = Figure {
        title: "a network",
        subtitle: "its images",
        noise,
        size: ImageSize::MNIST,
        classes: &Classes::Digits,
        samples,
    };
    figure.draw()
}

fn layout(images: usize, strips: usize) -> Layout {
    Layout::new(
        images,
        strips,
        Tile::new(ImageSize::MNIST, 6),
        &["its images".into()],
    )
}

/// One colour for each pixel of the image at a place.
fn picture(raster: &Raster, [left, top]: [usize; 2]) -> Vec<[u8; 3]> {
    let rows = (0..SIDE).map(|row| top + row * SCALE);
    rows.flat_map(|y| (0..SIDE).map(move |column| raster.at([left + column * SCALE, y])))
        .collect()
}

fn colors(values: &[f32], color: Ramp) -> Vec<[u8; 3]> {
    values.iter().map(|value| color(*value)).collect()
}

#[test]
fn the_upper_row_is_the_originals_and_the_lower_is_the_networks() {
    let samples: Vec<Sample> = (0..12).map(|n| sample(n, n as f32 / 20.0, None)).collect();
    let raster = drawn(&samples, "");
    let layout = layout(12, 2);
    for (place, sample) in samples.iter().enumerate() {
        let upper = picture(&raster, layout.tile(place, 0));
        assert_eq!(upper, colors(&sample.original, original), "{place}");
        let lower = picture(&raster, layout.tile(place, 1));
        assert_eq!(lower, colors(&sample.reconstruction, network), "{place}");
    }
}

#[test]
fn what_a_network_was_shown_stands_between() {
    let samples = [sample(3, 0.5, Some(0.25)), sample(4, 0.5, Some(0.75))];
    let raster = drawn(&samples, "gaussian:0.5");
    let layout = layout(2, 3);
    for (place, grey) in [0.25, 0.75].into_iter().enumerate() {
        let rows = [0, 1, 2].map(|row| picture(&raster, layout.tile(place, row)));
        assert_eq!(rows[0], colors(&samples[place].original, original));
        assert_eq!(rows[1], [original(grey); PIXELS]);
        assert_eq!(rows[2], [network(0.5); PIXELS]);
    }
}

#[test]
fn labels_losses_and_captions_say_which_is_which() {
    let one = sample(110, 0.5, None);
    let raster = drawn(std::slice::from_ref(&one), "");
    let layout = layout(1, 2);
    // The same words drawn at the same place leave every pixel as it is; others do not.
    let same = |draw: &dyn Fn(&mut Raster)| {
        let mut again = raster.clone();
        draw(&mut again);
        again == raster
    };
    let label = |number, digit| {
        let words = [(number, palette::DIM), (digit, palette::INK)];
        same(&|raster| raster.text_centred(layout.label(0), &words))
    };
    assert!(label("110:", " 0") && !label("111:", " 0") && !label("110:", " 7"));
    let loss =
        |words| same(&|raster| raster.text_centred(layout.loss(0), &[(words, palette::DIM)]));
    assert!(loss("0.250") && !loss("0.251"));
    let title = |line, words, color| same(&|raster| raster.text(Layout::title(line), words, color));
    assert!(title(0, "a network", palette::TEXT) && !title(0, "no network", palette::TEXT));
    assert!(title(1, "its images", palette::DIM));
    let caption = |row, words, color| {
        let [x, middle] = layout.caption(0, row);
        same(&|raster| raster.text([x, middle - LINE / 2], words, color))
    };
    assert!(caption(0, "original", palette::INK) && !caption(0, "originals", palette::INK));
    assert!(caption(1, "reconstruction", palette::NET));
}

#[test]
fn images_of_any_size_have_all_their_pixels_and_their_classes_names() {
    let size = ImageSize {
        height: 20,
        width: 10,
    };
    let pixels: Vec<f32> = (0..200).map(|place| place as f32 / 199.0).collect();
    let one = Sample {
        original: pixels.clone(),
        reconstruction: pixels.clone(),
        ..sample(1, 0.5, None)
    };
    let clothes = Classes::named(&["bag", "trouser"]);
    let drawn = |classes: &Classes| {
        let figure = Figure {
            title: "a network",
            subtitle: "its images",
            noise: "",
            size,
            classes,
            samples: std::slice::from_ref(&one),
        };
        figure.draw()
    };
    let raster = drawn(&clothes);
    let layout = |letters| Layout::new(1, 2, Tile::new(size, letters), &["its images".into()]);
    let (bare, layout) = (layout(1), layout(10));
    let [left, top] = layout.tile(0, 0);
    // The longer side is of 112 pixels about, by whole numbers: 6 for each of 20.
    for (place, value) in pixels.iter().enumerate() {
        let at = [left + place % 10 * 6 + 5, top + place / 10 * 6 + 5];
        assert_eq!(raster.at(at), original(*value), "{place}");
    }
    let says = |raster: &Raster, layout: &Layout, words: &[(&str, [u8; 3])]| {
        let mut again = raster.clone();
        again.text_centred(layout.label(0), words);
        again == *raster
    };
    let [number, name] = [("1:", palette::DIM), (" trouser", palette::INK)];
    assert!(says(&raster, &layout, &[number, name]));
    let raster = drawn(&Classes::Unlabelled);
    assert!(says(&raster, &bare, &[("1", palette::DIM)]));
    assert!(!says(&raster, &bare, &[number]));
}
