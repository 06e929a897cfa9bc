//! `run.toml`: what a run is, and what it was made by and on.
//!
//! People read it and may edit it, so what is wrong with it is said with its line.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{RUN_FILE, RunFault};
use crate::{
    data::{LARGEST_SIDE, Reading, SMALLEST_SIDE},
    image::ImageSize,
    nn,
    recipe::Recipe,
    store::{StoreError, atomic, weights::Parent},
    words::printable,
};

/// The version this program writes, and the newest it reads.
pub(super) const FORMAT: u64 = 1;

/// Far more than a recipe with thousands of edits has.
const MAX_BYTES: u64 = 1 << 20;

/// What a run is, and what it was made by and on.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFile {
    /// What the run is, with what was changed on the way.
    pub recipe: Recipe,
    /// Who computed it.
    pub maker: Maker,
    /// What the data set is called.
    pub data: String,
    /// SHA-256 of the data set, in hexadecimal.
    pub digest: String,
    /// Where the data set was read, and how, where it was one of somebody's own.
    pub images: Option<ReadFrom>,
    /// The weights that the run started from, if they were not fresh.
    pub init: Option<Parent>,
    /// The run that this one left, if it is a branch.
    pub parent: Option<Branch>,
}

/// A place that images were read from.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFrom {
    /// The file or the folder.
    pub path: PathBuf,
    /// How.
    pub reading: Reading,
}

impl ReadFrom {
    /// The same, as it can be found from any folder; none where a file could not say it.
    pub fn from_anywhere(&self) -> Option<Self> {
        let path = self.path.canonicalize().ok()?;
        path.to_str()?;
        let reading = self.reading;
        Some(Self { path, reading })
    }
}

/// A program on a processor: what the last bits of a sum depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The program's version.
    pub version: String,
    /// The processor's instruction set, as far as it is made use of.
    pub instructions: String,
}

/// Where a run left another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The other's folder, or the file of its state.
    pub folder: String,
    /// After so many steps.
    pub step: u64,
}

impl Maker {
    /// This program on this processor.
    pub fn here() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            instructions: nn::instructions().into(),
        }
    }

    /// Whether it is this program, in any version: what a seed gives is then what it gives here.
    pub(in crate::store) fn is_ours(&self) -> bool {
        OURS.contains(&&*self.instructions)
    }

    /// What there is to say where somebody else computed a run.
    pub fn stranger(&self) -> Option<String> {
        let here = Self::here();
        (*self != here).then(|| {
            format!(
                "computed by ae-tui {} on {}, and this is {} on {}: what is made again here may \
                 differ in the last bits",
                self.version, self.instructions, here.version, here.instructions
            )
        })
    }
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    format: u64,
    #[serde(flatten)]
    maker: Maker,
    data: String,
    digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    images: Option<WrittenPlace>,
    recipe: Recipe,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    init: Option<Parent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Branch>,
}

/// A place as it is written.
#[derive(Serialize, Deserialize)]
struct WrittenPlace {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resize: Option<[usize; 2]>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    transpose: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    invert: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold_out: Option<f64>,
}

impl From<&ReadFrom> for WrittenPlace {
    fn from(ReadFrom { path, reading }: &ReadFrom) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            resize: reading.resize.map(|size| [size.height, size.width]),
            transpose: reading.transpose,
            invert: reading.invert,
            hold_out: reading.hold_out,
        }
    }
}

impl From<WrittenPlace> for ReadFrom {
    fn from(written: WrittenPlace) -> Self {
        // What nobody could have asked for is as good as nothing: other images are refused.
        let sides = SMALLEST_SIDE..=LARGEST_SIDE;
        let resize = written
            .resize
            .filter(|size| size.iter().all(|side| sides.contains(side)));
        Self {
            path: written.path.into(),
            reading: Reading {
                resize: resize.map(|[height, width]| ImageSize { height, width }),
                transpose: written.transpose,
                invert: written.invert,
                hold_out: written.hold_out.filter(|part| *part > 0.0 && *part < 1.0),
            },
        }
    }
}

