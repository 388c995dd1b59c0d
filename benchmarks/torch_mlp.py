#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# The baseline of benchmarks/render.cpp: the same renderer in PyTorch on one thread. Prints the time of a step in ms:
# forward, backward (gradients of the parameters and of the distances), Adam. It is CPU time, because other load on the
# machine affects it less than wall time.
#
#     apt-get install python3-torch libopenblas0-pthread && /usr/bin/python3 benchmarks/torch_mlp.py [PROGRAM]
#
# With PROGRAM (diffam_benchmarks) both run in turns. Then the script prints the ratio, of the fastest times, of forward
# and backward of each renderer to a whole step of PyTorch.
import json
import math
import os
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # torch.set_num_threads does not limit the threads of OpenBLAS
import torch  # noqa: E402  after the line above

POINTS, FREQUENCIES, WIDTH, HIDDEN, STEPS = 10_000, 32, 64, 2, 60


def renderer():
    layers, inputs = [], 2 * FREQUENCIES
    for _ in range(HIDDEN):
        layers += [torch.nn.Linear(inputs, WIDTH), torch.nn.ReLU(), torch.nn.LayerNorm(WIDTH)]
        inputs = WIDTH
    return torch.nn.Sequential(*layers, torch.nn.Linear(WIDTH, 1))


def blas():
    """The matrix library that PyTorch has loaded. The reference BLAS is several times slower than OpenBLAS."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        loaded = {line.split()[-1].split("/")[-1] for line in maps if ".so" in line}
    return " ".join(sorted(name for name in loaded if "blas" in name or "mkl" in name)) or "built in"


BOUNDS = {"exact": 0.25, "tabulated": 0.08, "table": 0.02}
REPETITIONS = 5


def renderers(program):
    """The fastest time in ms of forward and backward, for each renderer of diffam."""
    command = [program, "--benchmark_filter=^render/(exact|tabulated|table)/forward_backward$", "--benchmark_format=json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {b["name"].split("/")[1]: b["fastest_ms"] for b in report["benchmarks"]}


def compare(program):
    steps, ours = [], []
    for _ in range(REPETITIONS):
        steps.append(sum(measure()[0]))
        ours.append(renderers(program))
    torch_ms = 1e3 * min(steps)
    print(f"PyTorch {torch.__version__}, forward + backward + Adam: {torch_ms:.2f} ms ({blas()})")
    for name, bound in BOUNDS.items():
        ms = min(o[name] for o in ours)
        verdict = "met" if ms <= bound * torch_ms else "NOT MET"
        print(f"diffam {name:<10} forward + backward: {ms:7.3f} ms, ratio {ms / torch_ms:.4f}, aim {bound:g}: {verdict}")


def measure():
    """The times of forward, backward and Adam in seconds, for the fastest and for the median step."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = renderer()
    frequencies = 10 * torch.randn(1, FREQUENCIES)
    distances = (0.3 * torch.rand(POINTS, 1) - 0.15).requires_grad_()
    cotangent = torch.full((POINTS, 1), 1.0 / POINTS)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, betas=(0.9, 0.9))
    times = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        distances.grad = None
        begin = time.process_time()
        angle = 2 * math.pi * distances @ frequencies
        value = model(torch.cat([torch.sin(angle), torch.cos(angle)], dim=1))
        forward = time.process_time()
        value.backward(cotangent)
        backward = time.process_time()
        optimizer.step()
        times.append((forward - begin, backward - forward, time.process_time() - backward))
    times = sorted(times[STEPS // 6:], key=sum)
    return times[0], times[len(times) // 2]


def main():
    if len(sys.argv) > 1:
        compare(sys.argv[1])
        return 0
    for name, step in zip(("fastest", "median"), measure()):
        f, b, a = (1e3 * t for t in step)
        print(f"torch {torch.__version__} {name}: forward {f:.2f} + backward {b:.2f} + Adam {a:.2f} = {f + b + a:.2f} ms")
    print(f"BLAS: {blas()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
