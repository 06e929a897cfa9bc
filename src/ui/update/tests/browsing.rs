//! Keys that go from sample to sample.

use super::*;

#[test]
fn arrows_browse_and_stop_at_both_ends() {
    let mut app = app();
    assert_eq!(tap(&mut app, KeyCode::Right), look(13));
    assert_eq!(tap(&mut app, KeyCode::Left), look(12));
    assert_eq!(types(&mut app, "l"), look(13));
    assert_eq!(types(&mut app, "h"), look(12));
    assert_eq!(tap(&mut app, KeyCode::Home), look(0));
    assert_eq!(tap(&mut app, KeyCode::Left), [], "nothing new is looked at");
    assert_eq!(tap(&mut app, KeyCode::End), look(LEN - 1));
    assert_eq!(tap(&mut app, KeyCode::Right), []);
}

#[test]
fn up_and_down_go_by_rows_of_ten() {
    let mut app = app();
    assert_eq!(tap(&mut app, KeyCode::Down), look(22));
    assert_eq!(tap(&mut app, KeyCode::Down), look(LEN - 1));
    assert_eq!(types(&mut app, "k"), look(14));
    assert_eq!(types(&mut app, "kk"), look(0));
    assert_eq!(types(&mut app, "j"), look(10));
}

#[test]
fn n_goes_round_to_the_next_of_the_same_digit() {
    let mut app = app();
    assert_eq!(types(&mut app, "n"), look(15));
    assert_eq!(types(&mut app, "N"), look(12));
    // 24 is the last 0.
    assert_eq!(types(&mut app, "nnnn"), look(24));
    assert_eq!(types(&mut app, "n"), look(0));
    assert_eq!(types(&mut app, "N"), look(24));
}

#[test]
fn any_sample_is_one_that_exists() {
    let mut app = app();
    for _ in 0..200 {
        let before = app.sample.index;
        let asked = types(&mut app, "r");
        assert!(app.sample.index < LEN);
        if app.sample.index != before {
            assert_eq!(asked, look(app.sample.index));
        }
    }
}

#[test]
fn the_other_split_keeps_the_index_within_bounds() {
    let mut app = app();
    assert_eq!(types(&mut app, "t"), look_at(SplitName::Train, 12));
    assert_eq!(
        tap(&mut app, KeyCode::End),
        look_at(SplitName::Train, 2 * LEN - 1)
    );
    assert_eq!(types(&mut app, "t"), look(LEN - 1));
}

#[test]
fn before_the_images_are_loaded_browsing_changes_nothing() {
    let mut app = App::new(plan());
    for key in "hljkrnNt".chars() {
        assert_eq!(types(&mut app, &key.to_string()), [], "{key}");
    }
    for code in [KeyCode::Home, KeyCode::End] {
        assert_eq!(tap(&mut app, code), []);
    }
    assert_eq!(app.sample, plan().sample);
}
