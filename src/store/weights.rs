//! Weights as files: safetensors, 32-bit floats, in `PyTorch`'s layout and names.
//!
//! `load_state_dict` takes what is written here as it is, and what `PyTorch`
//! wrote for the same layers is read here. A file is trusted with nothing: its
//! size is bounded before it is read, and every name, shape and value is
//! checked before a network is made of it. This module knows networks as plain
//! values; it may not know how they are trained.

mod about;
mod chain;
mod claim;
mod fault;
mod foreign;
mod gathered;
mod keras;
mod layout;
mod names;
mod onnx;
mod outline;
mod tensors;

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::Read,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;
use safetensors::tensor::{Metadata, SafeTensors};
use sha2::{Digest, Sha256};

pub use about::{About, Parent};
pub use claim::{Claim, Reading, Readings, Said};
pub use fault::{Fault, TensorFault};
pub use foreign::Foreign;
pub use keras::to_keras;
pub use onnx::to_onnx;

use tensors::Tensors;

use super::{StoreError, atomic};
use crate::{
    arrays::{self, Archive},
    data::{hex, mnist},
    nn::{Adam, Architecture, Autoencoder},
    state::State,
};

/// The largest weights that are written.
pub const MAX_WEIGHTS: u64 = 64 << 20;

/// The largest file that is read: a checkpoint has two moments for every weight.
pub const MAX_BYTES: u64 = 3 * MAX_WEIGHTS;

/// The largest header that is read; ours has a kilobyte or two.
const MAX_HEADER: u64 = 1 << 20;

/// The most bytes of weights in a file that is written, beside its header.
pub(super) const MOST_NUMBERS: u64 = MAX_WEIGHTS - MAX_HEADER;

/// The one key of ours in a file's metadata.
const KEY: &str = "ae_tui";

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The network, finite in all its parts.
    pub net: Autoencoder,
    /// What the file says of it; a plain `PyTorch` file says nothing.
    pub about: Option<About>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// What there is to tell of how it was read, in a line each.
    pub remarks: Vec<String>,
}

/// What a file may hold, where it does not say all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The networks that it may hold, one at least.
    pub readings: Readings,
    /// As in [`Saved`].
    pub about: Option<About>,
    /// As in [`Saved`].
    pub digest: String,
    /// As in [`Saved`].
    pub remarks: Vec<String>,
}

impl Found {
    /// The reading of this number.
    ///
    /// # Panics
    ///
    /// When there is none of this number.
    #[must_use]
    pub fn read_as(self, number: usize) -> Saved {
        let Self {
            readings,
            about,
            digest,
            remarks,
        } = self;
        Saved {
            net: readings
                .all
                .into_iter()
                .nth(number)
                .expect("a reading that there is")
                .net,
            about,
            digest,
            remarks,
        }
    }

    /// What it holds, if that is one network.
    fn settled(self) -> Result<Saved, Fault> {
        match self.readings.all.len() {
            1 => Ok(self.read_as(0)),
            _ => Err(self.readings.undecided()),
        }
    }
}

/// Writes a network to `path`, whole, replacing what was there.
///
/// # Errors
/// Weights that are not finite or too many, and those of [`atomic::write`].
pub fn save(path: &Path, net: &Autoencoder, about: &About) -> Result<(), StoreError> {
    atomic::write(path, &to_bytes(net, about)?)
}

/// Writes a network to a new file in `folder`, named after its moment
/// ([`About::stem`]), and tells its path. Nothing is replaced.
///
/// # Errors
/// Weights that are not finite or too many, and those of [`atomic::write_new`].
pub fn save_new(folder: &Path, net: &Autoencoder, about: &About) -> Result<PathBuf, StoreError> {
    save_new_as(
        &folder.join(format!("{}.safetensors", about.stem())),
        net,
        about,
    )
}

/// Writes a network to a new file called `first`, or with a number after it
/// where that is taken, and tells its path. Nothing is replaced.
///
/// # Errors
/// As for [`save_new`].
pub fn save_new_as(first: &Path, net: &Autoencoder, about: &About) -> Result<PathBuf, StoreError> {
    atomic::write_new(first, &to_bytes(net, about)?)
}

