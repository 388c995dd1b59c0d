#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Runs a cohort by all its engines, first undisturbed, then with faults:

    sudo tests/program/cohort_faults.py [--scans 24] [--data DATA_DIR] [--program DIFFAM] [PART...]

The scans are generated CTs and, with --data, crops of real ones (docs/results.md has the sources); two damaged files; and one
without a spine. The parts, all of them without names:

    alone local slurm array    undisturbed: `diffam cohort`, Snakemake here, Snakemake on Slurm, the array
    killed                     `diffam cohort`, whose fits and which itself are killed
    killed-array killed-slurm  the array, and Snakemake on Slurm: processes killed (also Snakemake itself), jobs cancelled, slurmd
                               stopped and started
    full                       `diffam cohort` on a disk with room for half of the results

After each, all results have the same bytes, and the table tells what failed and why. After a fault, nothing is half-written,
and the next call leaves what was done. CTest runs the small cohort_engines.py instead. It needs root, and takes 20 minutes on
two cores that others use as well.
"""
import argparse
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks/verse"), str(ROOT / "benchmarks/accuracy")]
import make_dataset  # noqa: E402  benchmarks/verse
import nibabel  # noqa: E402
import numpy  # noqa: E402
import spoil  # noqa: E402  benchmarks/accuracy

from engines import HAS_SLURM, HAS_SNAKEMAKE, Cohort, Slurm, results  # noqa: E402

OPTIONS = "--iterations 30 --samples 500 --modes 30 --checkpoint-every 0"
REAL = ("verse014", "totalseg_3mm")
FAILED = 65  # code of a cohort with damaged files
CALLS = 6    # at most, after faults
SECONDS = 3600
SNAKEMAKE = shutil.which("snakemake")


def crops(data, work):
    """Two neighbouring vertebrae of each real scan at a time."""
    for name in REAL:
        scan = spoil.MAKERS[name](data, work)
        labels = sorted(scan.centres)
        for two in zip(labels, labels[1:]):
            centres = {label: scan.centres[label] for label in two}
            points = numpy.array(list(centres.values()))
            box = points.min(axis=0) - (45, 60, 30), points.max(axis=0) + (45, 35, 30)
            yield spoil.Scan(f"{name.replace('_', '')}x{two[0]}", "", spoil.cut_around(scan.ct, *box), spoil.cut_around(scan.truth, *box),
                             centres)


def leg():
    """The image of tests/program/leg.hpp. The program makes none without a spine, and refuses its own without bones as no CT."""
    i, j, k = numpy.mgrid[:40, :40, :40]
    r = numpy.hypot(i - 20, j - 20)
    tissue = numpy.where(r < 4, 700, numpy.where(r < 13, 50, -100)) + (7 * i + 13 * j + 5 * k) % 21 - 10
    return nibabel.Nifti1Image(numpy.where(r < 17, tissue, -1000).astype(numpy.int16), numpy.diag([2, 2, 2, 1.0]))


def make_scans(a, folder):
    data, work = folder / "data", folder / "work"
    real = list(crops(a.data, work))[: (a.scans - 3) // 3] if a.data else []
    for scan in real:
        make_dataset.write(scan, data, scan.name, None)
    for seed in range(1, a.scans - 3 - len(real) + 1):
        scan = make_dataset.phantom(seed, "L2-L3", "2,2,2.5", a.program, work)
        make_dataset.write(scan, data, scan.name, None)
    whole = (data / "rawdata/sub-phantom1/sub-phantom1_ct.nii.gz").read_bytes()
    middle = len(whole) // 2
    for name, damaged in (("cut", whole[:2000]), ("changed", whole[:middle] + bytes(200) + whole[middle + 200:])):
        file = data / f"rawdata/sub-{name}/sub-{name}_ct.nii.gz"
        file.parent.mkdir()
        file.write_bytes(damaged)
    (data / "rawdata/sub-leg").mkdir()
    nibabel.save(leg(), data / "rawdata/sub-leg/sub-leg_ct.nii.gz")
    print(f"{a.scans} scans: {len(real)} crops of real CTs, {a.scans - 3 - len(real)} generated CTs, 2 damaged files, 1 without a spine",
          flush=True)
    return data


def table_of(cohort, out):
    """State, code and reason of each scan."""
    with open(cohort.group(out) and out / "cohort.csv") as lines:
        return {row["scan"]: (row["state"], row["code"], row["reason"].replace(str(out), "OUT")) for row in csv.DictReader(lines)}


class Faults(threading.Thread):
    """Kills processes of a cohort, cancels jobs, and stops and starts slurmd, until it is told to end."""

    def __init__(self, out, seed, slurm=None, seconds=(1, 6)):
        super().__init__()
        self.out, self.random, self.slurm, self.seconds = str(out), random.Random(seed), slurm, seconds
        self.over = threading.Event()
        self.count = dict.fromkeys(("fits killed", "cohorts killed", "Snakemakes killed", "jobs cancelled", "slurmd stopped"), 0)

    def processes(self, word):
        """Those of `diffam WORD`, or of Snakemake itself, which has its script as word."""
        for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if words[1:2] == [word] and any(w.removeprefix("output=").startswith(self.out) for w in words):
                yield int(entry.parent.name)

    def kill(self, word):
        found = list(self.processes(word))
        if found:
            try:
                os.kill(self.random.choice(found), signal.SIGKILL)
            except ProcessLookupError:
                return False
        return bool(found)

    def cancel(self):
        jobs = self.slurm.say("squeue", "-h", "-t", "RUNNING", "-o", "%i").split()
        if jobs:
            self.slurm.say("scancel", self.random.choice(jobs))
        return bool(jobs)

    def stop_node(self):
        self.slurm.restart_node()
        return True

    def run(self):
        ways = {"fits killed": lambda: self.kill("fit"), "cohorts killed": lambda: self.kill("cohort")}
        if self.slurm:
            ways |= {"jobs cancelled": self.cancel, "slurmd stopped": self.stop_node}
            ways |= {"Snakemakes killed": lambda: self.random.random() < 0.2 and self.kill(SNAKEMAKE)}  # seldom: it ends a call
        while not self.over.wait(self.random.uniform(*self.seconds)):
            name = self.random.choice(list(ways))
            self.count[name] += ways[name]()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


class Check:
    def __init__(self, a, folder):
        self.folder = folder
        self.cohort = Cohort(a.program, ROOT / "examples/cohort", folder, make_scans(a, folder), OPTIONS)
        self.scans = a.scans
        self.slurm = None
        self.cohort.alone(folder / "alone", code=FAILED)
        self.expected, self.table = results(folder / "alone"), table_of(self.cohort, folder / "alone")
        codes = [state for state, _, _ in self.table.values()]
        assert codes.count("failed") == 3 and codes.count("done") == a.scans - 3, self.table
        for name, word in (("sub-cut", "cut off"), ("sub-leg", "spine")):
            assert word in self.table[name][2], self.table[name]

    def need_slurm(self):
        if not self.slurm:
            self.slurm = Slurm(pathlib.Path(tempfile.mkdtemp(prefix="slurm-", dir=self.folder)))
        return self.slurm

    def equal(self, out):
        """Same files, same bytes, same table."""
        found = results(out)
        differ = sorted(name for name in self.expected.keys() | found.keys() if self.expected.get(name) != found.get(name))
        assert not differ, differ[:10]
        assert table_of(self.cohort, out) == self.table
        return f"{len(found)} files, the same bytes"

    def nothing_half_written(self, out):
        """Each file is a whole one of its kind. Returns the reports that are there, with their times."""
        for name, contents in results(out).items():
            if not name.endswith(("_checkpoint.bin", "/.diffam_files.json")):
                assert self.expected.get(name) == contents, f"{name}: half-written, or left over"
        reports = sorted(out.glob("sub-*/**/report.json"))
        for file in [*reports, *out.glob("sub-*/**/.diffam_files.json"), *out.glob("logs/*.json")]:
            json.loads(file.read_text())
        return {file: file.stat().st_mtime_ns for file in reports if not list(file.parent.glob("*_checkpoint.bin"))}

    def finish(self, out, call):
        """Calls until all is done. A finished scan is never fitted again. Returns how many were finished at first."""
        first = None
        for n in range(1, CALLS + 1):
            before = self.nothing_half_written(out)
            first = len(before) if first is None else first
            call()
            after = self.nothing_half_written(out)
            assert all(after.get(file) == when for file, when in before.items()), "a finished scan was fitted again"
            if len(after) == self.scans - 3 and results(out) == self.expected:
                return f"{first} of {self.scans - 3} scans were done, {n} more call{'s' * (n > 1)}: {self.equal(out)}"
        raise AssertionError(f"{len(after)} of {self.scans - 3} scans are done after {CALLS} more calls")

    def send_array(self, out):
        job = self.cohort.send(self.need_slurm(), out, f"1-{self.scans}")
        self.slurm.wait(lambda: self.slurm.state_of(job) == "", SECONDS)

    def call_alone(self, out, code=None):
        self.cohort.alone(out, code)

    def call_slurm(self, out, code=None):
        """What a killed Snakemake leaves is removed as docs/cohorts.md says: its jobs, and its lock."""
        slurm = self.need_slurm()
        try:
            self.cohort.snakemake(out, "slurm", slurm, code, timeout=SECONDS)
        except AssertionError as wrong:
            raise AssertionError(f"{wrong}\n{slurm.say('squeue', '-o', '%i %j %T %r %M')}") from wrong
        finally:
            slurm.say("scancel", "--user=root")
            slurm.wait(lambda: slurm.say("squeue", "-h") == "")
            self.cohort.snakemake(out, "slurm", slurm, code=None, further=["--unlock"])

    def alone(self, out):
        self.call_alone(out)
        return self.equal(out)

    def local(self, out):
        self.cohort.snakemake(out, "local")
        return self.equal(out)

    def slurm_(self, out):
        self.call_slurm(out, 0)
        return self.equal(out)

    def array(self, out):
        self.send_array(out)
        return self.equal(out)

    def disturbed(self, out, seed, call, slurm=None, calls=1):
        with Faults(out, seed, slurm) as faults:
            for _ in range(calls):
                call(out)
        told = ", ".join(f"{count} {name}" for name, count in faults.count.items() if count)
        assert told, "no fault struck"
        return f"{told}; {self.finish(out, lambda: call(out))}"

    def killed(self, out):
        return self.disturbed(out, 1, self.call_alone, calls=4)

    def killed_array(self, out):
        return self.disturbed(out, 2, self.send_array, self.need_slurm())

    def killed_slurm(self, out):
        return self.disturbed(out, 3, self.call_slurm, self.need_slurm(), calls=3)

    def full(self, out):
        out.mkdir()
        largest = max(sum(len(b) for n, b in self.expected.items() if n.startswith(s + "/")) for s in self.table)
        size = sum(len(b) for b in self.expected.values()) // 2
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", out], check=True)
        try:
            place = out / "out"
            self.call_alone(place)
            free = os.statvfs(out)
            free = free.f_bavail * free.f_bsize
            assert free < 2.5 * largest, f"{free} bytes are free, and more scans could have been fitted"
            subprocess.run(["mount", "-o", f"remount,size={4 * size}", out], check=True)
            table = table_of(self.cohort, place)
            full = {scan: reason for scan, (state, _, reason) in table.items() if state == "not finished"}
            assert len(full) + len(self.nothing_half_written(place)) == self.scans - 3, table
            assert all("No space" in reason or "no room" in reason for reason in full.values()), full
            left = {name for name in results(place) if name.split("/")[0] in full}
            assert all(name.endswith(("_checkpoint.bin", "/.diffam_files.json")) for name in left), left
            return f"{len(full)} scans had no room; {self.finish(place, lambda: self.call_alone(place))}"
        finally:
            subprocess.run(["umount", out], check=True)


def main():
    parts = [name.replace("_", "-").strip("-") for name in ("alone", "local", "slurm", "array", "killed", "killed_array", "killed_slurm",
                                                            "full")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(parts))
    parser.add_argument("--scans", type=int, default=24)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/diffam")
    a = parser.parse_args()
    a.program = a.program.resolve()
    unknown = set(a.parts) - set(parts)
    if unknown or a.scans < 5:
        parser.error(f"expected some of {' '.join(parts)}, and 5 scans or more")
    if os.geteuid() != 0 or not (HAS_SLURM and HAS_SNAKEMAKE):
        sys.exit("cohort_faults: expected root, snakemake, slurm-wlm and munge")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="diffam-faults-") as folder:
        check = Check(a, pathlib.Path(folder))
        try:
            for part in a.parts or parts:
                begin = time.monotonic()
                method = getattr(check, {"slurm": "slurm_"}.get(part, part.replace("-", "_")))
                try:
                    told = "ok      " + method(check.folder / f"of-{part}")
                except AssertionError as wrong:
                    bad, told = bad + 1, f"FAILED  {wrong}"
                print(f"{part:13}{told} ({time.monotonic() - begin:.0f} s)", flush=True)
        finally:
            if check.slurm:
                check.slurm.stop()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
