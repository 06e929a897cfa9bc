//! A screen and a real observer beside each other, so that what stands on the one can be held
//! against the plain network that the other looks at.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    num::NonZeroUsize,
    sync::Arc,
    time::{Duration, Instant},
};

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split},
    message::Observation,
    nn::{Autoencoder, Snapshot},
    observe::{self, Past, Source, Tape},
    pool::Pool,
    random::{Stream, generator},
    recipe::Recipe,
    store::{keeper::Files, weights::About},
    ui::{
        app::{App, Kind, Plan},
        update::{Message, Request, update},
    },
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::fixture;

/// Longer than any answer takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Grey strokes, no two alike.
fn strokes(images: usize) -> Split {
    let pixel = |n: usize| {
        let (image, pixel) = (n / PIXELS, n % PIXELS);
        let (x, y) = (pixel % 28, pixel / 28);
        let inside = (4..24).contains(&y) && x.abs_diff(6 + (image * 5 + y * (image % 3)) % 16) < 3;
        if inside {
            (60 + image * 3 % 190) as u8
        } else {
            0
        }
    };
    let pixels = (0..images * PIXELS).map(pixel).collect();
    Split::new(
        pixels,
        (0..images).map(|image| (image % 10) as u8).collect(),
    )
}

/// A screen before weights that nobody trains.
pub(crate) struct Observed {
    pub(crate) app: App,
    observer: observe::Handle,
    pub(crate) net: Autoencoder,
    pub(crate) recipe: Recipe,
    pub(crate) data: Arc<Dataset>,
}

impl Observed {
    /// The network of this recipe as it begins, on few images.
    pub(crate) fn of(recipe: Recipe) -> Self {
        let data = Dataset {
            name: "strokes".into(),
            classes: Classes::numbered(10),
            train: strokes(40),
            test: strokes(60),
            digest: "none".into(),
        };
        Self::on(recipe, data)
    }

    /// The network of this recipe as it begins, on these images.
    pub(crate) fn on(recipe: Recipe, data: Dataset) -> Self {
        let mut random = generator(4, Stream::Weights, 0);
        let net = Autoencoder::glorot(&recipe.architecture(), &mut random);
        let data = Arc::new(data);
        let sample = fixture::plan().sample;
        let sample = ae_tui::message::SampleId {
            index: 11,
            ..sample
        };
        let images = Arc::clone(&data);
        let observer = observe::spawn(observe::Setup {
            source: Source::Saved {
                snapshot: Arc::new(Snapshot {
                    step: 7,
                    net: net.clone(),
                }),
                about: Box::new(About::default()),
                data: Box::new(move || Ok(images)),
            },
            recipe: recipe.clone(),
            files: Files::default(),
            sample,
            tape: Tape::default(),
            past: Past::default(),
            pca: None,
            measures: true,
            pool: Pool::new(NonZeroUsize::MIN),
        })
        .unwrap();
        let app = App::new(Plan {
            kind: Kind::of(&recipe),
            recipe: recipe.clone(),
            sample,
            trains: false,
            ..fixture::plan()
        });
        let mut observed = Self {
            app,
            observer,
            net,
            recipe,
            data,
        };
        observed.tell(Message::Screen((120, 36)));
        observed
    }

    pub(crate) fn tell(&mut self, message: Message) {
        for request in update(&mut self.app, message) {
            if let Request::Look(look) = request {
                self.observer.looks().send(look).unwrap();
            }
        }
    }

    pub(crate) fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            let code = match key {
                '\r' => KeyCode::Enter,
                other => KeyCode::Char(other),
            };
            let key = KeyEvent::new(code, KeyModifiers::NONE);
            self.tell(Message::Key(key));
        }
    }

    /// What is seen once everything that was told has been heard, and this holds.
    pub(crate) fn until(&mut self, holds: impl Fn(&App, &Observation) -> bool) -> Arc<Observation> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(seen) = self.app.seen.clone()
                && seen.heard >= self.app.gazed
                && holds(&self.app, &seen)
            {
                return seen;
            }
            let news = self.observer.events().recv_deadline(deadline).unwrap();
            self.tell(Message::News(news));
        }
    }
}
