//! What the program is built of, held to `deny.toml`, which `cargo deny` reads as well.
//!
//! That tool takes long to build and asks a list of advisories that is not at hand everywhere;
//! licences, sources and packages in two versions are looked at here, at every test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

const POLICY: &str = include_str!("../../deny.toml");

fn policy() -> toml::Table {
    POLICY.parse().unwrap()
}

/// Words of a list in the policy; of tables those under that key.
fn list(table: &toml::Table, section: &str, name: &str, key: &str) -> BTreeSet<String> {
    let items = table[section][name].as_array().unwrap();
    let words = items.iter().map(|item| {
        let word = item.as_str().or_else(|| item[key].as_str());
        word.unwrap().to_owned()
    });
    words.collect()
}

/// A package that is built into the program, on this system.
struct Package {
    name: String,
    /// With where it is, if that is not the registry.
    version: String,
    licence: String,
}

fn packages() -> Vec<Package> {
    let told = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--no-dedupe",
            "--prefix",
            "none",
        ])
        .args(["--edges", "normal,build", "--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{said}");
    let told = String::from_utf8(told.stdout).unwrap();
    let lines: BTreeSet<&str> = told.lines().collect();
    let packages = lines.into_iter().map(|line| {
        let (package, licence) = line.split_once('|').unwrap();
        let (name, version) = package.split_once(' ').unwrap();
        Package {
            name: name.into(),
            version: version.replace(" (proc-macro)", ""),
            licence: licence.into(),
        }
    });
    let packages: Vec<Package> = packages.collect();
    assert!(packages.len() > 100, "only {}", packages.len());
    packages
}

/// Whether a licence's expression is met by licences that are allowed. As `cargo deny` reads it:
/// an older `/` is `OR`; brackets nest.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    fn any<'a>(
        words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
        allowed: &BTreeSet<String>,
    ) -> bool {
        let mut met = all(words, allowed);
        while words.next_if_eq(&"OR").is_some() {
            met |= all(words, allowed);
        }
        met
    }
    fn all<'a>(
        words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
        allowed: &BTreeSet<String>,
    ) -> bool {
        let mut met = one(words, allowed);
        while words.next_if_eq(&"AND").is_some() {
            met &= one(words, allowed);
        }
        met
    }
    fn one<'a>(
        words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
        allowed: &BTreeSet<String>,
    ) -> bool {
        let word = words.next().unwrap_or_default();
        if word == "(" {
            let met = any(words, allowed);
            assert_eq!(words.next(), Some(")"));
            return met;
        }
        let name = match words.next_if_eq(&"WITH") {
            Some(_) => format!("{word} WITH {}", words.next().unwrap_or_default()),
            None => word.to_owned(),
        };
        allowed.contains(&name)
    }
    let expression = expression.replace('/', " OR ");
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let met = any(&mut words, allowed);
    assert_eq!(words.next(), None, "{expression}");
    met
}

#[test]
fn every_package_has_a_licence_that_is_allowed() {
    let allowed = list(&policy(), "licenses", "allow", "");
    for package in packages() {
        let Package { name, licence, .. } = package;
        assert!(is_allowed(&licence, &allowed), "{name}: {licence:?}");
    }
    assert!(!is_allowed("GPL-3.0-only", &allowed));
    assert!(!is_allowed("", &allowed));
    assert!(is_allowed("GPL-3.0-only OR (MIT AND Apache-2.0)", &allowed));
    assert!(!is_allowed("GPL-3.0-only AND MIT", &allowed));
}

#[test]
fn every_package_comes_from_the_registry() {
    for Package { name, version, .. } in packages() {
        // Whatever comes from elsewhere has its place in brackets.
        let is_elsewhere = version.contains('(');
        assert_eq!(
            is_elsewhere,
            name == env!("CARGO_PKG_NAME"),
            "{name} {version}"
        );
    }
}

#[test]
fn packages_in_two_versions_are_those_for_which_a_reason_is_written() {
    let skipped = list(&policy(), "bans", "skip", "crate");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Package { name, version, .. } in packages() {
        versions.entry(name).or_default().insert(version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let twice: BTreeSet<String> = versions.keys().cloned().collect();
    assert_eq!(
        twice, skipped,
        "without a reason, or a reason without need: {versions:#?}"
    );
}