/// A network as the bytes of a file.
///
/// # Errors
/// [`StoreError::NotFinite`] and [`StoreError::TooLarge`].
pub fn to_bytes(net: &Autoencoder, about: &About) -> Result<Vec<u8>, StoreError> {
    if !net.is_finite() {
        return Err(StoreError::NotFinite);
    }
    let architecture = net.architecture();
    fits(&architecture)?;
    let metadata = metadata(about.describe(&architecture, None));
    Ok(layout::serialize(&[("", net)], metadata))
}

/// A state as the bytes of a file: its weights, under the names that they have
/// everywhere, with the optimiser's moments beside.
///
/// # Errors
/// As for [`to_bytes`].
pub(super) fn state_to_bytes(state: &State, about: &About) -> Result<Vec<u8>, StoreError> {
    let State { net, adam, so_far } = state;
    if ![net, &adam.m, &adam.v]
        .into_iter()
        .all(Autoencoder::is_finite)
    {
        return Err(StoreError::NotFinite);
    }
    let architecture = net.architecture();
    fits(&architecture)?;
    let metadata = metadata(about.describe(&architecture, Some(so_far)));
    let [m, v] = layout::MOMENTS;
    let parts = [("", net), (m, &adam.m), (v, &adam.v)];
    Ok(layout::serialize(&parts, metadata))
}

fn metadata(description: String) -> HashMap<String, String> {
    HashMap::from([(KEY.to_owned(), description)])
}

/// Whether the weights of a network of this architecture can be saved at all,
/// to be asked before it is trained.
///
/// # Errors
/// [`StoreError::TooLarge`] when its file would exceed [`MAX_WEIGHTS`].
pub fn fits(architecture: &Architecture) -> Result<(), StoreError> {
    let bytes = layout::bytes_of_weights(architecture);
    if bytes > u128::from(MOST_NUMBERS) {
        return Err(StoreError::TooLarge {
            architecture: fault::sizes(architecture),
            mebibytes: bytes.div_ceil(1 << 20),
        });
    }
    Ok(())
}

/// Reads a network.
///
/// The architecture is the file's own. Where the file has none, as one from
/// `PyTorch`, it is what its tensors and `claim` say together.
///
/// # Errors
/// [`StoreError::NotWeights`] with what is wrong with the file.
pub fn load(path: &Path, claim: Option<&Claim>) -> Result<Saved, StoreError> {
    find(path, claim).and_then(|found| settled(path, found))
}

/// What a file holds, if that is one network.
///
/// # Errors
/// [`Fault::NoArchitecture`] with what is to be said.
pub fn settled(path: &Path, found: Found) -> Result<Saved, StoreError> {
    let settled = found.settled();
    settled.map_err(|fault| StoreError::not_weights(path, fault))
}

/// Reads the networks that a file may hold: one, but where neither it nor `claim` says all.
///
/// # Errors
/// As for [`load`].
pub fn find(path: &Path, claim: Option<&Claim>) -> Result<Found, StoreError> {
    read(path)
        .and_then(|bytes| found(&bytes, claim))
        .map_err(|fault| StoreError::not_weights(path, fault))
}

/// Refuses a file of another architecture than the options ask for.
///
/// # Errors
/// [`Fault::OtherArchitecture`], naming the file, both, and the options that
/// agree with the file.
pub fn expect_architecture(
    path: &Path,
    found: &Architecture,
    wanted: &Architecture,
) -> Result<(), StoreError> {
    if found == wanted {
        return Ok(());
    }
    let fault = Fault::other_architecture(found, wanted);
    Err(StoreError::not_weights(path, fault))
}

/// Refuses a file whose network does not take images of so many pixels.
///
/// # Errors
/// [`Fault::OtherImages`].
pub fn expect_pixels(path: &Path, found: &Architecture, pixels: usize) -> Result<(), StoreError> {
    if found.inputs() == pixels {
        return Ok(());
    }
    let fault = Fault::OtherImages {
        file: found.inputs(),
        data: pixels,
    };
    Err(StoreError::not_weights(path, fault))
}

