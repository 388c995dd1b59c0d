#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Doxygen's input filter: turns the comments of our headers into Doxygen's.

- The comment at the head of a file documents the file, and the class that the file is named after.
- A comment behind a template parameter documents the parameter.
- A comment behind a member documents the member.
"""
import os
import re
import sys

MEMBER = re.compile(r"^(\s+(?!//|#|return\b|if\b|for\b|else\b|case\b|using\b|namespace\b)[^/\"]*[;,=}\w>]\s*)// (?!NOLINT)(.*)$")
PARAMETER = re.compile(r"^(?:template <|\s+)[^/]*?(\w+)(?:\s*=[^/]*?)?\s*(?:,|>)\s*// (.*)$")
CLASS = re.compile(r"^(?:class|struct) (\w+)")


def head(lines):
    """The text of the head (without the SPDX lines), and the number of the first line behind."""
    at = 0
    while at < len(lines) and lines[at].startswith("// SPDX"):
        at += 1
    begin = at
    while at < len(lines) and lines[at].startswith("//"):
        at += 1
    text = []
    for line in lines[begin:at]:
        if line.startswith("//     ") and text and text[-1].strip() and not text[-1].startswith("     "):
            text.append("")  # Markdown wants an empty line before an equation
        text.append(line[2:])
    return text, at


def with_members(lines):
    """Comments behind members. A member stands directly inside the braces of a class, a struct or an enum."""
    inside = []  # one entry for each open brace: whether members stand directly inside
    for line in lines:
        code = line.split("//")[0]
        declares = re.search(r"\b(struct|class|enum)\b[^;()]*\{", code) is not None
        match = MEMBER.match(line)
        if match and inside and inside[-1] and ("(" not in code or ";" in code):
            line = match.group(1) + "///< " + match.group(2)
        for sign in code:
            if sign == "{":
                inside.append(declares)
            elif sign == "}" and inside:
                inside.pop()
        yield line


def with_classes(lines, text, stem):
    """Documents a template's parameters, and with the file's text the class that has the file's name."""
    at, in_template = 0, False
    while at < len(lines):
        block = [lines[at]]
        if lines[at].startswith("template <"):
            while at + len(block) < len(lines) and block[-1].split("//")[0].rstrip()[-1:] in (",", "<"):
                block.append(lines[at + len(block)])
        template = lines[at].startswith("template <")
        name = CLASS.match("".join(lines[at + len(block) : at + len(block) + 1]) if template else lines[at])
        if name and name.group(1) in (stem, stem + "_loss", "spine_" + stem) and (template or not in_template):
            yield from ("///" + line for line in text)
        in_template = template
        for match in filter(None, map(PARAMETER.match, block)) if len(block) > 1 else ():
            yield f"/// @tparam {match.group(1)} {match.group(2)}"
        yield from block
        at += len(block)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().split("\n")
    text, rest = head(lines)
    print("/// @file")
    print("\n".join("///" + line for line in text))
    stem = os.path.splitext(os.path.basename(sys.argv[1]))[0]
    print("\n".join(with_classes(list(with_members(lines[rest:])), text, stem)))


if __name__ == "__main__":
    main()
