"""The errors that a user's input can cause.  All are ValueErrors that name the file and the place."""

from __future__ import annotations

# Letters of a message, at most.
_LONGEST = 1200


def one_line(text: str) -> str:
    """``text`` with line breaks, control characters and broken characters written as escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def short_line(text: str) -> str:
    """``one_line``, without the middle of what is too long to be read: a name may have a million letters."""
    line = one_line(text[: 2 * _LONGEST] + text[-2 * _LONGEST :] if len(text) > 4 * _LONGEST else text)
    if len(line) <= _LONGEST:
        return line
    return f"{line[: _LONGEST * 2 // 3]} ... {line[-_LONGEST // 3 :]}"


class SaidInOneLine:
    """A base of exceptions that are answers to a user, not faults of the program: notebooks show them in one line."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in the place of a traceback."""
        return [f"{type(self).__name__}: {one_line(str(self))}"]


class InputError(SaidInOneLine, ValueError):
    """Unusable input.

    Parameters
    ----------
    message : what is wrong, one line, without the place.
    file : the file as the user named it (``"<stdin>"`` for standard input, ``"<net>"`` for an object).
    place : where in it, e.g. ``layers[1].weight[0]``; empty for the whole file.
    """

    def __init__(self, message: str, *, file: str = "", place: str = "") -> None:
        self.message = message
        self.file = file
        self.place = place
        super().__init__(short_line(": ".join(part for part in (file, place, message) if part)))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.file, self.place)


def _rebuild(kind: type[InputError], message: str, file: str, place: str) -> InputError:
    return kind(message, file=file, place=place)


class NetError(InputError):
    """A net that breaks a rule of the file format (SPEC 2)."""


class PointError(InputError):
    """A point, direction or other vector of numbers that does not fit the net."""


class CertificateError(InputError):
    """A certificate file that cannot be read as one (malformed or wrongly typed)."""


class ParameterError(InputError):
    """A parameter of a generator, a sampler or a command outside its range."""
