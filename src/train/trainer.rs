//! The training itself: plain code without threads, channels or clocks.

use std::{ops::Range, sync::Arc};

use super::draws::Draws;
use crate::{
    data::{Dataset, batches},
    lens::{HeldOut, Lens},
    message::{Cause, Failure},
    nn::{Autoencoder, Batch, Training},
    pool::Pool,
    recipe::{Change, Edit, Recipe, RecipeError},
    state::{EpochSoFar, EpochSum, State},
};

/// Adam squares the derivatives, and the price's are this times what the layer below
/// says: from here on (the root of float32's greatest number is 1.8e19) no length of the
/// steps makes them numbers.
const PRICE_TO_OVERFLOW: f64 = 1e18;

/// A network, its optimiser, and its place in the data.
pub struct Trainer {
    recipe: Recipe,
    /// The recipe with the edits of the steps so far.
    now: Recipe,
    /// The step after which the next edit comes.
    next_edit: Option<u64>,
    data: Arc<Dataset>,
    pool: Pool,
    net: Training,
    batch: Batch,
    draws: Draws,
    /// The images of the current epoch, in the order they are taken.
    order: Vec<u32>,
    /// Steps done.
    step: u64,
    so_far: EpochSoFar,
}

impl Trainer {
    /// Starts from `init`, or from fresh weights named by the seed.
    pub fn new(recipe: Recipe, data: Arc<Dataset>, init: Option<Autoencoder>, pool: Pool) -> Self {
        let start = State::start(&recipe, init);
        Self::resume(recipe, data, start, pool)
    }

    /// Goes on from a state of a run of this recipe on these images, to the
    /// bit as that run did.
    ///
    /// # Panics
    ///
    /// When the state is of another network than the recipe's.
    pub fn resume(recipe: Recipe, data: Arc<Dataset>, state: State, pool: Pool) -> Self {
        let State { net, adam, so_far } = state;
        assert_eq!(
            net.architecture(),
            recipe.architecture(),
            "a state belongs to its recipe"
        );
        let batch_size = recipe.batch_size.min(data.train.len());
        let step = adam.t;
        let now = recipe.as_of(step);
        let (objective, constants) = (now.objective(), now.adam());
        let start = (&net, &adam);
        let mut trainer = Self {
            net: Training::new(start, objective, constants, batch_size, pool.clone()),
            draws: Draws::of(&now),
            batch: Batch::new(recipe.image.pixels(), batch_size),
            pool,
            order: Vec::new(),
            step,
            next_edit: recipe.next_edit(step),
            now,
            so_far,
            data,
            recipe,
        };
        if !trainer.at_epoch_start() {
            trainer.order_images();
        }
        trainer
    }

    /// All that the next step follows from, besides recipe and images.
    pub fn state(&self) -> State {
        State {
            net: self.net.net(),
            adam: self.net.adam(),
            so_far: self.so_far.clone(),
        }
    }

    /// One step: the loss of the next batch, and the update that lowers it.
    ///
    /// # Errors
    ///
    /// A loss that is not finite; then nothing is updated.
    pub fn step(&mut self) -> Result<f32, Failure> {
        if self.next_edit == Some(self.step) {
            self.take_edits();
        }
        if self.at_epoch_start() {
            self.begin_epoch();
        }
        let batch = self.next_batch();
        let epoch = self.step / self.steps_per_epoch();
        let first = epoch * self.data.train.len() as u64 + batch.start as u64;
        let order = &self.order[batch.start..];
        let image = |n: usize| Some(self.data.train.image(*order.get(n)? as usize));

        self.batch.fill(&self.pool, batch.len(), image);
        self.draws.prepare(&mut self.batch, first, &self.pool);
        let loss = self.net.step(&self.batch) as f32;
        if !loss.is_finite() {
            return Err(self.diverged(loss));
        }

        self.step += 1;
        self.so_far.images += self.batch.images();
        self.so_far.loss += f64::from(loss) * self.batch.images() as f64;
        self.net
            .add_live_units(&self.batch, &mut self.so_far.unit_lives);
        Ok(loss)
    }

    /// What the held-out images come to.
    pub fn validate(&self) -> HeldOut {
        Lens::new(&self.net(), &self.now, &self.pool).held_out(&self.data.test)
    }

    /// The sum of the epoch that just ended, or of what there is of this one.
    pub fn epoch_sum(&self) -> EpochSum {
        self.so_far.sum()
    }

    /// Whether the next step is the first of an epoch (or the last one ended an epoch).
    pub fn at_epoch_start(&self) -> bool {
        self.step.is_multiple_of(self.steps_per_epoch())
    }

    /// Steps of an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.recipe.steps_per_epoch(self.data.train.len())
    }

    /// Steps done.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// The network as it is now.
    pub fn net(&self) -> Autoencoder {
        self.net.net()
    }

    /// What the run is, with what was changed on the way.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Changes the run from the next step on.
    ///
    /// # Errors
    ///
    /// When the recipe does not allow it; then nothing is changed.
    pub fn change(&mut self, change: Change) -> Result<(), RecipeError> {
        let step = self.step;
        let mut changed = self.recipe.clone();
        // Later edits belong to a future that this one is not.
        changed.edits.retain(|edit| edit.step <= step);
        changed.edits.push(Edit { step, change });
        changed.check()?;
        self.recipe = changed;
        self.next_edit = Some(step);
        Ok(())
    }

    /// What was changed after this step holds from the next one on.
    fn take_edits(&mut self) {
        let seed = self.now.seed;
        self.now = self.recipe.as_of(self.step);
        self.next_edit = self.recipe.next_edit(self.step);
        self.net.retune(self.now.objective(), self.now.adam());
        self.draws = Draws::of(&self.now);
        if self.now.seed != seed && !self.at_epoch_start() {
            self.order_images();
        }
    }

    fn begin_epoch(&mut self) {
        self.order_images();
        self.so_far = EpochSoFar::of_units(self.so_far.unit_lives.len());
    }

    /// The order of the epoch that the next step belongs to.
    fn order_images(&mut self) {
        let images = self.data.train.len();
        if self.recipe.shuffle {
            let epoch = self.step / self.steps_per_epoch();
            self.order = batches::order(images, self.now.seed, epoch);
        } else if self.order.is_empty() {
            self.order = (0..images as u32).collect();
        }
    }

    /// The short last batch of an epoch is taken as it is.
    fn next_batch(&self) -> Range<usize> {
        let batch = (self.step % self.steps_per_epoch()) as usize;
        let start = batch * self.recipe.batch_size;
        start..(start + self.recipe.batch_size).min(self.order.len())
    }

    fn diverged(&self, loss: f32) -> Failure {
        Failure::Diverged {
            step: self.step + 1,
            loss,
            cause: self.cause(),
        }
    }

    /// What makes these weights' loss no number. The held-out images tell it apart, for
    /// they are measured with the price and without; but not where the price has already
    /// taken the weights with it.
    fn cause(&self) -> Cause {
        let held_out = self.validate();
        let price = held_out.loss - held_out.reconstruction;
        let pictures = held_out.reconstruction;
        let dear = pictures.is_finite() && (price.is_nan() || price > pictures);
        if self.now.l1 > 0.0 && (dear || self.now.l1 >= PRICE_TO_OVERFLOW) {
            Cause::Price(self.now.l1)
        } else if self.step == 0 {
            Cause::Weights
        } else {
            Cause::Steps(self.now.learning_rate)
        }
    }
}
