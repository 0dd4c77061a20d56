from pathlib import Path

from inkdigits.model.loading import load_model
from inkdigits.service.infer_models import model_config, model_metadata


def test_metadata_names_every_tensor(tiny_model: Path) -> None:
    fields = model_metadata("digits", load_model(tiny_model).card).model_dump()
    assert (fields["name"], fields["versions"]) == ("digits", ["1"])
    assert fields["inputs"] == [
        {"name": "image", "datatype": "BYTES", "shape": [-1]},
        {"name": "sample", "datatype": "FP32", "shape": [-1, 28, 28]},
    ]
    assert fields["outputs"] == [
        {"name": "digit", "datatype": "BYTES", "shape": [-1]},
        {"name": "probabilities", "datatype": "FP32", "shape": [-1, 10]},
        {"name": "accepted", "datatype": "BOOL", "shape": [-1]},
        {"name": "not_a_digit", "datatype": "FP32", "shape": [-1]},
    ]


def test_the_configuration_says_the_same_in_tritons_words(tiny_model: Path) -> None:
    fields = model_config("digits", load_model(tiny_model).card)
    assert fields["max_batch_size"] == 0
    assert fields["input"][0] == {
        "name": "image",
        "data_type": "TYPE_STRING",
        "dims": [-1],
        "optional": True,
    }
    assert fields["output"][1] == {
        "name": "probabilities",
        "data_type": "TYPE_FP32",
        "dims": [-1, 10],
    }
