#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Measures the group step of a large cohort: large_cohort.py [--scans 1000] [--program build/release/bin/diffam] [--keep FOLDER]

One generated CT is fitted shortly. Its results stand for those of all scans, with other confidences, Dice and flags: the
group step and the page see as much as with different scans, but nothing is learned of the fits. Prints the time and memory of
`diffam cohort ... group`, the size of the page, and the time until Chromium has drawn it. Fails above 3 s for the page.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/program"))
from browser import READY, Browser  # noqa: E402

LIMIT = 3.0  # seconds


def diffam(program, *words):
    subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def copy_scan(data, out, name, draw):
    """A scan with the files of the first one and numbers of its own."""
    for kind in ("ct.nii.gz", "ctd.json", "truth.nii.gz"):
        os.link(data / f"sub-first_{kind}", data / f"{name}_{kind}")
    for file in sorted((out / "sub-first").rglob("*")):
        to = out / name / str(file.relative_to(out / "sub-first")).replace("sub-first", name)
        if file.is_dir():
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        if file.name not in ("report.json", "sub-first_scores.json"):
            os.link(file, to)
            continue
        numbers = json.loads(file.read_text())
        for v in numbers.get("vertebrae", []):
            v["confidence"] = draw.betavariate(4, 1)
            v["flags"] = ["confidence below 0.5: check it in the report"] if v["confidence"] < 0.5 else []
        for label in numbers.get("labels", []) if "prediction" in numbers else []:
            label["dice"] = 1 - 0.2 * draw.betavariate(1, 2)
        to.write_text(json.dumps(numbers))
    shutil.copy(out / "logs/sub-first.json", out / "logs" / f"{name}.json")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--program", default=str(ROOT / "build/release/bin/diffam"))
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--keep", type=pathlib.Path)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diffam-large-cohort-") as folder:
        data, out = (a.keep or pathlib.Path(folder)) / "data", (a.keep or pathlib.Path(folder)) / "out"
        diffam(a.program, "phantom", "-o", data, "--name", "sub-first", "--spacing", 2, 2, 2.5)
        diffam(a.program, "cohort", "-q", data, out, "participant", "--iterations", 50, "--samples", 2000)
        draw = random.Random(1)
        for n in range(1, a.scans):
            copy_scan(data, out, f"sub-{n:05}", draw)
        begin = time.perf_counter()
        process = subprocess.Popen([a.program, "cohort", "-q", data, out, "group"], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        assert status == 0, status
        page = out / "cohort.html"
        print(f"group of {a.scans} scans: {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of a processor), "
              f"{used.ru_maxrss / 1e3:.0f} MB; page {page.stat().st_size / 1e6:.2f} MB, table {(out / 'cohort.csv').stat().st_size / 1e6:.2f} MB")
        with Browser(a.chromium, 1600, 1000) as browser:
            begin = time.perf_counter()
            browser.open(page.as_uri(), READY)
            drawn = time.perf_counter() - begin
            assert not browser.complaints, browser.complaints
            pictures = len([r for r in browser.requests if r.endswith(".png")])
            rows = browser.value("document.querySelectorAll('#scans tbody tr').length")
            assert rows == a.scans, rows
        print(f"page drawn in {drawn:.1f} s (limit {LIMIT:.0f} s); {pictures} of {a.scans} pictures fetched")
        return 0 if drawn <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
