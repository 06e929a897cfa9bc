//! Numbers in refusals: the last that is taken, and one more or less is not.

use ae_tui::{
    data::{Labels, corrupt::Noise, reading::WantedSize},
    image::ImageSize,
    nn::Network,
    recipe::{Change, Edit, Preset, Recipe},
    store::weights,
};

use crate::{Place, STEP, behind, between, number};

/// Why there is no such run.
fn refused(preset: Preset, change: impl FnOnce(&mut Recipe)) -> Option<String> {
    let mut recipe = Recipe::preset(preset);
    change(&mut recipe);
    recipe.check().err().map(|error| error.to_string())
}

#[track_caller]
fn expect_taken(change: impl FnOnce(&mut Recipe)) {
    assert_eq!(refused(Preset::Article, change), None);
}

/// Both ends that a refusal names behind these words are taken, and what is just beyond is
/// refused in the same words.
fn expect_ends(words: &str, wrong: u64, refused: impl Fn(u64) -> Option<String>) {
    let told = refused(wrong).unwrap();
    let ends = behind(&told, words);
    let (least, most) = (number(ends), number(behind(ends, " to ")));
    assert!(least < most, "{told}");
    for taken in [least, most] {
        assert_eq!(refused(taken), None, "{told}");
    }
    let beyond = [least.checked_sub(1), most.checked_add(1)];
    for beyond in beyond.into_iter().flatten() {
        let again = refused(beyond).unwrap_or_else(|| panic!("{beyond} was taken: {told}"));
        assert!(again.contains(ends), "{again}");
    }
}

/// The most that a refusal names behind these words is taken, and one more is not.
fn expect_most(words: &str, wrong: u64, refused: impl Fn(u64) -> Option<String>) {
    let most = number(behind(&refused(wrong).unwrap(), words));
    assert_eq!(refused(most), None);
    assert!(refused(most + 1).is_some(), "{} was taken", most + 1);
}

#[test]
fn both_ends_that_a_recipe_is_told_are_taken_and_none_beyond() {
    let article = |change: fn(&mut Recipe, u64)| {
        move |value| refused(Preset::Article, |recipe| change(recipe, value))
    };
    expect_ends(
        "a run has ",
        u64::MAX,
        article(|recipe, epochs| recipe.epochs = epochs),
    );
    expect_ends(
        "a batch has ",
        u64::MAX,
        article(|recipe, images| recipe.batch_size = images as usize),
    );
    expect_ends(
        "must have ",
        99,
        article(|recipe, side| {
            recipe.image = ImageSize {
                height: 20,
                width: 24,
            };
            recipe.noise = Noise::Mask(side as usize);
        }),
    );
    expect_most("at most ", 99, |layers| {
        refused(Preset::Vae, |recipe| {
            let encoder = vec![2; layers as usize];
            recipe.network = Network::Variational { encoder };
        })
    });
    let convolutions = |channels: Vec<usize>| {
        refused(Preset::Conv, |recipe| {
            recipe.network = Network::Convolutional { channels };
        })
    };
    expect_ends("name the maps of ", 9, |stages| {
        convolutions(vec![2; stages as usize])
    });
    expect_most("at most ", 99_999, |maps| {
        refused(Preset::Conv, |recipe| {
            recipe.batch_size = 1;
            let channels = vec![maps as usize];
            recipe.network = Network::Convolutional { channels };
        })
    });
}

/// Sets a number of a recipe.
type Set = fn(&mut Recipe, f64);

