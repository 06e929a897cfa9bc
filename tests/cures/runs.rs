//! Run folders: what is offered in place of what was asked for goes on, begins or makes again.
//! Their names have a space, as a shell would find it.

use std::{fs, path::PathBuf};

use crate::{Place, STEP, behind, between, examples, number};

/// A folder with `my run`, of two epochs of twenty images in batches of ten and a state at every
/// step.
fn kept() -> Place {
    let place = Place::with_images();
    let run = ["--data", "few", "--batch-size", "10", "--epochs", "2"];
    let kept = ["--checkpoint-every", "1", "--run", "my run", "--headless"];
    place.done(&[&run[..], &kept].concat());
    place
}

fn state(place: &Place, step: u64) -> PathBuf {
    place.path(&format!("my run/checkpoints/step-{step:07}.safetensors"))
}

/// The newest step of a run.
fn newest(place: &Place, run: &str) -> u64 {
    let states = fs::read_dir(place.path(run).join("checkpoints")).unwrap();
    let steps = states.map(|state| {
        let name = state.unwrap().file_name().into_string().unwrap();
        number(behind(&name, "step-"))
    });
    steps.max().unwrap()
}

#[test]
fn a_finished_run_goes_on_for_as_many_epochs_as_it_is_told_and_for_no_fewer() {
    let place = kept();
    let go_on = |words: &[&str]| {
        place.done(&[&["--headless", "--resume", "my run"], words].concat());
        newest(&place, "my run")
    };
    let least = |told: &str| number(between(told, "N in all and ", " at least"));
    let told = place.done(&["--headless", "--resume", "my run"]);
    let epochs = least(&told);
    assert_eq!(go_on(&["--epochs", &(epochs - 1).to_string()]), 4);
    assert_eq!(go_on(&["--epochs", &epochs.to_string()]), 6);
    // A limit of steps that ended it in the midst of an epoch is none for more epochs.
    assert_eq!(go_on(&["--epochs", "9", "--max-steps", "7"]), 7);
    let told = place.done(&["--headless", "--resume", "my run"]);
    let epochs = least(&told);
    assert_eq!(go_on(&["--epochs", &(epochs - 1).to_string()]), 7);
    assert_eq!(go_on(&["--epochs", &epochs.to_string()]), 8);
}

#[test]
fn a_folder_that_is_taken_is_gone_on_with_or_another_is_named() {
    let place = kept();
    let begin = [&STEP[..], &["--data", "few", "--run"]].concat();
    let told = place.refused(&[&begin[..], &["my run"]].concat());
    let resume = between(&told, "go on with it by ", ", or name another folder");
    place.typed(&format!("ae-tui train --headless --epochs 3 {resume}"));
    assert_eq!(newest(&place, "my run"), 6);
    place.done(&[&begin[..], &["another"]].concat());
    let told = place.refused(&[&begin[..], &["few"]].concat());
    assert!(
        told.ends_with("name a new folder, or an empty one"),
        "{told}"
    );
    fs::create_dir(place.path("empty")).unwrap();
    place.done(&[&begin[..], &["empty"]].concat());
    let told = place.refused(&["--headless", "--resume", "few"]);
    assert!(told.contains("name a folder that --run made"), "{told}");
    place.done(&["--headless", "--resume", "empty"]);
}

#[test]
fn an_older_state_goes_on_from_the_last_or_in_a_folder_of_its_own() {
    let place = kept();
    let older = state(&place, 2);
    let resume = ["--headless", "--resume", older.to_str().unwrap()];
    let told = place.refused(&resume);
    let last = between(&told, "go on from the last: ", ", or from this one");
    assert!(
        told.ends_with("in a folder of its own: add --run DIR"),
        "{told}"
    );
    // First, as the last steps of the other leave nothing of this one.
    place.done(&[&resume[..], &["--run", "branch", "--max-steps", "3"]].concat());
    assert_eq!(newest(&place, "branch"), 3);
    place.typed(&format!("ae-tui train --headless --epochs 3 {last}"));
    assert_eq!(newest(&place, "my run"), 6);
}

#[test]
fn a_run_without_states_is_trained_on_and_one_of_torn_ones_made_again() {
    let place = kept();
    for step in 2..=4 {
        fs::write(state(&place, step), "torn").unwrap();
    }
    let told = place.refused(&["--headless", "--resume", "my run"]);
    let again = behind(&told, "in a new folder: ");
    place.typed(&format!("{again} --headless"));
    assert_eq!(newest(&place, "NEW"), 4);

    fs::remove_dir_all(place.path("my run/checkpoints")).unwrap();
    let film = ["film", "my run", "--out", "a.cast", "--size", "80x24"];
    let told = place.refused(&film);
    let train = behind(&told, "train on: ");
    place.typed(&format!("{train} --headless"));
    assert_eq!(newest(&place, "my run"), 4);
    place.done(&film);
}