/// Refuses weights that were trained on other images than those of this name and
/// digest, and that can be used on no others.
///
/// # Errors
/// [`Fault::OtherData`].
pub fn expect_data(path: &Path, about: &About, name: &str, digest: &str) -> Result<(), StoreError> {
    expect(path, about, (name, digest), String::new())
}

/// Refuses weights that were trained on other images than those of this name and
/// digest, which nobody has asked for: who does may have the reason.
///
/// # Errors
/// [`Fault::OtherData`], with what is to be said to use these on purpose.
pub fn expect_data_or_purpose(
    path: &Path,
    about: &About,
    name: &str,
    digest: &str,
) -> Result<(), StoreError> {
    let folder = if digest == mnist::DIGEST {
        ": --data \"$(ae-tui data)\""
    } else {
        " in the same way"
    };
    let or = format!("; to use {name} on purpose, its folder{folder}");
    expect(path, about, (name, digest), or)
}

fn expect(
    path: &Path,
    about: &About,
    (name, digest): (&str, &str),
    or: String,
) -> Result<(), StoreError> {
    let Some(theirs) = about.other_images(name, digest) else {
        return Ok(());
    };
    let ours = name.to_owned();
    Err(StoreError::not_weights(
        path,
        Fault::OtherData { theirs, ours, or },
    ))
}

/// All bytes of a regular file of bounded size; waits for no pipe or device.
fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(Fault::Unreadable)?;
    let metadata = file.metadata().map_err(Fault::Unreadable)?;
    if metadata.is_dir() {
        return Err(Fault::IsFolder);
    }
    if !metadata.is_file() {
        return Err(Fault::NotAFile);
    }
    if metadata.len() > MAX_BYTES {
        return Err(too_large(&first_of(file, foreign::HEAD)?));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    // The file may have grown since, or be one of the kernel's without a length.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(Fault::Unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large(&bytes));
    }
    Ok(bytes)
}

/// The first bytes of a file, as many as there are up to `limit`.
fn first_of(file: File, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.take(limit as u64)
        .read_to_end(&mut bytes)
        .map_err(Fault::Unreadable)?;
    Ok(bytes)
}

/// What begins like this and is too large to be weights of ours: other programs'
/// files often are.
fn too_large(head: &[u8]) -> Fault {
    Foreign::of(head).map_or(Fault::TooLarge, Fault::Foreign)
}

/// The network in the bytes of a file; `claim` as in [`load`].
///
/// # Errors
/// What is wrong with them.
pub fn from_bytes(bytes: &[u8], claim: Option<&Claim>) -> Result<Saved, Fault> {
    found(bytes, claim)?.settled()
}

/// What the bytes of a file may be.
fn found(bytes: &[u8], claim: Option<&Claim>) -> Result<Found, Fault> {
    let (description, tensors) = parts(bytes)?;
    let described = description.as_deref().map(About::parse).transpose()?;
    let (readings, about, remarks) = match described {
        // Arrays without names are those of the network in turn.
        Some((architecture, about)) if foreign::is_archive(bytes) => {
            let claim = Claim::of(&architecture);
            let (readings, remarks) = claim::readings(&tensors, Some(&claim))?;
            (readings, Some(about), remarks)
        }
        Some((architecture, about)) => {
            let net = layout::network(&tensors, &architecture)?;
            let remarks = tensors.other_kinds(tensors.names());
            (
                Readings::of(net),
                Some(about),
                remarks.into_iter().collect(),
            )
        }
        None => {
            let (readings, remarks) = claim::readings(&tensors, claim)?;
            (readings, None, remarks)
        }
    };
    Ok(Found {
        readings,
        about,
        digest: hex(&Sha256::digest(bytes)),
        remarks,
    })
}