/// What every version of the file has.
#[derive(Deserialize)]
struct Version {
    format: u64,
}

impl RunFile {
    /// Of a run of this recipe that begins here.
    pub fn new(recipe: &Recipe, data: &str, digest: &str) -> Self {
        Self {
            recipe: recipe.clone(),
            maker: Maker::here(),
            data: data.into(),
            digest: digest.into(),
            images: None,
            init: None,
            parent: None,
        }
    }

    /// Reads that of a folder.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn of_folder(folder: &Path) -> Result<Self, StoreError> {
        Self::read(&folder.join(RUN_FILE))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let refused = |fault| StoreError::not_run(path, fault);
        let text = text_of(path).map_err(refused)?;
        Self::parse(&text).map_err(refused)
    }

    fn parse(text: &str) -> Result<Self, RunFault> {
        let Version { format } = toml::from_str(text).map_err(|error| wrong(text, &error))?;
        if format > FORMAT {
            return Err(RunFault::Newer(format));
        }
        let written: Written = toml::from_str(text).map_err(|error| wrong(text, &error))?;
        Ok(Self {
            recipe: written.recipe,
            maker: Maker {
                version: printable(&written.maker.version, 40),
                instructions: printable(&written.maker.instructions, 40),
            },
            data: printable(&written.data, 64),
            digest: printable(&written.digest, 128),
            images: written.images.map(ReadFrom::from),
            init: written.init.map(|init| Parent {
                name: printable(&init.name, 255),
                sha256: printable(&init.sha256, 128),
                ..init
            }),
            parent: written.parent,
        })
    }

    /// Writes the file, whole, replacing what was there.
    ///
    /// # Errors
    /// Those of [`atomic::write`].
    pub fn write(&self, path: &Path) -> Result<(), StoreError> {
        atomic::write(path, self.text().as_bytes())
    }

    fn text(&self) -> String {
        let written = Written {
            format: FORMAT,
            maker: self.maker.clone(),
            data: self.data.clone(),
            digest: self.digest.clone(),
            images: self.images.as_ref().map(WrittenPlace::from),
            recipe: self.recipe.clone(),
            init: self.init.clone(),
            parent: self.parent.clone(),
        };
        let body = toml::to_string(&written).expect("numbers and strings have a TOML form");
        format!("# A run of ae-tui, which makes it again: ae-tui train --config THIS-FILE\n{body}")
    }
}

fn text_of(path: &Path) -> Result<String, RunFault> {
    let about = fs::metadata(path).map_err(RunFault::Unreadable)?;
    let words = |words: &str| RunFault::Words {
        place: String::new(),
        words: words.into(),
    };
    if !about.is_file() {
        return Err(words("it is no file"));
    }
    if about.len() > MAX_BYTES {
        return Err(words("it is far too long for a run.toml"));
    }
    let bytes = fs::read(path).map_err(RunFault::Unreadable)?;
    String::from_utf8(bytes).map_err(|_| words("it is no text"))
}

/// What our own runs say that they were computed on: [`nn::instructions`].
const OURS: [&str; 4] = ["avx512", "avx2", "x86_64", "aarch64"];

