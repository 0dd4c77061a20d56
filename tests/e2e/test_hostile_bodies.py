"""Bodies that are small on the wire and large inside, and names that want to be paths."""

import gzip
import json
import zlib
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE_S
from tests.tiny import png

from .conftest import Server

MIB = 1024 * 1024
INFER = "/v2/models/digits/infer"
SAMPLE = b'{"inputs":[{"name":"sample","shape":[1,28,28],"datatype":"FP32","data":%s}]}'
FORM = {"content-type": "multipart/form-data; boundary=cut"}
PART = b'--cut\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\n'
ZEROS = bytes(200 * MIB)


def _header(shape: list[int], size: int) -> bytes:
    parameters = {"binary_data_size": size}
    tensor = {"name": "sample", "shape": shape, "datatype": "FP32", "parameters": parameters}
    return json.dumps({"inputs": [tensor]}).encode()


JSON_BODIES = {
    "a million open brackets": (b"[" * 2_000_000, 400),
    "data nested 900,000 deep": (SAMPLE % (b"[" * 900_000 + b"]" * 900_000), 400),
    "a number of two million digits": (SAMPLE % (b"[" + b"9" * 2_000_000 + b"]"), 400),
    "a fraction of two million digits": (SAMPLE % (b"[0." + b"9" * 2_000_000 + b"]"), 400),
    "600,000 empty lists": (SAMPLE % (b"[" + b"[]," * 600_000 + b"[]]"), 400),
    "no numbers": (SAMPLE % (b"[" + b"NaN," * 783 + b"NaN]"), 422),
    "endless numbers": (SAMPLE % (b"[" + b"-Infinity," * 783 + b"-Infinity]"), 422),
    "numbers beyond all": (SAMPLE % (b"[" + b"1e999," * 783 + b"1e999]"), 422),
    "lone surrogates": (b'{"id":"\\ud800","inputs":[]}', 400),
    "no UTF-8": (b'{"id":"\xff"}', 400),
    "200,000 inputs": (b'{"inputs":[' + b"{}," * 200_000 + b"{}]}", 400),
}


@pytest.mark.parametrize("name", JSON_BODIES)
def test_json_that_is_hard_to_bear_is_refused(server: Server, name: str) -> None:
    body, status = JSON_BODIES[name]
    before_s = server.spent_s()
    answer = httpx.post(f"{server.address}{INFER}", content=body, timeout=PATIENCE_S)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)
    assert server.spent_s() - before_s < 10
    assert "Traceback" not in server.written()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="counts memory as Linux does")
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bombs_do_not_go_off(server: Server, coding: str) -> None:
    """200 MiB in 200 kB."""

    def peak_mib() -> float:
        lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    body = gzip.compress(ZEROS) if coding == "gzip" else zlib.compress(ZEROS)
    before = peak_mib()
    headers = {"content-encoding": coding}
    for _ in range(3):
        answer = httpx.post(f"{server.address}{INFER}", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "image-too-large")
    assert peak_mib() - before < 60


@pytest.mark.parametrize("shape", [[2**30, 2**30, 2**30], [1, 2**30, 2**30], [1024, 28, 28], [0]])
def test_shapes_larger_than_their_data_take_no_memory(server: Server, shape: list[int]) -> None:
    head = _header(shape, 0)
    headers = {"inference-header-content-length": str(len(head))}
    answer = httpx.post(f"{server.address}{INFER}", content=head, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"".join(PART % b"x%d" % at + b"a\r\n" for at in range(50_000)) + b"--cut--\r\n", 422),
        (PART % b"file" + b"\r\n--cutx" * 500_000 + b"\r\n--cut--\r\n", 415),
        (PART % b"file" + b"\r\n--cu" * 1_000_000 + b"\r\n--cut--\r\n", 415),
        (PART % (b"n" * 60_000) + b"a\r\n--cut--\r\n", 422),
        (b"--cut\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n\r\n--cut--\r\n", 422),
        (b"\r\n" * 2_000_000, 422),
    ],
    ids=["many parts", "false ends", "half ends", "a long name", "many headers", "nothing"],
)
def test_forms_that_are_hard_to_take_apart(server: Server, body: bytes, status: int) -> None:
    before_s = server.spent_s()
    answer = httpx.post(f"{server.address}/predict", content=body, headers=FORM, timeout=PATIENCE_S)
    assert answer.status_code == status
    assert server.spent_s() - before_s < 10
    assert httpx.post(f"{server.address}/predict", content=png("7")).json()["digit"] == "7"
    assert "Traceback" not in server.written()


@pytest.mark.parametrize(
    "name",
    [
        *("%2e%2e", "..%2f..%2fetc%2fpasswd", "%2ftmp", "a%2fb", "~", "tiny.onnx", "TINY"),
        *("%00", "tiny%00", "tiny%20", "%ff%fe", "%0d%0aX-A:%20b", "x" * 20_000),
    ],
)
def test_no_name_is_a_path(server: Server, name: str) -> None:
    with httpx.Client(base_url=server.address) as client:
        answers = [
            client.get(f"/v2/models/{name}/config"),
            client.post(f"/v2/models/{name}/infer", content=b"{}"),
            client.post(f"/predict?model={name}", content=png("7")),
            client.get(f"/v2/models/tiny/versions/{name}"),
            client.get(f"/static/{name}"),
        ]
    assert {one.status_code for one in answers} == {404}
    assert all("x-a" not in one.headers for one in answers)
