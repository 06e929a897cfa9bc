//! The two guides, `docs/GUIDE.md` and its Persian twin: one structure, the same numbers, commands
//! that the program takes and keys that it has. `docs/guide/make.py` holds the numbers themselves
//! against what the program says.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

use ae_tui::ui::keymap::BINDINGS;
use ndarray::{Array1, Array3};
use ndarray_npy::WriteNpyExt as _;
use tempfile::TempDir;

const ENGLISH: &str = include_str!("../../docs/GUIDE.md");
const PERSIAN: &str = include_str!("../../docs/GUIDE.fa.md");

/// A block between blank lines, or a fence with what is in it.
#[derive(Debug)]
enum Block<'a> {
    Prose(Vec<&'a str>),
    Fence {
        kind: &'a str,
        /// The name of the picture that it is.
        picture: Option<&'a str>,
        lines: Vec<&'a str>,
    },
}

fn blocks(guide: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut prose = Vec::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let picture = prose
                .pop()
                .and_then(|line: &str| line.strip_prefix("<!-- picture: ")?.strip_suffix(" -->"));
            assert!(prose.is_empty(), "{prose:?} stand before a block of {kind}");
            let lines = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block::Fence {
                kind,
                picture,
                lines,
            });
        } else if !line.is_empty() {
            prose.push(line);
        } else if !prose.is_empty() {
            blocks.push(Block::Prose(std::mem::take(&mut prose)));
        }
    }
    if !prose.is_empty() {
        blocks.push(Block::Prose(prose));
    }
    blocks
}

/// A text without what is between these two marks, and what was.
fn without<'a>(text: &'a str, open: &str, close: &str) -> (String, Vec<&'a str>) {
    let (mut left, mut taken) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let (inside, after) = after.split_once(close).unwrap_or_else(|| {
            panic!("{open} without {close}: {after}");
        });
        left += before;
        left.push('\u{0}');
        taken.push(inside);
        rest = after;
    }
    (left + rest, taken)
}

/// What is read of a block: no code, keys, tags or addresses.
fn prose(block: &str) -> String {
    let mut text = block.to_owned();
    for (open, close) in [
        ("`", "`"),
        ("<code", "</code>"),
        ("<kbd", "</kbd>"),
        ("](", ")"),
        ("<", ">"),
    ] {
        text = without(&text, open, close).0;
    }
    text
}

