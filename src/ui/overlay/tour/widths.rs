//! The same digits through codes of several widths, one row of pictures over the other.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    message::TriedWidth,
    ui::{
        app::App,
        theme::Theme,
        widget::{
            cut::{Cut, Window},
            fine::Fine,
            fit::Image,
            picture::{Paint, Part},
            text,
        },
    },
    words::pointed,
};

/// Columns of what stands before the pictures.
const NAMES: u16 = 14;
/// Columns from one picture to the next at the most.
const MOST_PITCH: u16 = 12;

/// Draws the originals and below them what each width makes of them, as many as there are rows for.
pub(super) fn render(app: &App, widths: &[TriedWidth], theme: Theme, area: Rect, buf: &mut Buffer) {
    let (columns, rows) = (Cut::Thumb.columns(), Cut::Thumb.rows());
    let Some(data) = &app.data else { return };
    let room = usize::from(area.height / rows).saturating_sub(1);
    let shown = chosen(widths, room);
    let Some(first) = shown.first() else { return };
    let indices = first.first..data.test.len().min(first.first + first.pictures.len());
    let originals: Vec<Vec<f32>> = indices
        .map(|index| {
            let pixels = data.test.image(index).iter();
            pixels
                .map(|&pixel| f32::from(pixel) / f32::from(u8::MAX))
                .collect()
        })
        .collect();
    let free = area.width.saturating_sub(NAMES);
    let pitch = (free / 10).clamp(columns, MOST_PITCH);
    let fit = usize::from(free / pitch);
    let size = app.image();
    let mut row_of = |place: usize, names: [&str; 2], pictures: &[Vec<f32>], paint: Paint| {
        let top = area.y + place as u16 * rows;
        for (line, name) in (1..).zip(names) {
            let row = Rect::new(area.x, top + line, NAMES - 1, 1);
            let style = if line == 1 { theme.text() } else { theme.dim() };
            text::left(buf, row, &[(name, style)]);
        }
        for (number, (values, original)) in pictures.iter().zip(&originals).enumerate().take(fit) {
            let window = Window::around(Image {
                size,
                values: original,
            });
            let part = Part {
                image: Image { size, values },
                cut: Cut::Thumb,
                window,
                paint,
                theme,
            };
            let x = area.x + NAMES + number as u16 * pitch;
            part.render(&Fine::unwanted(), Rect::new(x, top, columns, rows), buf);
        }
    };
    row_of(0, ["original", ""], &originals, Paint::Original);
    for (place, tried) in (1..).zip(shown) {
        let plural = if tried.width == 1 { "" } else { "s" };
        let names = [
            format!("{} number{plural}", tried.width),
            format!("loss {}", pointed(&format!("{:.3}", tried.held_out))),
        ];
        let names = [names[0].as_str(), names[1].as_str()];
        row_of(place, names, &tried.pictures, Paint::Network);
    }
}

/// So many of them, the narrowest and the widest first of all.
fn chosen(widths: &[TriedWidth], room: usize) -> Vec<&TriedWidth> {
    let mut shown: Vec<&TriedWidth> = widths.iter().collect();
    while shown.len() > room && shown.len() > 1 {
        // Those in the middle go first.
        shown.remove((shown.len() - 1).min(shown.len() / 2));
    }
    shown.truncate(room);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_rows_are_few_the_narrowest_and_the_widest_stay() {
        let of = |width| TriedWidth {
            width,
            held_out: 0.2,
            told: 0.5,
            first: 0,
            pictures: Vec::new(),
        };
        let all = [1, 2, 3, 16].map(of);
        let shown = |room| -> Vec<usize> {
            let shown = chosen(&all, room);
            shown.into_iter().map(|tried| tried.width).collect()
        };
        assert_eq!(shown(4), [1, 2, 3, 16]);
        assert_eq!(shown(3), [1, 2, 16]);
        assert_eq!(shown(2), [1, 16]);
        assert_eq!(shown(1), [1]);
        assert!(shown(0).is_empty());
    }
}
