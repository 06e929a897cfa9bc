//! Orders, losses and strangers of a few images.
