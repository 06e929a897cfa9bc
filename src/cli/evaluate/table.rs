//! Measures as a table for people: the network first, then its rivals.

use std::fmt::Write as _;

use super::{Report, Unseen};
use crate::{
    data::{Classes, Labels},
    measure::{self, Compression, Denoising, Features, Measures, Quality, Reconstructions},
    words::{counted, printable},
};

/// Columns of the names at the left.
const NAME: usize = 22;

/// The whole table.
pub(super) fn of(report: &Report) -> String {
    let measures = &report.measures;
    let pca = format!(
        "PCA, {}",
        counted(measures.compression.values as u64, "component")
    );
    let mut table = heading(report);
    table += &plain(&measures.reconstruction.network.all.plainly());
    table += &reconstruction(&measures.reconstruction, &pca);
    table += &by_class(&measures.reconstruction, &pca, &report.classes);
    if let Some(features) = &measures.features {
        table += &plain(&report.classes.said(&features.plainly()));
    }
    table += &features(measures.features.as_ref(), &pca, &report.classes);
    table += &plain(&measures.compression.plainly());
    table += &compression(&measures.compression, &pca);
    if let Some(denoising) = &measures.denoising {
        table += &plain(&denoising.plainly());
        table += &self::denoising(denoising);
    }
    table += &plain(&measures.sparsity.plainly());
    table += &sparsity(measures);
    if let Some(unseen) = &report.unseen {
        table += &anomalies(unseen, &report.classes);
    }
    table
}

/// What the measure below means.
fn plain(sentence: &str) -> String {
    format!("\n{sentence}")
}

fn anomalies(unseen: &Unseen, classes: &Classes) -> String {
    let Unseen {
        digits,
        images,
        roc_area,
    } = unseen;
    format!(
        "\nanomalies: {} of {} {digits}, which it was not trained on, by their loss\n  {:<20}  {roc_area:>13.4}\n",
        counted(*images as u64, "test image"),
        noun(digits, classes),
        "area under the ROC",
    )
}

/// What labels are of, as `--digits` names them: one, or several.
fn noun(labels: &str, classes: &Classes) -> String {
    let count = labels
        .parse()
        .map_or(0, |labels: Labels| labels.iter().count());
    classes.said(if count == 1 { "digit" } else { "digits" })
}

fn heading(report: &Report) -> String {
    let mut network = vec![report.architecture.clone()];
    network.extend(report.preset.map(String::from));
    network.extend(report.step.map(|step| format!("step {step}")));
    let [start, end] = report.range;
    let split = match report.split {
        "train" => "training",
        other => other,
    };
    let images = match end - start {
        1 => format!("{split} image {start}"),
        count if report.whole => format!("all {count} {split} images"),
        _ => format!("{split} images {start} to {}", end - 1),
    };
    // A path may hold what would move the cursor.
    let name = printable(&report.weights, usize::MAX);
    let network = network.join(", ");
    let of = report.digits.as_ref().map_or_else(String::new, |digits| {
        format!(", {} {digits}", noun(digits, &report.classes))
    });
    format!("{name}: {network}\non {images} of {}{of}\n", report.data)
}

fn reconstruction(all: &Reconstructions, pca: &str) -> String {
    qualities(
        "reconstruction",
        &[
            ("network", all.network.all),
            (pca, all.pca.all),
            ("mean image, average", all.mean_image.all),
            ("one grey", all.one_grey.all),
        ],
    )
}

fn denoising(denoising: &Denoising) -> String {
    qualities(
        &format!("of {}", denoising.noise),
        &[
            ("network", denoising.network),
            ("3x3 median filter", denoising.median),
            ("noisy image", denoising.noisy),
        ],
    )
}

