# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Starts that are off: a centre moved by some millimetres, or a template turned by some degrees, at one vertebra or at
all of them. What a fit makes of them tells how rough a click may be."""
import dataclasses
import subprocess

import nibabel
import numpy

import masks

MOVED_MM, TURNED_DEGREES = 10, 30
AXES = {"right": (1, 0, 0), "front": (0, 1, 0), "left": (-1, 0, 0), "back": (0, -1, 0)}


def along_spine(centres, label):
    """Towards the head, unit vector, from the neighbours' centres."""
    order = sorted(centres, key=masks.rank)
    at = order.index(label)
    chord = centres[order[max(at - 1, 0)]] - centres[order[min(at + 1, len(order) - 1)]]
    return chord / numpy.linalg.norm(chord)


def moved(case, out, label, way, mm=MOVED_MM):
    """The case with one centre (label 0: all) moved up, down, right, left, to the front or the back."""
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
    """Rotation by the right hand's rule about x (right), y (front) or z (up), for columns."""
    a = numpy.radians(degrees)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    r = numpy.eye(3)
    r[i, i] = r[j, j] = numpy.cos(a)
    r[i, j], r[j, i] = -numpy.sin(a), numpy.sin(a)
    return r


def turned_templates(program, out, levels, label, axis, degrees=TURNED_DEGREES):
    """A folder of the built-in vertebrae of `levels`, one of them (label 0: all) turned about its centre."""
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
    """A line of an OBJ file."""
    word = line.split()
    if word[:1] != ["v"]:
        return line
    return "v " + " ".join(f"{x:.6f}" for x in rotation @ numpy.array(word[1:4], float))
