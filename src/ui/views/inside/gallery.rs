//! Units as tiles: number at the left, answer to the chosen sample at the right.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{
    layout::{KERNEL_ROWS, Layout, TileShape, Tiles},
    words,
};
use crate::{
    image::ImageSize,
    lens::LayerPlace,
    message::{Gallery, InsideAnswer, LayerSeen, Sight, Tile, UnitLook, UnitMap},
    ui::{
        theme::Theme,
        views::Stage,
        widget::{
            cut::{Cut, Window},
            fit::{Crop, Fit, Image, Pixels},
            picture::{Paint, Picture},
            text,
        },
    },
};

/// Tiles of a row of the usual page.
const WHOLE_PAGE: u16 = 8;

/// What a gallery shows: which, and from which place of its order on.
pub(super) struct Page<'a> {
    pub(super) gallery: &'a Gallery,
    pub(super) first: usize,
}

/// The page of a place for a gallery, if there is one.
pub(super) fn page<'a>(answer: &'a InsideAnswer, number: usize, at: &Layout) -> Option<Page<'a>> {
    let tiles = at.galleries.get(number)?;
    let here = tiles.count().max(1);
    if answer.galleries.len() == 1 {
        // One gallery goes on in the next place.
        let all: usize = at.galleries.iter().map(Tiles::count).sum();
        let before: usize = at.galleries[..number].iter().map(Tiles::count).sum();
        let gallery = &answer.galleries[0];
        let first = gallery.at / all.max(1) * all + before;
        return Some(Page { gallery, first });
    }
    let number = if at.galleries.len() == 1 {
        let chosen = answer.unit.sight;
        let of_chosen = |gallery: &Gallery| gallery.sight == chosen;
        answer.galleries.iter().position(of_chosen).unwrap_or(0)
    } else {
        number
    };
    let gallery = answer.galleries.get(number)?;
    let first = gallery.at / here * here;
    Some(Page { gallery, first })
}

/// Draws the tiles of one place.
pub(super) fn render(
    stage: &Stage,
    answer: Option<&InsideAnswer>,
    number: usize,
    tiles: &Tiles,
    at: &Layout,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let page = answer.and_then(|answer| Some((answer, page(answer, number, at)?)));
    let Some((answer, page)) = page else {
        text::title(buf, tiles.title, theme, "units", &[]);
        return;
    };
    let sight = answer.sights[page.gallery.sight];
    let seen = &answer.layers[sight.layer];
    let shown = page.gallery.order.len().saturating_sub(page.first);
    let shown = shown.min(tiles.count());
    if shown == 0 && !page.gallery.order.is_empty() {
        // The one before had room for all of them.
        return;
    }
    title(answer, &page, shown, tiles, theme, buf);
    for number in 0..shown {
        let tile = page.gallery.tile(page.first + number);
        let (Some(tile), Some(place)) = (tile, tiles.place(number)) else {
            continue;
        };
        let chosen = answer.unit.sight == page.gallery.sight && answer.unit.tile.unit == tile.unit;
        draw(stage, (tile, seen), tiles.shape, chosen, place, buf);
    }
    if page.gallery.order.is_empty() {
        let words = "all of its units are dead";
        text::left(buf, tiles.area, &[(words, theme.warning())]);
    }
}

fn title(
    answer: &InsideAnswer,
    page: &Page,
    shown: usize,
    tiles: &Tiles,
    theme: Theme,
    buf: &mut Buffer,
) {
    let sight = answer.sights[page.gallery.sight];
    let seen = &answer.layers[sight.layer];
    let row = tiles.title;
    let names = names(answer, sight, seen, tiles.shape);
    let [less, more] = match sight.look {
        UnitLook::Filter => ["-no ink", "+ink"],
        UnitLook::Atom => ["-erases", "+paints"],
        UnitLook::Fits => ["-less", "+more"],
    };
    let dead = seen.dead_count();
    let live = seen.layer.units - dead;
    let first = page.gallery.order.get(page.first).copied();
    let last = page.first + shown.saturating_sub(1);
    let last = page.gallery.order.get(last).copied();
    let range = first.zip(last).map(|(first, last)| {
        let [first, last] = [first, last].map(|unit| words::number(&seen.layer, unit));
        format!("{first} to {last}, {live} live")
    });
    let counts = match range {
        // A page of few tiles is told by its ends.
        Some(range) if tiles.columns < WHOLE_PAGE && shown < live => vec![range, String::new()],
        _ if dead > 0 => vec![
            format!("{shown} of {live} live, {dead} dead"),
            format!("{shown} of {live}"),
            String::new(),
        ],
        _ => vec![format!("{shown} of {live}"), String::new()],
    };
    let signs = [
        (less, theme.lost()),
        (" ", theme.dim()),
        (more, theme.added()),
    ];
    let drawn = !matches!(tiles.shape, TileShape::Map(_));
    for count in &counts {
        for name in &names {
            let gap = u16::from(!count.is_empty());
            let signed = if drawn { text::columns(&signs) + 2 } else { 0 };
            let needs = text::width(name) + 1 + signed + gap + text::width(count);
            if needs > row.width && !(Some(name) == names.last() && count.is_empty()) {
                continue;
            }
            text::title(buf, row, theme, name, &[(count, theme.dim())]);
            if drawn {
                let used = if count.is_empty() {
                    0
                } else {
                    text::width(count) + 2
                };
                let place = Rect {
                    x: row.x + text::width(name) + 1,
                    width: (row.width.saturating_sub(text::width(name) + 1)).saturating_sub(used),
                    ..row
                };
                let blank = (" ", theme.dim());
                let [less, between, more] = signs;
                let spaced = [blank, less, between, more, blank];
                let spaced = if count.is_empty() {
                    &spaced[..4]
                } else {
                    &spaced
                };
                text::right(buf, place, spaced);
            }
            return;
        }
    }
}

