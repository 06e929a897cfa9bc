//! Measures as a table for people: the network first, then its rivals.

use std::fmt::Write as _;

use super::Report;
use crate::measure::{
    Compression, Denoising, Features, Fidelity, Reconstruction, Reconstructions, Sparsity,
};

/// Columns of the names at the left.
const NAME: usize = 22;

/// The whole table.
pub(super) fn of(report: &Report) -> String {
    let measures = &report.measures;
    let pca = format!("PCA, {}", counted(measures.compression.values, "component"));
    let mut table = heading(report);
    table += &reconstruction(&measures.reconstruction, &pca);
    table += &digits(&measures.reconstruction, &pca);
    table += &features(&measures.features, &pca);
    table += &compression(&measures.compression, &pca);
    if let Some(denoising) = &measures.denoising {
        table += &self::denoising(denoising);
    }
    table + &sparsity(&measures.sparsity)
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
        count if start == 0 => format!("the first {count} {split} images"),
        _ => format!("{split} images {start} to {}", end - 1),
    };
    // A path may hold what would move the cursor.
    let name = report.weights.replace(char::is_control, "");
    let network = network.join(", ");
    format!("{name}: {network}\non {images} of {}\n", report.data)
}

fn reconstruction(all: &Reconstructions, pca: &str) -> String {
    let mut rows = format!(
        "\n{:<NAME$}  {:>13}  {:>9}  {:>9}\n",
        "reconstruction", "cross-entropy", "MSE", "PSNR"
    );
    for (name, its) in [
        ("network", &all.network),
        (pca, &all.pca),
        ("mean image", &all.mean_image),
        ("one grey", &all.one_grey),
    ] {
        let Reconstruction { all, .. } = its;
        let Fidelity { mse, .. } = all.fidelity;
        let decibels = decibels(all.fidelity);
        let _ = writeln!(
            rows,
            "  {name:<20}  {:>13.4}  {mse:>9.5}  {decibels:>9}",
            all.cross_entropy
        );
    }
    rows
}

/// Decibels digit by digit, of the network and PCA.
fn digits(all: &Reconstructions, pca: &str) -> String {
    let mut rows = format!("\n{:<NAME$}", "PSNR by digit, dB");
    for digit in &all.network.digits {
        let _ = write!(rows, "  {:>4}", digit.digit);
    }
    for (name, its) in [("network", &all.network), (pca, &all.pca)] {
        let _ = write!(rows, "\n  {name:<20}");
        for digit in &its.digits {
            let _ = write!(rows, "  {:>4.1}", digit.quality.fidelity.psnr);
        }
    }
    rows + "\n"
}

fn features(features: &Features, pca: &str) -> String {
    let row = |name, share| format!("  {name:<20}  {:>5.1} %\n", 100.0 * share);
    format!(
        "\nfeatures: the digit told by the {} nearest of {} training images\n{}{}",
        features.neighbours,
        features.known,
        row("network", features.network),
        row(pca, features.pca),
    )
}

fn compression(compression: &Compression, pca: &str) -> String {
    let Compression {
        bytes, image_bytes, ..
    } = *compression;
    let row = |name, psnr| format!("  {name:<20}  {psnr:>5.2} dB\n");
    format!(
        "\ncompression: {} of 4 bytes, {bytes} of an image's {image_bytes} bytes ({:.1} %)\n{}{}",
        counted(compression.values, "value"),
        100.0 * bytes as f64 / image_bytes as f64,
        row("network", compression.psnr),
        row(pca, compression.pca_psnr),
    )
}

fn denoising(denoising: &Denoising) -> String {
    let mut rows = format!("\ndenoising: {}\n", denoising.noise);
    for (name, its) in [
        ("network", denoising.network),
        ("3x3 median filter", denoising.median),
        ("noisy image", denoising.noisy),
    ] {
        let _ = writeln!(rows, "  {name:<20}  {:>8}", decibels(its));
    }
    rows
}

fn sparsity(sparsity: &Sparsity) -> String {
    let dead = match sparsity.dead_units.as_slice() {
        [] => "no unit is dead".into(),
        units => {
            let units: Vec<String> = units.iter().map(ToString::to_string).collect();
            format!("zero for every image: {}", units.join(", "))
        }
    };
    format!(
        "\nsparsity: {:.1} % of the code values are zero; {dead}\n",
        100.0 * sparsity.zeros
    )
}

fn decibels(fidelity: Fidelity) -> String {
    if fidelity.psnr.is_infinite() {
        "exact".into()
    } else {
        format!("{:.2} dB", fidelity.psnr)
    }
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
