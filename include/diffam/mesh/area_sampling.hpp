// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Random points on a surface or a stack of surfaces, uniform by area. A face is drawn with probability
// proportional to its area, then a point in it: b = (1 - sqrt(u), sqrt(u) (1 - v), sqrt(u) v) (Turk,
// "Generating random points in triangles", Graphics Gems 1990). The draws are stratified: sample i of n comes
// from the i-th of n equal parts of the area, in the order of the faces. The points stay uniform and have
// less variance. Consecutive samples are close to each other, which helps the cache. Sample i of an iteration
// is a pure function of the vertices, the seed, the stream, the iteration, n and i.
//
//     diffam::surface_sampler<float, exec> sampler(stack.faces, {.seed = 1});   // set-up
//     sampler.draw(e, vertices, clock.state(), samples);                        // every iteration
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "diffam/core/clock.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/mesh/normals/formulas.hpp"
#include "diffam/mesh/topology.hpp"
#include "diffam/simd/random.hpp"

namespace diffam {

/// Positions of n points on a surface: a face and barycentric coordinates for each.
template <real T>
struct surface_samples {
  view<stored_index> face;  // n
  view<T> bary;             // n x 3, weights of the corners

  DIFFAM_HOST_DEVICE index_t size() const { return face.rows; }
};

/// The point of a face with the barycentric coordinates `bary`.
template <class T>
DIFFAM_HOST_DEVICE constexpr vec3<T> surface_point(const view<const T>& vertices, const face& f,
                                                   const vec3<T>& bary) {
  return load3(vertices, f[0]) * bary[0] + load3(vertices, f[1]) * bary[1] + load3(vertices, f[2]) * bary[2];
}

/// The corner of a face with the largest of the barycentric coordinates `bary`, the first of equal ones.
template <class T>
stored_index corner_of_largest_weight(const face& f, const vec3<T>& bary) {
  return f[static_cast<int>(std::max_element(bary.v, bary.v + 3) - bary.v)];
}

/// Faces per chunk of the prefix sum. One index sums a chunk, then the chunks' sums are summed in order.
inline constexpr index_t area_chunk = 128;

/// Twice the area of a face. In double, because a prefix sum in float would lose small faces.
template <class T>
DIFFAM_HOST_DEVICE double doubled_area(const view<const T>& vertices, const face& f) {
  const vec3<T> a = load3(vertices, f[0]);
  return static_cast<double>(norm(cross(load3(vertices, f[1]) - a, load3(vertices, f[2]) - a)));
}

/// Prefix sum of the doubled areas within chunk c.
template <class T>
struct area_chunk_kernel {
  view<const face> faces;
  view<const T> vertices;        // V x 3
  view<double> area_prefix_sum;  // F, inclusive, restarts in every chunk
  DIFFAM_HOST_DEVICE void operator()(index_t c) const {
    const index_t end = (c + 1) * area_chunk < faces.rows ? (c + 1) * area_chunk : faces.rows;
    double sum = 0;
    for (index_t f = c * area_chunk; f < end; ++f) {
      sum += doubled_area(vertices, faces[f]);
      area_prefix_sum[f] = sum;
    }
  }
};

/// Kernel with one index: prefix sum of the chunks' sums.
struct area_chunk_sum_kernel {
  view<const double> area_prefix_sum;  // F
  view<double> chunk_prefix_sum;       // one per chunk, inclusive
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    double sum = 0;
    for (index_t c = 0; c < chunk_prefix_sum.rows; ++c) {
      const index_t end =
          (c + 1) * area_chunk < area_prefix_sum.rows ? (c + 1) * area_chunk : area_prefix_sum.rows;
      sum += area_prefix_sum[end - 1];
      chunk_prefix_sum[c] = sum;
    }
  }
};

namespace detail {

/// Inclusive prefix sum in shared memory. One thread sums, so that the bits equal those of a serial loop; all
/// threads load and store.
template <class Block>
DIFFAM_HOST_DEVICE void sum_in_order(const Block& block, double* shared, int count) {
  block.phase([&](int t) {
    if (t != 0) return;
    double sum = 0;
    DIFFAM_UNROLL_ON_DEVICE for (int k = 0; k < count; ++k) shared[k] = sum += shared[k];
  });
}

/// `area_chunk_kernel` for policies with thread blocks: one block per chunk.
template <class T>
struct area_chunk_block {
  static constexpr int threads = area_chunk;
  view<const face> faces;
  view<const T> vertices;
  view<double> area_prefix_sum;

