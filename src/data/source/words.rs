//! What was read, in words.

use crate::{
    data::{Classes, Dataset, Reading},
    words::grouped,
};

/// What was read, in a line.
pub(super) fn said(data: &Dataset, reals: bool, held_out: Option<&Reading>) -> String {
    let Dataset {
        name,
        classes,
        train,
        test,
        ..
    } = data;
    let [least, most] = range_of(train.pixels());
    let range = if reals {
        format!(
            "pixels {:.2} to {:.2}",
            f32::from(least) / 255.0,
            f32::from(most) / 255.0
        )
    } else {
        format!("pixels {least} to {most}")
    };
    let of_each = match classes {
        Classes::Unlabelled => "",
        _ => " of each class",
    };
    let split = match held_out {
        None => String::new(),
        Some(Reading {
            hold_out: Some(part),
            ..
        }) => format!(" ({part}{of_each} held out)"),
        Some(_) => format!(" (a tenth{of_each} held out; --hold-out sets how much)"),
    };
    format!(
        "{name}: {} + {} images of {}{split}, {range}, {}",
        grouped(train.len() as u64),
        grouped(test.len() as u64),
        train.size(),
        told(classes)
    )
}

/// The classes in some words.
fn told(classes: &Classes) -> String {
    /// Letters that names may take.
    const ROOM: usize = 60;
    let names = classes.names();
    let count = classes.count();
    let words = match classes {
        Classes::Unlabelled => return "no labels".into(),
        Classes::Digits => return "the ten digits".into(),
        Classes::Numbered(_) => return format!("labels 0 to {}", count - 1),
        Classes::Named(_) if count == 1 => return format!("one class: {}", names[0]),
        Classes::Named(_) => names.join(", "),
    };
    if words.chars().count() <= ROOM {
        return format!("{count} classes: {words}");
    }
    format!("{count} classes: {} to {}", names[0], names[count - 1])
}

fn range_of(pixels: &[u8]) -> [u8; 2] {
    let ends = pixels.iter().fold([255, 0], |[least, most], &pixel| {
        [pixel.min(least), pixel.max(most)]
    });
    [ends[0].min(ends[1]), ends[1]]
}
