//! Of which step the numbers of a pane are, where those are behind the moment that is looked at:
//! all panes say it in the same words.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    ui::{theme::Theme, widget::text},
    words::grouped,
};

/// `at step 12,040`, where that is known and is not the moment that is looked at.
pub(in crate::ui) fn at_step(measured: Option<u64>, seen: u64) -> Option<String> {
    let measured = measured.filter(|step| *step != seen)?;
    Some(format!("at step {}", grouped(measured)))
}

/// The title of a pane that says this, or of which step its numbers are. Its short name makes room
/// for that.
pub(super) fn title(
    buf: &mut Buffer,
    area: Rect,
    theme: Theme,
    [long, short]: [&str; 2],
    says: &str,
    behind: Option<&str>,
) {
    let says = behind.unwrap_or(says);
    let fits = text::width(long) + 1 + text::width(says) <= area.width;
    let name = if behind.is_none() || fits {
        long
    } else {
        short
    };
    text::title(buf, area, theme, name, &[(says, theme.dim())]);
}