  index_t shared_bytes() const { return area_chunk * static_cast<index_t>(sizeof(double)); }
  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    double* const shared = reinterpret_cast<double*>(block.memory());
    const index_t first = block.index() * area_chunk;
    block.phase(
        [&](int t) { shared[t] = first + t < faces.rows ? doubled_area(vertices, faces[first + t]) : 0.0; });
    sum_in_order(block, shared, static_cast<int>(area_chunk));
    block.phase([&](int t) {
      if (first + t < faces.rows) area_prefix_sum[first + t] = shared[t];
    });
  }
};

/// `area_chunk_sum_kernel` for policies with thread blocks: one block.
struct area_chunk_sum_block {
  static constexpr int threads = 256;
  view<const double> area_prefix_sum;
  view<double> chunk_prefix_sum;

  index_t shared_bytes() const { return (threads + 1) * static_cast<index_t>(sizeof(double)); }
  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    double* const shared = reinterpret_cast<double*>(block.memory());
    for (index_t first = 0; first < chunk_prefix_sum.rows; first += threads) {
      block.phase([&](int t) {
        const index_t c = first + t, end = (c + 1) * area_chunk;
        if (t == 0) shared[0] = first > 0 ? chunk_prefix_sum[first - 1] : 0.0;
        if (c < chunk_prefix_sum.rows)
          shared[t + 1] = area_prefix_sum[(end < area_prefix_sum.rows ? end : area_prefix_sum.rows) - 1];
        else
          shared[t + 1] = 0;
      });
      sum_in_order(block, shared, threads + 1);
      block.phase([&](int t) {
        if (first + t < chunk_prefix_sum.rows) chunk_prefix_sum[first + t] = shared[t + 1];
      });
    }
  }
};

}  // namespace detail

/// The first i in [first, last) with ascending[i] > x, or last - 1. Binary search.
DIFFAM_HOST_DEVICE inline index_t first_above(const view<const double>& ascending, index_t first,
                                              index_t last, double x) {
  index_t end = last - 1;
  while (first < end) {
    const index_t middle = first + (end - first) / 2;
    if (ascending[middle] > x)
      end = middle;
    else
      first = middle + 1;
  }
  return first;
}

/// The same if the result is known to lie shortly after `first`. Tries a few elements first.
DIFFAM_HOST_DEVICE inline index_t first_above_near(const view<const double>& ascending, index_t first,
                                                   index_t last, double x) {
  constexpr index_t steps = 8;
  if (last - first > steps) {
    index_t not_above = 0;  // no branch: it would be mispredicted often
    for (index_t k = 0; k < steps; ++k) not_above += ascending[first + k] > x ? 0 : 1;
    first += not_above;
    if (not_above < steps) return first;
  }
  return first_above(ascending, first < last ? first : last - 1, last, x);
}

/// The face at the fraction u in (0, 1) of the total area. A face without area is never drawn, unless no face
/// has area. The search starts at `from`: 0, or the face of a smaller u.
DIFFAM_HOST_DEVICE inline index_t draw_face(const view<const double>& area_prefix_sum,
                                            const view<const double>& chunk_prefix_sum, double u,
                                            index_t from = 0) {
  const double x = u * chunk_prefix_sum[chunk_prefix_sum.rows - 1];
  const auto find = [from](const view<const double>& ascending, index_t first, index_t end, double above) {
    return from > 0 ? first_above_near(ascending, first, end, above)
                    : first_above(ascending, first, end, above);
  };
  const index_t c = find(chunk_prefix_sum, from / area_chunk, chunk_prefix_sum.rows, x);
  const index_t start = c * area_chunk;
  const index_t last = start + area_chunk < area_prefix_sum.rows ? start + area_chunk : area_prefix_sum.rows;
  const double rest = x - (c > 0 ? chunk_prefix_sum[c - 1] : 0.0);
  const double most =
      area_prefix_sum[last - 1] * (1 - 4e-16);  // so that rounding does not pass the last face
  return find(area_prefix_sum, start > from ? start : from, last, rest < most ? rest : most);
}

