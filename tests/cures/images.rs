//! Images of one's own: what makes them such is done to them, and they are read.

use std::{fs, path::Path};

use ae_tui::{
    arrays::words,
    data::{Reading, reading::WantedSize, source},
};
use ndarray::Array1;
use ndarray_npy::write_npy;

use crate::{Place, STEP, arrays::array, behind, between, number, squares};

/// Why the images at a path are not taken.
pub(crate) fn refused(path: &Path) -> Option<String> {
    refused_as(path, &Reading::default())
}

fn refused_as(path: &Path, reading: &Reading) -> Option<String> {
    let read = source::read(path, reading);
    read.err().map(|error| error.to_string())
}

/// The side that a refusal says to make all images of.
fn resized(told: &str) -> Reading {
    let side = number(behind(told, "--resize ")).to_string();
    let WantedSize(size) = side.parse().unwrap();
    Reading {
        resize: Some(size),
        ..Reading::default()
    }
}

#[test]
fn images_of_sizes_that_are_refused_are_taken_as_they_are_told_to_be_resized() {
    let place = Place::new();
    let file = place.path("x.npy");
    let of_side = |side| {
        write_npy(&file, &squares(4, side)).unwrap();
        refused(&file)
    };
    let told = of_side(1).unwrap();
    let ends = behind(&told, "sides of ");
    let (least, most) = (number(ends), number(behind(ends, " to ")));
    for (side, is_taken) in [
        (least, true),
        (most, true),
        (least - 1, false),
        (most + 1, false),
    ] {
        let told = of_side(side as usize);
        assert_eq!(told.is_none(), is_taken, "{side}: {told:?}");
        if let Some(told) = told {
            assert_eq!(refused_as(&file, &resized(&told)), None, "{told}");
        }
    }
    // Halves of two sizes.
    for (half, side) in [("train", 28), ("test", 20)] {
        let file = place.path(&format!("x_{half}.npy"));
        write_npy(file, &squares(4, side)).unwrap();
    }
    fs::remove_file(&file).unwrap();
    let told = refused(&place.path("")).unwrap();
    assert_eq!(refused_as(&place.path(""), &resized(&told)), None, "{told}");
    // Those that convolutions cannot give back.
    write_npy(&file, &squares(4, 27)).unwrap();
    let conv = [&STEP[..], &["--preset", "conv", "--data", "x.npy"]].concat();
    let told = place.refused(&conv);
    let side = number(behind(&told, "--resize ")).to_string();
    place.done(&[&conv[..], &["--resize", &side]].concat());
}

#[test]
fn few_images_and_many_classes_are_refused_up_to_the_number_that_is_told() {
    let place = Place::new();
    let file = place.path("x.npy");
    let of_count = |count| {
        write_npy(&file, &squares(count, 8)).unwrap();
        refused(&file)
    };
    let told = of_count(1).unwrap();
    assert!(told.ends_with("two are needed at least"), "{told}");
    assert_eq!(of_count(2), None);

    let of_classes = |classes: usize| {
        let folder = place.path("few");
        let _ = fs::create_dir(&folder);
        let labels = Array1::from_shape_fn(classes, |label| label as i64);
        for half in ["train", "test"] {
            write_npy(folder.join(format!("x_{half}.npy")), &squares(classes, 8)).unwrap();
            write_npy(folder.join(format!("y_{half}.npy")), &labels).unwrap();
        }
        refused(&folder)
    };
    let told = of_classes(99).unwrap();
    let most = number(between(&told, "at most ", " are taken")) as usize;
    assert_eq!(of_classes(most), None);
    assert!(of_classes(most + 1).is_some());
    // Names are as many.
    of_classes(2);
    let names = |count: usize| {
        let names: Vec<String> = (0..count).map(|name| format!("n{name}")).collect();
        fs::write(place.path("few/classes.txt"), names.join("\n")).unwrap();
        refused(&place.path("few"))
    };
    assert_eq!(names(most), None);
    assert!(names(most + 1).unwrap().contains("at most"));
    // A label has a name, or it is one of those that have.
    of_classes(4);
    let told = names(3).unwrap();
    let last = number(behind(&told, "for 0 to "));
    assert_eq!(names(4), None);
    of_classes(last as usize + 1);
    assert_eq!(names(3), None);

    let of_words = |count: usize| {
        let names = array("|S1", &format!("{count},"), &vec![b'a'; count]);
        words(&names).err().map(|fault| fault.to_string())
    };
    let told = of_words(99_999).unwrap();
    let most = number(behind(&told, "and at most ")) as usize;
    assert_eq!(of_words(most), None);
    assert!(of_words(most + 1).is_some());
}

#[test]
fn halves_and_labels_are_made_whole_as_it_is_told() {
    let place = Place::new();
    let folder = place.path("few");
    fs::create_dir(&folder).unwrap();
    let put = |name: &str, labels: &[i64]| {
        let labels = Array1::from_vec(labels.to_vec());
        write_npy(folder.join(name), &labels).unwrap();
    };
    for half in ["train", "test"] {
        write_npy(folder.join(format!("x_{half}.npy")), &squares(4, 8)).unwrap();
    }
    put("y_train.npy", &[0, 1, 0, 1]);
    let told = refused(&folder).unwrap();
    assert!(
        told.ends_with("give the other its own, or leave both out"),
        "{told}"
    );
    put("y_test.npy", &[0, 1, 0, 1]);
    assert_eq!(refused(&folder), None);
    put("y_test.npy", &[0, 1, 0]);
    let told = refused(&folder).unwrap();
    assert!(told.ends_with("a label for each image is needed"), "{told}");
    put("y_test.npy", &[0, 1, 0, -1]);
    let told = refused(&folder).unwrap();
    let least = number(between(&told, "whole numbers from ", " on"));
    put("y_test.npy", &[0, 1, 0, least as i64]);
    assert_eq!(refused(&folder), None);
    for half in ["train", "test"] {
        fs::remove_file(folder.join(format!("y_{half}.npy"))).unwrap();
    }
    assert_eq!(refused(&folder), None);

    // A folder for those held out is named itself, or gets images to learn from beside it.
    let picture = |name: &str| {
        let file = place.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let mut encoder = png::Encoder::new(fs::File::create(file).unwrap(), 8, 8);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[7; 64]).unwrap();
    };
    let pictures = place.path("pictures");
    for number in 0..4 {
        picture(&format!("pictures/test/a/{number}.png"));
    }
    let told = refused(&pictures).unwrap();
    let itself = between(&told, "or name ", " itself");
    assert_eq!(refused(Path::new(itself)), None);
    picture("pictures/train/a/1.png");
    assert_eq!(refused(&pictures), None);
}
