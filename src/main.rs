//! The program: its arguments go to the library, the exit code comes back.

use std::process::ExitCode;

fn main() -> ExitCode {
    ae_tui::cli::run(std::env::args_os())
}
