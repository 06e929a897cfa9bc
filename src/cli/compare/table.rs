//! Networks beside one another, a column each, for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Compared, Report};
use crate::{
    measure::decibels,
    words::{counted, grouped, printable},
};

/// A row: what it tells, and the word for each network.
type Row = (String, Vec<String>);

pub(super) fn of(report: &Report) -> String {
    let networks = &report.networks;
    let each = |title: &str, word: &dyn Fn(&Compared) -> String| -> Row {
        (title.to_owned(), networks.iter().map(word).collect())
    };
    let recipes = report.differences.iter().map(|difference| {
        let values = difference.values.iter().map(said).collect();
        (difference.field.replace('_', " "), values)
    });
    let mut measures = vec![
        each("layers", &|network| network.architecture.clone()),
        each("parameters", &|network| grouped(network.parameters)),
        each("step", &|network| network.step.map_or_else(dash, grouped)),
        each("code", &|network| counted(network.code as u64, "value")),
        each("cross-entropy", &|network| {
            format!("{:.4}", network.reconstruction.cross_entropy)
        }),
        each("  PCA, as many", &|network| {
            format!("{:.4}", network.pca.cross_entropy)
        }),
        each("PSNR, dB", &|network| {
            decibels(network.reconstruction.fidelity.psnr, 2)
        }),
        each("  PCA, as many", &|network| {
            decibels(network.pca.fidelity.psnr, 2)
        }),
    ];
    if let Some(Some(features)) = networks.first().map(|network| network.features) {
        let share = |share: f64| format!("{:.1} %", 100.0 * share);
        let of = |network: &Compared, which: fn(&crate::measure::Features) -> f64| {
            network
                .features
                .as_ref()
                .map_or_else(dash, |features| share(which(features)))
        };
        let title = format!("told by {} nearest", features.neighbours);
        measures.push(each(&title, &|network| {
            of(network, |features| features.network)
        }));
        measures.push(each("  PCA, as many", &|network| {
            of(network, |features| features.pca)
        }));
    }
    let names = each("", &|network| network.name.clone());
    let rows: Vec<Row> = [names].into_iter().chain(recipes).chain(measures).collect();
    let widths = widths(&rows);
    let mut table = String::new();
    for (number, row) in rows.iter().enumerate() {
        // What it is stands apart from what it comes to.
        if number == 1 + report.differences.len() {
            let _ = writeln!(table, "\non the held-out images of {}", report.data);
        }
        let _ = writeln!(table, "{}", line(row, &widths));
    }
    table
}

fn dash() -> String {
    "-".into()
}

/// A value of a recipe, in a word.
fn said(value: &Value) -> String {
    match value {
        Value::Null => dash(),
        Value::String(words) => printable(words, 40),
        Value::Array(values) => {
            let words: Vec<String> = values.iter().map(said).collect();
            printable(&words.join(","), 40)
        }
        other => printable(&other.to_string(), 40),
    }
}

fn widths(rows: &[Row]) -> Vec<usize> {
    let width = |words: &String| words.chars().count();
    let columns = rows.first().map_or(0, |(_, words)| words.len());
    let titles = rows.iter().map(|(title, _)| width(title)).max();
    let column = |place: usize| rows.iter().map(|(_, words)| width(&words[place])).max();
    let columns = (0..columns).map(|place| column(place).unwrap_or(0));
    [titles.unwrap_or(0)].into_iter().chain(columns).collect()
}

fn line((title, words): &Row, widths: &[usize]) -> String {
    let cells = [title].into_iter().chain(words).zip(widths);
    let cells = cells.map(|(word, width)| format!("{word:<width$}"));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}
