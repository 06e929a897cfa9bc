//! What the mouse does: a plain value between the terminal, which hears of it, and
//! the update, which knows what it means.

/// The left button, somewhere on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// What it did.
    pub button: Button,
    /// Column, from 0.
    pub column: u16,
    /// Row, from 0.
    pub row: u16,
}

/// What a button did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// It went down.
    Pressed,
    /// The mouse moved while it was down.
    Dragged,
    /// It went up.
    Released,
}
