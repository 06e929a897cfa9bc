//! The program: its arguments go to the library, the exit code comes back.

use std::process::ExitCode;

use ae_tui::memory::OrLastWords;

#[global_allocator]
static MEMORY: OrLastWords = OrLastWords;

fn main() -> ExitCode {
    ae_tui::cli::run(std::env::args_os())
}
