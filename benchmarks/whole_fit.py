#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Measures a whole `diffam fit`, including reading and writing files: wall time, CPU time, peak memory, and time of an
# iteration. It uses the generated CT and, if given, another CT.
#
#     benchmarks/whole_fit.py                                   build/release/bin/diffam, all cores
#     benchmarks/whole_fit.py --threads 1,2 --fit-argument=--preset --fit-argument=paper CT CENTRES
import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent


def run(command, log):
    """Runs a command. Returns its wall time and CPU time in seconds, and its peak memory in bytes."""
    begin = time.monotonic()
    with open(log, "wb") as out:
        child = os.posix_spawn(command[0], command, os.environ,
                               file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                                             (os.POSIX_SPAWN_DUP2, out.fileno(), 2)])
        _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - begin
    if status != 0:
        sys.exit(f"whole_fit: {' '.join(command)}\n{pathlib.Path(log).read_text(errors='replace')}")
    return wall, used.ru_utime + used.ru_stime, 1024 * used.ru_maxrss


def measure(program, name, ct, centres, threads, extra, repetitions):
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            command = [program, "fit", "-i", str(ct), "-c", str(centres), "-o", str(out), "--quiet",
                       "--threads", str(threads), *extra]
            wall, cpu, memory = run(command, pathlib.Path(folder) / "log")
            report = json.loads(next(out.glob("report.json")).read_text())
        seconds, iterations = report["seconds"], report["settings"]["iterations"]
        print(f"{name:<20}{threads:>7}{len(report['vertebrae']):>10}{iterations:>11}{wall:>9.2f}{cpu:>9.2f}"
              f"{memory / 2**20:>9.0f}{1e3 * seconds['fitting'] / iterations:>10.2f}"
              f"{seconds['reading']:>9.2f}{seconds['preparing']:>9.2f}{seconds['fitting']:>9.2f}"
              f"{seconds['writing']:>9.2f}", flush=True)


def main():
    p = argparse.ArgumentParser(description="Time and memory of whole fits")
    p.add_argument("ct", nargs="?", help="another CT, measured after the generated one")
    p.add_argument("centres", nargs="?", help="the vertebra centres of this CT")
    p.add_argument("--program", default=str(ROOT / "build/release/bin/diffam"))
    p.add_argument("--threads", default="0", help="numbers of threads, for example 1,2; 0: all cores")
    p.add_argument("--repetitions", type=int, default=1, metavar="N")
    p.add_argument("--fit-argument", action="append", default=[], metavar="A", help="argument for `diffam fit`")
    a = p.parse_args()
    if a.ct and not a.centres:
        p.error("expected CENTRES after CT")
    if not os.access(a.program, os.X_OK):
        p.error(f"no program {a.program}: cmake --preset release && cmake --build --preset release")
    print(f"load {os.getloadavg()[0]:.1f} at the beginning, {os.cpu_count()} cores")
    print(f"{'':<20}{'':>7}{'':>10}{'':>11}{'':>9}{'':>9}{'most':>9}{'ms an':>10}{'':>7}seconds of the wall")
    print(f"{'CT':<20}{'threads':>7}{'vertebrae':>10}{'iterations':>11}{'wall, s':>9}{'CPU, s':>9}{'MiB':>9}"
          f"{'iteration':>10}{'reading':>9}{'prepare':>9}{'fitting':>9}{'writing':>9}")
    with tempfile.TemporaryDirectory() as folder:
        run([a.program, "phantom", "-o", folder, "--overwrite"], os.path.join(folder, "log"))
        cases = [("phantom", f"{folder}/phantom_ct.nii.gz", f"{folder}/phantom_ctd.json")]
        if a.ct:
            cases.append((pathlib.Path(a.ct).name.split(".")[0][:19], a.ct, a.centres))
        for name, ct, centres in cases:
            for threads in a.threads.split(","):
                measure(a.program, name, ct, centres, int(threads), a.fit_argument, a.repetitions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
