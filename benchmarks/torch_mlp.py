#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# The baseline of benchmarks/render.cpp: the same renderer in PyTorch, one thread. Milliseconds a step: forward,
# backward (to the parameters and to the distances), Adam. Time on the processor, as benchmarks on a busy machine need.
#
#     apt-get install python3-torch libopenblas0-pthread && /usr/bin/python3 benchmarks/torch_mlp.py
import math
import sys
import time

import torch

POINTS, FREQUENCIES, WIDTH, HIDDEN, STEPS = 10_000, 32, 64, 2, 60


def renderer():
    layers, inputs = [], 2 * FREQUENCIES
    for _ in range(HIDDEN):
        layers += [torch.nn.Linear(inputs, WIDTH), torch.nn.ReLU(), torch.nn.LayerNorm(WIDTH)]
        inputs = WIDTH
    return torch.nn.Sequential(*layers, torch.nn.Linear(WIDTH, 1))


def blas():
    """The matrix library that PyTorch has loaded: reference BLAS is several times slower than OpenBLAS."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        loaded = {line.split()[-1].split("/")[-1] for line in maps if ".so" in line}
    return " ".join(sorted(name for name in loaded if "blas" in name or "mkl" in name)) or "built in"


def main():
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
    for name, step in (("fastest", times[0]), ("median", times[len(times) // 2])):
        f, b, a = (1e3 * t for t in step)
        print(f"torch {torch.__version__} {name}: forward {f:.2f} + backward {b:.2f} + Adam {a:.2f} = {f + b + a:.2f} ms")
    print(f"BLAS: {blas()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
