//! `ae-tui completions` and `ae-tui man`: the command line as shells and `man` read it.
//!
//! Both are made of the same arguments that are parsed, so they cannot tell anything else.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, Command, CommandFactory};
use clap_complete::{Generator, Shell};
use clap_mangen::Man;

use super::{Arguments, End, output::print};
use crate::store::{StoreError, atomic};

pub(super) const COMPLETIONS: &str = "\
Print the completions of a shell: what it offers when Tab is pressed.

  ae-tui completions bash > ~/.local/share/bash-completion/completions/ae-tui
  ae-tui completions zsh > ~/.zfunc/_ae-tui        with fpath+=~/.zfunc before compinit
  ae-tui completions fish > ~/.config/fish/completions/ae-tui.fish
  ae-tui completions powershell >> $PROFILE";

pub(super) const MAN: &str = "\
Print the manual of ae-tui, or write one page for it and each of its commands.

  ae-tui man | man -l -
  ae-tui man ~/.local/share/man/man1";

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// A folder for the pages [default: the page of ae-tui, on standard output]
    folder: Option<PathBuf>,
}

pub(super) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<End> {
    let mut command = Arguments::command();
    command.set_bin_name(command.get_name().to_owned());
    command.build();
    let mut script = Vec::new();
    let generated = arguments.shell.try_generate(&command, &mut script);
    generated.context("completions")?;
    print(&script)?;
    Ok(End::Done)
}

pub(super) fn man(arguments: &ManArguments) -> anyhow::Result<End> {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = &arguments.folder else {
        print(&page(command)?)?;
        return Ok(End::Done);
    };
    match fs::create_dir(folder) {
        Err(_) if folder.is_dir() => {}
        made => made.map_err(|reason| StoreError::folder(folder, reason))?,
    }
    let name = command.get_name().to_owned();
    let subcommands: Vec<Command> = command.get_subcommands().cloned().collect();
    write(folder, &name, command)?;
    for subcommand in subcommands {
        let page = format!("{name}-{}", subcommand.get_name());
        write(folder, &page, subcommand)?;
    }
    Ok(End::Done)
}

fn write(folder: &Path, name: &str, command: Command) -> anyhow::Result<()> {
    let file = folder.join(format!("{name}.1"));
    atomic::write(&file, &page(command)?)?;
    Ok(())
}

fn page(command: Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page).context("man")?;
    Ok(page)
}