/// What the gallery is, from long to short.
fn names(answer: &InsideAnswer, sight: Sight, seen: &LayerSeen, shape: TileShape) -> Vec<String> {
    let layer = &seen.layer;
    let index = answer.sample.index;
    let order = if answer.galleries.len() == 1 {
        words::name(layer, false)
    } else {
        match sight.look {
            UnitLook::Filter => "first layer".into(),
            UnitLook::Atom => "last layer".into(),
            UnitLook::Fits => words::name(layer, false),
        }
    };
    match (layer.map, sight.look, shape) {
        (Some(size), _, TileShape::Map(_)) => vec![
            format!(
                "the code: what is left of {index}, {} maps of {size}",
                layer.units
            ),
            format!("the code: {} maps of {size}", layer.units),
            "the code".into(),
        ],
        (Some(_), UnitLook::Filter, _) => vec![
            format!(
                "{order}: {} kernels, and the map each makes of {index}",
                layer.units
            ),
            format!("{order}: kernels and maps"),
            "kernels".into(),
        ],
        (Some(_), UnitLook::Atom, _) => vec![
            format!("{order}: the ink each map paints, and the map of {index}"),
            format!("{order}: ink and maps"),
            "maps".into(),
        ],
        (_, UnitLook::Filter, _) => vec![
            format!("{order}: the ink each unit looks for"),
            format!("{order} looks for"),
            "looks for".into(),
        ],
        (_, UnitLook::Atom, _) => vec![
            format!("{order}: the ink each unit paints"),
            format!("{order} paints"),
            order,
        ],
        (_, UnitLook::Fits, _) if layer.place == LayerPlace::Code => vec![
            "code: ink of the images each value likes best, beside the average".into(),
            "code: ink that each value likes".into(),
            "code".into(),
        ],
        (_, UnitLook::Fits, _) => vec![
            format!("{order}: ink of the images each likes best, beside the average"),
            format!("{order}: ink that each likes"),
            order,
        ],
    }
}

fn draw(
    stage: &Stage,
    (tile, seen): (&Tile, &LayerSeen),
    shape: TileShape,
    chosen: bool,
    place: Rect,
    buf: &mut Buffer,
) {
    let (theme, of_image) = (stage.theme, tile.size == stage.app.image());
    let top = |height: u16| Rect {
        height: height.min(place.height),
        ..place
    };
    match shape {
        TileShape::Picture(cut) => picture(tile, cut, of_image, theme, place, buf),
        TileShape::KernelAndMap | TileShape::PictureAndMap => {
            let rows = if of_image {
                Cut::Thumb.rows()
            } else {
                KERNEL_ROWS
            };
            picture(tile, Cut::Thumb, of_image, theme, top(rows), buf);
            let below = Rect {
                y: place.y + rows.min(place.height),
                height: place.height.saturating_sub(rows),
                ..place
            };
            if let Some(map) = &tile.map {
                thumb(map, theme, below, buf);
            }
        }
        TileShape::Map(_) => {
            if let Some(map) = &tile.map {
                wide_pixels(image_of(map), Paint::Network, theme, place, buf);
            }
        }
    }
    label(stage, (tile, seen), shape, chosen, place, buf);
}

/// A picture of the image's size in that cut, or a kernel with two columns for each weight.
fn picture(tile: &Tile, cut: Cut, of_image: bool, theme: Theme, area: Rect, buf: &mut Buffer) {
    if tile.picture.is_empty() {
        return;
    }
    let picture = Image {
        size: tile.size,
        values: &tile.picture,
    };
    if of_image {
        let pixels = cut.of(picture, Window::Frame);
        return show(&pixels, Paint::Difference, theme, area, buf);
    }
    wide_pixels(picture, Paint::Difference, theme, area, buf);
}

