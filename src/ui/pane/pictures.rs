//! The chosen sample and what the network makes of it.
//! White is real, green was made by the network.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    data::Classes,
    image::ImageSize,
    lens::Sample,
    message::SplitName,
    ui::{
        app::Above,
        theme::Theme,
        views::Stage,
        widget::text,
        widget::{
            cut::{Cut, Window},
            fine::Fine,
            fit::Image,
            picture::{Paint, Part, Picture},
        },
    },
    words::grouped,
};

/// A sample seen through one window: what is cut from the original is cut from
/// its reconstruction too.
pub(in crate::ui) struct View<'a> {
    sample: &'a Sample,
    size: ImageSize,
    cut: Cut,
    window: Window,
    /// Where they are declared with all their pixels.
    fine: &'a Fine,
}

impl<'a> View<'a> {
    pub(in crate::ui) fn of(sample: &'a Sample, size: ImageSize, cut: Cut, fine: &'a Fine) -> Self {
        let values = &sample.original;
        Self {
            sample,
            size,
            cut,
            window: Window::around(Image { size, values }),
            fine,
        }
    }

    /// One of the images that the screen shows.
    pub(in crate::ui) fn on(stage: &Stage<'a>, sample: &'a Sample, cut: Cut) -> Self {
        Self::of(sample, stage.app.image(), cut, stage.fine)
    }

    /// The original or what the network is shown of it, and which sample it is.
    pub(in crate::ui) fn image(
        &self,
        which: Above,
        split: SplitName,
        classes: &Classes,
        theme: Theme,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let name = self.name(which);
        let [whole, long, short] = self.which(split, classes);
        let room = area.width.saturating_sub(text::width(name) + 1);
        let says = [&whole, &long, &short]
            .into_iter()
            .find(|words| text::width(words) <= room)
            .map_or("", String::as_str);
        text::title(buf, area, theme, name, &[(says, theme.dim())]);
        self.draw_image(which, theme, text::body(area), buf);
    }

    /// The same over the row that says what becomes of its pixels: so many of them there are.
    pub(in crate::ui) fn image_of_pixels(
        &self,
        which: Above,
        split: SplitName,
        classes: &Classes,
        theme: Theme,
        area: Rect,
        buf: &mut Buffer,
    ) {
        if which == Above::Noisy && self.sample.noisy.is_some() {
            return self.image(which, split, classes, theme, area, buf);
        }
        let [whole, long, short] = self.which(split, classes);
        let marked = match classes {
            Classes::Unlabelled => short.clone(),
            classes => {
                let mark = text::mark(classes, self.sample.label, theme);
                format!("{short}: {mark}")
            }
        };
        let count = grouped(self.size.pixels() as u64);
        let pixels = [format!("{count} pixels"), format!("{count} px")];
        let names = [whole, long, marked, short];
        let both = names
            .iter()
            .flat_map(|name| pixels.iter().map(move |pixels| (&**name, &**pixels)));
        let alone = names.iter().map(|name| (&**name, ""));
        let (name, says) = both
            .chain(alone)
            .find(|(name, pixels)| text::width(name) + 1 + text::width(pixels) <= area.width)
            .unwrap_or_default();
        text::title(buf, area, theme, name, &[(says, theme.title())]);
        self.draw_image(which, theme, text::body(area), buf);
    }

    /// Which image it is, in words ever shorter.
    fn which(&self, split: SplitName, classes: &Classes) -> [String; 3] {
        let Sample { index, label, .. } = self.sample;
        let short = index.to_string();
        let long = text::image(&short, classes, *label);
        let split = match split {
            SplitName::Train => "train ",
            SplitName::Test => "",
            SplitName::Unseen => "unseen ",
        };
        [format!("{split}{long}"), long, short]
    }

    /// What the network is shown, beside the original.
    pub(in crate::ui) fn noisy(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let says = [("what it is shown", theme.dim())];
        text::title(buf, area, theme, self.name(Above::Noisy), &says);
        self.draw_image(Above::Noisy, theme, text::body(area), buf);
    }

