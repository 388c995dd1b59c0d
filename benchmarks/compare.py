#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Runs benchmarks/torch_mlp.py and the iteration benchmark in turns, and prints the table of scripts/benchmark. The
# result is the ratio of the fastest iteration to the fastest step of PyTorch, over all repetitions. Minima are compared
# because noise of the machine only adds time.
import argparse
import importlib.util
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

AIM = 0.8  # greatest accepted ratio of a whole iteration to PyTorch's MLP step
HERE = pathlib.Path(__file__).parent
CONTAINED = {"tree_refit": "scene_forward"}  # part: the other part whose time includes it


def torch_step():
    """The fastest and the median step in ms, the version of PyTorch, and the matrix library that it uses."""
    out = subprocess.run([sys.executable, HERE / "torch_mlp.py"], check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"(fastest|median): .* = ([0-9.]+) ms", out))
    return float(found["fastest"]), float(found["median"]), out.split()[1], out.split("BLAS: ")[1].strip()


def iteration_steps(program, seconds):
    """The report of each benchmark, with its fastest and its median time in ms."""
    command = [program, "--benchmark_filter=^iteration/", "--benchmark_format=json", f"--benchmark_min_time={seconds}"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {b["name"].split("/")[1]: b for b in report["benchmarks"]}


def row(name, fastest, median, note=""):
    print(f"  {name:<34}{fastest:>10.3f}{median:>10.3f}{'   ' + note if note else ''}".rstrip())


def main():
    p = argparse.ArgumentParser(description="One iteration of the fit against PyTorch's MLP step")
    p.add_argument("program", help="diffam_benchmarks")
    p.add_argument("--repetitions", type=int, default=5, metavar="N")
    p.add_argument("--min-time", type=float, default=0.2, metavar="S", help="least seconds for each part and repetition")
    p.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write the figures to this file")
    a = p.parse_args()
    if a.repetitions < 1:
        p.error("expected at least one repetition")
    with_torch = importlib.util.find_spec("torch") is not None
    load = [os.getloadavg()[0]]
    torch, runs = [], []
    for n in range(a.repetitions):
        if with_torch:
            torch.append(torch_step())
        runs.append(iteration_steps(a.program, a.min_time))
        print(f"repetition {n + 1} of {a.repetitions} done", file=sys.stderr)
    load.append(os.getloadavg()[0])

    def fastest(name):
        return min(r[name]["fastest_ms"] for r in runs)

    def median(name):
        return statistics.median(r[name]["median_ms"] for r in runs)

    whole = runs[0]["whole"]
    print(f"{whole['vertebrae']:.0f} vertebrae of {whole['faces']:.0f} faces, N = M = {whole['samples']:,.0f}, 150 modes, "
          "32 frequencies, 64 wide, float")
    print(f"{a.repetitions} repetitions in turns, load {load[0]:.1f} at the beginning and {load[1]:.1f} at the end, "
          f"{os.cpu_count()} cores\n")
    print(f"  {'one thread, time on the processor':<34}{'min, ms':>10}{'median':>10}")
    if with_torch:
        row(f"PyTorch {torch[0][2]}, MLP step", min(t[0] for t in torch), statistics.median(t[1] for t in torch))
    mlp = ("mlp_forward", "mlp_backward")
    row("diffam, MLP forward + backward", sum(map(fastest, mlp)), sum(map(median, mlp)))
    row("diffam, whole iteration", fastest("whole"), median("whole"))
    row("  with 2 threads, time on the wall", fastest("whole_2_threads"), median("whole_2_threads"))
    row("diffam, the default preset's", fastest("whole_default"), median("whole_default"))
    row("  with 2 threads, time on the wall", fastest("whole_default_2_threads"), median("whole_default_2_threads"))
    met = None
    if with_torch:
        base, base_median = min(t[0] for t in torch), statistics.median(t[1] for t in torch)
        ratio = fastest("whole") / base
        met = ratio <= AIM
        print(f"\n  whole iteration / PyTorch's MLP step, of the minima: {ratio:.2f}"
              f"   (of the medians: {median('whole') / base_median:.2f})")
        blas = torch[0][3]
        print(f"  PyTorch multiplies matrices with {blas}")
        if not re.search("openblas|mkl|blis|built in", blas):
            print("  that is slow, and the comparison means nothing: apt-get install libopenblas0-pthread")
            met = None
        verdict = {True: "met", False: "NOT MET", None: "not judged"}[met]
        print(f"  aim, whole iteration <= {AIM:g} x PyTorch's MLP step: {verdict}")
    else:
        print("\n  no PyTorch here, nothing to compare with: apt-get install python3-torch libopenblas0-pthread")

    print(f"\n  {'by part, one thread':<34}{'min, ms':>10}{'median':>10}   share")
    parts = [n for n in runs[0] if not n.startswith("whole")]
    total = sum(fastest(n) for n in parts if n not in CONTAINED)
    for n in parts:
        note = f"in {CONTAINED[n]}" if n in CONTAINED else f"{100 * fastest(n) / total:4.1f} %"
        row(n, fastest(n), median(n), note)
    row("sum of the parts", total, sum(median(n) for n in parts if n not in CONTAINED))

    if a.json:
        figures = {n: {"min_ms": fastest(n), "median_ms": median(n)} for n in runs[0]}
        if with_torch:
            figures["torch_mlp"] = {"min_ms": min(t[0] for t in torch),
                                    "median_ms": statistics.median(t[1] for t in torch)}
        a.json.write_text(json.dumps({"aim": AIM, "met": met, "load": load, "ms": figures}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
