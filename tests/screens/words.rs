//! What the screen says is true of the data, the theme and the run that it shows.

use std::sync::Arc;

use ae_tui::{
    data::{Classes, Dataset},
    ui::{
        app::App,
        theme::{Depth, Glyphs, Theme, Tone},
    },
};

use crate::{
    PLAIN, SIZES, drawn,
    fixture::data,
    rows,
    states::{STATES, changed, exploring, help},
};

/// The same screen on images that are not MNIST's.
fn of_other_data(mut app: App) -> App {
    app.data = app.data.map(|_| {
        let mnist = data();
        Arc::new(Dataset {
            name: "clothes".into(),
            classes: Classes::numbered(10),
            train: mnist.train.clone(),
            test: mnist.test.clone(),
            digest: "00ff".into(),
        })
    });
    if let Some(seen) = &mut app.seen {
        let curve = Arc::make_mut(&mut Arc::make_mut(seen).curve);
        (curve.one_grey, curve.mean_image) = (Some(0.599), Some(0.438));
        curve.copy = Some(0.191);
        // The fixture's narrator speaks of digits; what the real one says is tested there.
        curve.note = None;
    }
    app
}

fn text(app: &App, theme: Theme, size: (u16, u16)) -> String {
    rows(&drawn(app, theme, size)).join("\n")
}

#[test]
fn nothing_of_mnist_is_told_of_other_data() {
    let states = STATES.iter().map(|(name, state)| (*name, state()));
    let pages = (0..4).map(|page| ("help", help(page)));
    for (name, app) in states.chain(pages) {
        // "measures" have the fixture's own rivals.
        let app = of_other_data(app);
        for size in SIZES {
            let text = text(&app, PLAIN, size);
            for fact in ["digit", "0.058", "an 8", "96.8", "FILE trains on"] {
                assert!(!text.contains(fact), "{fact} in {name} at {size:?}\n{text}");
            }
            for fact in ["0.391", "0.263", ".391", ".263"] {
                let measured = name.contains("measures");
                assert!(measured || !text.contains(fact), "{fact} in {name}\n{text}");
            }
        }
    }
}

#[test]
fn what_is_told_of_other_data_is_its_own() {
    let told = |app, words: &str| {
        let text = text(&of_other_data(app), PLAIN, (200, 60));
        assert!(text.contains(words), "no {words}\n{text}");
    };
    let size = (200, 60);
    let pages = [0, 1].map(|page| text(&of_other_data(help(page)), PLAIN, size));
    let help = pages.join("\n");
    for words in ["0.599 0.438", "0.191", "next, previous of the same class"] {
        assert!(help.contains(words), "no {words}\n{help}");
    }
    let state = |name| {
        let found = STATES.iter().find(|(state, _)| *state == name);
        found.expect("a state of that name").1()
    };
    told(state("training"), "110: class 8");
    told(state("training"), "loss of each class");
    told(state("measures"), "PSNR by class");
}

#[test]
fn the_legend_names_the_colour_that_ink_has() {
    let legend = |tone, wanted: &str, other: &str| {
        let theme = Theme {
            depth: Depth::True,
            tone,
            glyphs: Glyphs::Blocks,
        };
        let text = [0, 1]
            .map(|page| text(&help(page), theme, (200, 60)))
            .join("\n");
        assert!(text.contains(wanted) && !text.contains(other), "{text}");
    };
    legend(Tone::Dark, "white, green", "black, green");
    legend(Tone::Light, "black, green", "white, green");
}

#[test]
fn the_view_of_saved_weights_is_not_called_train() {
    for size in SIZES {
        let text = text(&exploring(), PLAIN, size);
        assert!(
            text.contains("[Explore]") && !text.contains("[Train]"),
            "{text}"
        );
    }
}

#[test]
fn a_perfect_copy_is_exact_wherever_its_decibels_stand() {
    let mut app = changed(|seen| {
        let (step, measures) = seen.appraisal.measured.clone().expect("they are measured");
        let mut measures = (*measures).clone();
        let pca = &mut measures.reconstruction.pca;
        pca.all.fidelity.psnr = f64::INFINITY;
        for digit in &mut pca.digits {
            digit.quality.fidelity.psnr = f64::INFINITY;
        }
        measures.compression.pca_psnr = f64::INFINITY;
        seen.appraisal.measured = Some((step, Arc::new(measures)));
    });
    app.overlay = ae_tui::ui::app::Overlay::Measures;
    for size in SIZES {
        let text = text(&app, PLAIN, size);
        assert!(text.contains("exact") && !text.contains(" inf"), "{text}");
    }
    assert!(text(&app, PLAIN, (120, 36)).contains(" exact exact exact"));
}
