//! Folders of pictures: classes, halves, sizes, and what is among them that is no picture.

use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::{listing::naturally, *};
use crate::data::{Classes, source};

/// A grey PNG.
fn png_of(height: u32, width: u32, pixel: impl Fn(usize) -> u8) -> Vec<u8> {
    let pixels: Vec<u8> = (0..(height * width) as usize).map(pixel).collect();
    encoded(
        height,
        width,
        png::ColorType::Grayscale,
        png::BitDepth::Eight,
        &pixels,
    )
}

fn encoded(
    height: u32,
    width: u32,
    color: png::ColorType,
    depth: png::BitDepth,
    bytes: &[u8],
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(bytes).unwrap();
    writer.finish().unwrap();
    file
}

fn put(folder: &TempDir, name: &str, bytes: &[u8]) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn read(folder: &TempDir, reading: &Reading) -> Result<source::Read, DataError> {
    source::read(folder.path(), reading)
}

fn refused(folder: &TempDir, reading: &Reading) -> String {
    read(folder, reading).unwrap_err().to_string()
}

#[test]
fn a_sub_folder_is_a_class_and_names_stand_in_the_order_of_a_person() {
    let folder = TempDir::new().unwrap();
    for (class, grey) in [("2", 20), ("10", 100), ("cat", 200)] {
        for number in [1, 2, 11] {
            let name = format!("{class}/{number}.png");
            put(
                &folder,
                &name,
                &png_of(8, 9, |place| grey + number * u8::from(place == 0)),
            );
        }
    }
    put(&folder, "cat/deeper/12.PNG", &png_of(8, 9, |_| 212));
    put(&folder, "cat/notes.txt", b"no picture");
    put(&folder, ".hidden/1.png", &png_of(8, 9, |_| 0));
    put(&folder, "empty/readme.md", b"");
    let source::Read {
        data,
        said,
        notices,
    } = read(&folder, &Reading::default()).unwrap();
    assert_eq!(data.classes, Classes::named(&["2", "10", "cat"]));
    assert_eq!((data.train.len(), data.test.len()), (9, 1));
    assert_eq!(data.image_size().to_string(), "8x9");
    // The tenth of ten images in all is the last of the largest class, or one of its four.
    let mut firsts: Vec<u8> = (0..9).map(|image| data.train.image(image)[0]).collect();
    firsts.push(data.test.image(0)[0]);
    firsts.sort_unstable();
    assert_eq!(firsts, [21, 22, 31, 101, 102, 111, 201, 202, 211, 212]);
    // The classes take turns, as far as each is large.
    assert_eq!(data.train.labels(), [2, 0, 1, 2, 0, 1, 2, 0, 1]);
    assert!(said.contains("3 classes: 2, 10, cat"), "{said}");
    assert!(notices.is_empty(), "{notices:?}");
    // A copy elsewhere is the same data.
    let copy = TempDir::new().unwrap();
    symlink(folder.path(), copy.path().join("link")).unwrap();
    let again = source::read(&copy.path().join("link"), &Reading::default()).unwrap();
    assert_eq!(again.data.digest, data.digest);
}

#[test]
fn sub_folders_train_and_test_or_val_are_the_halves() {
    for other in ["test", "Val"] {
        let folder = TempDir::new().unwrap();
        for class in ["a", "b"] {
            put(
                &folder,
                &format!("Train/{class}/1.png"),
                &png_of(8, 8, |_| 1),
            );
            put(
                &folder,
                &format!("Train/{class}/2.png"),
                &png_of(8, 8, |_| 2),
            );
            put(
                &folder,
                &format!("{other}/{class}/1.png"),
                &png_of(8, 8, |_| 3),
            );
        }
        let data = read(&folder, &Reading::default()).unwrap().data;
        assert_eq!(data.train.labels(), [0, 1, 0, 1]);
        assert_eq!(data.test.labels(), [0, 1]);
        assert_eq!(data.classes.names(), ["a", "b"]);
        let held = Reading {
            hold_out: Some(0.5),
            ..Reading::default()
        };
        assert!(
            refused(&folder, &held).contains("held-out images of its own; leave out --hold-out")
        );
    }
}

#[test]
fn a_half_that_stands_alone_is_no_class() {
    for (half, other) in [("test", ""), ("val", "train")] {
        let folder = TempDir::new().unwrap();
        for number in 0..4 {
            let name = format!("{half}/a/{number}.png");
            put(&folder, &name, &png_of(8, 8, |pixel| pixel as u8));
        }
        let words = refused(&folder, &Reading::default());
        let itself = folder.path().join(half).display().to_string();
        let expected = format!("a folder {half} and none called train");
        assert!(
            words.contains(&expected) && words.contains(&itself),
            "{words}"
        );
        if other.is_empty() {
            // The cure.
            let read = source::read(&folder.path().join(half), &Reading::default()).unwrap();
            assert_eq!(read.data.classes.names(), ["a"]);
        } else {
            put(&folder, &format!("{other}/a/1.png"), &png_of(8, 8, |_| 7));
            assert_eq!(
                read(&folder, &Reading::default()).unwrap().data.test.len(),
                4
            );
        }
    }
    // Images to learn from are enough, and a tenth of them is held out.
    let folder = TempDir::new().unwrap();
    for number in 0..20 {
        let name = format!("train/{}/{number}.png", ["a", "b"][number % 2]);
        put(
            &folder,
            &name,
            &png_of(8, 8, |pixel| (pixel + number) as u8),
        );
    }
    let found = read(&folder, &Reading::default()).unwrap();
    assert_eq!(found.data.classes.names(), ["a", "b"]);
    assert!(
        found.said.contains("a tenth of each class"),
        "{}",
        found.said
    );
}