fn show(pixels: &Pixels, paint: Paint, theme: Theme, area: Rect, buf: &mut Buffer) {
    Picture {
        pixels,
        paint,
        theme,
    }
    .render(area, buf);
}

fn image_of(map: &UnitMap) -> Image<'_> {
    Image {
        size: map.size,
        values: &map.values,
    }
}

/// Columns of a number of a small map: two where there is room for that, and a row each.
fn breadth(map: ImageSize, columns: u16) -> usize {
    if 2 * map.width <= usize::from(columns) {
        2
    } else {
        1
    }
}

/// A small map, each number two columns wide and one row high; a larger one half as large.
fn wide_pixels(map: Image, paint: Paint, theme: Theme, area: Rect, buf: &mut Buffer) {
    let scale = breadth(map.size, area.width);
    let [across, down] = [map.size.width, map.size.height].map(|side| (scale * side) as u16);
    let place = Rect {
        width: across.min(area.width),
        height: down.div_ceil(2).min(area.height),
        ..area
    };
    show(&Pixels::magnified(map, scale), paint, theme, place, buf);
}

/// Numbers that a thumb of a map may lose at each border, rather than mix them.
const BORDER: usize = 2;

/// A map as a thumb: where little is at its borders the middle, else the whole.
fn thumb(map: &UnitMap, theme: Theme, area: Rect, buf: &mut Buffer) {
    let area = Rect {
        height: area.height.min(Cut::Thumb.rows()),
        ..area
    };
    let side = usize::from(Cut::Thumb.columns());
    let larger = map.size.height.max(map.size.width);
    let fit = if (side + 1..=side + 2 * BORDER).contains(&larger) {
        Fit::within(middle(map.size, side), side).in_cells()
    } else {
        Cut::Thumb.fit(map.size, Window::Frame)
    };
    let pixels = Pixels::fitted(fit, |x, y| fit.value(image_of(map), x, y));
    show(&pixels, Paint::Network, theme, area, buf);
}

/// The middle of a map: so many numbers on a side, where it has as many.
fn middle(map: ImageSize, side: usize) -> Crop {
    let ImageSize { height, width } = map;
    let size = ImageSize {
        height: height.min(side),
        width: width.min(side),
    };
    Crop {
        from: [(width - size.width) / 2, (height - size.height) / 2],
        size,
    }
}

/// Number and answer: on a picture, or beside a kernel.
fn label(
    stage: &Stage,
    (tile, seen): (&Tile, &LayerSeen),
    shape: TileShape,
    chosen: bool,
    place: Rect,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let number = words::number(&seen.layer, tile.unit);
    let style = if chosen {
        theme.active_tab()
    } else {
        theme.text()
    };
    let marked = if chosen && theme.depth == crate::ui::theme::Depth::None {
        format!("[{number}]")
    } else {
        number
    };
    let says = if tile.dead {
        "dead".into()
    } else {
        words::says(&seen.layer, tile.says)
    };
    let answer_style = if tile.dead {
        theme.warning()
    } else {
        theme.accent()
    };
    let of_image = tile.size == stage.app.image();
    let beside = !of_image || matches!(shape, TileShape::Map(_));
    if beside {
        let wide = match shape {
            TileShape::Map(_) => tile.map.as_ref().map(|map| map.size),
            _ => Some(tile.size),
        };
        let wide = wide.map_or(0, |size| (breadth(size, place.width) * size.width) as u16);
        let right = Rect {
            x: place.x + (wide + 1).min(place.width),
            width: place.width.saturating_sub(wide + 1) + 1,
            height: 1,
            ..place
        };
        text::left(buf, right, &[(&marked, style)]);
        if !matches!(shape, TileShape::Map(_)) && place.height > 1 {
            let below = Rect {
                y: right.y + 1,
                ..right
            };
            text::left(buf, below, &[(&says, answer_style)]);
        }
        return;
    }
    let row = Rect {
        height: 1.min(place.height),
        ..place
    };
    if row.is_empty() {
        return;
    }
    ground(&marked, row.x, row, theme, buf);
    text::left(buf, row, &[(&marked, style)]);
    let room = row.width.saturating_sub(text::width(&marked));
    if text::width(&says) < room {
        ground(&says, row.right() - text::width(&says), row, theme, buf);
        text::right(buf, row, &[(&says, answer_style)]);
    }
}

/// Words on a picture stand on nothing.
fn ground(words: &str, x: u16, row: Rect, _theme: Theme, buf: &mut Buffer) {
    for x in x..(x + text::width(words)).min(row.right()) {
        buf[(x, row.y)] = ratatui::buffer::Cell::EMPTY;
    }
}
