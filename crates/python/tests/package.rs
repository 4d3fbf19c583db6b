//! The Python package as its users have it: built by pip from this folder into an environment of its own, then put to its
//! tests under Python, Spark included.
//!
//! The environment stays in `target/`, so that only the first run fetches libraries from PyPI.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const REQUIREMENTS: &str = include_str!("requirements.txt");

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command to its end; what it printed is the failure.
fn run(command: &mut Command, what: &str) -> Output {
    let output = command.output().unwrap_or_else(|fault| panic!("{what}: {:?}: {fault}", command.get_program()));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what} failed ({}):\n{out}\n{err}", output.status);
    output
}

fn has(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok_and(|output| output.status.success())
}

/// The Python of the environment, with the pinned libraries.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let installed = folder.join("requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) {
        return python;
    }
    let _ = fs::remove_dir_all(&folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "making an environment (python3-venv?)");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(package().join("tests/requirements.txt"));
    run(&mut pip, "fetching the pinned libraries from PyPI");
    fs::write(&installed, REQUIREMENTS).unwrap();
    python
}

/// The command line, which the package is held against. `cargo test --workspace` has built it beside this test.
fn command_line() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join(format!("adit{}", std::env::consts::EXE_SUFFIX));
    if !built.is_file() {
        let mut cargo = Command::new(env!("CARGO"));
        run(
            cargo.args(["build", "--locked", "--package", "adit-cli"]).current_dir(package()),
            "building the command line",
        );
    }
    built
}

#[test]
fn the_package_installs_and_passes_its_tests() {
    assert!(has("python3", "--version"), "the tests of the Python package need Python 3.10 or newer, as python3");
    assert!(has("java", "-version"), "the tests of the Python package run a Spark, which needs Java 17, as java");
    let python = python();
    let beside = std::env::join_paths(
        [Path::new(env!("CARGO")).parent().unwrap().to_path_buf(), python.parent().unwrap().to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", "--no-build-isolation"])
        // The crates as this test has them: an optimised build would take minutes.
        .args(["--config-settings", "build-args=--profile dev --locked"])
        .arg(package())
        .env("PATH", &beside);
    run(&mut pip, "building and installing the package");
    let mut pytest = Command::new(&python);
    pytest
        .args(["-m", "pytest", "--quiet", "--durations=5"])
        .current_dir(package())
        .env("PATH", &beside)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("ADIT_COMMAND", command_line());
    let output = run(&mut pytest, "pytest");
    println!("{}", String::from_utf8_lossy(&output.stdout));
}
