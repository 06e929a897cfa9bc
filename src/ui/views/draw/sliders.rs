//! The sliders that spoil a picture: their names, ranges and steps.

use crate::{data::spoil::Spoil, ui::theme::Glyphs};

/// One of them, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Slider {
    /// The deviation of the noise on top.
    Noise,
    /// The side of the black square.
    Mask,
    /// How far it is moved to the right.
    Right,
    /// How far it is moved down.
    Down,
    /// How far it is turned.
    Turn,
    /// The deviation of the blur.
    Blur,
}

impl Slider {
    pub(super) const ALL: [Self; 6] = [
        Self::Noise,
        Self::Mask,
        Self::Right,
        Self::Down,
        Self::Turn,
        Self::Blur,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::Mask => "mask",
            Self::Right => "right",
            Self::Down => "down",
            Self::Turn => "turn",
            Self::Blur => "blur",
        }
    }

    /// Its lowest and its highest step.
    const fn ends(self) -> [i32; 2] {
        match self {
            Self::Noise | Self::Blur => [0, 40],
            Self::Mask => [0, 14],
            Self::Right | Self::Down => [-6, 6],
            Self::Turn => [-30, 30],
        }
    }

    /// What a step is worth: of noise 0.015, of the turn three degrees, of the blur 0.075 pixels.
    const fn unit(self) -> f32 {
        match self {
            Self::Noise => 0.015,
            Self::Mask | Self::Right | Self::Down => 1.0,
            Self::Turn => 3.0,
            Self::Blur => 0.075,
        }
    }

    /// Steps of a quarter of its range.
    pub(super) const fn quarter(self) -> i32 {
        let [low, high] = self.ends();
        (high - low) / 4
    }

    /// The one so many places on, as far as there are any.
    pub(super) fn beside(self, places: isize) -> Self {
        let here = self as usize;
        Self::ALL[here.saturating_add_signed(places).min(Self::ALL.len() - 1)]
    }

    fn value(self, spoil: &Spoil) -> f32 {
        match self {
            Self::Noise => spoil.noise,
            Self::Mask => spoil.mask as f32,
            Self::Right => spoil.right as f32,
            Self::Down => spoil.down as f32,
            Self::Turn => spoil.turn,
            Self::Blur => spoil.blur,
        }
    }

    fn steps(self, spoil: &Spoil) -> i32 {
        (self.value(spoil) / self.unit()).round() as i32
    }

    fn set(self, spoil: &mut Spoil, steps: i32) {
        let [low, high] = self.ends();
        let steps = steps.clamp(low, high);
        let value = steps as f32 * self.unit();
        match self {
            Self::Noise => spoil.noise = value,
            Self::Mask => spoil.mask = steps.unsigned_abs() as usize,
            Self::Right => spoil.right = steps,
            Self::Down => spoil.down = steps,
            Self::Turn => spoil.turn = value,
            Self::Blur => spoil.blur = value,
        }
    }

    /// So many steps on.
    pub(super) fn slide(self, spoil: &mut Spoil, steps: i32) {
        self.set(spoil, self.steps(spoil) + steps);
    }

    /// To a part of its range, from 0 to 1.
    pub(super) fn set_along(self, spoil: &mut Spoil, along: f32) {
        let [low, high] = self.ends();
        let steps = low as f32 + along * (high - low) as f32;
        self.set(spoil, steps.round() as i32);
    }

    /// Where it stands, and where it does nothing, from 0 to 1.
    pub(super) fn along(self, spoil: &Spoil) -> [f32; 2] {
        let [low, high] = self.ends();
        let part = |steps: i32| (steps - low) as f32 / (high - low) as f32;
        [part(self.steps(spoil)), part(0)]
    }

    /// Its value in at most four characters.
    pub(super) fn words(self, spoil: &Spoil, glyphs: Glyphs) -> String {
        let value = self.value(spoil);
        match self {
            _ if self.steps(spoil) == 0 => "0".into(),
            Self::Noise => format!("{value:.2}").trim_start_matches('0').into(),
            Self::Mask | Self::Right | Self::Down => format!("{value:.0}"),
            Self::Turn if glyphs == Glyphs::Ascii => format!("{value:.0}"),
            Self::Turn => format!("{value:.0}°"),
            Self::Blur => format!("{value:.1}"),
        }
    }

    /// What it did, in a word.
    pub(super) const fn did(self) -> &'static str {
        match self {
            Self::Noise => "noisy",
            Self::Mask => "covered",
            Self::Right | Self::Down => "moved",
            Self::Turn => "turned",
            Self::Blur => "blurred",
        }
    }

    /// Whether it does anything.
    pub(super) fn is_on(self, spoil: &Spoil) -> bool {
        self.steps(spoil) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slider_goes_from_end_to_end_and_back_to_nothing() {
        for slider in Slider::ALL {
            let mut spoil = Spoil::default();
            slider.slide(&mut spoil, 1000);
            assert_eq!(slider.along(&spoil)[0], 1.0, "{slider:?}");
            assert!(slider.is_on(&spoil));
            assert!(slider.words(&spoil, Glyphs::Blocks).chars().count() <= 4);
            slider.set_along(&mut spoil, 0.0);
            assert_eq!(slider.along(&spoil)[0], 0.0);
            let [_, nothing] = slider.along(&spoil);
            slider.set_along(&mut spoil, nothing);
            assert!(spoil.is_nothing(), "{slider:?}: {spoil:?}");
            // A step on and one back.
            slider.slide(&mut spoil, 1);
            assert!(!spoil.is_nothing());
            slider.slide(&mut spoil, -1);
            assert!(spoil.is_nothing(), "{slider:?}: {spoil:?}");
        }
    }

    #[test]
    fn sliders_stand_in_a_list_with_two_ends() {
        assert_eq!(Slider::Noise.beside(-1), Slider::Noise);
        assert_eq!(Slider::Noise.beside(1), Slider::Mask);
        assert_eq!(Slider::Blur.beside(1), Slider::Blur);
        for (place, slider) in Slider::ALL.into_iter().enumerate() {
            assert_eq!(slider as usize, place);
        }
    }
}
