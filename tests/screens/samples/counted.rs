//! The view between a real observer and a screen: every number on it is what the lens says of each
//! image, counted plainly.

use std::num::NonZeroUsize;

use ae_tui::{
    data::{PIXELS, Split},
    lens::Lens,
    message::{Ask, SamplesAnswer},
    pool::Pool,
    recipe::{Preset, Recipe},
};

use super::WHOLE;
use crate::{PLAIN, drawn, observed::Observed, rows};

/// What is seen once everything that was asked has been answered.
fn settled(counted: &mut Observed) -> SamplesAnswer {
    let seen = counted.until(|app, seen| {
        let (Ask::Samples(asks), Some(answer)) = (&app.told.ask, &seen.answers.samples) else {
            return false;
        };
        let order = answer.wall.sort == asks.sort && answer.first == asks.first;
        let studied = answer.losses.is_some() && !answer.wall.waits;
        let strangers = answer.strangers.as_ref().map(|strange| strange.who);
        order && studied && strangers == Some(asks.strangers) && answer.split == asks.split
    });
    (**seen.answers.samples.as_ref().unwrap()).clone()
}

/// The images, turned clockwise.
fn turned(images: &Split) -> Split {
    let side = 28;
    let pixel = |n: usize| {
        let (image, y, x) = (n / PIXELS, n % PIXELS / side, n % side);
        images.image(image)[(side - 1 - x) * side + y]
    };
    let pixels = (0..images.len() * PIXELS).map(pixel).collect();
    Split::new(pixels, images.labels().to_vec())
}

/// A loss as the wall has it.
fn short(loss: f32) -> String {
    format!("{loss:.3}").replacen("0.", ".", 1)
}

/// Every word that is a number with three decimals behind the point, as the wall has losses.
fn losses_on(row: &str) -> Vec<String> {
    let words = row.split_whitespace();
    let is_loss = |word: &&str| word.len() == 4 && word.starts_with('.');
    words.filter(is_loss).map(str::to_owned).collect()
}

/// What is said of the chosen image, and how it stands among all.
fn of_the_chosen(chosen: usize, losses: &[f32], images: &Split) -> [String; 4] {
    let worse = losses.iter().filter(|loss| **loss > losses[chosen]).count();
    let better = losses.iter().filter(|loss| **loss < losses[chosen]).count();
    let end = if worse < better { "worst" } else { "best" };
    let place = worse.min(better) + 1;
    let rank = match place {
        1 => end.to_owned(),
        2 | 22 => format!("{place}nd {end}"),
        3 | 23 => format!("{place}rd {end}"),
        21 => format!("{place}st {end}"),
        _ => format!("{place}th {end}"),
    };
    let own = (0..losses.len()).filter(|&image| images.label(image) == images.label(chosen));
    let own: Vec<f64> = own.map(|image| f64::from(losses[image])).collect();
    let mean = own.iter().sum::<f64>() / own.len() as f64;
    [
        format!("{chosen}: "),
        format!("loss {:.3}", losses[chosen]),
        format!("{rank} of {}", losses.len()),
        format!("mean {mean:.3}"),
    ]
}

#[test]
fn every_number_of_the_view_is_the_lenss() {
    for preset in [Preset::Article, Preset::Vae, Preset::Conv] {
        let mut counted = Observed::of(Recipe::preset(preset));
        counted.keys("gso");
        settled(&mut counted);
        let pool = Pool::new(NonZeroUsize::MIN);
        let lens = Lens::new(&counted.net, &counted.recipe, &pool);
        let images = counted.data.test.clone();
        let losses = lens.losses(&images);
        let strange = lens.losses(&turned(&images));
        let count = losses.len();

        // The worst first, each with its number and what it costs.
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| losses[b].total_cmp(&losses[a]).then(a.cmp(&b)));
        let screen = rows(&drawn(&counted.app, PLAIN, WHOLE));
        let text = screen.join("\n");
        assert!(text.contains("1-20 of 60 test images"), "{text}");
        for (block, row) in [(0, 2), (1, 13)] {
            let shown = &order[10 * block..10 * (block + 1)];
            let expected: Vec<String> = shown.iter().map(|&image| short(losses[image])).collect();
            assert_eq!(losses_on(&screen[row]), expected, "{preset:?}: {text}");
            for image in shown {
                let number = image.to_string();
                let stands = |word: &str| word.trim_matches(['─', '▸']) == number;
                assert!(
                    screen[row].split_whitespace().any(stands),
                    "{image}: {text}"
                );
            }
        }

        // The heap and its line, which one image in a hundred may lie beyond: of sixty, none.
        let most = losses.iter().copied().fold(0.0, f32::max);
        let beyond = |all: &[f32], line: f32| all.iter().filter(|loss| **loss > line).count();
        let percent = |part: usize| 100.0 * part as f64 / count as f64;
        let pairs = losses
            .iter()
            .flat_map(|real| strange.iter().map(move |other| (real, other)));
        let wins: f64 = pairs
            .map(|(real, other)| match other.total_cmp(real) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            })
            .sum();
        let auc = wins / (count * count) as f64;
        for words in [
            "all 60 losses".into(),
            format!("threshold {}", short(most)),
            "0% of real".into(),
            "0 images".into(),
            format!("{:.0}% of turned", percent(beyond(&strange, most))),
            format!("ROC area {auc:.3}"),
        ] {
            assert!(text.contains(&words), "{preset:?}: {words}\n{text}");
        }

        // The mean of each digit, in hundredths.
        let means: Vec<String> = (0..10_u8)
            .map(|digit| {
                let own = (0..count).filter(|&image| images.label(image) == digit);
                let own: Vec<f64> = own.map(|image| f64::from(losses[image])).collect();
                let mean = own.iter().sum::<f64>() / own.len() as f64;
                format!("{:02.0}", 100.0 * mean)
            })
            .collect();
        let row = screen.iter().find(|row| row.contains("mean")).unwrap();
        assert!(row.contains(&means.join(" ")), "{means:?}\n{text}");

        for words in of_the_chosen(counted.app.sample.index, &losses, &images) {
            assert!(text.contains(&words), "{preset:?}: {words}\n{text}");
        }

        // A line that was moved, and the images beyond it.
        counted.keys("<<<<<<<<");
        counted.keys("\r");
        let answer = settled(&mut counted);
        let line = answer.wall.sort.beyond.unwrap();
        let screen = rows(&drawn(&counted.app, PLAIN, WHOLE)).join("\n");
        let (real, other) = (beyond(&losses, line), beyond(&strange, line));
        assert_eq!(answer.wall.order.len(), real);
        for words in [
            format!("threshold {}", short(line)),
            format!("{:.0}% of real", percent(real)),
            format!("{real} images"),
            format!("{:.0}% of turned", percent(other)),
            format!("1-{} of {real} test images", real.min(20)),
        ] {
            assert!(screen.contains(&words), "{preset:?}: {words}\n{screen}");
        }
    }
}
