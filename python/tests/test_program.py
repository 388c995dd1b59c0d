# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The program's commands as functions: equal bytes, images of other libraries, errors, Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from conftest import FAST

import diffam
from diffam import program


def contents(folder) -> dict:
    """The files of a folder, without those that hold times."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name not in ("report.json", ".diffam_files.json"))
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def test_a_fit_has_the_bytes_of_the_program(phantom, fit, tmp_path):
    options = ["--preset=fast", "--iterations=20", "--samples=1000", "--threads=1"]
    inputs = ["-i", str(phantom.file_of_ct), "-c", str(phantom.centres), "-o", str(tmp_path / "out")]
    subprocess.run([program.path(), "fit", *inputs, *options], check=True, capture_output=True)
    assert contents(tmp_path / "out") == contents(fit.folder)


def test_results_agree_with_each_other(phantom, fit, tmp_path):
    assert fit.labels.shape == phantom.ct.shape and fit.labels.dtype == np.uint8
    np.testing.assert_array_equal(fit.affine, phantom.affine)
    assert list(fit.meshes) == list(fit.centres) == list(fit.confidence) == ["L2", "L3"] == list(fit.measures)
    assert set(np.unique(fit.labels)) == {0, 21, 22}
    assert (fit.regions > 0).sum() == (fit.labels > 0).sum()
    for name, mesh in fit.meshes.items():
        assert diffam.check_mesh(*mesh).volume / 1000 == pytest.approx(fit.measures[name]["volume_ml"], abs=1e-2)
        assert np.linalg.norm(fit.landmarks[name]["body_centre"] - fit.centres[name]) < 10
    assert diffam.dice(fit.labels, phantom.labels)[21] > 0.8
    scores = diffam.evaluate(fit, phantom.labels, affine=phantom.affine)
    both = diffam.dice(fit.labels, phantom.labels)
    assert scores["means"]["total"]["dice"] == pytest.approx(np.mean(list(both.values())), abs=1e-3)
    assert fit.page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    saved = diffam.Fit(fit.save(tmp_path / "kept"))
    assert contents(saved.folder) == contents(fit.folder)
    with pytest.raises(FileExistsError):
        fit.save(tmp_path / "kept")


@pytest.mark.parametrize("kind", ["array", "nibabel", "SimpleITK"])
def test_images_give_the_labels_of_their_file(phantom, fit, kind):
    if kind == "array":
        given = {"ct": phantom.ct.astype(np.float64), "affine": phantom.affine}
    elif kind == "nibabel":
        given = {"ct": pytest.importorskip("nibabel").load(phantom.file_of_ct)}
    else:
        given = {"ct": pytest.importorskip("SimpleITK").ReadImage(str(phantom.file_of_ct))}
    centres = {v["name"]: v["given_centre_mm"] for v in fit.report["vertebrae"]}
    other = diffam.fit(centres=centres, **given, **FAST)
    np.testing.assert_array_equal(other.labels, fit.labels)
    np.testing.assert_allclose(other.affine, fit.affine, atol=1e-5)
    folder = other.folder
    del other
    assert not folder.exists()


def test_other_commands(phantom, fit, tmp_path):
    found = diffam.find(phantom.ct, affine=phantom.affine, pins={"L3": fit.centres["L3"]}, progress=False)
    assert "L3" in found.centres and np.linalg.norm(found.centres["L3"] - fit.centres["L3"]) < 10
    assert found.picture.exists() and isinstance(found.sure, bool)
    again = diffam.measure(fit, phantom.ct, affine=phantom.affine)
    for name, row in fit.measures.items():
        assert again.measures[name] == pytest.approx(row, abs=2e-3, nan_ok=True)
    made = diffam.synth(fit, like=phantom.file_of_ct, noise=5)
    assert made.ct.shape == phantom.ct.shape
    assert made.ct[fit.labels > 0].mean() > made.ct[fit.labels == 0].mean()  # bone is brighter
    assert min(diffam.dice(made.labels, fit.labels).values()) > 0.98
    mesh = diffam.template("L3")
    assert diffam.check_mesh(*mesh).ok
    assert diffam.template("L3").faces.tolist() == mesh.faces.tolist() == fit.meshes["L3"].faces.tolist()


def test_errors_are_exceptions_with_one_line(phantom, tmp_path):
    with pytest.raises(diffam.MissingInput, match="no.nii") as e:
        diffam.fit(tmp_path / "no.nii", progress=False)
    assert e.value.code == 66 and "\n" not in str(e.value)
    with pytest.raises(diffam.UsageError, match="iteratons"):
        diffam.fit(phantom.file_of_ct, phantom.centres, iteratons=3)
    with pytest.raises(diffam.UsageError, match="affine"):
        diffam.fit(phantom.ct)
    with pytest.raises(diffam.UsageError, match="a file has its own"):
        diffam.fit(phantom.file_of_ct, affine=np.eye(4))
    with pytest.raises(diffam.UsageError, match="three axes"):
        diffam.fit(np.zeros((4, 4)), affine=np.eye(4))
    with pytest.raises(diffam.UsageError, match="L1: expected three finite numbers"):
        diffam.fit(phantom.file_of_ct, {"L1": (0, np.nan, 1)})
    with pytest.raises(diffam.BadData):
        diffam.fit(np.full((9, 9, 9), np.nan), {"L1": (4, 4, 4)}, affine=np.eye(4), progress=False)
    with pytest.raises(diffam.CannotCreate):
        diffam.fit(phantom.file_of_ct, phantom.centres, output=phantom.file_of_ct / "x", progress=False)
    with pytest.raises(diffam.UsageError, match="resume"):
        diffam.fit(phantom.file_of_ct, phantom.centres, resume=True)
    with pytest.raises(diffam.LowConfidence) as low:
        diffam.fit(phantom.file_of_ct, phantom.centres, fail_below=1.0, **FAST)
    assert low.value.result.labels.any()


def test_warnings_are_those_of_python(phantom, fit):
    far = {**{k: tuple(v) for k, v in fit.centres.items()}, "C3": (0.0, 0.0, 900.0)}
    with pytest.warns(diffam.DiffamWarning):
        diffam.fit(phantom.file_of_ct, far, **FAST)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        diffam.template("L3")


@pytest.mark.parametrize("sent, kind, code", [(signal.SIGKILL, diffam.Killed, -9), (signal.SIGTERM, diffam.Stopped, 75)])
def test_a_program_that_others_end_is_an_exception(phantom, monkeypatch, sent, kind, code):
    class Doomed(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            threading.Timer(1, self.send_signal, [sent]).start()

    monkeypatch.setattr(subprocess, "Popen", Doomed)
    with pytest.raises(kind) as e:
        diffam.fit(phantom.file_of_ct, phantom.centres, **{**FAST, "iterations": 5000})
    assert e.value.code == code and "\n" not in str(e.value)


def test_a_package_without_the_program_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("DIFFAM_PROGRAM", str(tmp_path / "none"))
    with pytest.raises(diffam.MissingInput, match="DIFFAM_PROGRAM"):
        diffam.fit("ct.nii.gz", progress=False)


def test_ctrl_c_leaves_a_checkpoint_and_resume_gives_the_same(phantom, tmp_path):
    call = (  # a shell in the background makes its children ignore SIGINT
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"import diffam; diffam.fit({str(phantom.file_of_ct)!r}, {str(phantom.centres)!r}, "
        f"output={str(tmp_path / 'out')!r}, preset='fast', iterations=2000, samples=1000)"
    )
    child = subprocess.Popen([sys.executable, "-c", call], stderr=subprocess.PIPE, text=True)
    for line in child.stderr:  # progress is shown
        if "fitting" in line:
            break
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    said = child.stderr.read()
    assert child.wait() != 0 and "KeyboardInterrupt" in said
    assert any("checkpoint" in p.name for p in (tmp_path / "out").iterdir())
    with pytest.raises(diffam.Error):  # a checkpoint of other settings
        diffam.fit(phantom.file_of_ct, phantom.centres, output=tmp_path / "out", resume=True, **FAST)


def test_two_fits_at_once(phantom, fit):
    results = []
    workers = [
        threading.Thread(target=lambda: results.append(diffam.fit(phantom.file_of_ct, phantom.centres, **FAST).labels))
        for _ in range(2)
    ]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    assert len(results) == 2
    for labels in results:
        np.testing.assert_array_equal(labels, fit.labels)


def test_the_command_is_the_program():
    said = subprocess.run([sys.executable, "-c", "from diffam.program import main; main()"], capture_output=True)
    assert said.returncode == 2 and said.stderr.startswith(b"diffam: error:")
    version = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['diffam', '--version']; from diffam.program import main; main()"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert version.stdout.strip() == f"diffam {diffam.__version__}"


def test_options_become_arguments():
    values = {"without": ["image", "edge"], "window_low": -300, "overwrite": True, "seed": None, "no_3d": False}
    assert program.options(values) == ["--without=image,edge", "--window-low=-300", "--overwrite"]
    assert program.options({"pin": {"L1": np.array([1.5, -2, 3])}}) == ["--pin=L1=1.5,-2.0,3.0"]
    assert os.path.isabs(program.path())
