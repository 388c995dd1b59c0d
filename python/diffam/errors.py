# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The exceptions. Each stands for an exit code of the program, and its text is the program's one line."""


class Error(Exception):
    """Base of all errors of diffam. `code` is the exit code of the program."""

    code = 70


class UsageError(Error, ValueError):
    """A wrong argument, option or shape."""

    code = 2


class LowConfidence(Error):
    """All is written, and a vertebra's confidence is below `fail_below`. `result` has the results."""

    code = 3
    result: object = None


class BadData(Error, ValueError):
    """An input is not what it should be, or the names of found vertebrae are not sure."""

    code = 65


class MissingInput(Error, OSError):
    """An input does not exist or cannot be read."""

    code = 66


class NoDevice(Error, RuntimeError):
    """The device that was asked for is not there."""

    code = 69


class Defect(Error, RuntimeError):
    """A defect of diffam, or no memory."""

    code = 70


class CannotCreate(Error, OSError):
    """An output cannot be created, or is there already."""

    code = 73


class WriteFailed(Error, OSError):
    """An output was begun and could not be finished."""

    code = 74


class Stopped(Error):
    """The program was stopped by a signal that did not come from Python; a fit that had begun wrote a checkpoint."""

    code = 75


class Killed(Error):
    """The program was ended by a signal that it cannot answer. `code` is minus the number of the signal."""

    code = -9


class DiffamWarning(UserWarning):
    """A problem of an input or a result that is not fatal."""


_BY_CODE = {kind.code: kind for kind in Error.__subclasses__() if kind is not Killed}


def of_code(code: int) -> "type[Error]":
    """The exception of an exit code."""
    return _BY_CODE.get(code, Defect)
