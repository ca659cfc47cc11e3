#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "properties/engines/engines.h"

namespace hmm {

// How many different hashes were noted: a bit for each, and from the share of bits that are still 0
// follows how many there were (linear counting; K.-Y. Whang et al., 1990). With two bits for each
// of n and more, the standard error is below n to the power of -1/2.
class DistinctCount {
 public:
  // For up to so many. 0 counts nothing.
  explicit DistinctCount(std::uint64_t most = 0) {
    if (most == 0) return;
    constexpr std::uint64_t kLeast = 1 << 16, kMany = 1 << 22;
    words_.resize(std::max(kLeast, most * (most < kMany ? 16 : 2)) / 64);
  }
  void note(std::uint64_t hash) {
    if (words_.empty()) return;
    const auto bit = static_cast<std::uint64_t>(
        static_cast<unsigned __int128>(hash) * (words_.size() * 64) >> 64);
    words_[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
  // `other` counts up to as many.
  void add(const DistinctCount& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  double estimate() const {
    if (words_.empty()) return 0;
    std::uint64_t ones = 0;
    for (const std::uint64_t w : words_) ones += static_cast<unsigned>(std::popcount(w));
    const auto bits = static_cast<double>(words_.size() * 64);
    return -bits * std::log1p(-static_cast<double>(ones) / bits);
  }

 private:
  std::vector<std::uint64_t> words_;
};

// Which share of a scope's states and edges a walk has come by.
class Coverage {
 public:
  explicit Coverage(const ScopeTotals& totals) : states_(totals.states) {
    for (const std::uint64_t edges : totals.edges) edges_.emplace_back(edges);
  }
  bool is_measured() const { return !edges_.empty(); }
  void note_state(std::uint64_t hash) { states_.note(hash); }
  void note_edge(std::size_t kind, std::uint64_t hash) {
    if (is_measured()) edges_[kind].note(hash);
  }
  void add(const Coverage& other) {
    states_.add(other.states_);
    for (std::size_t i = 0; i < edges_.size(); ++i) edges_[i].add(other.edges_[i]);
  }
  Reached reached() const {
    Reached out{states_.estimate(), {}};
    for (const auto& one : edges_) out.edges.push_back(one.estimate());
    return out;
  }

 private:
  DistinctCount states_;
  std::vector<DistinctCount> edges_;  // by step
};

}  // namespace hmm
