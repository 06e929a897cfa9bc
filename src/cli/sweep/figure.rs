//! How many numbers a code needs: the held-out losses of a sweep over the length of the code, a
//! line for each other setting, and principal components beside them.

use std::path::Path;

use super::table::{PointReport, Report};
use crate::{
    cli::{figures::write_both, tell},
    data::file_prefix,
    figure::{
        Drawing,
        paper::{Across, Chart, HELD_OUT, Line, RIVAL, Spread},
    },
    raster::Rgb,
    ui::theme::class_on_paper,
    words::shown,
};

/// What the figure is called.
const NAME: &str = "code-length";
/// What stands for the length of the code in the name of a line.
const LENGTH: &str = "n";
/// The classes whose colours lines have after the first, told apart most easily.
const COLORS: [u8; 9] = [2, 4, 3, 8, 5, 1, 6, 0, 7];

/// Draws it into the sweep's folder, where codes differ in length, and says so.
pub(super) fn draw(report: &mut Report, folder: &Path) -> anyhow::Result<()> {
    let Some(drawing) = drawing(report) else {
        return Ok(());
    };
    let name = file_prefix(&report.data) + NAME;
    let files = write_both(folder, &name, &drawing)?;
    let files = files.map(|file| shown(&file));
    tell(&format!("drew {} and {}", files[0], files[1]));
    report.figure = files.into();
    Ok(())
}

/// Nothing, where fewer than two lengths came to anything.
fn drawing(report: &Report) -> Option<Drawing> {
    let mut lines = lines(report);
    let seeds = lines.iter().flat_map(|line| &line.spread);
    let seeds = seeds.map(|spread| spread.values.len()).max();
    let spread = if seeds > Some(1) {
        ", means and ranges over seeds"
    } else {
        ""
    };
    let measured = report.points.iter().filter(|point| point.mean.is_some());
    let mut rival: Vec<[f64; 2]> = measured
        .map(|point| [point.code as f64, point.pca])
        .collect();
    rival.sort_unstable_by(|[a, _], [b, _]| a.total_cmp(b));
    rival.dedup();
    if rival.len() < 2 {
        return None;
    }
    lines.push(Line {
        name: "PCA, as many components".into(),
        color: RIVAL,
        dashed: true,
        points: rival,
        spread: Vec::new(),
    });
    let drawn = if report.drawn {
        ", with noise and draws as in training"
    } else {
        ""
    };
    let chart = Chart {
        title: &format!(
            "How many numbers a code needs, on {}: held-out loss{spread}{drawn}",
            report.data
        ),
        across: Across::Counts(&format!("{LENGTH}, the values of a code")),
        up: "cross-entropy, nats per pixel",
        lines: &lines,
    };
    Some(chart.draw())
}

/// A line for what is the same but for the length of the code.
fn lines(report: &Report) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for point in &report.points {
        let Some(mean) = point.mean else { continue };
        let name = name(report, point);
        let place = lines.iter().position(|line| line.name == name);
        let place = place.unwrap_or_else(|| {
            lines.push(Line {
                name,
                color: color(lines.len()),
                dashed: false,
                points: Vec::new(),
                spread: Vec::new(),
            });
            lines.len() - 1
        });
        let (line, across) = (&mut lines[place], point.code as f64);
        let values = point.losses();
        line.points.push([across, mean]);
        line.spread.push(Spread { across, values });
    }
    for line in &mut lines {
        line.points
            .sort_unstable_by(|[a, _], [b, _]| a.total_cmp(b));
        line.spread
            .sort_unstable_by(|a, b| a.across.total_cmp(&b.across));
    }
    lines
}

/// The values of a point's options, without the length of its code: `32,n`.
fn name(report: &Report, point: &PointReport) -> String {
    let options = report.options.iter().zip(&point.values);
    let words: Vec<String> = options
        .map(|(option, value)| match *option {
            "encoder" => match value.rsplit_once(',') {
                Some((wider, _)) => format!("{wider},{LENGTH}"),
                None => LENGTH.into(),
            },
            "preset" => value.clone(),
            option => format!("{} {value}", option.replace('-', " ")),
        })
        .collect();
    words.join(", ")
}

fn color(line: usize) -> Rgb {
    match line {
        0 => HELD_OUT,
        _ => class_on_paper(COLORS.get(line - 1).copied().unwrap_or(line as u8)),
    }
}
