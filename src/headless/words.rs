//! The lines of a headless run. Pure words: nothing is written here.

use std::fmt::Write as _;

use crate::{
    message::{Epoch, Scalar},
    recipe::{Price, Recipe},
};

/// What is trained, on what, and how to repeat it.
pub(super) fn of_run(recipe: &Recipe, data: &str) -> String {
    format!(
        "{} {} on {data}, seed {}",
        recipe.preset.name(),
        recipe.architecture(),
        recipe.seed
    )
}

/// What an epoch came to, in columns. Losses that are more than the pictures' say so.
pub(super) fn of_epoch(epoch: &Epoch, epochs: u64, price: Price) -> String {
    let width = epochs.to_string().len();
    let with = price.sign();
    let unit = match price {
        Price::None | Price::L1 => "",
        Price::Divergence => " nats/image",
    };
    format!(
        "epoch {:>width$}/{epochs}  train{with} {:.4}  held-out{with} {:.4}{unit}  {:>6.2} s  {:>5} images/s",
        epoch.number,
        epoch.train_loss,
        epoch.held_out.loss,
        epoch.seconds,
        short(epoch.samples_per_second),
    )
}

/// Numbers by their names, those of a step in one line.
pub(super) fn of_scalars(scalars: &[Scalar]) -> Vec<String> {
    let of_a_step = scalars.chunk_by(|one, other| one.step == other.step);
    let line = |scalars: &[Scalar]| {
        let mut line = format!("step {}", scalars[0].step);
        for Scalar { tag, value, .. } in scalars {
            let _ = write!(line, "  {tag} {value}");
        }
        line
    };
    of_a_step.map(line).collect()
}

/// Three digits or so: 950, 133k, 1.2M.
fn short(rate: f64) -> String {
    if rate < 1_000.0 {
        format!("{rate:.0}")
    } else if rate < 999_500.0 {
        format!("{:.0}k", rate / 1e3)
    } else {
        format!("{:.1}M", rate / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lens::HeldOut;
    use crate::recipe::Preset;

    #[test]
    fn epoch_lines_stand_in_columns() {
        let epoch = |number, seconds, samples_per_second| Epoch {
            number,
            step: number * 1875,
            train_loss: 0.261_24,
            held_out: HeldOut {
                loss: 0.221_09,
                reconstruction: 0.221_09,
            },
            seconds,
            samples_per_second,
            dead_units: Vec::new(),
        };
        let first = of_epoch(&epoch(1, 0.45, 133_333.0), 10, Price::None);
        assert_eq!(
            first,
            "epoch  1/10  train 0.2612  held-out 0.2211    0.45 s   133k images/s"
        );
        let last = of_epoch(&epoch(10, 125.0, 480.0), 10, Price::None);
        assert_eq!(last.len(), first.len());
        let priced = |price| of_epoch(&epoch(1, 0.45, 133_333.0), 10, price);
        assert!(priced(Price::L1).contains("train+L1 0.2612  held-out+L1 0.2211  "));
        assert!(
            priced(Price::Divergence).contains("train+KL 0.2612  held-out+KL 0.2211 nats/image  ")
        );
    }

    #[test]
    fn a_run_is_named_so_that_it_can_be_repeated() {
        let words = of_run(&Recipe::preset(Preset::Article), "MNIST");
        assert_eq!(words, "article 784-32-2-32-784 on MNIST, seed 32");
    }

    #[test]
    fn rates_are_short() {
        assert_eq!(short(0.0), "0");
        assert_eq!(short(999.4), "999");
        assert_eq!(short(999_499.0), "999k");
        assert_eq!(short(1_250_000.0), "1.2M");
    }
}
