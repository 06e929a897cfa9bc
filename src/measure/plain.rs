//! What measures mean, each in a sentence without terms of the field. Screen and command line say the
//! same. They fit the inside of a panel on the smallest screen.

use super::{Compression, Denoising, Features, Quality, Sparsity};
use crate::words::{grouped, number_word};

impl Quality {
    /// How far pictures are off: the root of the mean squared error of a pixel.
    pub fn plainly(&self) -> String {
        match in_100(self.fidelity.mse.sqrt()) {
            None => "Every pixel comes back as it was.".into(),
            Some(off) => format!("Pixels come back off by {off} in 100."),
        }
    }
}

impl Features {
    /// How often neighbours are right; of digits, which other classes are said in place of.
    pub fn plainly(&self) -> String {
        let neighbours = number_word(self.neighbours as u64);
        let times = match in_100(self.network) {
            None => "never".into(),
            Some(share) => format!("{share} times in 100"),
        };
        format!("Its {neighbours} neighbours tell the digit {times}.")
    }
}

impl Compression {
    /// What is kept of an image.
    pub fn plainly(&self) -> String {
        let [kept, whole] = [self.bytes, self.image_bytes].map(|bytes| grouped(bytes as u64));
        let of = self.image_bytes as f64 / self.bytes.max(1) as f64;
        match of {
            2.0.. => format!("It keeps {kept} bytes of {whole}, one in {of:.0}."),
            1.0.. => format!("It keeps {kept} bytes of {whole}."),
            _ => format!("It makes {kept} bytes of an image's {whole}."),
        }
    }
}

impl Denoising {
    /// How far noisy pictures are off, and cleaned ones.
    pub fn plainly(&self) -> String {
        let off = |quality: &Quality| {
            let off = in_100(quality.fidelity.mse.sqrt());
            off.unwrap_or_else(|| "0".into())
        };
        let [noisy, clean] = [&self.noisy, &self.network].map(off);
        format!("Noisy pixels are off by {noisy} in 100, cleaned by {clean}.")
    }
}

impl Sparsity {
    /// How many numbers of the code say nothing.
    pub fn plainly(&self) -> String {
        match in_100(self.zeros) {
            None => "No number of any code is zero.".into(),
            Some(zeros) => format!("Of 100 numbers of its codes {zeros} are zero."),
        }
    }
}

/// A share as so many in a hundred; none where it is nothing at all, and never all of them
/// or none where it is not.
fn in_100(share: f64) -> Option<String> {
    let rounded = (100.0 * share).round();
    match share {
        0.0 => None,
        _ if rounded < 1.0 => Some("less than 1".into()),
        _ if rounded >= 100.0 && share < 1.0 => Some("99".into()),
        _ => Some(format!("{rounded:.0}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Fidelity;

    fn off_by(error: f64) -> Quality {
        Quality {
            images: 10,
            cross_entropy: 0.2,
            fidelity: Fidelity::of(error * error),
        }
    }

    fn told(network: f64) -> String {
        let features = Features {
            neighbours: 10,
            known: 60_000,
            asked: 10_000,
            network,
            pca: 0.4,
        };
        features.plainly()
    }

    fn kept(bytes: usize) -> String {
        let compression = Compression {
            values: bytes / 4,
            bytes,
            image_values: 784,
            image_bytes: 784,
            psnr: 13.0,
            pca_psnr: 12.0,
        };
        compression.plainly()
    }

    fn zeros(share: f64) -> String {
        let sparsity = Sparsity {
            zeros: share,
            dead_units: Vec::new(),
        };
        sparsity.plainly()
    }

    fn denoised(noisy: f64, clean: f64) -> String {
        let denoising = Denoising {
            noise: "gaussian:0.5".into(),
            noisy: off_by(noisy),
            network: off_by(clean),
            median: off_by(0.2),
        };
        denoising.plainly()
    }

    #[test]
    fn sentences_say_what_was_measured_and_are_short() {
        let all = [
            (
                off_by(0.219).plainly(),
                "Pixels come back off by 22 in 100.",
            ),
            (off_by(0.0).plainly(), "Every pixel comes back as it was."),
            (
                off_by(0.001).plainly(),
                "Pixels come back off by less than 1 in 100.",
            ),
            (
                told(0.625),
                "Its ten neighbours tell the digit 63 times in 100.",
            ),
            (
                told(0.9961),
                "Its ten neighbours tell the digit 99 times in 100.",
            ),
            (
                told(1.0),
                "Its ten neighbours tell the digit 100 times in 100.",
            ),
            (told(0.0), "Its ten neighbours tell the digit never."),
            (kept(8), "It keeps 8 bytes of 784, one in 98."),
            (kept(512), "It keeps 512 bytes of 784."),
            (kept(4096), "It makes 4,096 bytes of an image's 784."),
            (zeros(0.03), "Of 100 numbers of its codes 3 are zero."),
            (zeros(0.0), "No number of any code is zero."),
            (
                denoised(0.34, 0.147),
                "Noisy pixels are off by 34 in 100, cleaned by 15.",
            ),
        ];
        for (said, expected) in all {
            assert_eq!(said, expected);
            // The inside of a panel on the smallest screen.
            assert!(said.len() <= 54, "{said}");
        }
    }
}