/// What is wrong with a text, and where.
fn wrong(text: &str, error: &toml::de::Error) -> RunFault {
    let line = error.span().map(|span| {
        let before = text.get(..span.start).unwrap_or(text);
        before.matches('\n').count() + 1
    });
    RunFault::Words {
        place: line.map_or_else(String::new, |line| format!("line {line}: ")),
        words: printable(&error.message().replace('\n', " "), 200),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::corrupt::Noise,
        nn::Network,
        recipe::{Change, Edit, Preset},
    };
    use proptest::prelude::*;

    fn file(recipe: Recipe) -> RunFile {
        RunFile::new(&recipe, "mnist", "00ff")
    }

    #[test]
    fn it_reads_as_a_person_would_write_it() {
        let recipe = Recipe {
            seed: u64::MAX,
            edits: vec![Edit {
                step: 7,
                change: Change::LearningRate(0.004),
            }],
            ..Recipe::preset(Preset::Denoising)
        };
        let mut file = file(recipe);
        file.maker = Maker {
            version: "0.1.0".into(),
            instructions: "avx2".into(),
        };
        file.parent = Some(Branch {
            folder: "../a".into(),
            step: 5,
        });
        assert_eq!(
            file.text(),
            "# A run of ae-tui, which makes it again: ae-tui train --config THIS-FILE\n\
             format = 1\n\
             version = \"0.1.0\"\n\
             instructions = \"avx2\"\n\
             data = \"mnist\"\n\
             digest = \"00ff\"\n\
             \n\
             [recipe]\n\
             preset = \"denoising\"\n\
             image = [28, 28]\n\
             classes = [\"0\", \"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"]\n\
             network = \"dense\"\n\
             encoder = [128, 32]\n\
             latent_activation = \"relu\"\n\
             noise = \"gaussian:0.5\"\n\
             optimiser = \"adam\"\n\
             learning_rate = 0.001\n\
             batch_size = 32\n\
             shuffle = true\n\
             seed = \"18446744073709551615\"\n\
             epochs = 10\n\
             \n\
             [[recipe.edits]]\n\
             step = 7\n\
             learning_rate = 0.004\n\
             \n\
             [parent]\n\
             folder = \"../a\"\n\
             step = 5\n"
        );
        assert_eq!(RunFile::parse(&file.text()).unwrap(), file);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let good = file(Recipe::preset(Preset::Article)).text();
        let refused = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            let wrong = good.replace(from, to);
            RunFile::parse(&wrong).unwrap_err().to_string()
        };
        for (from, to, words) in [
            ("format = 1", "format = 2", "version is 2"),
            ("seed = 32", "seed = ", "line 19: "),
            ("seed = 32", "seed = -1", "line"),
            ("seed = 32", "seed = \"x\"", "line"),
            ("\"article\"", "\"artikel\"", "preset is \"artikel\""),
            ("batch_size = 32", "batch_size = 0", "batch size 0"),
            ("batch_size = 32", "", "batch_size"),
            ("[recipe]", "[rezept]", "recipe"),
        ] {
            let said = refused(from, to);
            assert!(said.contains(words), "{to}: {said}");
        }
        let edits =
            "\n[[recipe.edits]]\nstep = 9\nl1 = 1.0\n[[recipe.edits]]\nstep = 3\nl1 = 0.1\n";
        let said = RunFile::parse(&format!("{good}{edits}"))
            .unwrap_err()
            .to_string();
        assert!(said.contains("the edit at step 3 stands behind"), "{said}");
        let edits = "\n[[recipe.edits]]\nstep = 9\nl1 = -1.0\n";
        let said = RunFile::parse(&format!("{good}{edits}"))
            .unwrap_err()
            .to_string();
        assert!(said.contains("l1 -1.0: it must be"), "{said}");
    }

    fn changes() -> impl Strategy<Value = Change> {
        prop_oneof![
            (1e-30..1.0_f64).prop_map(Change::LearningRate),
            (0.0..1.0_f64).prop_map(Change::L1),
            (0.01..1.0_f64).prop_map(|share| Change::Noise(Noise::SaltPepper(share))),
            any::<u64>().prop_map(Change::Seed),
        ]
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            preset in prop::sample::select(Preset::ALL.to_vec()),
            seed in any::<u64>(),
            learning_rate in 1e-30..1.0_f64,
            max_steps in proptest::option::of(1..u64::MAX),
            mut edits in prop::collection::vec((any::<u64>(), changes()), 0..4),
        ) {
            edits.sort_by_key(|(step, _)| *step);
            let edits = edits.into_iter().map(|(step, change)| Edit { step, change });
            let mut recipe = Recipe {
                seed,
                learning_rate,
                max_steps,
                edits: edits.collect(),
                ..Recipe::preset(preset)
            };
            if !matches!(recipe.network, Network::Dense { .. }) {
                recipe.edits.retain(|edit| !matches!(edit.change, Change::L1(_)));
            }
            let file = file(recipe);
            prop_assert_eq!(RunFile::parse(&file.text()).unwrap(), file);
        }
    }
}
