#include "properties/engines/formula_runner.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hmm {
namespace {

using Lanes = FormulaRunner::Lanes;

Lanes less_or_equal(const Lanes* a, const Lanes* b, unsigned width) {
  Lanes le = ~Lanes{0};
  for (unsigned i = 0; i < width; ++i) le = (~a[i] & b[i]) | (~(a[i] ^ b[i]) & le);
  return le;
}
// sum += b, or sum -= b as sum + ~b + 1.
void add_to(std::vector<Lanes>& sum, const Lanes* b, bool negate) {
  Lanes carry = negate ? ~Lanes{0} : 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const Lanes x = sum[i], y = negate ? ~b[i] : b[i];
    sum[i] = x ^ y ^ carry;
    carry = (x & y) | (carry & (x ^ y));
  }
}

}  // namespace

std::size_t FormulaRunner::add(const z3::expr& e) {
  const auto found = nodes_of_.find(e.id());
  if (found != nodes_of_.end()) return found->second;
  Node node;
  for (unsigned i = 0; i < e.num_args(); ++i) node.args.push_back(add(e.arg(i)));
  node.width = e.is_bool() ? 1 : e.get_sort().bv_size();
  node.first = bits_;
  bits_ += node.width;
  const Z3_decl_kind op = e.decl().decl_kind();
  node.run = operation_of(op);
  if (op == Z3_OP_EXTRACT) node.low = e.lo();
  if (op == Z3_OP_BNUM) node.number = e.get_numeral_uint64();
  kept_.push_back(e);
  nodes_.push_back(node);
  nodes_of_.emplace(e.id(), nodes_.size() - 1);
  return nodes_.size() - 1;
}

void FormulaRunner::run() {
  for (const Node& n : nodes_) n.run(*this, n, &values_[n.first]);
}

FormulaRunner::Operation FormulaRunner::operation_of(Z3_decl_kind op) {
  using Runner = const FormulaRunner&;
  using N = const Node&;
  static constexpr std::pair<Z3_decl_kind, Operation> operations[]{
      {Z3_OP_UNINTERPRETED, [](Runner, N, Lanes*) {}},
      {Z3_OP_TRUE, [](Runner, N, Lanes* out) { out[0] = ~Lanes{0}; }},
      {Z3_OP_FALSE, [](Runner, N, Lanes* out) { out[0] = 0; }},
      {Z3_OP_BNUM,
       [](Runner, N n, Lanes* out) {
         for (unsigned b = 0; b < n.width; ++b) out[b] = (n.number >> b & 1) != 0 ? ~Lanes{0} : 0;
       }},
      {Z3_OP_NOT, [](Runner r, N n, Lanes* out) { out[0] = ~r.in(n, 0)[0]; }},
      {Z3_OP_AND,
       [](Runner r, N n, Lanes* out) {
         out[0] = ~Lanes{0};
         for (std::size_t i = 0; i < n.args.size(); ++i) out[0] &= r.in(n, i)[0];
       }},
      {Z3_OP_OR,
       [](Runner r, N n, Lanes* out) {
         out[0] = 0;
         for (std::size_t i = 0; i < n.args.size(); ++i) out[0] |= r.in(n, i)[0];
       }},
      {Z3_OP_EQ, [](Runner r, N n, Lanes* out) { r.equal(n, out); }},
      {Z3_OP_ITE,
       [](Runner r, N n, Lanes* out) {
         const Lanes condition = r.in(n, 0)[0];
         for (unsigned b = 0; b < n.width; ++b)
           out[b] = (condition & r.in(n, 1)[b]) | (~condition & r.in(n, 2)[b]);
       }},
      {Z3_OP_ULT,
       [](Runner r, N n, Lanes* out) {
         out[0] = ~less_or_equal(r.in(n, 1), r.in(n, 0), r.in_width(n, 0));
       }},
      {Z3_OP_ULEQ,
       [](Runner r, N n, Lanes* out) {
         out[0] = less_or_equal(r.in(n, 0), r.in(n, 1), r.in_width(n, 0));
       }},
      {Z3_OP_ZERO_EXT,
       [](Runner r, N n, Lanes* out) {
         for (unsigned b = 0; b < n.width; ++b) out[b] = b < r.in_width(n, 0) ? r.in(n, 0)[b] : 0;
       }},
      {Z3_OP_EXTRACT,
       [](Runner r, N n, Lanes* out) { std::copy_n(r.in(n, 0) + n.low, n.width, out); }},
      {Z3_OP_CONCAT, [](Runner r, N n, Lanes* out) { r.concat(n, out); }},
      {Z3_OP_BADD, [](Runner r, N n, Lanes* out) { r.add_up(n, out, false); }},
      {Z3_OP_BSUB, [](Runner r, N n, Lanes* out) { r.add_up(n, out, true); }},
      // No rule multiplies; the solver's simplifier makes it of a value added to itself.
      {Z3_OP_BMUL, [](Runner r, N n, Lanes* out) { r.multiply(n, out); }},
  };
  for (const auto& [kind, operation] : operations)
    if (kind == op) return operation;
  throw std::logic_error("a formula has an operator that no rule writes: " + std::to_string(op));
}

void FormulaRunner::equal(const Node& n, Lanes* out) const {
  Lanes differ = 0;
  for (unsigned b = 0; b < in_width(n, 0); ++b) differ |= in(n, 0)[b] ^ in(n, 1)[b];
  out[0] = ~differ;
}
void FormulaRunner::concat(const Node& n, Lanes* out) const {
  for (std::size_t i = n.args.size(); i-- > 0;) out = std::copy_n(in(n, i), in_width(n, i), out);
}
void FormulaRunner::add_up(const Node& n, Lanes* out, bool negate) const {
  std::vector<Lanes> sum(in(n, 0), in(n, 0) + n.width);
  for (std::size_t i = 1; i < n.args.size(); ++i) add_to(sum, in(n, i), negate);
  std::copy(sum.begin(), sum.end(), out);
}
void FormulaRunner::multiply(const Node& n, Lanes* out) const {
  std::vector<Lanes> product(in(n, 0), in(n, 0) + n.width);
  for (std::size_t i = 1; i < n.args.size(); ++i) {
    std::vector<Lanes> sum(n.width);
    for (unsigned b = 0; b < n.width; ++b) {
      std::vector<Lanes> shifted(n.width);
      for (unsigned j = b; j < n.width; ++j) shifted[j] = product[j - b] & in(n, i)[b];
      add_to(sum, shifted.data(), false);
    }
    product = std::move(sum);
  }
  std::copy(product.begin(), product.end(), out);
}

}  // namespace hmm