#[test]
fn pictures_without_sub_folders_have_no_labels() {
    let folder = TempDir::new().unwrap();
    for number in 0..20 {
        put(&folder, &format!("{number}.png"), &png_of(8, 8, |_| number));
    }
    let source::Read { data, said, .. } = read(&folder, &Reading::default()).unwrap();
    assert_eq!(data.classes, Classes::Unlabelled);
    assert_eq!((data.train.len(), data.test.len()), (18, 2));
    assert!(said.ends_with("no labels"), "{said}");
    put(&folder, "class/1.png", &png_of(8, 8, |_| 9));
    put(&folder, "class/2.png", &png_of(8, 8, |_| 9));
    let read = read(&folder, &Reading::default()).unwrap();
    assert_eq!(
        read.notices,
        ["left out 20 pictures of no class, beside the folders of the classes"]
    );
    assert_eq!(read.data.train.len() + read.data.test.len(), 2);
}

#[test]
fn what_cannot_be_read_is_named_left_out_and_counted() {
    let folder = TempDir::new().unwrap();
    for number in 0..6 {
        put(
            &folder,
            &format!("a/{number}.png"),
            &png_of(8, 8, |_| number),
        );
    }
    let good = png_of(8, 8, |_| 7);
    put(&folder, "a/bad\u{1b}[2J.png", b"<html>");
    put(&folder, "a/cut.png", &good[..good.len() / 2]);
    put(&folder, "a/empty.jpg", b"");
    put(&folder, "a/zcut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF");
    let read = read(&folder, &Reading::default()).unwrap();
    assert_eq!(read.data.train.len() + read.data.test.len(), 6);
    let [notice] = &read.notices[..] else {
        panic!("{:?}", read.notices);
    };
    assert!(
        notice.starts_with("left out 4 of 10 pictures that cannot be read: a/bad[2J.png ("),
        "{notice}"
    );
    assert!(
        notice.contains("a/cut.png (") && notice.ends_with(" and 1 more"),
        "{notice}"
    );
}

#[test]
fn a_folder_without_a_picture_that_can_be_read_is_refused() {
    let folder = TempDir::new().unwrap();
    let nothing = refused(&folder, &Reading::default());
    assert!(
        nothing.contains("found no images in it; folders of"),
        "{nothing}"
    );
    put(&folder, "a.png", b"PNG");
    put(&folder, "b.png", b"PNG");
    let none = refused(&folder, &Reading::default());
    assert!(
        none.contains("none of its 2 pictures can be read; the first: a.png ("),
        "{none}"
    );
    put(&folder, "c.png", &png_of(8, 8, |_| 0));
    assert!(refused(&folder, &Reading::default()).contains("one image alone"));
}

#[test]
fn pictures_of_several_sizes_or_none_that_is_taken_need_resize_and_get_it() {
    let folder = TempDir::new().unwrap();
    put(&folder, "1.png", &png_of(10, 10, |_| 0));
    put(&folder, "2.png", &png_of(10, 12, |_| 90));
    let words = refused(&folder, &Reading::default());
    assert!(
        words.contains("2.png: it is 10x12, and 1.png is 10x10; --resize 28 makes"),
        "{words}"
    );
    let resized = Reading {
        resize: Some(ImageSize {
            height: 28,
            width: 28,
        }),
        invert: true,
        ..Reading::default()
    };
    let data = read(&folder, &resized).unwrap().data;
    assert_eq!(data.image_size(), ImageSize::MNIST);
    let greys = [data.train.image(0)[0], data.test.image(0)[0]];
    assert!(greys == [255, 165] || greys == [165, 255], "{greys:?}");
    let large = TempDir::new().unwrap();
    put(&large, "1.png", &png_of(100, 100, |_| 0));
    put(&large, "2.png", &png_of(100, 100, |_| 0));
    let words = refused(&large, &Reading::default());
    assert!(
        words.contains("1.png: its images are 100x100; sides of 8 to 64 pixels"),
        "{words}"
    );
    assert!(read(&large, &resized).is_ok());
}

