//! What each figure shows of a network: asked of the lens and the measures, and named.

use ndarray::Array2;

use super::plane::CodePlane;
use crate::{
    cli::{
        images::{Chosen, Images},
        weights::Loaded,
    },
    data::{Classes, corrupt::Noise},
    figure::{
        Drawing,
        paper::{
            self, Across, Bar, Bars, Chart, CodeMap, Filters, Line, Manifold, Named, Paint, Strip,
            Strips,
        },
    },
    lens::{Lens, Sample, UnitLayer},
    measure::{Effort, Reconstruction, Stretch},
    message::{Epoch, Plane, Row},
    nn::Code,
    observe::unit_weights,
    pool::Pool,
    store::{metrics::Logged, weights::About},
    ui::theme::class_on_paper,
    words::{counted, grouped},
};

/// A figure, or why there is none.
type Answer = Result<Drawing, String>;

/// All figures, and who draws them.
pub(super) const FIGURES: [(&str, fn(&Subject) -> Answer); 7] = [
    ("first-four", first_four),
    ("before-and-after", before_and_after),
    ("loss", loss),
    ("map", map),
    ("manifold", manifold),
    ("filters", filters),
    ("class-losses", class_losses),
];

/// Pictures along a line of places.
const PLACES_ON_A_LINE: usize = 10;

/// The network and the images that all figures are of.
pub(super) struct Subject<'a> {
    weights: &'a Loaded,
    images: &'a Images,
    /// What their half is called, with a space after it.
    half: &'static str,
    /// What the run's log tells, of a run.
    log: Option<Logged>,
    network: String,
    pool: Pool,
    plane: CodePlane,
}

impl<'a> Subject<'a> {
    pub(super) fn of(weights: &'a Loaded, chosen: &'a Chosen, log: Option<Logged>) -> Self {
        let images = &chosen.stretches[0];
        let pool = Pool::of_the_machine();
        let recipe = weights.recipe.without_noise();
        let codes = Lens::new(&weights.net, &recipe, &pool).codes(images.split());
        Self {
            network: network_of(weights),
            plane: CodePlane::of(codes, &weights.net),
            weights,
            images,
            half: chosen.half,
            log,
            pool,
        }
    }

    /// What the images are called.
    pub(super) fn data(&self) -> &str {
        &self.images.data.name
    }

    /// What the network is called.
    pub(super) fn network(&self) -> &str {
        &self.network
    }

    /// The line over a figure: whose it is, and what.
    fn title(&self, what: &str) -> String {
        format!("{} on {}: {what}", self.network, self.data())
    }

    fn classes(&self) -> &Classes {
        &self.images.data.classes
    }

    /// What a class is called, in letters that can be drawn.
    fn called(&self, class: u8) -> String {
        let name = self.classes().name(class);
        if paper::draws(&name) {
            name.into_owned()
        } else {
            class.to_string()
        }
    }

    /// All images of the split, in words.
    fn all(&self) -> String {
        let count = self.images.split().len() as u64;
        let what = format!("{}image", self.half);
        counted(count, &what).replacen(&count.to_string(), &grouped(count), 1)
    }

    /// The classes that there are images of may be drawn in their colours.
    fn named(&self) -> Vec<Named> {
        if *self.classes() == Classes::Unlabelled {
            return Vec::new();
        }
        let named = |class: u8| Named {
            name: self.called(class),
            mark: self.classes().mark(class),
            color: class_on_paper(class),
        };
        (0..self.classes().count() as u8).map(named).collect()
    }
}

/// `article 32,2 after 10 epochs`.
fn network_of(weights: &Loaded) -> String {
    let about = &weights.origin.about;
    let name = about.preset().map(|preset| preset.name().to_owned());
    let network = weights.net.architecture().network;
    let sizes = network.encoder_sizes().map(|sizes| {
        let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
        sizes.join(",")
    });
    let what = match (name, sizes) {
        (Some(name), Some(sizes)) => format!("{name} {sizes}"),
        (Some(name), None) => name,
        (None, Some(sizes)) => sizes,
        (None, None) => network.name().to_owned(),
    };
    what + &after(about)
}

/// How far it has come, as far as it is known.
fn after(about: &About) -> String {
    match (about.step, about.steps_per_epoch, about.epochs_done()) {
        (Some(step), Some(epoch), Some(epochs)) if step % epoch == 0 => {
            format!(" after {}", counted(epochs, "epoch"))
        }
        (Some(step), ..) => format!(" after {} steps", grouped(step)),
        _ => String::new(),
    }
}

