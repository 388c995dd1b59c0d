# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Wrong starts: a centre that is some millimetres off, or a template rotated by some degrees, at one vertebra or at all
vertebrae. The accuracy of these fits shows how precise the clicks of a user must be."""
import dataclasses
import subprocess

import nibabel
import numpy

import masks

MOVED_MM, TURNED_DEGREES = 10, 30
AXES = {"right": (1, 0, 0), "front": (0, 1, 0), "left": (-1, 0, 0), "back": (0, -1, 0)}


def along_spine(centres, label):
    """The unit vector towards the head at a vertebra, from the centres of its neighbours."""
    order = sorted(centres, key=masks.rank)
    at = order.index(label)
    chord = centres[order[max(at - 1, 0)]] - centres[order[min(at + 1, len(order) - 1)]]
    return chord / numpy.linalg.norm(chord)


def moved(case, out, label, way, mm=MOVED_MM):
    """The case with one centre (label 0: all centres) moved by `mm` up, down, right, left, front or back."""
    centres = {l: numpy.asarray(c, float) for l, c in masks.read_centres(case.centres, nibabel.load(case.ct)).items()}
    wrong = dict(centres)
    for l in centres if label == 0 else [label]:
        step = {"up": 1, "down": -1}.get(way)
        direction = numpy.array(AXES[way], float) if step is None else step * along_spine(centres, l)
        wrong[l] = centres[l] + mm * direction
    name = f"{case.name}_{masks.name_of(label) if label else 'all'}_{mm}mm_{way}"
    path = out / "centres" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    masks.write_centres(path, wrong)
    return dataclasses.replace(case, name=name, centres=path)


def turn(axis, degrees):
    """The right-handed rotation about x (right), y (front) or z (up), for column vectors."""
    a = numpy.radians(degrees)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    r = numpy.eye(3)
    r[i, i] = r[j, j] = numpy.cos(a)
    r[i, j], r[j, i] = -numpy.sin(a), numpy.sin(a)
    return r


def turned_templates(program, out, levels, label, axis, degrees=TURNED_DEGREES):
    """A folder with the built-in vertebrae of `levels`, one of them (label 0: all) rotated about its centre."""
    folder = out / "templates" / f"builtin_{masks.name_of(label) if label else 'all'}_{axis}{degrees:+d}"
    if not folder.exists():
        made = folder.with_name(folder.name + "_unfinished")
        made.mkdir(parents=True, exist_ok=True)
        rotation = turn(axis, degrees)
        for l in levels:
            path = made / f"{masks.name_of(l)}.obj"
            subprocess.run([str(program), "template", "--level", masks.name_of(l), "-o", str(path), "--overwrite"],
                           check=True, capture_output=True)
            if label in (0, l):
                path.write_text("\n".join(turned_line(line, rotation) for line in path.read_text().splitlines()) + "\n")
        made.rename(folder)
    return folder


def turned_line(line, rotation):
    """A line of an OBJ file, rotated if it is a vertex."""
    word = line.split()
    if word[:1] != ["v"]:
        return line
    return "v " + " ".join(f"{x:.6f}" for x in rotation @ numpy.array(word[1:4], float))
