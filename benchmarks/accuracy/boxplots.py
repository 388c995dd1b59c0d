# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Box plots: as in figure 2 of the paper, Dice by label and by segment and vertex error by label; and the distances of
found vertebrae. Need matplotlib."""
import masks
import tables


def new_figure(*columns, **how):
    """A figure with axes in a row, or None if matplotlib is missing."""
    try:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return None
    return pyplot.subplots(*columns, **how)


def boxes(axis, groups, colours, unit):
    values = [[x for x in g if x is not None] for g in groups.values()]
    drawn = axis.boxplot(values, patch_artist=True, widths=0.6, medianprops={"color": "black"})
    for patch, c in zip(drawn["boxes"], colours):
        patch.set_facecolor(c)
    axis.set_xticks(range(1, len(groups) + 1), [f"{n}\n{len(v)}" for n, v in zip(groups, values)], fontsize=7)
    axis.set_ylabel(unit)
    axis.grid(axis="y", alpha=0.3)


def save(figure, path, title):
    from matplotlib import pyplot
    figure.suptitle(title)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return True


def draw_groups(path, groups, unit, title):
    """Values by group, as one row of boxes. Returns False if matplotlib is missing, else True."""
    made = new_figure(figsize=(1.5 + 1.1 * len(groups), 4.2))
    if made is None:
        return False
    boxes(made[1], groups, ["#99cc99"] * len(groups), unit)
    return save(made[0], path, title)


def draw(path, vertebrae, title):
    """Writes the picture to `path`. Returns False if matplotlib is missing, else True."""
    made = new_figure(1, 3, figsize=(16, 4.2), width_ratios=(3, 3, 1.2))
    if made is None:
        return False
    figure, axes = made
    labels = sorted({v["label"] for v in vertebrae}, key=masks.rank)
    colour = {"cervical": "#88aadd", "thoracic": "#99cc99", "lumbar": "#ddaa77"}
    of_labels = [colour[masks.segment_of(l)] for l in labels]
    by_label = {masks.name_of(l): [v for v in vertebrae if v["label"] == l] for l in labels}
    boxes(axes[0], {n: [v["dice"] for v in g] for n, g in by_label.items()}, of_labels, "Dice")
    boxes(axes[1], {n: [v["vertex_mm"] for v in g] for n, g in by_label.items()}, of_labels,
          "vertices to the truth, mm")
    segments = {s: [v["dice"] for v in vertebrae if masks.segment_of(v["label"]) == s] for s in tables.SEGMENTS}
    segments = {s: v for s, v in segments.items() if v}
    boxes(axes[2], segments, [colour[s] for s in segments], "Dice")
    return save(figure, path, title)
