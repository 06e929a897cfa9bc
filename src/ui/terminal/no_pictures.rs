//! What stands for the terminal's own pictures in a program that was built without them: half
//! blocks are all there is.

use std::io::{self, Write};

use ratatui::buffer::Buffer;

use super::{decode::Sent, wish::Wish};
use crate::ui::widget::fine::FinePicture;

/// None, whatever is wished for: the command line has refused other wishes.
#[derive(Debug)]
pub struct Pictures;

impl Pictures {
    /// None.
    pub fn new(_: Wish) -> Self {
        Self
    }

    /// Nothing is asked.
    pub fn questions(&self) -> &'static [u8] {
        &[]
    }

    /// Nothing was asked.
    pub fn hear(&mut self, _: &Sent) {}

    /// Never.
    pub fn are_wanted(&self) -> bool {
        false
    }

    /// Never.
    pub fn are_owed(&self) -> bool {
        false
    }

    /// Nothing was known.
    pub fn forget(&mut self) {}

    /// Nothing is asked.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn measure_again(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// None is.
    pub fn hang(&mut self, _: Vec<FinePicture>, _: &mut Buffer) {}

    /// Nothing is written.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn put(&mut self, _: &mut impl Write) -> io::Result<()> {
        Ok(())
    }
}

/// Nothing is to be said.
pub(super) fn farewell() -> Vec<u8> {
    Vec::new()
}
