from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import SettingError
from inkdigits.service.settings import PREFIX, Settings, read_settings, write_value

names = st.text(st.characters(exclude_characters=",", exclude_categories=("Cs", "Cc")), min_size=1)
some_settings = st.builds(
    Settings,
    models=st.lists(
        names.map(str.strip).filter(bool).map(lambda name: f"m{name}x"), max_size=3
    ).map(tuple),
    host=st.sampled_from(["127.0.0.1", "::1", "example.org"]),
    port=st.integers(0, 65_535),
    workers=st.integers(1, 64),
    max_bytes=st.integers(1024, 2**30),
    threads=st.integers(1, 64),
    api_keys=st.lists(st.text("abcXYZ019-_.", min_size=16), max_size=3).map(tuple),
    key_requests_per_s=st.integers(0, 100),
    log_format=st.sampled_from(["text", "json"]),
)


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({"PATH": "/bin", "INKDIGITS_PORT": " "}) == Settings()


@given(some_settings)
def test_settings_survive_the_way_through_the_environment(settings: Settings) -> None:
    environ = {PREFIX + key.upper(): write_value(one) for key, one in asdict(settings).items()}
    assert read_settings(environ) == settings


def test_models_are_separated_by_commas() -> None:
    found = read_settings({"INKDIGITS_MODELS": "mlp, models/my.onnx"})
    assert found.models == ("mlp", "models/my.onnx")


def test_an_unknown_name_is_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(SettingError, match=r"INKDIGITS_PROT.*did you mean INKDIGITS_PORT"):
        read_settings({"INKDIGITS_PROT": "80"})


def test_an_unknown_name_like_no_other_lists_all() -> None:
    with pytest.raises(SettingError, match=r"one of .*INKDIGITS_PORT.*INKDIGITS_DATA"):
        read_settings({"INKDIGITS_X": "1"})


def test_the_name_that_training_reads_is_known() -> None:
    assert read_settings({"INKDIGITS_DATA": "/somewhere"}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "needed"),
    [
        ("INKDIGITS_PORT", "http", "a whole number"),
        ("INKDIGITS_PORT", "65536", "from 0 to 65,535"),
        ("INKDIGITS_WORKERS", "0", "from 1"),
        ("INKDIGITS_MAX_BYTES", "5", "from 1,024"),
        ("INKDIGITS_THREADS", "-1", "from 0"),
        ("INKDIGITS_KEY_BURST", "0", "from 1"),
        ("INKDIGITS_API_KEYS", "short", "16 to 256 letters"),
        ("INKDIGITS_LOG_FORMAT", "xml", "text or json"),
        ("INKDIGITS_LOG_LEVEL", "loud", "debug or info"),
        ("INKDIGITS_MODELS", "cnn,,mlp", "a name or path"),
    ],
)
def test_a_value_that_cannot_work_is_refused(name: str, value: str, needed: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({name: value})
    assert caught.value.name == name
    assert needed in caught.value.needed


def test_no_key_is_kept() -> None:
    settings = read_settings({"INKDIGITS_API_KEYS": "the-first-key-of-all, the-second-key-of-all"})
    assert [key.partition(":")[0] for key in settings.api_keys] == ["sha256", "sha256"]
    assert "key-of-all" not in f"{settings}"


def test_a_path_with_a_comma_is_refused() -> None:
    with pytest.raises(SettingError, match="comma"):
        Settings(models=("a,b.onnx",))


def test_the_limits_of_a_picture_follow() -> None:
    assert Settings(max_bytes=2048).limits.max_bytes == 2048


@pytest.mark.parametrize(
    "origin",
    ["https://example.org", "http://localhost:8080", "http://[::1]:80", "tauri://app", "*"],
)
def test_an_origin_is_what_browsers_send(origin: str) -> None:
    assert Settings(allowed_origins=(origin,)).allowed_origins == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "example.org",
        "https://example.org/",
        "https://example.org/page",
        "//example.org",
        "null",
        "",
        "https://Example.org",
        "HTTPS://example.org",
        "https:// example.org",
        "*.example.org",
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(SettingError, match=r"INKDIGITS_ALLOWED_ORIGINS.*https://example.org"):
        read_settings({"INKDIGITS_ALLOWED_ORIGINS": f"https://a.example,{origin}"})


def test_formats_besides_png_and_jpeg_are_named() -> None:
    assert Settings().limits.formats == ("PNG", "JPEG")
    found = read_settings({"INKDIGITS_FORMATS": "webp, tiff", "INKDIGITS_MAX_BYTES": "2048"})
    assert found.limits.formats == ("PNG", "JPEG", "WEBP", "TIFF")
    assert found.limits.max_document_bytes == 2048
    with pytest.raises(SettingError, match=r"INKDIGITS_FORMATS: 'svg'; needed: webp or bmp"):
        read_settings({"INKDIGITS_FORMATS": "webp,svg"})
