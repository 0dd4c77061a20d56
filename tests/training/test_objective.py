import numpy as np
import pytest

from inkdigits.errors import TrainingError

LOGITS = np.array([[2.0, 0.0, -1.0], [0.5, 0.5, 0.0]])


@pytest.fixture(scope="module")
def objective(room):
    return room("objective")


def _log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def _teacher(keras, classes: int):
    """A network that answers the mean ink of the left half for class 0, and 0 for the others."""
    kernel = np.zeros((784, classes), np.float32)
    kernel[:, 0] = np.tile(np.repeat([1.0, 0.0], 14), 28) / 392
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(classes, use_bias=False)]
    )
    model.layers[-1].set_weights([kernel])
    return model


def test_a_checked_teacher_is_heard_only_where_it_is_right(objective, recipe, keras) -> None:
    teacher = _teacher(keras, 3)
    samples, labels = np.full((2, 28, 28), 0.5, np.float32), np.array([0, 2], np.int8)
    wanted = recipe(classes=3, teachers=("t",))
    heard = objective.make_targets((samples, labels), wanted, [teacher])
    checked = recipe(classes=3, teachers=("t",), check_teachers=True)
    found = objective.make_targets((samples, labels), checked, [teacher])
    assert found[0] == pytest.approx(heard[0])
    assert heard[1, 3] > 0.3
    assert found[1, 3:].tolist() == [0, 0, 1]


def test_smoothing_spreads_the_truth_and_keeps_its_sum(objective, recipe) -> None:
    samples, labels = np.zeros((2, 28, 28), np.float32), np.array([0, 10], np.int8)
    targets = objective.make_targets((samples, labels), recipe(label_smoothing=0.11), [])
    assert targets.dtype == np.float32
    assert targets.sum(axis=1) == pytest.approx([1, 1])
    assert targets[0, :2] == pytest.approx([0.9, 0.01])
    assert targets[1, 10] == pytest.approx(0.9)


def test_the_plain_loss_is_the_cross_entropy(objective, recipe) -> None:
    truth = np.eye(3, dtype=np.float32)[[0, 2]]
    loss = np.asarray(objective.make_loss(recipe(classes=3))(truth, LOGITS.astype(np.float32)))
    assert loss == pytest.approx(-_log_softmax(LOGITS)[[0, 1], [0, 2]], rel=1e-5)


def test_with_teachers_it_is_the_weighted_sum_of_both(objective, recipe) -> None:
    wanted = recipe(classes=3, teachers=("t",), hard_share=0.25, distill_temperature=2.0)
    truth, soft = np.eye(3)[[0, 2]], np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]])
    targets = np.concatenate([truth, soft], axis=1).astype(np.float32)
    loss = np.asarray(objective.make_loss(wanted)(targets, LOGITS.astype(np.float32)))
    hard = -(truth * _log_softmax(LOGITS)).sum(axis=1)
    divergence = (soft * (np.log(soft) - _log_softmax(LOGITS / 2))).sum(axis=1)
    assert loss == pytest.approx(0.25 * hard + 0.75 * 4 * divergence, rel=1e-5)


def test_a_student_that_says_what_the_teacher_says_has_no_divergence(
    objective, recipe, keras
) -> None:
    wanted = recipe(teachers=("t",), hard_share=0.0)
    samples = np.random.default_rng(0).random((4, 28, 28), np.float32)
    batch = (samples, np.zeros(4, np.int8))
    teacher = _teacher(keras, 11)
    targets = objective.make_targets(batch, wanted, [teacher, teacher])
    assert targets.shape == (4, 22)
    logits = teacher.predict_on_batch(samples)
    assert np.asarray(objective.make_loss(wanted)(targets, logits)) == pytest.approx(
        np.zeros(4), abs=1e-5
    )


def test_accuracy_looks_at_the_truth_alone(objective) -> None:
    targets = np.array([[1, 0, 0, 0, 0, 1], [0, 0, 1, 1, 0, 0]], np.float32)
    logits = LOGITS.astype(np.float32)
    assert np.asarray(objective.make_accuracy(3)(targets, logits)).tolist() == [1.0, 0.0]


def test_teachers_that_cannot_teach_are_refused(objective, keras, tmp_path) -> None:
    path = tmp_path / "teacher.keras"
    with pytest.raises(TrainingError, match="no file"):
        objective.load_teachers([str(path)], 11)
    _teacher(keras, 10).save(path)
    with pytest.raises(TrainingError, match="answers for 10 classes; needed: 11"):
        objective.load_teachers([str(path)], 11)
    assert len(objective.load_teachers([str(path)], 10)) == 1
