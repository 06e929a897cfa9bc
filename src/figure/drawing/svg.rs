//! A page as SVG: outlines as paths, words named by what they say, pictures as PNGs inside.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeno::{Command, Point};

use super::{Drawing, Picture, Shape};
use crate::raster::{Raster, Rgb};

/// Names who wrote the file.
pub(in crate::figure) const SIGNATURE: &str = "<!-- drawn by ae-tui -->";

pub(super) fn of(drawing: &Drawing) -> String {
    let [width, height] = drawing.size.map(number);
    let title = escaped(&drawing.title);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n{SIGNATURE}\n<title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for shape in &drawing.shapes {
        write(&mut text, shape);
    }
    text + "</svg>\n"
}

fn write(text: &mut String, shape: &Shape) {
    // A String takes whatever is written.
    let _ = match shape {
        Shape::Surface {
            outline,
            color,
            opacity,
        } => writeln!(
            text,
            "<path fill=\"{}\"{} d=\"{}\"/>",
            hex(*color),
            faded(*opacity),
            path(outline)
        ),
        Shape::Words {
            words,
            outline,
            color,
        } => writeln!(
            text,
            "<path aria-label=\"{}\" fill=\"{}\" d=\"{}\"/>",
            escaped(words),
            hex(*color),
            path(outline)
        ),
        Shape::Line {
            path: along,
            color,
            width,
            dashed,
        } => writeln!(
            text,
            "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{} d=\"{}\"/>",
            hex(*color),
            number(*width),
            if *dashed {
                format!(
                    " stroke-dasharray=\"{}\"",
                    super::pixels::DASHES.map(number).join(" ")
                )
            } else {
                String::new()
            },
            path(along)
        ),
        Shape::Dots {
            radius,
            opacity,
            places,
        } => {
            let _ = writeln!(text, "<g{}>", faded(*opacity));
            for ([x, y], color) in places {
                let [x, y, radius] = [*x, *y, *radius].map(number);
                let color = hex(*color);
                let _ = writeln!(
                    text,
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{color}\"/>"
                );
            }
            writeln!(text, "</g>")
        }
        Shape::Picture {
            corner,
            picture,
            scale,
        } => {
            let [x, y] = corner.map(number);
            let [width, height] = picture.size(*scale).map(number);
            let bytes = STANDARD.encode(png(picture, *scale));
            writeln!(
                text,
                "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
                 preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" \
                 href=\"data:image/png;base64,{bytes}\"/>"
            )
        }
    };
}

/// The picture as large as in a PNG of the page: not every program that shows or converts an SVG
/// heeds how it is to be enlarged.
fn png(picture: &Picture, scale: usize) -> Vec<u8> {
    let size = [picture.width, picture.height()].map(|side| side * scale);
    let mut raster = Raster::new(size, [0; 3]);
    super::pixels::enlarge(&mut raster, [0; 2], picture, scale);
    raster.png()
}

fn path(commands: &[Command]) -> String {
    let mut path = String::new();
    let point = |point: &Point| format!("{} {}", number(point.x), number(point.y));
    for command in commands {
        let _ = match command {
            Command::MoveTo(to) => write!(path, "M{}", point(to)),
            Command::LineTo(to) => write!(path, "L{}", point(to)),
            Command::QuadTo(control, to) => write!(path, "Q{} {}", point(control), point(to)),
            Command::CurveTo(one, two, to) => {
                write!(path, "C{} {} {}", point(one), point(two), point(to))
            }
            Command::Close => write!(path, "Z"),
        };
    }
    path
}

/// A hundredth of a point is seen by nobody, and a thousandth is not written.
fn number(value: f32) -> String {
    let words = format!("{value:.3}");
    let words = words.trim_end_matches('0').trim_end_matches('.');
    if words == "-0" {
        "0".into()
    } else {
        words.into()
    }
}

fn faded(opacity: f32) -> String {
    if opacity < 1.0 {
        format!(" fill-opacity=\"{}\"", number(opacity))
    } else {
        String::new()
    }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Words within XML; what XML has no place for is left out.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for letter in words.chars().filter(|letter| !letter.is_control()) {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\u{fffe}' | '\u{ffff}' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}
