//! Cures that are options: examples that can be typed, what is to be added, left out or said
//! instead.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
};

use ndarray::Array2;
use ndarray_npy::write_npy;

use crate::{Place, STEP, behind, between, examples, number, squares};

#[test]
fn what_an_option_is_told_as_an_example_is_taken() {
    let place = Place::with_images();
    let few = [&STEP[..], &["--data", "few"]].concat();
    let heap = [&STEP[..], &["--data", "heap.npy"]].concat();
    let conv = [&few[..], &["--preset", "conv"]].concat();
    place.done(&[&few[..], &["--save", "net.safetensors"]].concat());
    let encode = ["encode", "net.safetensors", "--images", "heap.npy"];
    let encode = [&encode[..], &["--out", "codes.npy"]].concat();
    let cases: &[(&[&str], &str, usize)] = &[
        (&few, "--encoder", 1),
        (&conv, "--channels", 1),
        (&few, "--learning-rate", 1),
        (&few, "--l1", 1),
        (&few, "--noise", 1),
        (&few, "--digits", 2),
        (&few, "--epochs", 1),
        (&few, "--batch-size", 1),
        (&few, "--max-steps", 1),
        (&few, "--memory", 2),
        (&few, "--resize", 2),
        (&heap, "--hold-out", 1),
        (&encode, "--resize", 2),
    ];
    for &(words, option, count) in cases {
        // The last of an option said twice would be refused for that.
        let words: Vec<&str> = match words.iter().position(|word| *word == option) {
            Some(place) => [&words[..place], &words[place + 2..]].concat(),
            None => words.to_vec(),
        };
        let with = |value| [&words[..], &[option, value]].concat();
        let told = place.refused(&with("x"));
        let examples = examples(&told);
        assert_eq!(examples.len(), count, "{told}");
        for example in examples {
            // Weights of squares take no others.
            if words[0] == "encode" && example != "28" {
                continue;
            }
            place.done(&with(example));
        }
    }
}

/// What is said, what the refusal says of it, and what is then said instead.
type Case<'a> = (&'a [&'a str], &'a str, &'a [&'a [&'a str]]);

#[test]
fn what_is_to_be_added_or_left_out_does() {
    let place = Place::with_images();
    let few = [&STEP[..], &["--data", "few"]].concat();
    let conv = ["--preset", "conv"];
    let cases: &[Case<'_>] = &[
        (
            &["--metrics-every", "5"],
            "add --metrics FILE",
            &[&["--metrics-every", "5", "--metrics", "a.jsonl"]],
        ),
        (
            &["--checkpoint-every", "5"],
            "add --run DIR",
            &[&["--checkpoint-every", "5", "--run", "a"]],
        ),
        (
            &["--append"],
            "add --metrics FILE",
            &[&["--append", "--metrics", "a.jsonl"]],
        ),
        (
            &["--metrics", "a.jsonl"],
            "--append writes after what is there, --replace empties it first",
            &[
                &["--append", "--metrics", "a.jsonl"],
                &["--replace", "--metrics", "a.jsonl"],
            ],
        ),
        (
            &["--save", "b", "--metrics", "b"],
            "give each its own",
            &[&["--save", "b", "--metrics", "b.jsonl"]],
        ),
        (&["--hold-out", "0.2"], "leave out --hold-out", &[&[]]),
        (
            &["--encoder", "8", "--preset", "conv"],
            "leave it out",
            &[&conv],
        ),
        (
            &["--channels", "8,4"],
            "leave them out, or take --preset conv",
            &[&[], &["--channels", "8,4", "--preset", "conv"]],
        ),
        (
            &["--l1", "0.1", "--preset", "vae"],
            "leave it out",
            &[&["--preset", "vae"]],
        ),
        (
            &["--save", "no/net"],
            "there is no folder no; create it or name another",
            &[&["--save", "net"]],
        ),
        (
            &["--save", "few"],
            "name a file in it",
            &[&["--save", "few/net.safetensors"]],
        ),
        (
            &["--tensorboard", "heap.npy"],
            "it is no folder; name one",
            &[&["--tensorboard", "events"]],
        ),
        (
            &["--metrics", "heap.npy", "--append"],
            "give the log a name of its own",
            &[&["--metrics", "own.jsonl", "--append"]],
        ),
    ];
    for (wrong, cure, cured) in cases {
        let told = place.refused(&[&few[..], wrong].concat());
        assert!(told.ends_with(cure), "{wrong:?}: {told}");
        for words in *cured {
            place.done(&[&few[..], words].concat());
        }
    }
    // The folder is created, the file made writable.
    fs::create_dir(place.path("no")).unwrap();
    place.done(&[&few[..], &["--save", "no/net"]].concat());
    let may =
        |mode| fs::set_permissions(place.path("no/net"), Permissions::from_mode(mode)).unwrap();
    may(0o444);
    let save = [&few[..], &["--save", "no/net"]].concat();
    let told = place.refused(&save);
    assert!(
        told.ends_with("make it writable or name another file"),
        "{told}"
    );
    may(0o644);
    place.done(&save);
}

#[test]
fn labels_that_are_told_are_there_and_all_of_it_is_taken() {
    let place = Place::with_images();
    let digits = |data| [&STEP[..], &["--data", data, "--digits", "3-12"]].concat();
    let told = place.refused(&digits("few"));
    let some = behind(&told, "name some of ");
    place.done(&[&STEP[..], &["--data", "few", "--digits", some]].concat());
    let told = place.refused(&digits("heap.npy"));
    assert!(told.ends_with("take all of it"), "{told}");
    place.done(&[&STEP[..], &["--data", "heap.npy"]].concat());
}

#[test]
fn images_that_are_read_otherwise_are_named_as_it_is_told() {
    let place = Place::with_images();
    let train = "ae-tui --headless --max-steps 1";
    let told = place.refused(&[&STEP[..], &["--invert"]].concat());
    let mnist = behind(&told, "add --data PATH (MNIST's: ");
    let mnist = mnist.strip_suffix(')').unwrap();
    place.typed(&format!("{train} --invert {mnist}"));
    // MNIST has a held-out half, and is not offered to who wants to hold out some.
    let told = place.refused(&[&STEP[..], &["--hold-out", "0.2"]].concat());
    assert!(told.ends_with("add --data PATH"), "{told}");
    place.typed(&format!("{train} --hold-out 0.2 --data heap.npy"));
}

/// A command about the weights that are saved as `net.safetensors`.
fn net<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, "net.safetensors"], more].concat()
}

