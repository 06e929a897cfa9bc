//! Weights as Keras takes them: `net.set_weights(list(np.load("net.npz").values()))`.
//!
//! An archive of `NumPy`'s with the kernel and the bias of every layer in turn, from the image
//! to the logits, as Keras's own layers have them: [in, out], or [height, width, in, out]. What
//! the file says of itself is the archive's comment, which `NumPy` passes over.

use std::io::Write;

use ndarray::ArrayViewD;
use ndarray_npy::WriteNpyExt;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{About, StoreError, fits};
use crate::nn::{Autoencoder, Layer};

/// What stands before the description in a comment.
pub(super) const COMMENT: &str = "ae_tui ";

/// A network as the bytes of such a file.
///
/// # Errors
///
/// As for [`to_bytes`](super::to_bytes).
///
/// # Panics
///
/// Never: an archive in memory, of bounded size, can be written.
pub fn to_keras(net: &Autoencoder, about: &About) -> Result<Vec<u8>, StoreError> {
    if !net.is_finite() {
        return Err(StoreError::NotFinite);
    }
    let architecture = net.architecture();
    fits(&architecture)?;
    let description = about.describe(&architecture, None);
    Ok(archive(net, &description).expect("an archive in memory, of bounded size, can be written"))
}

fn archive(net: &Autoencoder, description: &str) -> std::io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut number = 0;
    let mut put = |array: ArrayViewD<f32>| {
        let mut bytes = Vec::new();
        array.write_npy(&mut bytes).map_err(std::io::Error::other)?;
        archive.start_file(format!("arr_{number}.npy"), plain)?;
        number += 1;
        archive.write_all(&bytes)
    };
    for layer in net.layers() {
        match layer {
            Layer::Dense(dense) => {
                put(dense.w.view().into_dyn())?;
                put(dense.b.view().into_dyn())?;
            }
            Layer::Convolution(layer) => {
                // [out, in, height, width] to [height, width, in, out].
                let turned = layer.w.view().permuted_axes([2, 3, 1, 0]);
                put(turned.as_standard_layout().view().into_dyn())?;
                put(layer.b.view().into_dyn())?;
            }
            Layer::MaxPool(_) | Layer::Upsample(_) => {}
        }
    }
    // A comment has a length of two bytes; what does not fit goes unsaid.
    let comment = format!("{COMMENT}{description}");
    if u16::try_from(comment.len()).is_ok() {
        archive.set_comment(comment)?;
    }
    Ok(archive.finish()?.into_inner())
}