/// Its numbers, in European digits.
fn numbers(prose: &str) -> Vec<String> {
    let european: String = prose
        .chars()
        .map(|letter| match letter {
            '۰'..='۹' => char::from(b'0' + (u32::from(letter) - u32::from('۰')) as u8),
            '٬' => ',',
            '٫' => '.',
            other => other,
        })
        .collect();
    european
        .split(|letter: char| !letter.is_ascii_digit() && letter != ',' && letter != '.')
        .map(|word| word.trim_matches([',', '.']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Names with all braces opened, as a shell does.
fn spelt(name: &str) -> Vec<String> {
    let Some((before, (inside, after))) = name
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    else {
        return vec![name.to_owned()];
    };
    inside
        .split(',')
        .flat_map(|one| spelt(&format!("{before}{one}{after}")))
        .collect()
}

/// The numbers of a guide by their names.
fn marked(guide: &str) -> BTreeMap<String, String> {
    let mut marked = BTreeMap::new();
    for block in blocks(guide) {
        let Block::Prose(lines) = block else { continue };
        let named = lines
            .last()
            .and_then(|line| line.strip_prefix("<!-- numbers: ")?.strip_suffix(" -->"));
        let said = &lines[..lines.len() - usize::from(named.is_some())];
        let numbers = numbers(&prose(&said.join("\n")));
        let names = named.unwrap_or_default().split_whitespace();
        let names: Vec<String> = names.flat_map(spelt).collect();
        assert_eq!(numbers.len(), names.len(), "{names:?} of {said:#?}");
        for (name, number) in names.into_iter().zip(numbers) {
            let before = marked.insert(name.clone(), number.clone());
            assert!(
                before.as_ref().is_none_or(|before| *before == number),
                "{name} is {before:?} and {number}"
            );
        }
    }
    marked
}

fn fences(guide: &str) -> Vec<(&str, Option<&str>, Vec<&str>)> {
    let fence = |block| match block {
        Block::Fence {
            kind,
            picture,
            lines,
        } => Some((kind, picture, lines)),
        Block::Prose(_) => None,
    };
    blocks(guide).into_iter().filter_map(fence).collect()
}

/// The headings' depths, each with the keys that its part names.
fn parts(guide: &str) -> Vec<(usize, Vec<String>)> {
    let mut parts: Vec<(usize, Vec<String>)> = Vec::new();
    for block in blocks(guide) {
        let Block::Prose(lines) = block else { continue };
        for line in &lines {
            if line.starts_with('#') {
                let depth = line.len() - line.trim_start_matches('#').len();
                parts.push((depth, Vec::new()));
            }
        }
        let text = lines.join("\n");
        let pressed = match text.split_once("**Press**") {
            Some((_, pressed)) => without(pressed, "`", "`").1,
            None => without(&text, "<kbd dir=\"ltr\">", "</kbd>").1,
        };
        if let Some((_, keys)) = parts.last_mut() {
            keys.extend(pressed.into_iter().map(str::to_owned));
        }
    }
    for (_, keys) in &mut parts {
        keys.sort_unstable();
    }
    parts
}

#[test]
fn both_guides_have_the_same_parts_commands_pictures_and_numbers() {
    assert_eq!(parts(ENGLISH), parts(PERSIAN));
    assert!(parts(ENGLISH).len() > 15);
    assert_eq!(fences(ENGLISH), fences(PERSIAN));
    let english = marked(ENGLISH);
    assert_eq!(english, marked(PERSIAN));
    assert!(english.len() > 100, "only {} numbers", english.len());
    for (kind, picture, lines) in fences(ENGLISH) {
        assert_eq!(kind == "text", picture.is_some(), "{lines:#?}");
        assert!(!lines.is_empty(), "{picture:?} is empty");
        let wide = |line: &&&str| kind == "text" && line.chars().count() > 80;
        assert_eq!(lines.iter().find(wide), None, "{picture:?}");
    }
}

/// Twenty images, two of a digit, that stand in for MNIST.
fn few_images(folder: &Path) -> String {
    let images = Array3::from_shape_fn((20, 28, 28), |(image, row, column)| {
        u8::from((row + column) % 10 == image % 10) * 255
    });
    let labels = Array1::from_shape_fn(20, |image| (image % 10) as u8);
    let few = folder.join("few");
    fs::create_dir(&few).unwrap();
    let file = |name: String| File::create(few.join(name)).unwrap();
    for half in ["train", "test"] {
        images.write_npy(file(format!("x_{half}.npy"))).unwrap();
        labels.write_npy(file(format!("y_{half}.npy"))).unwrap();
    }
    "few".into()
}

/// What a command is refused with. Where it trains it does one step; what needs a terminal or an
/// earlier command's files is read to its end, and no more.
fn refusal(folder: &Path, data: &str, command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    let trains = words.first().is_none_or(|word| word.starts_with('-'));
    let more: &[&str] = if trains && !words.contains(&"--lesson") {
        &["--data", data, "--max-steps", "1"]
    } else {
        &["--help"]
    };
    let output = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(&words)
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    (!output.status.success()).then_some(told)
}

#[test]
fn the_command_line_takes_every_command_of_the_guides() {
    let folder = TempDir::new().unwrap();
    let data = few_images(folder.path());
    let refusal = |command| refusal(folder.path(), &data, command);
    let mut commands: Vec<&str> = Vec::new();
    for (kind, _, lines) in fences(ENGLISH) {
        if kind == "sh" {
            commands.extend(lines.iter().filter(|line| line.starts_with("ae-tui")));
        }
    }
    assert!(commands.len() > 25, "{commands:#?}");
    // The same command is given more than once, and is one.
    commands.sort_unstable();
    commands.dedup();
    for command in commands {
        assert_eq!(refusal(command), None, "{command}");
    }
    assert!(refusal("ae-tui --preset dense").is_some());
    assert!(refusal("ae-tui --preset conv --encoder 32,2").is_some());
    assert!(refusal("ae-tui explore digits --lessons").is_some());
}

#[test]
fn every_key_that_the_guides_name_is_in_the_table() {
    let written: Vec<&str> = BINDINGS.iter().map(|binding| binding.keys).collect();
    let known = |key: &str| {
        let mut letters = key.chars();
        let single = letters.next().filter(|_| letters.next().is_none());
        written.iter().any(|keys| {
            keys.split_whitespace().any(|one| one == key)
                || single.is_some_and(|letter| keys.contains(letter) && "←→↑↓".contains(letter))
                || *keys == "0-9" && single.is_some_and(|letter| letter.is_ascii_digit())
        })
    };
    for (_, keys) in parts(ENGLISH) {
        for key in keys {
            assert!(known(&key), "no key is called {key}");
        }
    }
    assert!(!known("F9") && !known("ab") && !known("§"));
}

/// Blocks of right-to-left text, whatever stands in them, and nothing else.
#[test]
fn the_persian_guide_is_right_to_left_and_written_as_persian_is() {
    let mut inside = false;
    for block in blocks(PERSIAN) {
        match block {
            Block::Prose(lines) if lines == ["<div dir=\"rtl\">"] => {
                assert!(!inside, "a div in a div");
                inside = true;
            }
            Block::Prose(lines) if lines == ["</div>"] => {
                assert!(inside, "the end of a div that did not begin");
                inside = false;
            }
            Block::Prose(lines) => assert!(inside, "left to right: {lines:#?}"),
            Block::Fence { lines, .. } => assert!(!inside, "right to left: {lines:#?}"),
        }
    }
    assert!(!inside);

    // Code and keys have signs that a right-to-left line would mirror or move.
    for tag in ["<code", "<kbd"] {
        for opened in PERSIAN.split(tag).skip(1) {
            assert!(opened.starts_with(" dir=\"ltr\">"), "{tag}{opened:.40}");
        }
    }
    for block in blocks(PERSIAN) {
        let Block::Prose(lines) = block else { continue };
        let said = prose(&lines.join("\n"));
        assert!(
            !said.contains(|letter: char| letter.is_ascii_digit() || "{}`%".contains(letter)),
            "{said}"
        );
        // A number after a Latin word goes to its wrong side.
        let mut latin = false;
        for letter in said.chars().filter(|letter| !letter.is_whitespace()) {
            assert!(!(latin && ('۰'..='۹').contains(&letter)), "{said}");
            latin = letter.is_ascii_alphabetic();
        }
        for apart in [
            " می ",
            " نمی ",
            " ها ",
            " های ",
            " هایی ",
            " تر ",
            "ي",
            "ك",
            " ،",
            " .",
            " ؛",
        ] {
            assert!(!said.contains(apart), "{apart:?} in {said}");
        }
    }
}