#[test]
fn what_a_recipe_is_told_to_say_instead_is_taken() {
    let number_in = |told: &str| -> f64 {
        let words = between(told, ", as ", " is");
        words.parse().unwrap_or_else(|_| panic!("{told}"))
    };
    let cases: [(Set, &[f64]); 4] = [
        (
            |recipe, rate| recipe.learning_rate = rate,
            &[0.0, -1.0, 1e-50, 1e39],
        ),
        (|recipe, price| recipe.l1 = price, &[-1.0, 1e-50, 1e39]),
        (
            |recipe, deviation| recipe.noise = Noise::Gaussian(deviation),
            &[0.0, 1e39],
        ),
        (
            |recipe, share| recipe.noise = Noise::SaltPepper(share),
            &[0.0, 1.1],
        ),
    ];
    for (set, wrong) in cases {
        for &wrong in wrong {
            let told = refused(Preset::Sparse, |recipe| set(recipe, wrong)).unwrap();
            let cured = number_in(&told);
            assert_eq!(refused(Preset::Sparse, |recipe| set(recipe, cured)), None);
        }
    }
    let told = refused(Preset::Article, |recipe| recipe.digits = Labels::NONE).unwrap();
    let digits: Labels = between(&told, "as ", " does").parse().unwrap();
    assert!(told.ends_with("or leave it out for all"), "{told}");
    for digits in [digits, Labels::ALL] {
        expect_taken(|recipe| recipe.digits = digits);
    }
    let told = refused(Preset::Article, |recipe| recipe.max_steps = Some(0)).unwrap();
    let least = number(behind(&told, "allow at least "));
    for limit in [Some(least), None] {
        expect_taken(|recipe| recipe.max_steps = limit);
    }
    let edit = |step| Edit {
        step,
        change: Change::LearningRate(0.01),
    };
    let out_of_order = vec![edit(9), edit(3)];
    let told = refused(Preset::Article, |recipe| recipe.edits = out_of_order).unwrap();
    assert!(told.ends_with("sort them"), "{told}");
    let sorted = vec![edit(3), edit(9)];
    expect_taken(|recipe| recipe.edits = sorted);
}

/// The last of these for which nothing is refused, and what the next is told.
fn last_taken(refused: impl Fn(usize) -> Option<String>) -> (usize, String) {
    let (mut taken, mut beyond) = (1, 1 << 20);
    assert_eq!(refused(taken), None);
    while beyond - taken > 1 {
        let middle = usize::midpoint(taken, beyond);
        if refused(middle).is_none() {
            taken = middle;
        } else {
            beyond = middle;
        }
    }
    (taken, refused(beyond).unwrap())
}

#[test]
fn what_is_refused_for_its_size_is_larger_than_the_most_that_it_is_told() {
    let maps = [512, 512];
    let in_batches = |images| {
        refused(Preset::Conv, |recipe| {
            recipe.network = Network::Convolutional {
                channels: maps.into(),
            };
            recipe.batch_size = images;
        })
    };
    let (_, told) = last_taken(in_batches);
    let (takes, most) = (
        number(behind(&told, "28x28 take ")),
        number(between(&told, "and ", " are the most")),
    );
    // Images are worked on in sixteens: the first beyond six of these asks for a seventh.
    assert!(takes > most && takes < most + most / 6, "{told}");
    assert!(told.ends_with("name fewer, or a smaller batch"), "{told}");

    let of_units = |units| {
        let mut recipe = Recipe::preset(Preset::Article);
        recipe.set_encoder(vec![units]).unwrap();
        let fits = weights::fits(&recipe.architecture());
        fits.err().map(|error| error.to_string())
    };
    let (units, told) = last_taken(of_units);
    let (takes, most) = (
        number(behind(&told, " take ")),
        number(behind(&told, "files at most ")),
    );
    assert!(takes == most + 1, "{told}");
    // Two layers, each with a bias, of four bytes a number.
    let bytes = 4 * (2 * 784 * units + units + 784) as u64;
    assert_eq!(bytes.div_ceil(1 << 20), most, "{told}");
}

