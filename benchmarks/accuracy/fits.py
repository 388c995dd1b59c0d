# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Runs `diffam` and keeps its results: a fit runs once for each combination of program, input and settings."""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import time

import numpy

import cases


STOPPED = 75  # exit code of a fit that a signal stopped, with a checkpoint


class Failed(RuntimeError):
    """A command of the program that failed, or that a signal stopped."""

    def __init__(self, arguments, done):
        super().__init__(f"diffam {' '.join(map(str, arguments))}\n{done.stderr.strip()}")
        self.stopped = done.returncode < 0 or done.returncode == STOPPED
        self.reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def digest(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode())
        h.update(b"\0")
    return h.hexdigest()[:12]


class Runner:
    def __init__(self, program, out, threads):
        self.program, self.out, self.threads = program, out, threads
        self.program_digest = digest(program)
        self.centre_folder = out / "centres"

    def call(self, arguments, may_fail=()):
        """Runs a command of the program and returns its time in seconds. Raises Failed if it fails."""
        begin = time.monotonic()
        done = subprocess.run([str(self.program), *map(str, arguments)], capture_output=True, text=True, check=False)
        if done.returncode and done.returncode not in may_fail:
            raise Failed(arguments, done)
        return time.monotonic() - begin

    def template_without(self, patient, masks_to_use):
        """A folder of templates, one for each label, averaged over all patients but one. Shapes and frame come from
        these patients; only the faces come from the built-in vertebrae."""
        used = [m for m in masks_to_use if m.patient != patient]
        folder = self.out / "templates" / f"of_{len(used)}_{digest(self.program, *[m.labels for m in used])}"
        if not folder.exists():
            making = folder.with_name(folder.name + "_unfinished")
            shutil.rmtree(making, ignore_errors=True)
            print(f"  averaging the masks of all patients but {patient}", file=sys.stderr, flush=True)
            self.call(["template", "--from-masks", *[m.labels for m in used], "--centres",
                       *[cases.centres_of(m, self.centre_folder) for m in used], "--per-label", "--connectivity",
                       "builtin", "-o", making, "--threads", self.threads])
            making.rename(folder)
        return folder

    def fit(self, case, template, settings, seed):
        """The scores of one fit, from an earlier run if there is one with the same program, files and settings."""
        return json.loads((self.folder(case, template, settings, seed) / "scores.json").read_text())

    def place(self, case, template=(), settings=(), seed=1):
        """The folder for the results of that fit, which may not have run yet."""
        files = [pathlib.Path(a) for a in template[1:]]
        files = [f for a in files for f in (sorted(a.iterdir()) if a.is_dir() else [a])]
        key = digest(self.program_digest, case.ct, case.centres, case.truth, case.true_centres, case.fit, case.score, settings,
                     seed, *files)
        return self.out / "fits" / f"{case.name}_{key}"

    def folder(self, case, template=(), settings=(), seed=1):
        """The folder with the results of that fit. An interrupted fit goes on at its last checkpoint."""
        folder = self.place(case, template, settings, seed)
        done = folder / "scores.json"
        if not done.exists():
            centres = ("-c", case.centres) if case.centres else ()
            seconds = self.call(["fit", "-q", "-i", case.ct, *centres, "-o", folder, "--threads", self.threads, "--seed", seed,
                                 "--resume", "--overwrite", *case.fit, *template, *settings])
            unfinished = done.with_suffix(".unfinished")
            unfinished.write_text(json.dumps(self.score(case, folder, seconds), indent=1))
            unfinished.rename(done)
        return folder

    def score(self, case, folder, seconds):
        """Scores of the vertebrae of the truth that have a mesh; labels and centres of those without one."""
        prediction = next(folder.glob("*_seg-vert_msk.nii.gz"))
        places = ("--centres", next(folder.glob("*_ctd.json")), "--true-centres", case.true_centres) if case.true_centres else ()
        self.call(["eval", "-p", prediction, "-g", case.truth, "--json", folder / "eval.json", "--overwrite", "--threads",
                   self.threads, "--meshes", folder / "meshes", *places, *case.score])
        meshes = sorted((folder / "meshes").glob("*.ply"))
        self.call(["template", "--check", *meshes, "--json", folder / "check.json", "--overwrite"], may_fail=(65,))
        checks = {pathlib.Path(c["file"]).stem: c for c in json.loads((folder / "check.json").read_text())}
        scores = json.loads((folder / "eval.json").read_text())
        in_truth = [v for v in scores["labels"] if v["in_truth"]]
        vertebrae = []
        for v in in_truth:
            if v["name"] not in checks:
                continue
            c = checks[v["name"]]
            vertebrae.append({
                "case": case.name, "label": v["label"], "dice": v["dice"], "hd95_mm": v["surface"]["hd95_mm"],
                "mean_mm": v["surface"]["mean_mm"], "hausdorff_mm": v["surface"]["hausdorff_mm"],
                "volume_ratio": v["prediction_ml"] / v["truth_ml"],
                "vertex_mm": v.get("vertices", {}).get("mean_mm"), "self_intersections": c["self_intersections"],
                "quality_least": c["quality_least"], "quality_5_percent": c["quality_5_percent"],
                **{f"centre_{k}": x for k, x in v.get("centre", {}).items()},
            })
        missed = [v["label"] for v in in_truth if v["name"] not in checks]
        return {"seconds": seconds, "vertebrae": vertebrae, "missed": missed, "labelling": scores.get("labelling")}


def read_ply_vertices(path):
    """Vertices of a PLY file as the program writes it: binary, little endian, with the coordinates (float) first."""
    data = path.read_bytes()
    head, _, body = data.partition(b"end_header\n")
    count, width = 0, 0
    in_vertex = False
    for line in head.decode("ascii", "replace").splitlines():
        word = line.split()
        if word[:1] == ["element"]:
            in_vertex = word[1] == "vertex"
            count = int(word[2]) if in_vertex else count
        elif word[:1] == ["property"] and in_vertex:
            width += {"float": 4, "double": 8, "uchar": 1, "int": 4}[word[1]]
    rows = numpy.frombuffer(body, numpy.uint8, count * width).reshape(count, width)
    return rows[:, :12].copy().view("<f4").astype(float)
