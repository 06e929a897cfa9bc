//! The network and the images that all figures of one go are of, and what they are called there.

use super::plane::CodePlane;
use crate::{
    cli::{
        images::{Chosen, Images},
        weights::Loaded,
    },
    data::Classes,
    figure::paper::{self, Named},
    lens::Lens,
    pool::Pool,
    store::{metrics::Logged, weights::About},
    ui::theme::class_on_paper,
    words::{counted, grouped},
};

/// The network and the images that all figures are of.
pub(super) struct Subject<'a> {
    pub(super) weights: &'a Loaded,
    pub(super) images: &'a Images,
    /// What their half is called, with a space after it.
    pub(super) half: &'static str,
    /// What the run's log tells, of a run.
    pub(super) log: Option<Logged>,
    network: String,
    pub(super) pool: Pool,
    pub(super) plane: CodePlane,
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
    pub(super) fn title(&self, what: &str) -> String {
        format!("{} on {}: {what}", self.network, self.data())
    }

    pub(super) fn classes(&self) -> &Classes {
        &self.images.data.classes
    }

    /// What a class is called, in letters that can be drawn.
    pub(super) fn called(&self, class: u8) -> String {
        let name = self.classes().name(class);
        if paper::draws(&name) {
            name.into_owned()
        } else {
            class.to_string()
        }
    }

    /// All images of the split, in words.
    pub(super) fn all(&self) -> String {
        let count = self.images.split().len() as u64;
        let what = format!("{}image", self.half);
        counted(count, &what).replacen(&count.to_string(), &grouped(count), 1)
    }

    /// The classes that there are images of may be drawn in their colours.
    pub(super) fn named(&self) -> Vec<Named> {
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