    /// What that picture is called; without noise there are originals only.
    fn name(&self, which: Above) -> &'static str {
        match (which, &self.sample.noisy) {
            (Above::Noisy, Some(_)) => "noisy",
            _ => "original",
        }
    }

    /// The reconstruction, and how far it is from the original.
    pub(in crate::ui) fn reconstruction(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let number = text::loss(self.sample.loss);
        let long = format!("loss {number}");
        let room = area.width.saturating_sub(text::width("reconstruction") + 1);
        let says = [long, number]
            .into_iter()
            .find(|words| text::width(words) <= room)
            .unwrap_or_default();
        text::title(buf, area, theme, "reconstruction", &[(&says, theme.dim())]);
        self.draw_reconstruction(theme, text::body(area), buf);
    }

    /// Reconstruction minus original.
    pub(in crate::ui) fn difference(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let Sample {
            original,
            reconstruction,
            ..
        } = self.sample;
        let image = |values: &'a [f32]| self.image_of(values);
        difference(
            [image(original), image(reconstruction)],
            (self.cut, self.window),
            theme,
            self.fine,
            area,
            buf,
        );
    }

    /// That picture alone, without a title: in white, though noise is drawn by
    /// chance, for the network made none of it.
    pub(in crate::ui) fn draw_image(
        &self,
        which: Above,
        theme: Theme,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let image = match (which, &self.sample.noisy) {
            (Above::Noisy, Some(noisy)) => noisy,
            _ => &self.sample.original,
        };
        self.draw(image, Paint::Original, theme, area, buf);
    }

    /// The reconstruction alone, without a title.
    pub(in crate::ui) fn draw_reconstruction(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        self.draw(
            &self.sample.reconstruction,
            Paint::Network,
            theme,
            area,
            buf,
        );
    }

    /// What it is, where the title had no room for that.
    pub(in crate::ui) fn label(
        &self,
        classes: &Classes,
        theme: Theme,
        area: Rect,
        buf: &mut Buffer,
    ) {
        if *classes != Classes::Unlabelled {
            let label = format!("label {}", classes.name(self.sample.label));
            text::left(buf, area, &[(&label, theme.dim())]);
        }
    }

    /// What its reconstruction costs.
    pub(in crate::ui) fn cost(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let loss = format!("loss  {}", text::loss(self.sample.loss));
        text::left(buf, area, &[(&loss, theme.dim())]);
    }

    fn image_of<'b>(&self, values: &'b [f32]) -> Image<'b> {
        let size = self.size;
        Image { size, values }
    }

    fn draw(&self, image: &[f32], paint: Paint, theme: Theme, area: Rect, buf: &mut Buffer) {
        Part {
            image: self.image_of(image),
            cut: self.cut,
            window: self.window,
            paint,
            theme,
        }
        .render(self.fine, area, buf);
    }
}

/// A reconstruction minus its original.
pub(in crate::ui) fn difference(
    [original, made]: [Image; 2],
    (cut, window): (Cut, Window),
    theme: Theme,
    fine: &Fine,
    area: Rect,
    buf: &mut Buffer,
) {
    let fit = cut.fit(original.size, window);
    let value = |x, y| fit.fine_value(made, x, y) - fit.fine_value(original, x, y);
    Picture {
        pixels: &cut.of_difference(original, made, window),
        paint: Paint::Difference,
        theme,
    }
    .render_fine(fine, (fit.fine_size(), value), area, buf);
}

/// A thumb of the image that has no larger place.
pub(in crate::ui) fn thumb(
    stage: &Stage,
    sample: &Sample,
    which: Above,
    area: Rect,
    buf: &mut Buffer,
) {
    let view = View::on(stage, sample, Cut::Thumb);
    view.draw_image(which, stage.theme, middle(area), buf);
}

/// The place of a thumb in the middle of an area.
pub(in crate::ui) fn middle(area: Rect) -> Rect {
    let (columns, rows) = (Cut::Thumb.columns(), Cut::Thumb.rows());
    Rect {
        x: area.x + area.width.saturating_sub(columns) / 2,
        y: area.y + area.height.saturating_sub(rows) / 2,
        width: columns.min(area.width),
        height: rows.min(area.height),
    }
}
