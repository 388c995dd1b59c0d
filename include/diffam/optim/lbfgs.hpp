// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// L-BFGS (Liu & Nocedal 1989; Nocedal & Wright, "Numerical Optimization", 2006, algorithm 7.4), a rule for
// all unknowns at once. With the newest pairs s = x_(k+1) - x_k, y = g_(k+1) - g_k, the direction d = -H g
// comes from the two loops
//     q = g;   q <- q - a_k y_k,  a_k = (s_k . q) / (s_k . y_k),   newest pair first
//     q <- gamma q,  gamma = s . y / y . y of the newest pair
//     q <- q + (a_k - (y_k . q) / (s_k . y_k)) s_k,                oldest pair first
// The step length t satisfies the weak Wolfe conditions, by bisection and doubling (Lewis & Overton,
// "Nonsmooth optimization via quasi-Newton methods", Math. Program. 2013, algorithm 2.6):
//     f(x + t d) <= f(x) + c1 t g . d,     g(x + t d) . d >= c2 g . d
// Where f differs from f(x) by rounding alone, the slope decides in place of the first condition:
//     g(x + t d) . d <= (2 c1 - 1) g . d   (Hager & Zhang, SIAM J. Optim. 16, 2005)
//
// An iteration is one evaluation, so a search of several step lengths takes several iterations. The loss must
// be the same function at each iteration: no new samples, no blur that fades.
//
//     auto summary = diffam::minimize(model, optim::lbfgs<double, exec>(), exec{}, {.iterations = 200});
#pragma once

#include <concepts>
#include <span>
#include <string>

#include "diffam/exec/threads.hpp"
#include "diffam/optim/lbfgs/kernels.hpp"
#include "diffam/optim/rule.hpp"

namespace diffam::optim {

/// Hyper-parameters of L-BFGS. The defaults are those of Nocedal & Wright.
struct lbfgs_params {
  index_t memory = 8;       // pairs that are kept
  double first_step = 0.1;  // length of the first step, along the gradient
  double decrease = 1e-4;   // c1
  double curvature = 0.9;   // c2
  int longest_search = 30;  // evaluations before the pairs are dropped
};

/// L-BFGS. Satisfies `vector_rule`.
template <real T = float,                     // scalar type
          exec::policy Exec = exec::threads>  // execution policy
class lbfgs {
 public:
  using scalar = T;
  using exec = Exec;
  using params = lbfgs_params;

  /// n: number of all unknowns.
  struct state {
    view<T> x, g;                // n: the point of the last evaluation
    view<T> base, gradient;      // n: the accepted point
    view<T> q, direction;        // n
    view<T> s, y;                // memory x n
    view<T> rho, alpha;          // memory
    view<T> product;             // 1
    view<vec<T, 3>> products;    // 1
    view<T> scratch;             // of a sum of n numbers
    view<vec<T, 3>> scratch_of;  // of a sum of n vectors
    view<detail::lbfgs_numbers<T>> numbers;
  };

  lbfgs() : lbfgs(params{}) {}
  /// Throws `error` unless memory, first_step and longest_search are positive and 0 < c1 < c2 < 1.
  template <std::same_as<params> P = params>
  explicit lbfgs(P p) : p_(p) {
    if (p.memory < 1) throw error("lbfgs: expected a memory >= 1, got " + std::to_string(p.memory));
    if (p.longest_search < 1)
      throw error("lbfgs: expected a longest search >= 1, got " + std::to_string(p.longest_search));
    if (!(p.first_step > 0))
      throw error("lbfgs: expected a first step > 0, got " + std::to_string(p.first_step));
    if (!(p.decrease > 0 && p.decrease < p.curvature && p.curvature < 1))
      throw error("lbfgs: expected 0 < decrease < curvature < 1, got " + std::to_string(p.decrease) +
                  " and " + std::to_string(p.curvature));
  }

  const params& get_params() const { return p_; }

  /// Takes the state for all blocks: 2 memory + 6 vectors.
  state plan(arena& a, std::span<const extent> blocks) const {
    index_t n = 0;
    for (const extent& b : blocks) n += b.size();
    const index_t scratch = Exec::reduce_scratch(n);
    state s;
    for (view<T> state::*v :
         {&state::x, &state::g, &state::base, &state::gradient, &state::q, &state::direction})
      s.*v = a.take<T>(n);
    s.s = a.take<T>(p_.memory, n);
    s.y = a.take<T>(p_.memory, n);
    s.rho = a.take<T>(p_.memory);
    s.alpha = a.take<T>(p_.memory);
    s.product = a.take<T>(1);
    s.products = a.take<vec<T, 3>>(1);
    s.scratch = a.take<T>(scratch);
    s.scratch_of = a.take<vec<T, 3>>(scratch);
    s.numbers = a.take<detail::lbfgs_numbers<T>>(1);
    return s;
  }