fn first_four(subject: &Subject) -> Answer {
    let data = &subject.images.data;
    // A heap has no training images.
    let (split, half) = if data.train.len() == 0 {
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
    Ok(Strips {
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
    .draw())
}

fn before_and_after(subject: &Subject) -> Answer {
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
    Ok(Strips {
        title: &subject.title(&which),
        size: split.size(),
        columns: Row::LENGTH.min(samples.len()),
        over: &over,
        under: &under,
        strips: &strips,
    }
    .draw())
}

fn loss(subject: &Subject) -> Answer {
    let Some(log) = &subject.log else {
        return Err("weights tell no epochs; the folder of a run does, which --run keeps".into());
    };
    if log.epochs.is_empty() {
        return Err("the run's log tells of no epoch that ended".into());
    }
    let line = |name: &str, color, of: fn(&Epoch) -> f32| {
        let points = log.epochs.iter();
        let points = points.map(|epoch| [epoch.number as f64, f64::from(of(epoch))]);
        let points: Vec<[f64; 2]> = points.filter(|[_, loss]| loss.is_finite()).collect();
        let last = points.last().map_or(f64::NAN, |[_, loss]| *loss);
        // Nats of an image are hundreds of those of a pixel.
        let places = if last < 10.0 { 4 } else { 2 };
        Line {
            name: format!("{name} ({last:.places$})"),
            color,
            dashed: false,
            points,
            spread: Vec::new(),
        }
    };
    let mut lines = vec![
        line("training", paper::TRAINING, |epoch| epoch.train_loss),
        line("held-out", paper::HELD_OUT, |epoch| epoch.held_out.loss),
    ];
    let architecture = subject.weights.net.architecture();
    let up = if architecture.code() == Code::Gaussian {
        "negative ELBO, nats per image"
    } else if subject.weights.recipe.l1 > 0.0 {
        lines.push(line(
            "held-out, its cross-entropy alone",
            paper::ALONE,
            |epoch| epoch.held_out.reconstruction,
        ));
        "cross-entropy + L1, nats per pixel"
    } else {
        "cross-entropy, nats per pixel"
    };
    if lines.iter().all(|line| line.points.is_empty()) {
        return Err("the losses in the run's log are no numbers".into());
    }
    Ok(Chart {
        title: &subject.title("loss"),
        across: Across::Time("epoch"),
        up,
        lines: &lines,
    }
    .draw())
}

fn map(subject: &Subject) -> Answer {
    let split = subject.images.split();
    let plane = &subject.plane;
    // Of many as many as can be seen, evenly chosen.
    let every = split.len().div_ceil(paper::MOST_POINTS).max(1);
    let places = plane.places(split.labels());
    let points: Vec<([f32; 2], u8)> = (0..split.len())
        .step_by(every)
        .map(|image| (places[image], split.label(image)))
        .filter(|(at, _)| at.iter().all(|value| value.is_finite()))
        .collect();
    if points.is_empty() {
        return Err("no code of these images is a number".into());
    }
    let what = match every {
        1 => format!("codes of {}", subject.all()),
        _ => format!("codes of every {every}th of {}", subject.all()),
    };
    let mut axes = plane.axes();
    let by_class = plane.plane == Plane::Line;
    let mut classes = subject.named();
    if by_class {
        axes[1] = match subject.classes() {
            Classes::Unlabelled => String::new(),
            classes => classes.word().to_owned(),
        };
        if classes.is_empty() {
            classes.push(Named {
                name: String::new(),
                mark: ' ',
                color: paper::HELD_OUT,
            });
        }
    }
    Ok(CodeMap {
        title: &subject.title(&what),
        axes: [&axes[0], &axes[1]],
        points: &points,
        classes: &classes,
        by_class,
    }
    .draw())
}

fn manifold(subject: &Subject) -> Answer {
    let plane = &subject.plane;
    if plane.maps {
        return Err("a code of maps has no plane whose places are codes".into());
    }
    let is_line = plane.plane == Plane::Line;
    let size = subject.images.split().size();
    let ends = [plane.ends(0), plane.ends(1)];
    let grid = if is_line {
        [PLACES_ON_A_LINE, 1]
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

fn filters(subject: &Subject) -> Answer {
    let net = &subject.weights.net;
    let layers = UnitLayer::all(&net.architecture());
    let units = layers.first().map_or(0, |layer| layer.units);
    let shown = units.min(paper::MOST_FILTERS);
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

fn class_losses(subject: &Subject) -> Answer {
    if *subject.classes() == Classes::Unlabelled {
        return Err("the images have no labels".into());
    }
    let split = subject.images.split();
    let asked = Stretch {
        images: split,
        range: 0..split.len(),
        trained_on: false,
    };
    let measured =
        Reconstruction::of_network(&subject.weights.net, &asked, Effort::full(&subject.pool))
            .expect("nobody calls it off");
    let bars: Vec<Bar> = measured
        .digits
        .iter()
        .map(|class| Bar {
            name: subject.called(class.digit),
            value: class.quality.cross_entropy,
        })
        .collect();
    let word = subject.classes().word();
    Ok(Bars {
        title: &subject.title(&format!("loss by {word}, {}", subject.all())),
        across: "cross-entropy, nats per pixel",
        bars: &bars,
        all: (measured.all.cross_entropy, "mean"),
    }
    .draw())
}
