#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

// Rules by their names, and the rules that a run does without.
namespace hmm {

// A guard, a filter or an effect as it is named from outside, `of.word`: the step or the kernel
// function in whose text it stands, and the word beside it there. Both must outlive the id; those
// of model/rules.h do.
struct RuleId {
  std::string_view of, word;
  friend constexpr auto operator<=>(const RuleId&, const RuleId&) = default;
};

// The rules that are dropped: the guard never refuses, the filter lets everything pass, the effect
// does not happen. In the order of their names, so that equal sets are equal.
class Drops {
 public:
  static constexpr std::size_t kMost = 16;

  constexpr bool empty() const { return size_ == 0; }
  constexpr std::span<const RuleId> ids() const { return {ids_.data(), size_}; }
  [[gnu::cold, gnu::noinline, gnu::pure]] constexpr bool has(const RuleId& id) const {
    return std::find(ids_.begin(), ids_.begin() + size_, id) != ids_.begin() + size_;
  }
  // One that is there already changes nothing. False if there are kMost others.
  constexpr bool add(const RuleId& id) {
    if (has(id)) return true;
    if (size_ == kMost) return false;
    ids_[size_++] = id;
    std::sort(ids_.begin(), ids_.begin() + size_);
    return true;
  }

  friend constexpr bool operator==(const Drops&, const Drops&) = default;

 private:
  std::array<RuleId, kMost> ids_{};
  unsigned size_ = 0;
};

}  // namespace hmm
