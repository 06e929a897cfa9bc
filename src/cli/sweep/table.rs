//! What the runs of a sweep come to, as a table for people and as JSON for scripts.

use std::fmt::Write as _;

use anyhow::Context;
use serde::Serialize;

use super::{
    grid::{Grid, SEED},
    place::Place,
};
use crate::store::folder;

/// All of it. Scripts rely on the names of the fields.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) data: String,
    /// The options that points differ in.
    pub(super) options: Vec<&'static str>,
    pub(super) points: Vec<PointReport>,
    /// The files of the figure, if there is one.
    pub(super) figure: Vec<String>,
    /// Whether some run's losses are of images with noise, or of draws from a code.
    #[serde(skip)]
    pub(super) drawn: bool,
}

/// Runs that differ in their seeds alone.
#[derive(Debug, Serialize)]
pub(super) struct PointReport {
    /// A value for each of the options.
    pub(super) values: Vec<String>,
    architecture: String,
    /// Values of the code.
    pub(super) code: usize,
    /// Held-out cross-entropy per pixel: the mean over the runs, the least and the most.
    pub(super) mean: Option<f64>,
    least: Option<f64>,
    most: Option<f64>,
    /// That of as many principal components.
    pub(super) pca: f64,
    runs: Vec<RunReport>,
}

/// One run.
#[derive(Debug, Serialize)]
struct RunReport {
    folder: String,
    seed: u64,
    step: u64,
    /// The objective, penalties included.
    val_loss: Option<f32>,
    /// Its cross-entropy per pixel alone.
    val_reconstruction: Option<f32>,
}

impl Report {
    /// Reads what the folders' logs tell last.
    pub(super) fn of(
        data: &str,
        grid: &Grid,
        places: &[Place],
        components: &[(usize, f64)],
    ) -> anyhow::Result<Self> {
        let mut points: Vec<PointReport> = Vec::new();
        for place in places {
            let varied = place
                .point
                .varied
                .iter()
                .filter(|(option, _)| *option != SEED);
            let values: Vec<String> = varied.map(|(_, value)| value.clone()).collect();
            let run = RunReport::of(place);
            if let Some(point) = points.iter_mut().find(|point| point.values == values) {
                point.runs.push(run);
                continue;
            }
            let code = place.values();
            let pca = components.iter().find(|(length, _)| *length == code);
            points.push(PointReport {
                values,
                architecture: place.architecture().to_string(),
                code,
                mean: None,
                least: None,
                most: None,
                pca: pca.context("components of each length")?.1,
                runs: vec![run],
            });
        }
        for point in &mut points {
            point.summarise();
        }
        Ok(Self {
            data: data.to_owned(),
            options: grid.columns(),
            points,
            figure: Vec::new(),
            drawn: places.iter().any(Place::is_drawn),
        })
    }

    pub(super) fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self).context("--json")? + "\n")
    }

    /// A row for each point, in columns as wide as their longest word.
    pub(super) fn words(&self) -> String {
        let mut rows = vec![self.heading()];
        rows.extend(self.points.iter().map(PointReport::row));
        let widths: Vec<usize> = (0..rows[0].len())
            .map(|column| {
                rows.iter()
                    .map(|row| row[column].chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut table = format!(
            "held-out cross-entropy per pixel on {}{}, beside as many principal components\n\n",
            self.data,
            if self.drawn {
                ", with the noise and the draws that a network is trained with and PCA is not"
            } else {
                ""
            }
        );
        for row in rows {
            let cells = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, &width))| {
                    if column < self.options.len() {
                        format!("{cell:<width$}")
                    } else {
                        format!("{cell:>width$}")
                    }
                });
            let line = cells.collect::<Vec<_>>().join("  ");
            let _ = writeln!(table, "{}", line.trim_end());
        }
        table
    }

    fn heading(&self) -> Vec<String> {
        let columns = ["values", "mean", "least", "most", "PCA", "runs"];
        let options = self.options.iter().copied();
        options.chain(columns).map(String::from).collect()
    }
}

impl PointReport {
    /// The losses of the runs that came to something.
    pub(super) fn losses(&self) -> Vec<f64> {
        let losses = self.runs.iter().filter_map(|run| run.val_reconstruction);
        let losses = losses.filter(|loss| loss.is_finite());
        losses.map(f64::from).collect()
    }

    fn summarise(&mut self) {
        let losses = self.losses();
        if !losses.is_empty() {
            self.mean = Some(losses.iter().sum::<f64>() / losses.len() as f64);
            self.least = losses.iter().copied().reduce(f64::min);
            self.most = losses.iter().copied().reduce(f64::max);
        }
    }

    fn row(&self) -> Vec<String> {
        let number =
            |loss: Option<f64>| loss.map_or_else(|| "-".into(), |loss| format!("{loss:.4}"));
        let came = self
            .runs
            .iter()
            .filter(|run| run.val_reconstruction.is_some())
            .count();
        let runs = if came == self.runs.len() {
            came.to_string()
        } else {
            format!("{came} of {}", self.runs.len())
        };
        let numbers = [
            self.code.to_string(),
            number(self.mean),
            number(self.least),
            number(self.most),
            number(Some(self.pca)),
            runs,
        ];
        self.values.iter().cloned().chain(numbers).collect()
    }
}

impl RunReport {
    fn of(place: &Place) -> Self {
        let last = folder::last_held_out(&place.folder);
        Self {
            folder: place.folder.display().to_string(),
            seed: place.recipe.seed,
            step: last.map_or(place.done, |(step, _)| step),
            val_loss: last.map(|(_, held_out)| held_out.loss),
            val_reconstruction: last.map(|(_, held_out)| held_out.reconstruction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_finite_loss_has_no_part_in_what_its_point_comes_to() {
        let run = |loss| RunReport {
            folder: "run".into(),
            seed: 1,
            step: 1,
            val_loss: loss,
            val_reconstruction: loss,
        };
        let summary = |losses: &[Option<f32>]| {
            let mut point = PointReport {
                values: Vec::new(),
                architecture: String::new(),
                code: 2,
                mean: None,
                least: None,
                most: None,
                pca: 0.2,
                runs: losses.iter().copied().map(run).collect(),
            };
            point.summarise();
            [point.mean, point.least, point.most]
        };
        let lost = [None, Some(f32::INFINITY), Some(f32::NAN)];
        assert_eq!(summary(&lost), [None; 3]);
        let some = [Some(0.5), lost[0], lost[1], lost[2]];
        assert_eq!(summary(&some), [Some(0.5); 3]);
    }

    #[test]
    fn losses_with_noise_or_draws_say_so_beside_those_without() {
        let heading = |drawn| {
            let report = Report {
                data: "MNIST".into(),
                options: Vec::new(),
                points: Vec::new(),
                figure: Vec::new(),
                drawn,
            };
            report.words().lines().next().unwrap().to_owned()
        };
        assert!(heading(true).contains("on MNIST, with the noise and the draws"));
        assert!(heading(false).contains("on MNIST, beside"));
    }
}