#[test]
fn every_kind_of_png_is_greys_on_white_paper() {
    use png::{BitDepth, ColorType};
    let grey = |bytes: &[u8]| decoded(bytes).unwrap().1;
    let of = |color, depth, bytes: &[u8]| grey(&encoded(1, 2, color, depth, bytes));
    assert_eq!(
        of(ColorType::Grayscale, BitDepth::Eight, &[7, 255]),
        [7, 255]
    );
    assert_eq!(
        of(ColorType::Grayscale, BitDepth::Sixteen, &[7, 0, 255, 255]),
        [7, 255]
    );
    assert_eq!(
        of(ColorType::Grayscale, BitDepth::One, &[0b0100_0000]),
        [0, 255]
    );
    assert_eq!(
        of(ColorType::GrayscaleAlpha, BitDepth::Eight, &[0, 0, 0, 255]),
        [255, 0]
    );
    assert_eq!(
        of(ColorType::Rgb, BitDepth::Eight, &[255, 0, 0, 9, 9, 9]),
        [76, 9]
    );
    assert_eq!(
        of(
            ColorType::Rgba,
            BitDepth::Eight,
            &[0, 0, 0, 128, 0, 255, 0, 255]
        ),
        [127, 150]
    );
}

#[test]
fn a_jpeg_is_read_in_greys() {
    // Made by Pillow: 8x8, all of one red.
    let (size, pixels) = decoded(include_bytes!("red.jpg")).unwrap();
    assert_eq!(size.to_string(), "8x8");
    // 0.299 of 200, and what the compression makes of it.
    assert!(
        pixels.iter().all(|grey| grey.abs_diff(60) <= 2),
        "{pixels:?}"
    );
}

/// A progressive JPEG of one grey, whose first scan has the bit for each block that a decoder
/// cannot do without, and nothing else.
#[test]
fn a_jpeg_of_one_colour_is_taken_however_small_it_is() {
    let (side, blocks) = (1600_u16, 200 * 200);
    let [high, low] = side.to_be_bytes();
    let mut file = vec![0xff, 0xd8, 0xff, 0xdb, 0, 67, 0];
    file.extend([1; 64]);
    file.extend([0xff, 0xc2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
    // One code of one bit: the grey is that of the block before.
    file.extend([0xff, 0xc4, 0, 20, 0, 1]);
    file.extend([0; 15]);
    file.push(0);
    file.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0]);
    file.extend(vec![0; blocks / 8]);
    file.extend([0xff, 0xd9]);
    let (size, pixels) = decoded(&file).unwrap();
    assert_eq!(size.to_string(), "1600x1600");
    assert!(pixels.iter().all(|&grey| grey == 128));
}

#[test]
fn a_jpeg_of_few_bytes_that_says_it_is_large_is_refused_and_not_filled_in() {
    let mut file = include_bytes!("red.jpg").to_vec();
    let frame = [0xff, 0xc0];
    let at = file.windows(2).position(|bytes| bytes == frame).unwrap();
    let sides = at + 5..at + 9;
    let said = |side: u16| [side.to_be_bytes(), side.to_be_bytes()].concat();
    assert_eq!(file[sides.clone()], said(8));
    file[sides].copy_from_slice(&said(8000));
    let words = decoded(&file).unwrap_err();
    assert!(
        words.contains("8000x8000") && words.contains("missing"),
        "{words}"
    );
}

/// Wherever it was cut: in its tables, in its only block, or before its very last byte.
#[test]
fn a_jpeg_that_is_cut_short_is_refused_and_not_filled_in() {
    let file = include_bytes!("red.jpg");
    for length in 0..file.len() {
        assert!(
            decoded(&file[..length]).is_err(),
            "{length} of {} bytes",
            file.len()
        );
    }
    let words = decoded(&file[..file.len() - 1]).unwrap_err();
    assert!(words.contains("cut short"), "{words}");
    // A film behind it is its own: a scan of which no end follows, say.
    let with_more = [&file[..], &[0xff, 0xda, 0, 3, 1, 7]].concat();
    assert_eq!(decoded(&with_more).unwrap(), decoded(file).unwrap());
    // A small picture of it in its head has an end too, which is not its own.
    let head = [0xff, 0xe1, 0, 4, 0xff, 0xd9];
    let within = [&file[..2], &head[..], &file[2..]].concat();
    assert_eq!(decoded(&within).unwrap(), decoded(file).unwrap());
    assert!(decoded(&within[..within.len() - 2]).is_err());
}

#[test]
fn a_picture_that_promises_too_much_is_refused_before_memory_is_taken() {
    let mut file = png_of(8, 8, |_| 0);
    file[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    // The header's checksum is that of the promise.
    let mut sum = flate2::Crc::new();
    sum.update(&file[12..29]);
    file[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    let words = decoded(&file).unwrap_err();
    assert!(
        words.contains("too large") || words.contains("limit"),
        "{words}"
    );
}

#[test]
fn names_stand_in_the_order_of_their_numbers() {
    let mut names = [
        "10",
        "9",
        "a10",
        "a9",
        "b",
        "A",
        "a09",
        "99999999999999999999999999999999999999999",
    ];
    names.sort_by(|a, b| naturally(a, b));
    assert_eq!(names[..2], ["9", "10"]);
    let place = |name: &str| names.iter().position(|other| *other == name);
    assert!(place("a9") < place("a10") && place("a10") < place("b"));
}
