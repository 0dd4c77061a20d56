"""Labels and the teachers' answers in → the targets and the loss that a network learns by."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from inkdigits.decision.calibration import softmax
from inkdigits.errors import TrainingError
from inkdigits.sample import Samples
from inkdigits.training.batches import Labels
from inkdigits.training.recipes import Recipe
from inkdigits.training.weights import find_weights, load_network

Targets = NDArray[np.float32]
"""float32 (N, classes), or with teachers (N, 2 * classes): the truth, then what they say."""

_SMALLEST = 1e-9


def load_teachers(paths: Sequence[str], classes: int) -> list[keras.Model]:
    """Load the networks to learn from: shipped names, or paths of `.keras` files.

    Raises:
        TrainingError: a file cannot be read, or answers for another number of classes.
    """
    teachers = []
    for path in paths:
        teacher = load_network(find_weights(path, "teacher"), "teacher")
        if teacher.output_shape[-1] != classes:
            found = f"{path} answers for {teacher.output_shape[-1]} classes"
            raise TrainingError("teacher", found, str(classes))
        teachers.append(teacher)
    return teachers


def make_targets(
    batch: tuple[Samples, Labels], recipe: Recipe, teachers: Sequence[keras.Model]
) -> Targets:
    """Say what a network should answer to a batch.

    The teachers see the very samples that the student sees, augmented as they are. Where they
    are wrong they say the truth instead, if the recipe checks them: who goes on from a model to
    mend its mistakes must not be taught them by it.

    Source:
        Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network" (2015);
        Beyer et al., "Knowledge distillation: A good teacher is patient and consistent" (2022).
    """
    samples, labels = batch
    truth = np.eye(recipe.classes, dtype=np.float32)[labels]
    truth = truth * (1 - recipe.label_smoothing) + recipe.label_smoothing / recipe.classes
    if not teachers:
        return truth.astype(np.float32)
    answers = sum(np.asarray(ops.convert_to_numpy(t.predict_on_batch(samples))) for t in teachers)
    soft = softmax(np.asarray(answers) / len(teachers), recipe.distill_temperature)
    if recipe.check_teachers:
        soft = np.where((soft.argmax(axis=1) == labels)[:, np.newaxis], soft, truth)
    return np.concatenate([truth, soft], axis=1, dtype=np.float32)


def make_loss(recipe: Recipe) -> Callable[[Any, Any], Any]:
    """Make the loss of a recipe.

    Returns:
        A function of targets and logits to the loss of each sample, in nats, in Keras's
        operations: a * CE(truth) + (1 - a) * T² * KL(teachers || student), where
        a is `hard_share` and T `distill_temperature`. Without teachers: CE(truth).
    """

    def loss(targets: Any, logits: Any) -> Any:
        truth = targets[:, : recipe.classes]
        hard = -ops.sum(truth * ops.log_softmax(logits), axis=-1)
        if not recipe.teachers:
            return hard
        soft, t = targets[:, recipe.classes :], recipe.distill_temperature
        surprise = ops.log(soft + _SMALLEST) - ops.log_softmax(logits / t)
        divergence = ops.sum(soft * surprise, axis=-1)
        return recipe.hard_share * hard + (1 - recipe.hard_share) * t * t * divergence

    return loss


def make_accuracy(classes: int) -> Callable[[Any, Any], Any]:
    """Make the share of samples whose likeliest class is the true one, as a Keras metric."""

    def accuracy(targets: Any, logits: Any) -> Any:
        right = ops.equal(ops.argmax(targets[:, :classes], -1), ops.argmax(logits, -1))
        return ops.cast(right, "float32")

    return accuracy