#[test]
fn files_that_are_told_to_end_otherwise_are_written() {
    let place = Place::with_images();
    let train = ["--data", "few", "--save", "net.safetensors"];
    place.done(&[&STEP[..], &train].concat());
    let told = place.refused(&net("encode", &["--data", "few", "--out", "codes"]));
    let (endings, form) = behind(&told, "ends in ").split_once(", or ").unwrap();
    assert_eq!(form, "say --form");
    let endings = endings.replace(" or ", ", ");
    for ending in endings.split(", ") {
        let out = format!("codes{ending}");
        place.done(&net("encode", &["--data", "few", "--out", &out]));
        let form = ["--data", "few", "--out", "codes", "--form", &ending[1..]];
        place.done(&net("encode", &form));
    }
    for (command, option, more) in [
        ("reconstruct", "--out", &["--data", "few"][..]),
        ("export", "--keras", &[]),
        ("export", "--onnx", &[]),
    ] {
        let told = place.refused(&net(command, &[&[option, "a.jpg"], more].concat()));
        let ending = behind(&told, "ends in ").split(' ').next().unwrap();
        let out = format!("a{ending}");
        place.done(&net(command, &[&[option, &out], more].concat()));
    }

    // A picture shows so many and no more; other files do.
    write_npy(place.path("many.npy"), &squares(1002, 28)).unwrap();
    let drawn = |range: &str| {
        let words = [
            "--images", "many.npy", "--out", "many.png", "--range", range,
        ];
        place.answer(&net("reconstruct", &words))
    };
    let told = drawn("0..1002").unwrap_err();
    let most = number(behind(&told, "name at most "));
    drawn(&format!("0..{most}")).unwrap();
    drawn(&format!("0..{}", most + 1)).unwrap_err();
    let codes = Array2::<f32>::ones((most as usize + 1, 2));
    write_npy(place.path("many_codes.npy"), &codes).unwrap();
    let decode = |out| net("decode", &["many_codes.npy", "--out", out]);
    let told = place.refused(&decode("many.png"));
    assert!(
        told.ends_with(&format!("at most {most}, or an .npz file")),
        "{told}"
    );
    place.done(&decode("many.npz"));
}

#[test]
fn ranges_that_are_told_are_there() {
    let place = Place::with_images();
    let train = ["--data", "few", "--save", "net.safetensors"];
    place.done(&[&STEP[..], &train].concat());
    let of_range = |range: &str| {
        let words = ["--data", "few", "--out", "-", "--range", range];
        place.answer(&net("encode", &words))
    };
    let refused = |range| of_range(range).unwrap_err();
    let done = |range: &str| of_range(range).unwrap();
    done(behind(&refused("0..21"), "are numbered "));
    done(between(&refused("5..5"), "is in it; ", " is image 5 alone"));
    done(between(&refused("9..3"), "backwards; ", " runs forwards"));
    assert_eq!(examples(&refused("ten")), ["110..120"]);
}
