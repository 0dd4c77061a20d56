"""What went wrong → one tree of errors, each with a stable `code` slug.

Every error keeps what was measured and what is allowed as attributes; its sentence is made of
them when it is asked for, so that an error survives pickling between processes. Nothing here
knows of HTTP: `service/problems.py` holds the one table.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Any, ClassVar

_NEW_WORD = re.compile("(?<=[a-z])(?=[A-Z])")


class InkdigitsError(Exception):
    """Whatever this package raises on purpose.

    Attributes:
        code: the slug; the words of the class's name, unless the class says another.
        sentence: what is said of it, with its attributes put in.
    """

    code: ClassVar[str] = "inkdigits-error"
    sentence: ClassVar[str] = ""

    def __init_subclass__(cls, code: str = "") -> None:
        cls.code = code or _NEW_WORD.sub("-", cls.__name__).lower()

    def __str__(self) -> str:
        return self.sentence.format_map(vars(self)) or super().__str__()

    def __reduce__(self) -> tuple[Any, ...]:
        names = getattr(self, "__match_args__", ())  # of a dataclass, its fields
        return type(self), tuple(getattr(self, name) for name in names) or self.args


class ImageError(InkdigitsError):
    """The picture that was given cannot be read as a digit."""


@dataclass(eq=False)
class BrokenImage(ImageError):
    """The bytes are no readable picture: empty, cut short or damaged."""

    sentence = "this is not a readable picture: {found}"
    found: str


@dataclass(eq=False)
class UnsupportedImage(ImageError):
    """The content is of a format that is not read here."""

    found: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"the content is {self.found}; allowed: {', '.join(self.allowed)}"


@dataclass(eq=False)
class ImageTooLarge(ImageError):
    """The picture exceeds a limit: bytes, pixels, a side or its proportions."""

    sentence = "the picture's {what} is {found:,.10g}; allowed are at most {allowed:,.10g}"
    what: str
    found: float
    allowed: float


class BlankImage(ImageError):
    """Nothing is drawn in the picture."""

    sentence = "nothing is drawn in this picture"


@dataclass(eq=False)
class TooComplex(ImageError):
    """The picture holds so much that reading it would take too long."""

    sentence = (
        "there is too much in this picture; {what}: "
        "{found:,.10g}, allowed are at most {allowed:,.10g}"
    )
    what: str
    found: float
    allowed: float


@dataclass(eq=False)
class FileError(InkdigitsError):
    """A file cannot be used. Names the file, what was found and what is needed."""

    sentence = "{path}: {found}; needed: {needed}"
    path: str
    found: str
    needed: str


class MissingFile(FileError, code="file-not-found"):
    """There is no such file."""


class UnreadableFile(FileError):
    """There is such a file, but it cannot be read: a folder, or somebody else's."""


class ModelError(FileError):
    """A model cannot be used."""


class ModelNotFound(ModelError):
    """There is no such model: neither a shipped name nor a file."""


class BrokenModel(ModelError):
    """The file is no model, is damaged, or does not match its card."""


class UnsupportedModel(ModelError):
    """The file is a model that cannot be used here: its shapes, its code, its format."""


@dataclass(eq=False)
class MissingExtra(InkdigitsError):
    """A part of inkdigits was called whose libraries are not installed."""

    sentence = (
        "{purpose} needs the library {module!r}, which is not installed; "
        "mend it with: pip install 'inkdigits[{extra}]'"
    )
    purpose: str
    module: str
    extra: str


class DataError(FileError):
    """Training or evaluation data are missing or damaged."""


@dataclass(eq=False)
class TrainingError(InkdigitsError):
    """A training run cannot go on: an unknown recipe, a folder of another run."""

    sentence = "{what}: {found}; needed: {needed}"
    what: str
    found: str
    needed: str


@dataclass(eq=False)
class UploadError(InkdigitsError, code="bad-upload"):
    """A request brings no picture, brings several, or brings a form that cannot be taken apart."""

    found: str
    allowed: tuple[str, ...]
    what: str = "one picture"

    def __str__(self) -> str:
        return f"{self.found}; send {self.what} as {' or as '.join(self.allowed)}"


@dataclass(eq=False)
class ParameterError(InkdigitsError, code="bad-parameter"):
    """A parameter of an address is not known, or is given twice. Names the known ones."""

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

    sentence = "the batch has {found:,} {what}; allowed are at most {allowed:,}"
    what: str
    found: int
    allowed: int


class DeadlineExceeded(InkdigitsError):
    """A request was not answered in the time that it is given."""

    sentence = "this took longer than a request may take"


@dataclass(eq=False)
class SlowUpload(InkdigitsError):
    """The body of a request comes so slowly that nobody waits for it."""

    sentence = "{found:,} bytes came in {waited_s:.3g} s, which is too slow"
    found: int
    waited_s: float


@dataclass(eq=False)
class Mismatch(InkdigitsError):
    """What was given is not what is needed. Says both."""

    sentence = "{found}; needed: {needed}"
    found: str
    needed: str


class SampleError(Mismatch, code="bad-sample"):
    """An array is not a batch of samples."""


class InferenceError(Mismatch, code="bad-inference"):
    """A request of the Open Inference Protocol that does not hold together."""


class Unauthorized(Mismatch):
    """A request names no key, or none that is known, where one is needed."""


class UnknownHost(Mismatch):
    """A request was sent to this server, but for another one, going by its Host header."""


class ServerError(Mismatch):
    """The server cannot go on."""


@dataclass(eq=False)
class NotNow(InkdigitsError):
    """A request is refused that may pass later. Says after how many seconds to ask again."""

    reason: ClassVar[str] = "this cannot be done now"
    retry_after_s: float

    def __str__(self) -> str:
        return f"{self.reason}; ask again in {self.retry_after_s:.3g} s"


class TooManyRequests(NotNow):
    """One client asks faster than it may."""

    reason = "too many requests with this key"


class Overloaded(NotNow):
    """All is full."""

    reason = "too much is waiting already"


class Draining(NotNow):
    """The server is about to stop and takes nothing new."""

    reason = "this server is about to stop"


@dataclass(eq=False)
class SettingError(InkdigitsError, code="bad-setting"):
    """A setting cannot be used: its name is unknown, or its value is. Names the setting."""

    sentence = "{name}: {found}; needed: {needed}"
    name: str
    found: str
    needed: str


def require(purpose: str, extra: str, *modules: str) -> None:
    """Make sure that libraries are installed, before the work for which they are needed.

    Args:
        purpose: what needs them, as "serving".
        extra: of this package, that installs them.
        modules: what each is called in Python.

    Raises:
        MissingExtra: one of them is not; says what to install.
    """
    from importlib.util import find_spec  # noqa: PLC0415  # `import inkdigits` stays light

    for module in modules:
        if find_spec(module) is None:
            raise MissingExtra(purpose, module, extra)
