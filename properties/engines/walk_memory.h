#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "properties/engines/random.h"

// What a walk remembers, so that it goes where it has not been.
namespace hmm {

// Some of so many kinds of steps.
template <std::size_t kKinds>
class StepSet {
 public:
  bool has(std::size_t kind) const { return (words_[kind / 64] >> kind % 64 & 1) != 0; }
  // Three quarters of them, and a quarter. Two draws, however many kinds there are.
  static StepSet most(Random& random) {
    return drawn(random, [](std::uint64_t a, std::uint64_t b) { return a | b; });
  }
  static StepSet few(Random& random) {
    return drawn(random, [](std::uint64_t a, std::uint64_t b) { return a & b; });
  }

 private:
  template <class Both>
  static StepSet drawn(Random& random, Both both) {
    StepSet set;
    std::uint64_t a = random.next(), b = random.next();
    for (auto& word : set.words_) {
      word = both(a, b);
      a = Random::mixed(a);
      b = Random::mixed(b);
    }
    return set;
  }
  std::array<std::uint64_t, (kKinds + 63) / 64> words_{};
};

// The states that a walk has been to: which of a state's enabled steps were taken, by their place
// among them, and whether it is kept to come back to. Lossy: a state that comes later may take
// another's place, and every 63rd step shares a bit.
class BeenTo {
 public:
  explicit BeenTo(std::uint64_t states) : slots_(std::max<std::uint64_t>(states, 1)) {}

  class State {
   public:
    explicit State(std::uint64_t& bits) : bits_(bits) {}
    bool has_taken(std::size_t place) const { return (bits_ >> place % kBits & 1) != 0; }
    void set_taken(std::size_t place) { bits_ |= std::uint64_t{1} << place % kBits; }
    bool is_kept() const { return (bits_ & kKept) != 0; }
    void set_kept(bool kept) { bits_ = (bits_ & ~kKept) | (kept ? kKept : 0); }

   private:
    static constexpr unsigned kBits = 63;
    static constexpr std::uint64_t kKept = std::uint64_t{1} << kBits;
    std::uint64_t& bits_;
  };
  bool has(std::uint64_t hash) const { return slots_[slot_of(hash)].hash == hash; }
  State at(std::uint64_t hash) {
    Slot& slot = slots_[slot_of(hash)];
    if (slot.hash != hash) slot = {hash, 0};
    return State(slot.bits);
  }
  void expect(std::uint64_t hash) const { __builtin_prefetch(&slots_[slot_of(hash)]); }

 private:
  struct alignas(16) Slot {
    std::uint64_t hash = 0, bits = 0;
  };
  std::size_t slot_of(std::uint64_t hash) const {
    return static_cast<std::size_t>(static_cast<unsigned __int128>(hash) * slots_.size() >> 64);
  }
  std::vector<Slot> slots_;
};

// Paths that begin alike, each step of them once. Who names a path holds it; what nobody holds is
// forgotten.
template <class Id>
class PathTree {
 public:
  using Ref = std::uint32_t;
  static constexpr Ref kEmpty = 0;  // the path of no steps, which nobody need hold

  // The path and one step more, in place of the path.
  Ref longer(Ref path, Id id) {
    const auto length = static_cast<std::uint16_t>(nodes_[path].length + 1);
    const Node node{path, 1, id, length};
    if (free_ == kEmpty) {
      nodes_.push_back(node);
      return static_cast<Ref>(nodes_.size() - 1);
    }
    const Ref at = free_;
    free_ = nodes_[at].parent;
    nodes_[at] = node;
    return at;
  }
  Ref hold(Ref path) {
    ++nodes_[path].holders;
    return path;
  }
  void let_go(Ref path) {
    while (path != kEmpty && --nodes_[path].holders == 0) {
      const Ref parent = nodes_[path].parent;
      nodes_[path].parent = free_;
      free_ = path;
      path = parent;
    }
  }
  unsigned length(Ref path) const { return nodes_[path].length; }
  std::vector<Id> ids(Ref path) const {
    std::vector<Id> out(length(path));
    for (; path != kEmpty; path = nodes_[path].parent) out[length(path) - 1] = nodes_[path].id;
    return out;
  }

 private:
  struct Node {
    Ref parent = kEmpty;  // of one that is forgotten, the next such
    std::uint32_t holders = 1;
    Id id{};
    std::uint16_t length = 0;
  };
  std::vector<Node> nodes_{Node{}};
  Ref free_ = kEmpty;
};

// States with a step that was not taken, by the kind of that step, and the way there: where walks
// begin anew. Where there are too many, later ones replace some of their kind.
template <class State, class Ref, std::size_t kKinds>
class StatesToComeBackTo {
 public:
  struct Kept {
    State state;
    Ref path;
  };

  bool is_empty() const { return size_ == 0; }
  // Gives back what is not kept any longer for it.
  std::optional<Kept> keep(std::size_t kind, const Kept& one, Random& random) {
    auto& some = of_[kind];
    if (size_ < kMost) {
      ++size_;
      some.push_back(one);
      return std::nullopt;
    }
    if (some.empty() || random.below(16) != 0) return one;
    auto& other = some[random.below(static_cast<unsigned>(some.size()))];
    return std::exchange(other, one);
  }
  // One of the kind of which fewest steps were taken, or of any, which is not kept any longer.
  // There is one.
  template <class Less>
  Kept take(const std::array<std::uint64_t, kKinds>& taken, Random& random, Less&& is_shorter) {
    std::array<std::size_t, kKinds> kinds{};
    unsigned n = 0;
    for (std::size_t i = 0; i < kKinds; ++i)
      if (!of_[i].empty()) kinds[n++] = i;
    std::size_t kind = kinds[random.below(n)];
    if (random.below(2) == 0)
      kind = *std::min_element(kinds.begin(), kinds.begin() + n,
                               [&](auto a, auto b) { return taken[a] < taken[b]; });
    auto& some = of_[kind];
    auto* best = &some.back();
    for (int i = 0; i < 4; ++i) {
      auto& other = some[random.below(static_cast<unsigned>(some.size()))];
      if (is_shorter(other.path, best->path)) best = &other;
    }
    std::swap(*best, some.back());
    const Kept out = some.back();
    some.pop_back();
    --size_;
    return out;
  }

 private:
  static constexpr std::size_t kMost = 1 << 21;
  std::array<std::vector<Kept>, kKinds> of_;
  std::size_t size_ = 0;
};

}  // namespace hmm
