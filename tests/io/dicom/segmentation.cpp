// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Masks as DICOM Segmentation and as `.seg.nrrd`: highdicom and SimpleITK find each label at the world
// positions where it was written (positions, not arrays: a mirrored mask has the same array), and dciodvfy
// finds no error.
#include "diffam/io/segmentation.hpp"
#include "io/dicom/series.hpp"

using namespace diffam;

namespace {

const std::string writer = test::series_writer + R"(
nx, ny, nz = 9, 7, 5
stored = rng.integers(-1000, 2000, (nx, ny, nz)).astype(np.int16)
r = rotation([0.3, -0.5, 0.2]); tilt = np.deg2rad(15)
planes = dict(axial=((1, 0, 0), (0, 1, 0), (0, 0, 2)), feet_first=((-1, 0, 0), (0, 1, 0), (0, 0, -2)),
              sagittal=((0, 1, 0), (0, 0, -1), (-2, 0, 0)), oblique=(r[:, 0], r[:, 1], 2 * r[:, 2]),
              tilted=((1, 0, 0), (0, np.cos(tilt), np.sin(tilt)), (0, 0, 2)))
for name, (u, v, step) in planes.items():
    positions, world = place(name, u, v, step)
    for k in range(nz): put(slice_of(name, k, stored[:, :, k], positions[k], u, v), f'{folder}/{name}', f'{k}.dcm')
)";

const std::string checker = R"(
import json, sys, numpy as np
folder, reader = sys.argv[1], READER
def rounded(points): return sorted(tuple(np.round(np.asarray(p, float), 2) + 0.0) for p in points)
def from_dicom(name):
    import pydicom, highdicom as hd
    from pydicom.sr.codedict import codes as known
    for level, code in codes.items(): assert getattr(known.SCT, f'{level}Vertebra').value == code, level
    seg = hd.seg.segread(f'{folder}/{name}.dcm')
    assert seg.PatientName == 'Secret^Patient' and seg.PatientID == 'SECRET'
    source = pydicom.dcmread(f'{folder}/{name}/0.dcm', stop_before_pixels=True)
    assert seg.FrameOfReferenceUID == source.FrameOfReferenceUID and seg.StudyInstanceUID == source.StudyInstanceUID
    series, = seg.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == source.SeriesInstanceUID and len(series.ReferencedInstanceSequence) == 5
    shared = seg.SharedFunctionalGroupsSequence[0]
    o = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    sp = np.array(shared.PixelMeasuresSequence[0].PixelSpacing, float)
    out = {}
    for frames, groups, description in seg.iter_segments():
        code = description.segmented_property_type
        assert code.scheme_designator == 'SCT' and code.meaning == description.segment_label + ' vertebra', code
        assert code.value == codes[description.segment_label], code
        assert description.algorithm_identification.name == 'diffam' and description.algorithm_identification.version
        points = []
        for frame, group in zip(frames, groups):
            p = np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
            for row, column in np.argwhere(frame):
                points.append((p + column * sp[1] * o[:3] + row * sp[0] * o[3:]) * [-1, -1, 1])
        out[description.segment_label] = points
    return out
codes = json.load(open(f'{folder}/codes.json'))
def from_nrrd(name):
    import SimpleITK as sitk
    image = sitk.ReadImage(f'{folder}/{name}.seg.nrrd')
    values = sitk.GetArrayFromImage(image)
    names = {}
    for k in range(2):
        key = lambda word: image.GetMetaData(f'Segment{k}_{word}')
        term = key('Name')                      # as in 3D Slicer's list of vertebrae
        assert term.endswith(' vertebra')
        level = names[int(key('LabelValue'))] = term.removesuffix(' vertebra')
        colour = dict(C=(255, 255, 207), T=(226, 202, 134), L=(212, 188, 102))[level[0]]
        assert np.allclose(np.array(key('Color').split(), float) * 255, colour, atol=1e-3), key('Color')
        assert f'~SCT^123037004^Anatomical Structure~SCT^{codes[level]}^{term}~' in key('Tags'), key('Tags')
    out = {}
    for k, j, i in np.argwhere(values):
        p = np.array(image.TransformIndexToPhysicalPoint([int(i), int(j), int(k)])) * [-1, -1, 1]
        out.setdefault(names[int(values[k, j, i])], []).append(p)
    return out
