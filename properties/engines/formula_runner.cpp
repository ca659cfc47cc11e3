#include "properties/engines/formula_runner.h"

#include <algorithm>
#include <stdexcept>

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
  node.op = e.decl().decl_kind();
  if (node.op == Z3_OP_EXTRACT) node.low = e.lo();
  if (node.op == Z3_OP_BNUM) node.number = e.get_numeral_uint64();
  kept_.push_back(e);
  nodes_.push_back(node);
  nodes_of_.emplace(e.id(), nodes_.size() - 1);
  return nodes_.size() - 1;
}

void FormulaRunner::run() {
  for (const Node& n : nodes_) evaluate(n);
}

void FormulaRunner::evaluate(const Node& n) {
  Lanes* const out = &values_[n.first];
  switch (n.op) {
    case Z3_OP_UNINTERPRETED:
      return;
    case Z3_OP_TRUE:
      out[0] = ~Lanes{0};
      return;
    case Z3_OP_FALSE:
      out[0] = 0;
      return;
    case Z3_OP_BNUM:
      for (unsigned b = 0; b < n.width; ++b) out[b] = (n.number >> b & 1) != 0 ? ~Lanes{0} : 0;
      return;
    case Z3_OP_NOT:
      out[0] = ~in(n, 0)[0];
      return;
    case Z3_OP_AND:
      out[0] = ~Lanes{0};
      for (std::size_t i = 0; i < n.args.size(); ++i) out[0] &= in(n, i)[0];
      return;
    case Z3_OP_OR:
      out[0] = 0;
      for (std::size_t i = 0; i < n.args.size(); ++i) out[0] |= in(n, i)[0];
      return;
    case Z3_OP_EQ: {
      Lanes differ = 0;
      for (unsigned b = 0; b < in_width(n, 0); ++b) differ |= in(n, 0)[b] ^ in(n, 1)[b];
      out[0] = ~differ;
      return;
    }
    case Z3_OP_ITE:
      for (unsigned b = 0; b < n.width; ++b)
        out[b] = (in(n, 0)[0] & in(n, 1)[b]) | (~in(n, 0)[0] & in(n, 2)[b]);
      return;
    case Z3_OP_ULT:
      out[0] = ~less_or_equal(in(n, 1), in(n, 0), in_width(n, 0));
      return;
    case Z3_OP_ULEQ:
      out[0] = less_or_equal(in(n, 0), in(n, 1), in_width(n, 0));
      return;
    case Z3_OP_ZERO_EXT:
      for (unsigned b = 0; b < n.width; ++b) out[b] = b < in_width(n, 0) ? in(n, 0)[b] : 0;
      return;
    case Z3_OP_EXTRACT:
      for (unsigned b = 0; b < n.width; ++b) out[b] = in(n, 0)[b + n.low];
      return;
    case Z3_OP_CONCAT: {
      unsigned at = 0;
      for (std::size_t i = n.args.size(); i-- > 0;)
        for (unsigned b = 0; b < in_width(n, i); ++b) out[at++] = in(n, i)[b];
      return;
    }
    case Z3_OP_BADD: {
      std::vector<Lanes> sum(in(n, 0), in(n, 0) + n.width);
      for (std::size_t i = 1; i < n.args.size(); ++i) add_to(sum, in(n, i), false);
      std::copy(sum.begin(), sum.end(), out);
      return;
    }
    case Z3_OP_BSUB: {
      std::vector<Lanes> difference(in(n, 0), in(n, 0) + n.width);
      add_to(difference, in(n, 1), true);
      std::copy(difference.begin(), difference.end(), out);
      return;
    }
    default:
      throw std::logic_error("a formula has an operator that no rule writes");
  }
}

}  // namespace hmm
