//! Nothing on the network: the program has none of the calls that a connection takes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeSet, process::Command};

/// What a program asks the system for that speaks to another machine, or waits for one; in C's
/// library, which Rust's own network calls as well.
const CALLS: [&str; 8] = [
    "socket",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "getaddrinfo",
    "gethostbyname",
];

/// What a program asks of the libraries of the system, as the tool tells that stands beside every
/// linker.
fn asked_for(program: &str) -> BTreeSet<String> {
    let what: &[&str] = if cfg!(target_os = "macos") {
        &["-u"]
    } else {
        &["-D", "--undefined-only"]
    };
    let told = Command::new("nm").args(what).arg(program).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{said}");
    let told = String::from_utf8(told.stdout).unwrap();
    let names = told.lines().filter_map(|line| {
        let name = line.split_whitespace().next_back()?;
        let name = name.split('@').next()?;
        Some(name.trim_start_matches('_').to_owned())
    });
    names.collect()
}

#[test]
fn the_program_is_linked_with_no_call_that_reaches_another_machine() {
    let asked = asked_for(env!("CARGO_BIN_EXE_ae-tui"));
    assert!(asked.contains("poll") && asked.contains("socketpair"));
    let found: Vec<&str> = CALLS
        .into_iter()
        .filter(|call| asked.contains(*call))
        .collect();
    assert!(found.is_empty(), "it asks for {found:?}");
}

#[test]
fn no_package_brings_calls_of_its_own_to_the_network() {
    let told = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal,features",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let tree = String::from_utf8(told.stdout).unwrap();
    // It asks the kernel without C's library; of its parts that of the network is left out.
    assert!(tree.contains("rustix feature \"termios\""), "{tree}");
    assert!(!tree.contains("rustix feature \"net\""));
    for name in [
        "socket2",
        "tokio",
        "hyper",
        "reqwest",
        "ureq",
        "curl",
        "rustls",
        "native-tls",
    ] {
        assert!(
            !tree
                .lines()
                .any(|line| line.starts_with(&format!("{name} "))),
            "{name}"
        );
    }
}
