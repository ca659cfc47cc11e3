#pragma once
#include <cassert>
#include <cstdint>

#include "properties/engines/blocks.h"
#include "properties/engines/pack.h"

namespace hmm {

// Packed states, each once, numbered in the order in which they came: an open hash table of those
// numbers. Hashes are 32 bits; their upper four stand beside the number, so that few looks at a
// state are for nothing.
template <class Packed>
class StateTable {
 public:
  static constexpr std::size_t kMax = (1 << 28) - 1;  // states; no more may be inserted

  std::size_t size() const { return states_.size(); }
  const Packed& operator[](std::size_t i) const { return states_[i]; }
  std::size_t bytes() const { return size() * sizeof(Packed) + slots_.size() * sizeof(Slot); }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& block : states_)
      for (const auto& packed : block) visit(packed);
  }

  // A look-up misses the cache twice: in the table, then in the states. These ask for the one, and
  // some look-ups later for the other.
  void expect(std::uint32_t hash) const { __builtin_prefetch(&slots_[slot_of(hash)]); }
  void expect_state(std::uint32_t hash) const {
    const Slot slot = slots_[find(slot_of(hash), hash)];
    if (!slot.empty()) __builtin_prefetch(&states_[slot.index()]);
  }

  // The state's number; size() if it is not there. `hash` as of insert().
  std::size_t index_of(const Packed& packed, std::uint32_t hash) const {
    for (std::size_t at = find(slot_of(hash), hash); !slots_[at].empty();
         at = find(slot_of(at + 1), hash))
      if (equal_words(states_[slots_[at].index()], packed)) return slots_[at].index();
    return size();
  }

  // False if it was there. `hash` is the low half of the state's hash_words().
  bool insert(const Packed& packed, std::uint32_t hash) {
    assert(size() < kMax);
    std::size_t at = find(slot_of(hash), hash);
    for (; !slots_[at].empty(); at = find(slot_of(at + 1), hash))
      if (equal_words(states_[slots_[at].index()], packed)) return false;
    slots_[at] = Slot(size(), hash);
    states_.push_back(packed);
    if (size() * 4 > slots_.size() * 3) grow();
    return true;
  }

 private:
  class Slot {
   public:
    Slot() = default;
    Slot(std::size_t index, std::uint32_t hash)
        : word_(tag(hash) << 28 | static_cast<std::uint32_t>(index + 1)) {}
    bool empty() const { return word_ == 0; }
    bool may_be(std::uint32_t hash) const { return word_ >> 28 == tag(hash); }
    std::size_t index() const { return (word_ & kMax) - 1; }

   private:
    static std::uint32_t tag(std::uint32_t hash) { return hash >> 28; }
    std::uint32_t word_ = 0;
  };
  using Slots = std::vector<Slot, HugePages<Slot>>;

  std::size_t slot_of(std::size_t hash) const { return hash & (slots_.size() - 1); }
  // From a slot on, the first that is empty or may be of the state.
  std::size_t find(std::size_t at, std::uint32_t hash) const {
    while (!slots_[at].empty() && !slots_[at].may_be(hash)) at = slot_of(at + 1);
    return at;
  }
  void grow() {
    slots_ = Slots(slots_.size() * 2);
    constexpr std::size_t kAhead = 16;
    for (std::size_t i = 0; i < size(); ++i) {
      if (i + kAhead < size()) expect(static_cast<std::uint32_t>(hash_words(states_[i + kAhead])));
      const auto hash = static_cast<std::uint32_t>(hash_words(states_[i]));
      std::size_t at = slot_of(hash);
      while (!slots_[at].empty()) at = slot_of(at + 1);
      slots_[at] = Slot(i, hash);
    }
  }

  Blocks<Packed> states_;
  Slots slots_ = Slots(1 << 12);
};

}  // namespace hmm
