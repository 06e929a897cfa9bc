//! Which classes are shown: by a key, by a mark or a name that is typed, by a click in a legend.

use super::{Request, answer};
use crate::{
    data::{Classes, Labels},
    ui::app::App,
};

/// Classes that have a key of their own.
pub(in crate::ui) const KEYS: usize = 10;

/// One more class is shown, or one less.
pub(in crate::ui) fn choose(app: &mut App, class: u8, is_seen: bool) -> Vec<Request> {
    let classes = app.classes();
    if classes == Classes::Unlabelled {
        return answer(app, "These images have no labels.");
    }
    if usize::from(class) >= classes.count() {
        let words = classes.said(&format!("There is no digit {class} in this data."));
        return answer(app, &words);
    }
    app.filter = chosen_too(app.filter, class).of(classes.count());
    if is_seen {
        return Vec::new();
    }
    let words = words_of(app, &classes);
    answer(app, &words)
}

/// The classes after one more was chosen: the first alone, others beside it; a
/// second time takes it away.
fn chosen_too(shown: Labels, class: u8) -> Labels {
    if shown == Labels::ALL {
        return Labels::NONE.with(class);
    }
    let others: Labels = shown.iter().filter(|&other| other != class).collect();
    match (shown.contains(class), others) {
        (true, Labels::NONE) => Labels::ALL,
        (true, others) => others,
        (false, _) => shown.with(class),
    }
}

/// Which classes are shown, where nothing in the view shows it.
fn words_of(app: &App, classes: &Classes) -> String {
    let words = if app.filter == Labels::ALL {
        "In the other views: all digits.".into()
    } else if let Classes::Named(_) = classes {
        let [names, _] = app.shown_names();
        return format!("In the other views: only {names}.");
    } else {
        let [names, _] = app.shown_names();
        format!("In the other views: only digit {names}.")
    };
    classes.said(&words)
}

/// The class of this mark or name; of a name its beginning, where no other begins so.
pub(super) fn called(classes: &Classes, typed: &str) -> Option<u8> {
    let typed = typed.trim();
    let all = || 0..classes.count() as u8;
    let mark = all().find(|&class| typed.chars().eq([classes.mark(class)]));
    let lower = |class: u8| classes.name(class).to_lowercase();
    let wanted = typed.to_lowercase();
    let whole = || all().find(|&class| lower(class) == wanted);
    let begun = || {
        let mut begun = all().filter(|&class| lower(class).starts_with(&wanted));
        begun
            .next()
            .filter(|_| begun.next().is_none() && !wanted.is_empty())
    };
    mark.or_else(whole).or_else(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_called_by_its_mark_its_name_and_its_names_beginning() {
        let clothes = Classes::named(&["T-shirt/top", "trouser", "sandal", "shirt", "sneaker"]);
        let called = |typed| called(&clothes, typed);
        assert_eq!(
            [called("3"), called("shirt"), called("SAND")],
            [Some(3), Some(3), Some(2)]
        );
        assert_eq!(
            [called("t"), called("tr"), called("s")],
            [None, Some(1), None]
        );
        assert_eq!([called(""), called("9"), called("boot")], [None; 3]);
        let letters = Classes::named(&["a", "A", "b"]);
        assert_eq!(super::called(&letters, "A"), Some(1));
        let numbered = Classes::numbered(47);
        assert_eq!(super::called(&numbered, "12"), Some(12));
        assert_eq!(super::called(&numbered, "k"), Some(20), "its mark");
    }
}
