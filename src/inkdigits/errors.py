"""What went wrong → one tree of errors, each with a stable `code` slug.

Every error keeps what was measured and what is allowed as attributes; the
sentence is made in `__str__`, so that an error survives pickling between
processes. Nothing here knows of HTTP: `service/problems.py` holds the one table.
"""

import difflib
from dataclasses import dataclass
from typing import Any, ClassVar


class InkdigitsError(Exception):
    """Whatever this package raises on purpose."""

    code: ClassVar[str] = "inkdigits-error"

    def __reduce__(self) -> tuple[Any, ...]:
        names = getattr(self, "__match_args__", ())  # of a dataclass, its fields
        return type(self), tuple(getattr(self, name) for name in names) or self.args


class ImageError(InkdigitsError):
    """The picture that was given cannot be read as a digit."""

    code: ClassVar[str] = "image-error"


@dataclass(eq=False)
class BrokenImage(ImageError):
    """The bytes are no readable picture: empty, cut short or damaged."""

    code: ClassVar[str] = "broken-image"
    found: str

    def __str__(self) -> str:
        return f"this is not a readable picture: {self.found}"


@dataclass(eq=False)
class UnsupportedImage(ImageError):
    """The content is of a format that is not read here."""

    code: ClassVar[str] = "unsupported-image"
    found: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"the content is {self.found}; allowed: {', '.join(self.allowed)}"


@dataclass(eq=False)
class ImageTooLarge(ImageError):
    """The picture exceeds a limit: bytes, pixels, a side or its proportions."""

    code: ClassVar[str] = "image-too-large"
    what: str
    found: float
    allowed: float

    def __str__(self) -> str:
        found, allowed = f"{self.found:,.10g}", f"{self.allowed:,.10g}"
        return f"the picture's {self.what} is {found}; allowed are at most {allowed}"


class BlankImage(ImageError):
    """Nothing is drawn in the picture."""

    code: ClassVar[str] = "blank-image"

    def __str__(self) -> str:
        return "nothing is drawn in this picture"


@dataclass(eq=False)
class TooComplex(ImageError):
    """The picture holds so much that reading it would take too long."""

    code: ClassVar[str] = "too-complex"
    what: str
    found: float
    allowed: float

    def __str__(self) -> str:
        return (
            f"there is too much in this picture; {self.what}: "
            f"{self.found:,.10g}, allowed are at most {self.allowed:,.10g}"
        )


@dataclass(eq=False)
class FileError(InkdigitsError):
    """A file cannot be used. Names the file, what was found and what is needed."""

    code: ClassVar[str] = "file-error"
    path: str
    found: str
    needed: str

    def __str__(self) -> str:
        return f"{self.path}: {self.found}; needed: {self.needed}"


class MissingFile(FileError):
    """There is no such file."""

    code: ClassVar[str] = "file-not-found"


class UnreadableFile(FileError):
    """There is such a file, but it cannot be read: a folder, or somebody else's."""

    code: ClassVar[str] = "unreadable-file"


class ModelError(FileError):
    """A model cannot be used."""

    code: ClassVar[str] = "model-error"


class ModelNotFound(ModelError):
    """There is no such model: neither a shipped name nor a file."""

    code: ClassVar[str] = "model-not-found"


class BrokenModel(ModelError):
    """The file is no model, is damaged, or does not match its card."""

    code: ClassVar[str] = "broken-model"


class UnsupportedModel(ModelError):
    """The file is a model that cannot be used here: its shapes, its code, its format."""

    code: ClassVar[str] = "unsupported-model"


@dataclass(eq=False)
class MissingExtra(InkdigitsError):
    """A part of inkdigits was called whose libraries are not installed."""

    code: ClassVar[str] = "missing-extra"
    purpose: str
    module: str
    extra: str

    def __str__(self) -> str:
        return (
            f"{self.purpose} needs the library {self.module!r}, which is not installed; "
            f"mend it with: pip install 'inkdigits[{self.extra}]'"
        )


class DataError(FileError):
    """Training or evaluation data are missing or damaged."""

    code: ClassVar[str] = "data-error"


@dataclass(eq=False)
class TrainingError(InkdigitsError):
    """A training run cannot go on: an unknown recipe, a folder of another run."""

    code: ClassVar[str] = "training-error"
    what: str
    found: str
    needed: str

    def __str__(self) -> str:
        return f"{self.what}: {self.found}; needed: {self.needed}"


