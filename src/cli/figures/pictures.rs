//! The figures that are pictures: images and what comes back of them, places decoded, weights.

use ndarray::Array2;

use super::{Answer, subject::Subject};
use crate::{
    cli::images::Images,
    data::{Classes, corrupt::Noise},
    figure::{
        Drawing,
        paper::{Filters, MOST_FILTERS, Manifold, Paint, Strip, Strips},
    },
    lens::{Lens, Sample, UnitLayer},
    message::{Plane, Row},
    observe::unit_weights,
};

pub(super) fn first_four(subject: &Subject) -> Drawing {
    let data = &subject.images.data;
    // A heap has no training images.
    let (split, half) = if data.train.is_empty() {
        (subject.images.split(), "")
    } else {
        (&data.train, "training ")
    };
    let count = split.len().min(4);
    let pictures: Vec<Vec<f32>> = (0..count).map(|n| split.pixels_of(n)).collect();
    let over: Vec<String> = match subject.classes() {
        Classes::Unlabelled => Vec::new(),
        _ => (0..count).map(|n| subject.called(split.label(n))).collect(),
    };
    let words = ["no", "first", "first two", "first three", "first four"][count];
    let image = if count == 1 { "image" } else { "images" };
    Strips {
        title: &format!("{}: the {words} {half}{image}", data.name),
        size: split.size(),
        columns: 4,
        over: &over,
        under: &[],
        strips: &[Strip {
            caption: "",
            paint: Paint::Real,
            pictures: pictures.iter().map(|picture| &**picture).collect(),
        }],
    }
    .draw()
}

pub(super) fn before_and_after(subject: &Subject) -> Drawing {
    let (Images { range, .. }, half) = (subject.images, subject.half);
    let split = subject.images.split();
    let weights = subject.weights;
    let lens = Lens::new(&weights.net, &weights.recipe, &subject.pool);
    let samples = lens.samples(split, range.clone());
    let label = |sample: &Sample| match subject.classes() {
        Classes::Unlabelled => sample.index.to_string(),
        _ => subject.called(sample.label),
    };
    let over: Vec<String> = samples.iter().map(label).collect();
    let under: Vec<String> = samples
        .iter()
        .map(|own| format!("{:.3}", own.loss))
        .collect();
    let noise = match weights.recipe.noise {
        Noise::None => String::new(),
        noise => format!("with noise, {noise}"),
    };
    let mut strips = vec![Strip {
        caption: "before",
        paint: Paint::Real,
        pictures: samples.iter().map(|sample| &*sample.original).collect(),
    }];
    if !noise.is_empty() {
        strips.push(Strip {
            caption: &noise,
            paint: Paint::Real,
            pictures: samples
                .iter()
                .filter_map(|own| own.noisy.as_deref())
                .collect(),
        });
    }
    strips.push(Strip {
        caption: "after, and its cross-entropy per pixel",
        paint: Paint::Made,
        pictures: samples
            .iter()
            .map(|sample| &*sample.reconstruction)
            .collect(),
    });
    let which = match range.len() {
        1 => format!("{half}image {}", range.start),
        _ => format!("{half}images {} to {}", range.start, range.end - 1),
    };
    Strips {
        title: &subject.title(&which),
        size: split.size(),
        columns: Row::LENGTH.min(samples.len()),
        over: &over,
        under: &under,
        strips: &strips,
    }
    .draw()
}

pub(super) fn manifold(subject: &Subject) -> Answer {
    let plane = &subject.plane;
    if plane.maps {
        return Err("a code of maps has no plane whose places are codes".into());
    }
    let is_line = plane.plane == Plane::Line;
    let size = subject.images.split().size();
    let ends = [plane.ends(0), plane.ends(1)];
    let grid = if is_line {
        Manifold::line(size)
    } else {
        Manifold::places(size)
    };
    let step = |[low, high]: [f32; 2], place: usize, count: usize| match count {
        1 => low,
        _ => low + (high - low) * place as f32 / (count - 1) as f32,
    };
    let place = |number: usize| {
        let [column, row] = [number % grid[0], grid[1] - 1 - number / grid[0]];
        [step(ends[0], column, grid[0]), step(ends[1], row, grid[1])]
    };
    let places: Vec<[f32; 2]> = (0..grid[0] * grid[1]).map(place).collect();
    let codes: Array2<f32> = plane.codes_at(&places);
    if codes.iter().any(|value| !value.is_finite()) {
        return Err("no code of these images is a number".into());
    }
    let weights = subject.weights;
    let lens = Lens::new(&weights.net, &weights.recipe, &subject.pool);
    let pictures = lens.decode(codes.view());
    let pictures: Vec<Vec<f32>> = pictures
        .rows()
        .into_iter()
        .map(|row| row.to_vec())
        .collect();
    let axes = plane.axes();
    Ok(Manifold {
        title: &subject.title(if is_line {
            "its line of codes, decoded"
        } else {
            "the plane of its codes, decoded"
        }),
        axes: [&axes[0], &axes[1]],
        ends,
        grid,
        size,
        pictures: &pictures,
    }
    .draw())
}

pub(super) fn filters(subject: &Subject) -> Answer {
    let net = &subject.weights.net;
    let layers = UnitLayer::all(&net.architecture());
    let units = layers.first().map_or(0, |layer| layer.units);
    let shown = units.min(MOST_FILTERS);
    let of_unit = |unit| unit_weights(net, true, unit);
    let (size, _) = of_unit(0);
    let filters: Vec<Vec<f32>> = (0..shown).map(|unit| of_unit(unit).1).collect();
    if filters.is_empty() || filters.iter().any(Vec::is_empty) {
        return Err("its first layer has no weights from the image".into());
    }
    let which = if shown < units {
        format!("weights of the first {shown} of {units} units of layer 1")
    } else {
        "weights of the first layer".to_owned()
    };
    Ok(Filters {
        title: &subject.title(&which),
        size,
        filters: &filters,
    }
    .draw())
}
