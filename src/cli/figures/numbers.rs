//! The figures that are numbers: losses over epochs and over classes, and where codes lie.

use super::{Answer, subject::Subject};
use crate::{
    data::Classes,
    figure::paper::{self, Across, Bar, Bars, Chart, CodeMap, Line, Named},
    measure::{Effort, Reconstruction, Stretch},
    message::{Epoch, Plane},
    nn::Code,
};

pub(super) fn loss(subject: &Subject) -> Answer {
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
    lines.retain(|line| !line.points.is_empty());
    if lines.is_empty() {
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

pub(super) fn map(subject: &Subject) -> Answer {
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
    let what = codes_of(every, &subject.all());
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

/// What the codes on the map are of, where one in so many of all is there.
fn codes_of(every: usize, all: &str) -> String {
    match every {
        1 => format!("codes of {all}"),
        _ => format!("codes of one in {every} of {all}"),
    }
}

pub(super) fn class_losses(subject: &Subject) -> Answer {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_says_how_many_of_the_images_it_has() {
        let said = |every| codes_of(every, "20,000 training images");
        assert_eq!(said(1), "codes of 20,000 training images");
        for every in [2, 3, 6] {
            let words = format!("codes of one in {every} of 20,000 training images");
            assert_eq!(said(every), words);
        }
    }
}
