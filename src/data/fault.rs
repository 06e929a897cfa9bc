//! Why there is no data, in words that name the file and say what helps.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{Labels, Unfit, idx::Flaw};
use crate::{
    arrays::ArrayFault,
    words::{printable, shown, unnumbered},
};

/// Why there is no data. Each is one line that names the file and says the cure.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// There is nothing at the path.
    #[error("{}: no such file or folder; check the name", shown(path))]
    Nowhere {
        /// The path given.
        path: PathBuf,
    },
    /// A file of a half is not there under any of its names.
    #[error(
        "{}: found no {} in it, raw or .gz; IDX files of images and of labels go together, those held \
         out may be left out",
        shown(folder),
        printable(name, 255)
    )]
    Missing {
        /// The folder searched.
        folder: PathBuf,
        /// The original name of the file.
        name: String,
    },
    /// A folder of other things.
    #[error(
        "{}: found no images in it; folders of IDX files, arrays (.npz, .npy), PNG or JPEG are read",
        shown(folder)
    )]
    NoImages {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of something else.
    #[error(
        "{}: it holds no images; IDX files, arrays (.npz, .npy), PNG or JPEG are read, and folders of them",
        shown(file)
    )]
    NoData {
        /// The file.
        file: PathBuf,
    },
    /// An array that cannot be read.
    #[error("{}: {name}{fault}", shown(file))]
    Array {
        /// The file.
        file: PathBuf,
        /// What the array is called there, with a colon, or nothing.
        name: String,
        /// What is wrong.
        fault: ArrayFault,
    },
    /// Images that can be read and yet not be learnt.
    #[error("{}: {why}", shown(file))]
    Unfit {
        /// The file or the folder.
        file: PathBuf,
        /// Why, and what helps.
        why: Unfit,
    },
    /// A folder, a pipe or a device has the file's name.
    #[error("{}: not a regular file; put the IDX file itself there", shown(file))]
    NotAFile {
        /// What has the name.
        file: PathBuf,
    },
    /// The system refused to read.
    #[error(
        "{}: could not be read ({}); see to its permissions and its disk",
        shown(file),
        unnumbered(&cause.to_string())
    )]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The file does not unpack.
    #[error(
        "{}: broken gzip data ({}); fetch the file again",
        shown(file),
        unnumbered(&cause.to_string())
    )]
    BrokenGzip {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        cause: io::Error,
    },
    /// The file is not what its name says.
    #[error("{}: {flaw}", shown(file))]
    Refused {
        /// The file.
        file: PathBuf,
        /// What was expected and what was found.
        flaw: Flaw,
    },
    /// Images and labels that are not of each other.
    #[error("{}: {}", shown(file), words)]
    Apart {
        /// The file that does not go with another.
        file: PathBuf,
        /// Which, and what to do.
        words: String,
    },
    /// The files passed the check and still could not be parsed.
    #[error(
        "{}: the files changed while they were read ({reason}); start again",
        shown(folder)
    )]
    Changed {
        /// The folder.
        folder: PathBuf,
        /// The parser's words.
        reason: String,
    },
    /// Labels are chosen of images that have none.
    #[error("{labels}: {name} has no labels to choose by; take all of it")]
    Unlabelled {
        /// What the data is called.
        name: String,
        /// The labels that were chosen.
        labels: Labels,
    },
    /// There are no images of labels that are to be trained on.
    #[error("{labels}: {name} has no image of that {what}; name some of {has}")]
    Lacks {
        /// What the data is called.
        name: String,
        /// The labels that are lacking.
        labels: Labels,
        /// What there is no image for.
        what: &'static str,
        /// The labels that there are.
        has: Labels,
    },
    /// The program file itself is damaged.
    #[error("the MNIST inside ae-tui is damaged ({reason}); install ae-tui again")]
    DamagedArchive {
        /// What was noticed.
        reason: String,
    },
    /// Neither the cache nor the temporary folder takes the files.
    #[error(
        "{}: MNIST could not be unpacked there ({cause}); free 55 MB, or set TMPDIR to a folder that can be written",
        shown(folder)
    )]
    NotUnpacked {
        /// The last folder tried.
        folder: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl DataError {
    pub(super) fn unfit(file: &Path, why: Unfit) -> Self {
        let file = file.to_owned();
        Self::Unfit { file, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_escape_sequences_stays_one_harmless_line() {
        let error = DataError::Nowhere {
            path: PathBuf::from("a\x1b[2J\nb"),
        };
        let words = error.to_string();
        assert!(
            words.starts_with("a[2Jb: no such file or folder"),
            "{words}"
        );
        assert!(!words.contains(char::is_control));
    }
}
