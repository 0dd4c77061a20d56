import pickle

import pytest

from inkdigits import errors
from inkdigits.errors import InkdigitsError, require

EXAMPLES = [
    errors.BrokenImage("cut short"),
    errors.UnsupportedImage("a GIF", ("PNG", "JPEG")),
    errors.ImageTooLarge("width in px", 20_000, 12_000),
    errors.BlankImage(),
    errors.TooComplex("pieces of ink", 5_210, 2_000),
    errors.SampleError("shape (3,)", "(28, 28)"),
    errors.ModelNotFound("x.onnx", "no such file", "a file"),
    errors.MissingExtra("reading Keras files", "keras", "train"),
    errors.DataError("t10k.gz", "cut short", "the published file"),
    errors.TrainingError("recipe", "cnm", "cnn"),
    errors.InferenceError("no inputs", "image or sample"),
    errors.Unauthorized("no key", "a key"),
    errors.TooManyRequests(1.25),
    errors.BatchTooLarge("pictures", 1_065, 64),
    errors.UploadError("2 files", ("the body",), "one picture"),
    errors.SlowUpload(1_234, 12.5),
    errors.UnknownHost("another host", "ours"),
    errors.ServerError("a worker ended with 1", "workers that start"),
    errors.Overloaded(1.25),
    errors.DeadlineExceeded(),
    errors.Draining(1.25),
]


CODES = """
bad-inference bad-parameter bad-sample bad-setting bad-upload batch-too-large blank-image
broken-image broken-model data-error deadline-exceeded draining file-error file-not-found
image-error image-too-large inkdigits-error mismatch missing-extra model-error model-not-found
not-now overloaded server-error slow-upload too-complex too-many-requests training-error
unauthorized unknown-host unreadable-file unsupported-image unsupported-model
"""


def tree(error=InkdigitsError):
    return [error, *(below for child in error.__subclasses__() for below in tree(child))]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: error.code)
def test_errors_survive_pickling_with_all_they_measured(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 pickled a line above
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: error.code)
def test_sentences_say_what_was_found(error):
    for value in vars(error).values():
        shown = f"{value:,.10g}" if isinstance(value, (int, float)) else value
        for part in shown if isinstance(shown, tuple) else (shown,):
            assert part in str(error)


def test_codes_are_those_that_clients_know_whatever_the_classes_are_called():
    assert sorted(error.code for error in tree()) == CODES.split()


def test_what_is_not_installed_is_named_with_what_installs_it():
    require("reading", "train", "json", "pickle")
    with pytest.raises(errors.MissingExtra) as refused:
        require("reading", "train", "json", "nosuchlibrary")
    assert vars(refused.value) == {
        "purpose": "reading",
        "module": "nosuchlibrary",
        "extra": "train",
    }
