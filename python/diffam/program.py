# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Runs the program `diffam`, which lies in this package or is named by the environment variable DIFFAM_PROGRAM."""

import logging
import os
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import IO, Any, Iterable, List, Mapping

from .errors import DiffamWarning, Error, Killed, MissingInput, of_code

log = logging.getLogger("diffam")


def path() -> str:
    """The program's file. Raises `MissingInput` where this package has none."""
    file = os.environ.get("DIFFAM_PROGRAM") or str(Path(__file__).parent / "bin" / "diffam")
    if not os.access(file, os.X_OK):
        raise MissingInput(f"diffam: expected the program at {file}; DIFFAM_PROGRAM may name another")
    return file


def main() -> None:
    """The command `diffam`: becomes the program."""
    try:
        file = path()
    except Error as e:
        sys.exit(str(e))
    os.execv(file, ["diffam", *sys.argv[1:]])


def options(values: Mapping[str, Any]) -> List[str]:
    """Options of the command line: `final_rate=0.1` is --final-rate=0.1. True is a flag; None and False are left out;
    a list is one option with commas, a dict one option KEY=VALUE for each entry."""
    out = []
    for name, value in values.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            out.append(flag)
        elif isinstance(value, Mapping):
            out += [f"{flag}={key}={_text(item)}" for key, item in value.items()]
        else:
            out.append(f"{flag}={_text(value)}")
    return out


def _text(value: Any) -> str:
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    if isinstance(value, Iterable):
        return ",".join(_text(item) for item in value)
    return repr(value.item() if hasattr(value, "item") else value)


class _Messages(threading.Thread):
    """Reads the program's messages while it runs: shows and logs notes, and keeps warnings and the error."""

    def __init__(self, stream: IO[str], shown: bool) -> None:
        super().__init__(daemon=True)
        self.stream, self.shown = stream, shown
        self.warnings: List[str] = []
        self.last = ""
        self.start()

    def run(self) -> None:
        for line in self.stream:
            line = line.rstrip("\n")
            text = line[len("diffam: ") :] if line.startswith("diffam: ") else line
            if text.startswith("warning: "):
                self.warnings.append(text[len("warning: ") :])
                continue
            self.last = text[len("error: ") :] if text.startswith("error: ") else text
            if self.last != text:
                continue
            log.info(text)
            if self.shown:
                print(line, file=sys.stderr, flush=True)


class _Text(threading.Thread):
    """Reads all of a stream."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(daemon=True)
        self.stream, self.text = stream, ""
        self.start()

    def run(self) -> None:
        self.text = self.stream.read()


def run(command: str, arguments: List[str], *, progress: bool = False, stacklevel: int = 3) -> str:
    """Runs a command and returns what it prints. The program's warnings become `DiffamWarning`, its error the
    exception of its exit code. Ctrl-C stops the program, which writes a checkpoint where a fit has begun."""
    process = subprocess.Popen(
        [path(), command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl-C comes from here alone, once
    )
    assert process.stdout and process.stderr
    with process:
        messages, result = _Messages(process.stderr, progress), _Text(process.stdout)
        try:
            process.wait()
        except BaseException:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait()
            except BaseException:
                process.kill()
                raise
            raise
        finally:
            if process.poll() is not None:
                messages.join()
                result.join()
    for text in messages.warnings:
        warnings.warn(text, DiffamWarning, stacklevel=stacklevel)
    code = process.returncode
    if code == 0:
        return result.text
    if code < 0:
        name = signal.Signals(-code).name
        error: Error = Killed(f"diffam {command}: ended by {name}" + (f", after: {messages.last}" if messages.last else ""))
        error.code = code
        raise error
    raise of_code(code)(messages.last or f"diffam {command}: exit code {code}")
