//! What the mouse does: a plain value between the terminal, which hears of it, and
//! the update, which knows what it means.

/// A button or the wheel, somewhere on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// What it did.
    pub button: Button,
    /// Which button; of the wheel, the left.
    pub side: Side,
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
    /// The wheel was turned away from the hand.
    WheelUp,
    /// The wheel was turned towards it.
    WheelDown,
}

/// A button that somebody means something by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that chooses.
    Left,
    /// The other one.
    Right,
}
