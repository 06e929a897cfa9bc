//! Imports go one way. This reads the `use` lines of `src/` and fails when one
//! goes up, when a module outside `ui` names the terminal crates, or when a
//! module is missing from the order below.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Modules from the lowest to the highest; those on one line do not know each other.
const ORDER: &[&[&str]] = &[
    &["image", "random", "pool", "words", "memory", "raster"],
    &["arrays"],
    &["nn", "data"],
    &["recipe", "pace"],
    &["lens", "state"],
    &["measure"],
    &["message"],
    &["store", "train"],
    &["observe", "follow"],
    &["ui", "headless", "figure"],
    &["cli"],
    &["main"],
];

/// Crates that draw, and the one module that may name them.
const TERMINAL_CRATES: [&str; 2] = ["ratatui", "crossterm"];

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The top module of a file: `src/ui/app.rs` and `src/ui.rs` belong to `ui`.
fn module_of(path: &Path, src: &Path) -> String {
    let first = path.strip_prefix(src).unwrap().components().next().unwrap();
    Path::new(first.as_os_str())
        .file_stem()
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

/// The code without comments, so that words in them count for nothing.
fn code(path: &Path) -> String {
    let strip = |line: &str| line.split("//").next().unwrap_or("").to_owned();
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(strip)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules that follow `crate::` (or `ae_tui::` in the binary), in groups too.
fn imported(code: &str, root: &str) -> BTreeSet<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|character| character.is_alphanumeric() || *character == '_')
            .collect()
    };
    let mut found = BTreeSet::new();
    for (start, _) in code.match_indices(root) {
        let rest = &code[start + root.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        // Names at the group's own level, not those in nested braces.
        let (mut depth, mut at_start) = (0, true);
        for (place, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                character if at_start && !character.is_whitespace() => {
                    found.insert(name(&group[place..]));
                    at_start = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn level(module: &str) -> Option<usize> {
    ORDER.iter().position(|level| level.contains(&module))
}

#[test]
fn imports_go_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&src, &mut files);
    let mut faults = Vec::new();
    for path in files {
        let module = module_of(&path, &src);
        if module == "lib" {
            continue;
        }
        let Some(own) = level(&module) else {
            faults.push(format!("{module} has no place in the order"));
            continue;
        };
        let code = code(&path);
        let mut names = imported(&code, "crate::");
        names.extend(imported(&code, "ae_tui::"));
        for name in names.into_iter().filter(|name| *name != module) {
            match level(&name) {
                Some(other) if other < own => {}
                Some(_) => faults.push(format!("{} may not use {name}", path.display())),
                None => faults.push(format!(
                    "{} uses {name}, which is no module",
                    path.display()
                )),
            }
        }
        for terminal in TERMINAL_CRATES {
            if module != "ui" && code.contains(&format!("{terminal}::")) {
                faults.push(format!("{} names {terminal}; only ui may", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_groups_nests_and_paths() {
    let code =
        "use crate::{data::{Split, batches}, nn,\n  pace::Film};\nlet x = crate::pool::Pool;";
    let names: Vec<_> = imported(code, "crate::").into_iter().collect();
    assert_eq!(names, ["data", "nn", "pace", "pool"]);
}