for name, expected in json.load(open(f'{folder}/expected.json')).items():
    if reader == 'nrrd' and name == 'tilted': continue     # SimpleITK refuses sheared maps
    found = (from_dicom if reader == 'dicom' else from_nrrd)(name)
    assert set(found) == set(expected), (name, set(found))
    for label, points in expected.items():
        worst = max(np.linalg.norm(np.subtract(a, b)) for a, b in zip(rounded(points), rounded(found[label]))) if len(points) == len(found[label]) else 99
        assert worst < 0.03, (name, label, worst)
)";

}  // namespace

TEST_CASE("other programs read our segmentations at the same world positions", "[io][dicom][segmentation]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  nlohmann::json expected;
  for (const char* name : {"axial", "feet_first", "sagittal", "oblique", "tilted"}) {
    INFO(name);
    io::warning_list warnings;
    io::dicom_reader series(folder / name, warnings, {});
    const grid& g = series.geometry();
    volume_part<std::uint8_t> labels(g, {{1, 1, 1}, {7, 5, 3}});
    const auto put = [&](index_t i, index_t j, index_t k, int label) {
      labels.voxels[static_cast<std::size_t>(labels.kept.linear(i, j, k))] = static_cast<std::uint8_t>(label);
      const vec3<double> x =
          g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
      expected[name][spine::label_name(label)].push_back({x[0], x[1], x[2]});
    };
    for (const auto& [i, j, k] : {std::tuple{1, 1, 1}, {2, 1, 1}, {2, 3, 1}, {2, 3, 2}, {7, 5, 2}})
      put(i, j, k, 20);
    for (const auto& [i, j, k] : {std::tuple{3, 1, 2}, {4, 4, 3}, {4, 5, 3}}) put(i, j, k, 19);
    const std::vector<io::mask_segment> segments{{19, 19, {255, 0, 0}}, {20, 20, {0, 0, 255}}};
    io::write_dicom_seg(folder / (std::string(name) + ".dcm"), labels, segments, series);
    io::write_seg_nrrd(folder / (std::string(name) + ".seg.nrrd"), labels, segments);
    // Our own reader finds the labels again.
    const auto again =
        io::read_label_volume<std::uint8_t>(folder / (std::string(name) + ".seg.nrrd"), warnings);
    CHECK((again.voxels == expanded(volume_view<std::uint8_t>(labels)).voxels));
    for (int c = 0; c < 8; ++c) CHECK(norm(again.geometry.corner(c) - g.corner(c)) < 1e-4);
  }
  folder.put("expected.json", expected.dump());
  nlohmann::json codes;
  for (int l = spine::label::c1; l <= spine::label::l5; ++l)
    codes[spine::label_name(l)] = io::detail::snomed_of(l).value;
  folder.put("codes.json", codes.dump());
  const auto with_reader = [&](const std::string& reader, const std::string& module) {
    const std::string other = test::python_with(module);
    if (other.empty()) return;
    std::string script = checker;
    script.replace(script.find("READER"), 6, "'" + reader + "'");
    CHECK(test::run_script(other, folder.put("check_" + reader + ".py", script), folder.path()) == 0);
  };
  with_reader("dicom", "highdicom");
  with_reader("nrrd", "SimpleITK");
  if (std::system("command -v dciodvfy >/dev/null") != 0) {
    WARN("SKIPPED: no dciodvfy (Debian: dicom3tools)");
    return;
  }
  const std::string report = (folder / "report.txt").string();
  for (const char* name : {"axial", "oblique", "tilted"}) {
    CHECK(std::system(
              ("dciodvfy " + (folder / (std::string(name) + ".dcm")).string() + " >" + report + " 2>&1; true")
                  .c_str()) == 0);
    const std::string said = test::contents_of(report);
    INFO(said);
    CHECK(said.find("Segmentation") != std::string::npos);
    CHECK(said.find("Error") == std::string::npos);
  }
}