fn qualities(title: &str, rows: &[(&str, Quality)]) -> String {
    let mut table = format!(
        "\n{title:<NAME$}  {:>13}  {:>9}  {:>9}\n",
        "cross-entropy", "MSE", "PSNR"
    );
    for (name, quality) in rows {
        let (fidelity, cross_entropy) = (quality.fidelity, quality.cross_entropy);
        let _ = writeln!(
            table,
            "  {name:<20}  {cross_entropy:>13.4}  {:>9.5}  {:>9}",
            fidelity.mse,
            decibels(fidelity.psnr)
        );
    }
    table
}

/// Classes in a line, and columns of a number.
const CLASSES: usize = 10;
const NUMBER: usize = 5;

/// Decibels class by class, of the network and PCA; nothing of images without labels.
fn by_class(all: &Reconstructions, pca: &str, classes: &Classes) -> String {
    if *classes == Classes::Unlabelled {
        return String::new();
    }
    let mut rows = String::new();
    let parts = all.network.digits.chunks(CLASSES);
    for (network, rival) in parts.zip(all.pca.digits.chunks(CLASSES)) {
        let title = if rows.is_empty() {
            classes.said("PSNR by digit, dB")
        } else {
            String::new()
        };
        let _ = write!(rows, "\n{title:<NAME$}");
        for class in network {
            let name: String = classes.name(class.digit).chars().take(NUMBER).collect();
            let _ = write!(rows, " {name:>NUMBER$}");
        }
        for (name, its) in [("network", network), (pca, rival)] {
            let _ = write!(rows, "\n  {name:<20}");
            for class in its {
                let psnr = measure::decibels(class.quality.fidelity.psnr, 1);
                let _ = write!(rows, " {psnr:>NUMBER$}");
            }
        }
        rows += "\n";
    }
    rows
}

fn features(features: Option<&Features>, pca: &str, classes: &Classes) -> String {
    let Some(features) = features else {
        let why = match classes {
            Classes::Unlabelled => "the images have no labels",
            _ => "all images are of one class",
        };
        return format!("\nfeatures: {why}, so there is nothing to tell apart\n");
    };
    let row = |name, share| format!("  {name:<20}  {:>11.1} %\n", 100.0 * share);
    format!(
        "\nfeatures: the {} told by the {} nearest of {}\n{}{}",
        classes.word(),
        features.neighbours,
        counted(features.known as u64, "training image"),
        row("network", features.network),
        row(pca, features.pca),
    )
}

fn compression(compression: &Compression, pca: &str) -> String {
    let Compression {
        bytes, image_bytes, ..
    } = *compression;
    let row = |name, psnr| format!("  {name:<20}  {:>13}\n", decibels(psnr));
    format!(
        "\ncompression: {} of 4 bytes, {bytes} of an image's {image_bytes} bytes ({:.1} %)\n{}{}",
        counted(compression.values as u64, "value"),
        100.0 * bytes as f64 / image_bytes as f64,
        row("network", compression.psnr),
        row(pca, compression.pca_psnr),
    )
}

fn sparsity(measures: &Measures) -> String {
    let sparsity = &measures.sparsity;
    let clean = match measures.denoising {
        Some(_) => " of clean images",
        None => "",
    };
    let dead = match sparsity.dead_units.as_slice() {
        [] => "no code value is dead".into(),
        units => {
            let units: Vec<String> = units.iter().map(ToString::to_string).collect();
            format!("zero for every image: {}", units.join(", "))
        }
    };
    format!(
        "\nsparsity{clean}: {:.1} % of the code values are zero; {dead}\n",
        100.0 * sparsity.zeros
    )
}

/// Decibels with their unit, which `exact` has none of.
fn decibels(psnr: f64) -> String {
    let unit = if psnr == f64::INFINITY { "" } else { " dB" };
    format!("{}{unit}", measure::decibels(psnr, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_counted_and_not_their_figures() {
        let of = |labels| noun(labels, &Classes::Digits);
        assert_eq!(["9", "0-8", "1,2"].map(of), ["digit", "digits", "digits"]);
        assert_eq!(noun("10", &Classes::numbered(26)), "class");
        assert_eq!(noun("10-11", &Classes::numbered(26)), "classes");
    }
}