#[test]
fn both_ends_that_options_are_told_are_taken() {
    let side = |words: &str| words.parse::<WantedSize>().err();
    let told = side("7").unwrap().to_string();
    let ends = behind(&told, "a side from ");
    let (least, most) = (number(ends), number(behind(ends, " to ")));
    for (side_named, is_taken) in [
        (least, true),
        (most, true),
        (least - 1, false),
        (most + 1, false),
    ] {
        assert_eq!(side(&side_named.to_string()).is_none(), is_taken, "{told}");
    }
    let labels = |words: &str| words.parse::<Labels>().err();
    let told = labels("64").unwrap().to_string();
    let most = number(behind(&told, "labels from 0 to "));
    assert_eq!(labels(&format!("0-{most}")), None);
    assert!(labels(&format!("0-{}", most + 1)).is_some());

    let place = Place::with_images();
    // So long an epoch is not waited for: there are no images for it.
    let pace = |seconds: &str| {
        let told = place.refused(&["--headless", "--data", "nowhere", "--pace", seconds]);
        (!told.contains("nowhere")).then_some(told)
    };
    let told = pace("1e9").unwrap();
    let longest = number(behind(&told, "above 0, up to "));
    assert_eq!(pace(&longest.to_string()), None);
    assert!(pace(&(longest + 1).to_string()).is_some());
    for named in ["film", "full"] {
        assert!(told.contains(named), "{told}");
        assert_eq!(pace(named), None);
    }
    let data = [&STEP[..], &["--data", "few"]].concat();
    let seed = |seed| [&data[..], &["--seed", seed]].concat();
    let told = place.refused(&seed("-1"));
    let most = between(&told, "a whole number from 0 to ", " ");
    place.done(&seed(most));
    place.done(&seed("0"));
}

/// What comes after the size is refused for another reason, so that no film is made.
#[test]
fn the_sizes_of_films_and_their_frames_a_second_end_where_they_are_told_to() {
    let place = Place::new();
    let film = |words: &[&str]| {
        let named = ["film", "nowhere", "--out", "a.gif"];
        let told = place.refused(&[&named[..], words].concat());
        (!told.contains("nowhere")).then_some(told)
    };
    let told = film(&["--size", "1x1"]).unwrap();
    let ends = behind(&told, "cannot be made; name ");
    let (least, most) = ends.split_once(" to ").unwrap();
    let sides = |size: &str| (number(size), number(behind(size, "x")));
    for size in [least, most] {
        assert_eq!(film(&["--size", size]), None);
        let (columns, rows) = sides(size);
        let beyond = |side: u64| if size == least { side - 1 } else { side + 1 };
        for size in [(beyond(columns), rows), (columns, beyond(rows))] {
            let size = format!("{}x{}", size.0, size.1);
            assert!(film(&["--size", &size]).unwrap().contains(ends), "{size}");
        }
    }
    let told = film(&["--size", "90x29", "--lesson"]).unwrap();
    let least = between(&told, "a lesson needs ", ";");
    assert_eq!(film(&["--size", least, "--lesson"]), None);
    let (columns, rows) = sides(least);
    for size in [(columns - 1, rows), (columns, rows - 1)] {
        let size = format!("{}x{}", size.0, size.1);
        assert!(film(&["--size", &size, "--lesson"]).is_some(), "{size}");
    }
    let told = film(&["--fps", "99"]).unwrap();
    let ends = behind(&told, "is not in ");
    let (least, most) = (number(ends), number(behind(ends, "..=")));
    for (frames, is_taken) in [
        (least, true),
        (most, true),
        (least - 1, false),
        (most + 1, false),
    ] {
        let frames = frames.to_string();
        assert_eq!(film(&["--fps", &frames]).is_none(), is_taken, "{frames}");
    }
    let told = film(&["--view", "attic"]).unwrap();
    for view in behind(&told, "the views are ").split(", ") {
        assert_eq!(film(&["--view", view]), None);
    }
    let told = place.refused(&["film", "nowhere", "--out", "a.mov"]);
    for ending in behind(&told, "ends in ").split(" or ") {
        let out = format!("a{ending}");
        let told = place.refused(&["film", "nowhere", "--out", &out]);
        assert!(told.contains("nowhere"), "{told}");
    }
}
