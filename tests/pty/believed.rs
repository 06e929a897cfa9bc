//! What the dashboard says of weights that a file brought.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ae_tui::{
    nn::Autoencoder,
    recipe::{Preset, Recipe},
    store::weights::{self, About},
};
use tempfile::TempDir;

use super::{WINDOW, session::Session, watched};

/// Weights of `article` that were trained on images of this digest.
fn weights_of(folder: &TempDir, digest: Option<&str>) -> String {
    let architecture = Recipe::preset(Preset::Article).architecture();
    let about = About {
        recipe: Some(Recipe::preset(Preset::Article)),
        step: Some(7),
        digest: digest.map(String::from),
        data_name: digest.map(|_| "fashion".into()),
        ..About::default()
    };
    let path = folder.path().join("a.safetensors");
    weights::save(&path, &Autoencoder::zeros(&architecture), &about).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_warm_start_is_told_where_the_viewer_looks() {
    let folder = TempDir::new().unwrap();
    let file = weights_of(&folder, None);
    let mut session = watched(&["--init", &file, "--max-steps", "3"]);
    session.wait_for_words("warm start from a.safetensors (article, step 7)");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn weights_of_other_images_change_no_screen() {
    let folder = TempDir::new().unwrap();
    let file = weights_of(&folder, Some("00ff"));
    for words in [&["explore", &file][..], &["--init", &file]] {
        let mut session = Session::start(words, WINDOW);
        assert_eq!(session.wait_exit().exit_code(), 1, "{words:?}");
        let bytes = session.bytes();
        let told = String::from_utf8_lossy(&bytes);
        assert!(told.contains("other images (fashion)"), "{told}");
        assert!(
            !told.contains("\x1b[?1049h"),
            "the screen was taken: {told}"
        );
    }
}