  /// Judges the point of `blocks`, whose loss is `loss` (1 x 1), and moves to the next one.
  void step(const Exec& e, std::span<const parameter_block<T>> blocks, view<const T> loss, state& s) const {
    const index_t n = s.x.rows;
    for_each_part(blocks, [&](const parameter_block<T>& b, index_t first) {
      e.copy(view<const T>(flat(b.value)), s.x.rows_from(first, b.value.size()));
      e.copy(view<const T>(flat(b.gradient)), s.g.rows_from(first, b.value.size()));
    });
    e.reduce(n, detail::lbfgs_dot<T>{s.g, s.direction}, s.product.data, s.scratch);
    const detail::lbfgs_search<T> search{static_cast<T>(p_.decrease), static_cast<T>(p_.curvature),
                                         static_cast<stored_index>(p_.longest_search)};
    e.for_each_index(1, detail::lbfgs_judge_kernel<T>{search, loss, s.product, s.numbers});
    e.for_each_index(n, detail::lbfgs_accept_kernel<T>{s.numbers, s.x, s.g, s.base, s.gradient, s.s, s.y},
                     grain);
    e.reduce(n, detail::lbfgs_products<T>{s.numbers, s.gradient, s.s, s.y}, s.products.data, s.scratch_of);
    e.for_each_index(
        1, detail::lbfgs_pair_kernel<T>{s.products, s.numbers, s.rho, static_cast<T>(p_.first_step)});
    find_direction(e, s);
    e.reduce(n, detail::lbfgs_dot<T>{s.gradient, s.q}, s.product.data, s.scratch);
    e.for_each_index(1, detail::lbfgs_search_kernel<T>{s.product, s.numbers});
    e.for_each_index(n, detail::lbfgs_move_kernel<T>{s.numbers, s.base, s.q, s.direction, s.x}, grain);
    put(e, s.x, blocks);
  }

  /// The accepted point. Synchronises.
  reached_point reached(const state& s) const {
    detail::lbfgs_numbers<T> n;
    Exec::memory::copy_to_host(&n, s.numbers.data, sizeof n);
    return {static_cast<double>(n.loss), static_cast<double>(n.norm), n.moved(),
            n.verdict == detail::lbfgs_verdict::stalled};
  }
  /// Writes the accepted point to the blocks.
  void put_reached(const Exec& e, std::span<const parameter_block<T>> blocks, const state& s) const {
    put(e, s.base, blocks);
  }

 private:
  static constexpr index_t grain = 2048;

  void find_direction(const Exec& e, state& s) const {
    const index_t n = s.x.rows;
    e.copy(view<const T>(s.gradient), s.q);
    for (index_t k = 0; k < p_.memory; ++k) {
      e.reduce(n, detail::lbfgs_row_product<T>{s.numbers, s.s, s.q, k}, s.alpha.data + k, s.scratch);
      e.for_each_index(n, detail::lbfgs_first_loop_kernel<T>{s.numbers, s.y, s.rho, s.alpha, s.q, k}, grain);
    }
    e.for_each_index(n, detail::lbfgs_scale_kernel<T>{s.numbers, s.q}, grain);
    for (index_t k = p_.memory - 1; k >= 0; --k) {
      e.reduce(n, detail::lbfgs_row_product<T>{s.numbers, s.y, s.q, k}, s.product.data, s.scratch);
      e.for_each_index(
          n, detail::lbfgs_second_loop_kernel<T>{s.numbers, s.s, s.rho, s.alpha, s.product, s.q, k}, grain);
    }
  }

  static void put(const Exec& e, view<const T> x, std::span<const parameter_block<T>> blocks) {
    for_each_part(blocks, [&](const parameter_block<T>& b, index_t first) {
      e.copy(x.rows_from(first, b.value.size()), flat(b.value));
    });
  }
  static view<T> flat(view<T> x) { return {x.data, x.size()}; }
  /// Calls f(block, index of its first unknown).
  template <class F>
  static void for_each_part(std::span<const parameter_block<T>> blocks, F&& f) {
    index_t first = 0;
    for (const parameter_block<T>& b : blocks) {
      f(b, first);
      first += b.value.size();
    }
  }

  params p_;
};

lbfgs(lbfgs_params)->lbfgs<float, exec::threads>;

}  // namespace diffam::optim