/// Draws sample i of n. 48 random bits choose the face within the i-th part of the area; 32 bits each choose
/// the two coordinates in the face.
template <class T>
struct draw_sample_kernel {
  view<const double> area_prefix_sum, chunk_prefix_sum;
  std::uint64_t seed;
  random_stream stream;
  const clock_state* clock;
  surface_samples<T> samples;  // written
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    draw(i, random_words(seed, stream, clock->iteration, static_cast<std::uint64_t>(i)), 0);
  }

  /// Draws with the given random words. Returns the face; `from` as in `draw_face`.
  DIFFAM_HOST_DEVICE index_t draw(index_t i, const philox_counter& words, index_t from) const {
    using std::sqrt;
    const auto bits = (static_cast<std::uint64_t>(words[0]) << 16) | (words[1] >> 16);
    const double in_stratum = (static_cast<double>(bits) + 0.5) * (1.0 / 281474976710656.0);
    const double u = (static_cast<double>(i) + in_stratum) / static_cast<double>(samples.size());
    const index_t face = draw_face(area_prefix_sum, chunk_prefix_sum, u, from);
    samples.face[i] = static_cast<stored_index>(face);
    const T root = sqrt(unit_interval<T>(words[2]));
    const T second = unit_interval<T>(words[3]);
    store3(samples.bary, i, {T(1) - root, root * (T(1) - second), root * second});
    return face;
  }
};

/// Draws a run of consecutive samples, for host policies. Each search starts at the face of the sample
/// before.
template <class T>
struct draw_run_kernel {
  static constexpr index_t length = 64;
  static constexpr int words_at_once = 16;
  draw_sample_kernel<T> one;
  void operator()(index_t run) const {
    const index_t end = (run + 1) * length < one.samples.size() ? (run + 1) * length : one.samples.size();
    index_t face = 0;
    for (index_t first = run * length; first < end; first += words_at_once) {
      const random_word_block<words_at_once> w(one.seed, one.stream, one.clock->iteration,
                                               static_cast<std::uint64_t>(first));
      for (int l = 0; l < words_at_once && first + l < end; ++l)
        face = one.draw(first + l, {w.at[0][l], w.at[1][l], w.at[2][l], w.at[3][l]}, face);
    }
  }
};

/// Options of `surface_sampler`.
struct surface_sampler_params {
  std::uint64_t seed = 1;
  random_stream stream = random_stream::area_samples;
};

/// Draws points on the surface of fixed faces with varying vertices.
template <real T,             // scalar of vertices and weights
          exec::policy Exec>  // execution policy
class surface_sampler {
 public:
  using params = surface_sampler_params;

  /// Throws `error` if there is no face.
  explicit surface_sampler(const std::vector<face>& faces, params p = {})
      : params_(p),
        faces_(upload_vector<typename Exec::memory>(faces)),
        area_prefix_sum_(static_cast<index_t>(faces.size())),
        chunk_prefix_sum_(exec::chunk_count(static_cast<index_t>(faces.size()), area_chunk)) {
    if (faces.empty()) throw error("surface_sampler: expected at least one face, got none");
  }

  view<const face> faces() const { return faces_.get(); }

  /// Writes `samples` for the clock's iteration and the current vertices (V x 3).
  void draw(const Exec& e, view<const T> vertices, const clock_state* clock,
            surface_samples<T> samples) const {
    const view<const double> sums = std::as_const(area_prefix_sum_).get();
    const draw_sample_kernel<T> one{
        sums, std::as_const(chunk_prefix_sum_).get(), params_.seed, params_.stream, clock, samples};
    if constexpr (diffam::exec::has_blocks<Exec>) {
      e.for_each_block(chunk_prefix_sum_.size(),
                       detail::area_chunk_block<T>{faces_.get(), vertices, area_prefix_sum_.get()});
      e.for_each_block(1, detail::area_chunk_sum_block{sums, chunk_prefix_sum_.get()});
      e.for_each_index(samples.size(), one);
    } else {
      e.for_each_index(chunk_prefix_sum_.size(),
                       area_chunk_kernel<T>{faces_.get(), vertices, area_prefix_sum_.get()}, 1);
      e.for_each_index(1, area_chunk_sum_kernel{sums, chunk_prefix_sum_.get()});
      using run = draw_run_kernel<T>;
      e.for_each_index(diffam::exec::chunk_count(samples.size(), run::length), run{one}, 1);
    }
  }

 private:
  params params_;
  buffer<face, typename Exec::memory> faces_;
  mutable buffer<double, typename Exec::memory> area_prefix_sum_;   // scratch of `draw`
  mutable buffer<double, typename Exec::memory> chunk_prefix_sum_;  // scratch of `draw`
};

}  // namespace diffam