@dataclass(eq=False)
class UploadError(InkdigitsError):
    """A request brings no picture, brings several, or brings a form that cannot be taken apart."""

    code: ClassVar[str] = "bad-upload"
    found: str
    allowed: tuple[str, ...]
    what: str = "one picture"

    def __str__(self) -> str:
        return f"{self.found}; send {self.what} as {' or as '.join(self.allowed)}"


@dataclass(eq=False)
class ParameterError(InkdigitsError):
    """A parameter of an address is not known, or is given twice. Names the known ones."""

    code: ClassVar[str] = "bad-parameter"
    found: str
    allowed: tuple[str, ...]
    times: int = 1

    def __str__(self) -> str:
        if self.found in self.allowed:
            return f"the parameter {self.found!r} is given {self.times} times; needed: once"
        known = f"known are: {', '.join(self.allowed)}" if self.allowed else "none is known here"
        near = difflib.get_close_matches(self.found, self.allowed, n=1)
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        return f"there is no parameter {self.found!r}{meant}; {known}"


@dataclass(eq=False)
class BatchTooLarge(InkdigitsError):
    """Several pictures in one request exceed a limit that they share."""

    code: ClassVar[str] = "batch-too-large"
    what: str
    found: int
    allowed: int

    def __str__(self) -> str:
        return f"the batch has {self.found:,} {self.what}; allowed are at most {self.allowed:,}"


class DeadlineExceeded(InkdigitsError):
    """A request was not answered in the time that it is given."""

    code: ClassVar[str] = "deadline-exceeded"

    def __str__(self) -> str:
        return "this took longer than a request may take"


@dataclass(eq=False)
class SlowUpload(InkdigitsError):
    """The body of a request comes so slowly that nobody waits for it."""

    code: ClassVar[str] = "slow-upload"
    found: int
    waited_s: float

    def __str__(self) -> str:
        return f"{self.found:,} bytes came in {self.waited_s:.3g} s, which is too slow"


@dataclass(eq=False)
class Mismatch(InkdigitsError):
    """What was given is not what is needed. Says both."""

    code: ClassVar[str] = "mismatch"
    found: str
    needed: str

    def __str__(self) -> str:
        return f"{self.found}; needed: {self.needed}"


class SampleError(Mismatch):
    """An array is not a batch of samples."""

    code: ClassVar[str] = "bad-sample"


class InferenceError(Mismatch):
    """A request of the Open Inference Protocol that does not hold together."""

    code: ClassVar[str] = "bad-inference"


class Unauthorized(Mismatch):
    """A request names no key, or none that is known, where one is needed."""

    code: ClassVar[str] = "unauthorized"


class UnknownHost(Mismatch):
    """A request was sent to this server, but for another one, going by its Host header."""

    code: ClassVar[str] = "unknown-host"


class ServerError(Mismatch):
    """The server cannot go on."""

    code: ClassVar[str] = "server-error"


@dataclass(eq=False)
class NotNow(InkdigitsError):
    """A request is refused that may pass later. Says after how many seconds to ask again."""

    code: ClassVar[str] = "not-now"
    reason: ClassVar[str] = "this cannot be done now"
    retry_after_s: float

    def __str__(self) -> str:
        return f"{self.reason}; ask again in {self.retry_after_s:.3g} s"


class TooManyRequests(NotNow):
    """One client asks faster than it may."""

    code: ClassVar[str] = "too-many-requests"
    reason: ClassVar[str] = "too many requests with this key"


class Overloaded(NotNow):
    """All is full."""

    code: ClassVar[str] = "overloaded"
    reason: ClassVar[str] = "too much is waiting already"


class Draining(NotNow):
    """The server is about to stop and takes nothing new."""

    code: ClassVar[str] = "draining"
    reason: ClassVar[str] = "this server is about to stop"


@dataclass(eq=False)
class SettingError(InkdigitsError):
    """A setting cannot be used: its name is unknown, or its value is. Names the setting."""

    code: ClassVar[str] = "bad-setting"
    name: str
    found: str
    needed: str

    def __str__(self) -> str:
        return f"{self.name}: {self.found}; needed: {self.needed}"
