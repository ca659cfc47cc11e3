#pragma once
#include <cassert>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "model/domain/symbolic.h"

namespace hmm {

// Evaluates solver formulas on 64 assignments at a time: every bit of every node is one word, whose
// lanes are the assignments. This is how the symbolic text of a step is run on every reachable
// state; it shares nothing with the concrete domain, and the tests hold it against the solver's own
// simplifier.
class FormulaRunner {
 public:
  using Lanes = std::uint64_t;

  // Adds a formula and all it is made of; returns its node.
  std::size_t add(const z3::expr& e);

  // The lanes of bit `bit` of a node. Variables are written, everything else is read after run().
  Lanes& lane(std::size_t node, unsigned bit) {
    assert(node < nodes_.size() && bit < nodes_[node].width);
    return values_[nodes_[node].first + bit];
  }
  unsigned width(std::size_t node) const { return nodes_[node].width; }

  void prepare() { values_.assign(bits_, 0); }
  void run();

 private:
  struct Node;
  // Computes the node's lanes from those of its arguments.
  using Operation = void (*)(const FormulaRunner& all, const Node& n, Lanes* out);
  struct Node {
    Operation run = nullptr;
    unsigned width = 0, low = 0;
    std::uint64_t number = 0;
    std::size_t first = 0;
    std::vector<std::size_t> args;
  };

  const Lanes* in(const Node& n, std::size_t arg) const {
    return &values_[nodes_[n.args[arg]].first];
  }
  unsigned in_width(const Node& n, std::size_t arg) const { return nodes_[n.args[arg]].width; }

  void equal(const Node& n, Lanes* out) const;
  void concat(const Node& n, Lanes* out) const;
  // The first argument plus or, if `negate`, minus the others.
  void add_up(const Node& n, Lanes* out, bool negate) const;
  void multiply(const Node& n, Lanes* out) const;
  // Throws std::logic_error for what no rule writes.
  static Operation operation_of(Z3_decl_kind op);

  std::vector<Node> nodes_;
  std::vector<z3::expr> kept_;  // ids stay taken while the expressions live
  std::unordered_map<unsigned, std::size_t> nodes_of_;
  std::vector<Lanes> values_;
  std::size_t bits_ = 0;
};

}  // namespace hmm