#[test]
fn a_run_file_of_another_run_is_corrected_or_begins_anew() {
    let place = kept();
    let file = place.path("my run/run.toml");
    let text = fs::read_to_string(&file).unwrap();
    let resume = ["--headless", "--resume", "my run"];
    for (from, to, words, cures) in [
        ("seed = 32", "seed = 43", "correct run.toml", true),
        (
            "batch_size = 10",
            "batch_size = ",
            "correct it there",
            false,
        ),
    ] {
        assert!(text.contains(from), "{text}");
        fs::write(&file, text.replace(from, to)).unwrap();
        let told = place.refused(&resume);
        assert!(told.contains(words), "{told}");
        if cures {
            let anew = behind(&told, "a run of it that begins anew: ");
            let run_file = file.to_str().unwrap();
            place.done(&["--headless", anew, run_file, "--run", "anew"]);
            assert_eq!(newest(&place, "anew"), 4);
        }
        fs::write(&file, &text).unwrap();
        place.done(&resume);
    }
    let other = ["--seed", "7", "--encoder", "8,2"];
    let told = place.refused(&[&resume[..], &other].concat());
    assert!(
        told.ends_with("leave it out, or begin another run without --resume"),
        "{told}"
    );
    place.done(&[&STEP[..], &["--data", "few"], &other].concat());
}

#[test]
fn what_is_said_of_a_run_that_says_it_itself_is_left_out() {
    let place = kept();
    let film = ["film", "my run", "--out", "a.cast", "--size", "80x24"];
    let options = ["--preset", "--encoder", "--channels", "--latent-activation"];
    let values = ["vae", "8,2", "3,2", "relu"];
    for (option, value) in options.into_iter().zip(values) {
        let told = place.refused(&[&film[..], &[option, value]].concat());
        let leave_out = behind(&told, "leave out ").replace(" and ", ", ");
        assert!(leave_out.split(", ").eq(options), "{told}");
    }
    place.done(&film);
    let weights = state(&place, 4);
    let of_weights = ["film", weights.to_str().unwrap(), "--out", "a.cast"];
    let told = place.refused(&of_weights);
    assert!(
        told.contains("a film is of a run's folder, as --run DIR keeps"),
        "{told}"
    );
    let told = place.refused(&[&film[..], &["--sample", "99"]].concat());
    let last = number(behind(&told, "name at most "));
    let sample = |number: u64| number.to_string();
    place.done(&[&film[..], &["--sample", &sample(last)]].concat());
    place.refused(&[&film[..], &["--sample", &sample(last + 1)]].concat());
}

#[test]
fn a_sweep_in_the_folder_of_another_gets_a_folder_of_its_own() {
    let place = Place::with_images();
    let sweep = [
        "sweep",
        "--data",
        "few",
        "--max-steps",
        "1",
        "--encoder",
        "2/3",
    ];
    let grid = |out, seed| [&sweep[..], &["--out", out, "--seed", seed]].concat();
    place.done(&grid("grid", "1"));
    let told = place.refused(&grid("grid", "2"));
    assert!(
        told.ends_with("name another folder with --out, or move it away"),
        "{told}"
    );
    place.done(&grid("other", "2"));
    let (taken, _) = told.split_once(": it holds another run").unwrap();
    fs::rename(place.path(taken), place.path("away")).unwrap();
    let told = place.refused(&grid("grid", "2"));
    let (taken, _) = told.split_once(": it holds another run").unwrap();
    fs::rename(place.path(taken), place.path("away too")).unwrap();
    place.done(&grid("grid", "2"));
}

/// A grid that is taken goes on to its images, of which there are none.
#[test]
fn grids_are_as_large_as_they_are_told_and_of_what_they_are_told() {
    let place = Place::new();
    let grid = |words: &[&str]| {
        let named = ["sweep", "--out", "grid", "--data", "nowhere"];
        let told = place.refused(&[&named[..], words].concat());
        (!told.contains("nowhere")).then_some(told)
    };
    let told = grid(&["--epochs", "1"]).unwrap();
    let alternatives = behind(&told, "as in ").split(" or ");
    for words in alternatives {
        let words: Vec<&str> = words.split(' ').collect();
        assert_eq!(grid(&words), None, "{told}");
    }
    let told = grid(&["--seed", "1-99999"]).unwrap();
    let most = number(between(&told, "too many; name ", " at most"));
    assert_eq!(grid(&["--seed", &format!("1-{most}")]), None);
    assert!(grid(&["--seed", &format!("0-{most}")]).is_some());
    let told = grid(&["--seed", &format!("1-{most}"), "--encoder", "1/2"]).unwrap();
    assert!(told.ends_with(&format!("{most} runs at most")), "{told}");
    let half = most / 2;
    for (seeds, is_taken) in [(half, true), (half + 1, false)] {
        let seeds = format!("1-{seeds}");
        let told = grid(&["--seed", &seeds, "--encoder", "1/2"]);
        assert_eq!(told.is_none(), is_taken, "{seeds}");
    }
    let told = grid(&["--seed", "a", "--encoder", "1/2"]).unwrap();
    let seeds = examples(&told);
    assert_eq!(seeds, ["7", "1-3", "1..4", "1/5/9"]);
    for seeds in seeds {
        assert_eq!(grid(&["--seed", seeds, "--encoder", "1/2"]), None);
    }
    let told = grid(&["--seed", "1/1/2"]).unwrap();
    assert!(
        told.ends_with("1 stands there twice; once will do"),
        "{told}"
    );
    assert_eq!(grid(&["--seed", "1/2"]), None);
}