/// The state in a file, and what it says of it.
pub(super) fn read_state(path: &Path) -> Result<(State, About), Fault> {
    let bytes = read(path)?;
    let (description, tensors) = parts(&bytes)?;
    let description = description.ok_or(Fault::NoMoments)?;
    let (architecture, about) = About::parse(&description)?;
    let so_far = about::so_far(&description, architecture.latent())?;
    let (Some(so_far), Some(step)) = (so_far, about.step) else {
        return Err(Fault::NoMoments);
    };
    let [m, v] = layout::MOMENTS;
    let squares = layout::part(&tensors, &architecture, v)?;
    if squares.parameters().flatten().any(|square| *square < 0.0) {
        return Err(Fault::NegativeSquares);
    }
    let state = State {
        net: layout::network(&tensors, &architecture)?,
        adam: Adam {
            m: layout::part(&tensors, &architecture, m)?,
            v: squares,
            t: step,
        },
        so_far,
    };
    Ok((state, about))
}

/// What a file says of its weights, without reading them.
pub(super) fn glance(path: &Path) -> Result<Option<About>, Fault> {
    let mut file = File::open(path).map_err(Fault::Unreadable)?;
    let whole = file.metadata().map_err(Fault::Unreadable)?.len();
    let mut bytes = Vec::new();
    (&mut file)
        .take(MAX_HEADER + 8)
        .read_to_end(&mut bytes)
        .map_err(Fault::Unreadable)?;
    let header = header(&bytes, whole)?;
    let description = header.metadata().as_ref().and_then(|own| own.get(KEY));
    let about = description.map(|description| About::parse(description));
    Ok(about.transpose()?.map(|(_, about)| about))
}

/// What a file says of itself, and its tensors.
fn parts(bytes: &[u8]) -> Result<(Option<String>, Tensors<'_>), Fault> {
    let header = match header(bytes, bytes.len() as u64) {
        Ok(header) => header,
        Err(fault) => {
            return match Foreign::of(bytes) {
                Some(Foreign::Npz) => archived(bytes),
                Some(foreign) => Err(Fault::Foreign(foreign)),
                None => Err(fault),
            };
        }
    };
    let tensors =
        SafeTensors::deserialize(bytes).map_err(|error| Fault::not_safetensors(&error))?;
    let description = header.metadata().as_ref().and_then(|own| own.get(KEY));
    Ok((description.cloned(), Tensors::of_safetensors(&tensors)))
}

/// The same of an archive of arrays, whose comment may be what it says of itself.
fn archived(bytes: &[u8]) -> Result<(Option<String>, Tensors<'_>), Fault> {
    let Archive { arrays, comment } = arrays::archive(bytes, MAX_BYTES).map_err(Fault::Arrays)?;
    let description = comment.strip_prefix(keras::COMMENT).map(str::to_owned);
    Ok((description, Tensors::of_arrays(arrays)))
}

/// The header, which holds the metadata that [`SafeTensors`] throws away, of a file
/// of `whole` bytes that begins with these.
///
/// Lengths are compared with the file's here, since the crate adds them up
/// unchecked.
fn header(bytes: &[u8], whole: u64) -> Result<Metadata, Fault> {
    let cut = || Fault::NotSafetensors("it is cut short".into());
    let (length, rest) = bytes.split_first_chunk().ok_or_else(cut)?;
    let length = u64::from_le_bytes(*length);
    // To save again what never was such a file would not help.
    let rest_of_whole = whole.saturating_sub(8);
    if length > rest_of_whole && rest.first().is_some_and(|&byte| byte != b'{') {
        return Err(Fault::Unlike);
    }
    if length > MAX_HEADER {
        return Err(Fault::NotSafetensors(format!("a header of {length} bytes")));
    }
    let json = rest.get(..length as usize).ok_or_else(cut)?;
    let header: Metadata =
        serde_json::from_slice(json).map_err(|error| Fault::not_safetensors(&error))?;
    if header.data_len() as u64 > rest_of_whole - length {
        return Err(cut());
    }
    Ok(header)
}

#[cfg(test)]
mod tests;
