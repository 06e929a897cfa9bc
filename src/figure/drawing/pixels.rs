//! A page as pixels, their edges smoothed.

use zeno::{Cap, Command, Fill, Join, Mask, PathBuilder as _, Placement, Stroke, Transform};

use super::{Drawing, FINENESS, Picture, Shape};
use crate::raster::{Raster, Rgb};

/// A dash and the gap behind it, in points.
pub(super) const DASHES: [f32; 2] = [3.0, 2.0];

const PAGE: Rgb = [255; 3];

pub(super) fn of(drawing: &Drawing) -> Raster {
    let size = drawing
        .size
        .map(|side| (side * FINENESS as f32).round() as usize);
    let mut raster = Raster::new(size, PAGE);
    for shape in &drawing.shapes {
        draw(&mut raster, shape);
    }
    raster
}

fn draw(raster: &mut Raster, shape: &Shape) {
    match shape {
        Shape::Surface {
            outline,
            color,
            opacity,
        } => fill(raster, outline, *color, *opacity),
        Shape::Words { outline, color, .. } => fill(raster, outline, *color, 1.0),
        Shape::Line {
            path,
            color,
            width,
            dashed,
        } => {
            let mut stroke = Stroke::new(*width);
            stroke.join(Join::Round).cap(Cap::Butt);
            if *dashed {
                stroke.dash(&DASHES, 0.0);
            }
            let mask = Mask::new(path)
                .style(stroke)
                .transform(Some(finely()))
                .render();
            blend(raster, &mask, *color, 1.0);
        }
        Shape::Dots {
            radius,
            opacity,
            places,
        } => {
            for (at, color) in places {
                let mut disc: Vec<Command> = Vec::new();
                disc.add_circle(*at, *radius);
                fill(raster, &disc, *color, *opacity);
            }
        }
        Shape::Picture {
            corner,
            picture,
            scale,
        } => {
            let corner = corner.map(|at| (at * FINENESS as f32).round() as usize);
            enlarge(raster, corner, picture, *scale);
        }
    }
}

/// From points to pixels.
fn finely() -> Transform {
    let scale = FINENESS as f32;
    Transform::scale(scale, scale)
}

fn fill(raster: &mut Raster, outline: &Vec<Command>, color: Rgb, opacity: f32) {
    let mask = Mask::new(outline)
        .style(Fill::NonZero)
        .transform(Some(finely()))
        .render();
    blend(raster, &mask, color, opacity);
}

/// Colours what a mask covers, as far as it does; what is off the page is dropped.
fn blend(raster: &mut Raster, (mask, place): &(Vec<u8>, Placement), color: Rgb, opacity: f32) {
    let height = raster.pixels().len() / raster.width();
    let rows = mask.chunks_exact((place.width as usize).max(1));
    for (row, y) in rows.zip(place.top..) {
        for (&cover, x) in row.iter().zip(place.left..) {
            let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
                continue;
            };
            if cover == 0 || x >= raster.width() || y >= height {
                continue;
            }
            let (part, below) = (opacity * f32::from(cover) / 255.0, raster.at([x, y]));
            let mixed = std::array::from_fn(|channel| {
                let [from, to] = [below, color].map(|color| f32::from(color[channel]));
                (from + part * (to - from)).round() as u8
            });
            raster.set([x, y], mixed);
        }
    }
}

/// A picture, each of its pixels as a square of so many.
pub(super) fn enlarge(
    raster: &mut Raster,
    [left, top]: [usize; 2],
    picture: &Picture,
    scale: usize,
) {
    for (number, color) in picture.pixels.iter().enumerate() {
        let [x, y] = [number % picture.width, number / picture.width];
        for row in 0..scale {
            for column in 0..scale {
                let place = [left + x * scale + column, top + y * scale + row];
                raster.set(place, *color);
            }
        }
    }
}
