"""Environment in, one frozen `Settings` out: the only place that reads `INKDIGITS_*`."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from inkdigits.errors import SettingError
from inkdigits.files.formats import ALLOWED, FORMATS
from inkdigits.files.limits import MIB, ImageLimits
from inkdigits.service.cores import count_cores
from inkdigits.service.keys import digest_key

PREFIX = "INKDIGITS_"
DEFAULT_MODEL = "cnn"
FOREIGN_NAMES = {"INKDIGITS_DATA": "the folder of the data for training and evaluation"}
"""Names that other rooms own, and what they are."""
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\sA-Z]+")  # any other is never what browsers send


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server is started with. Each field is the variable `INKDIGITS_<FIELD>` too.

    `docs/settings.md` is made of this text: `python -m inkdigits.service.settings_table`.

    Attributes:
        models: shipped names or paths of model files; the first answers when a request
            names none. Empty: every shipped model, the default one first.
        models_folder: the only folder that model files are loaded from; `models` names files
            in it and cannot leave it. Empty: a path may lead anywhere.
        host: address to listen on.
        port: TCP port to listen on.
        workers: processes; `auto`: one a core, which is enough, since a model uses one thread.
        formats: what pictures may be besides PNG and JPEG, separated by commas. Each is one
            more library that reads what strangers send.
        max_bytes: largest encoded picture.
        max_batch_bytes: largest request with several pictures.
        threads: large pictures that a process reads beside the small ones at a time; 0 or
            `auto`: two where there are 704 MiB of memory for each worker, else one.
        max_waiting: small pictures that wait in a process; of large ones, a sixteenth as
            many. Who comes after that is refused at once, with 503.
        body_s: seconds that the body of a request may take to come, and anew each time that
            16 KiB of it came for every one of them; thirty times as many for the whole. A body that
            stalls gives way to others earlier when room is short, first the client's that
            holds most. A proxy that takes requests whole before it passes them on is best.
        request_s: seconds after which a request that waits or is worked on is given up, with 504.
        allowed_hosts: names that clients may call this server by, as in `Host`; empty: any.
            `*.example.org` stands for all names below. Separated by commas.
        allowed_origins: other sites whose pages may ask this server, as
            `https://example.org`, `*` for all; empty: none. Separated by commas.
        api_keys: who may ask; empty: anybody. Each a key of 16 to 256 letters, or
            `sha256:` and its digest; only digests are kept.
        key_requests_per_s: requests a second that each key may make in the long run,
            all workers together; 0: as many as it likes.
        key_burst: requests that a key may make at once after a pause.
        log_format: `text` for people, `json` for machines, one line an event.
        log_level: the least important events that are logged. `info` holds a line a request.
    """

    models: tuple[str, ...] = ()
    models_folder: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    formats: tuple[str, ...] = ()
    max_bytes: int = 8 * MIB
    max_batch_bytes: int = 32 * MIB
    threads: int = 0
    max_waiting: int = 1024
    body_s: int = 10
    request_s: int = 10
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    api_keys: tuple[str, ...] = ()
    key_requests_per_s: int = 0
    key_burst: int = 20
    log_format: str = "text"
    log_level: str = "info"

    def __post_init__(self) -> None:
        """Refuse values that cannot work, before anything is started with them.

        Raises:
            SettingError: names the setting, the value and the range.
        """
        for name, (low, high) in RANGES.items():
            if not low <= (value := getattr(self, name)) <= high:
                raise SettingError(PREFIX + name.upper(), str(value), f"from {low:,} to {high:,}")
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one not in choices:
                    raise SettingError(PREFIX + name.upper(), repr(one), " or ".join(choices))
        digests = tuple(digest_key(key, place) for place, key in enumerate(self.api_keys, 1))
        object.__setattr__(self, "api_keys", digests)
        for origin in self.allowed_origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                needed = "scheme and host as browsers name them, https://example.org, or *"
                raise SettingError("INKDIGITS_ALLOWED_ORIGINS", repr(origin), needed)
        for name in self.models:
            if not name.strip() or "," in name:
                raise SettingError("INKDIGITS_MODELS", repr(name), "a name or path without a comma")

    @property
    def limits(self) -> ImageLimits:
        """What one picture may cost on this server."""
        formats = (*ALLOWED, *(name.upper() for name in self.formats))
        return ImageLimits(self.max_bytes, formats, max_document_bytes=self.max_bytes)


RANGES = {
    "port": (0, 65_535),
    "workers": (1, 256),
    "max_bytes": (1024, 1024 * MIB),
    "max_batch_bytes": (1024, 1024 * MIB),
    "threads": (0, 256),
    "max_waiting": (1, 100_000),
    "body_s": (1, 600),
    "request_s": (1, 600),
    "key_requests_per_s": (0, 1_000_000),
    "key_burst": (1, 1_000_000),
}
_AUTO: dict[str, Callable[[], int]] = {
    PREFIX + "WORKERS": lambda: count_cores(),  # noqa: PLW0108 (as it is when asked)
    PREFIX + "THREADS": lambda: 0,  # chosen when it is known how many workers there are
}
CHOICES = {
    "log_format": ("text", "json"),
    "formats": tuple(kind.lower() for kind in FORMATS if kind not in ALLOWED),
    "log_level": ("debug", "info", "warning", "error"),
}


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Take the settings from the environment.

    Args:
        environ: usually `os.environ`. An empty value counts as not given.

    Returns:
        The settings; what is not given keeps its default.

    Raises:
        SettingError: an unknown `INKDIGITS_` name (names the nearest known one), a
            number that is none, or a value out of range.
    """
    types = {PREFIX + field.name.upper(): (field.name, field.type) for field in fields(Settings)}
    given = {name: text.strip() for name, text in environ.items() if name.startswith(PREFIX)}
    for name in given:
        if name not in types and name not in FOREIGN_NAMES:
            raise _unknown(name, [*types, *sorted(FOREIGN_NAMES)])
    values = {
        types[name][0]: _value(name, text, types[name][1])
        for name, text in given.items()
        if text and name in types
    }
    return Settings(**values)  # type: ignore[arg-type]  # `_value` goes by the field's own type


def write_value(value: object) -> str:
    """Write a setting's value as it stands in the environment."""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _value(name: str, text: str, kind: object) -> str | int | tuple[str, ...]:
    if kind is str:
        return text
    if kind is int:
        if text == "auto" and name in _AUTO:
            return _AUTO[name]()
        try:
            return int(text)
        except ValueError:
            raise SettingError(name, repr(text), "a whole number") from None
    return tuple(part.strip() for part in text.split(","))


def _unknown(name: str, known: list[str]) -> SettingError:
    # Without the prefix: with it, every name is near to every other.
    ends = [other.removeprefix(PREFIX) for other in known]
    near = difflib.get_close_matches(name.removeprefix(PREFIX), ends, n=1)
    needed = f"did you mean {PREFIX}{near[0]}?" if near else f"one of {', '.join(known)}"
    return SettingError(name, "there is no such setting", needed)
