#pragma once
#include <rapidcheck/Random.h>

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "properties/engines/judged_machine.h"

// How RapidCheck's random numbers become steps.
namespace hmm {

// Some kinds of steps.
using Kinds = std::bitset<128>;

// What earlier draws of a run came by. Hashes of states and steps are remembered, and of those that
// collide the later.
class Memory {
 public:
  Memory() : seen_(kSeen) {}

  // From here on has() it.
  void note(std::uint64_t hash) { seen_[hash % kSeen] = hash; }
  bool has(std::uint64_t hash) const { return seen_[hash % kSeen] == hash; }

  void took(std::size_t kind) { ++taken_[kind]; }
  std::uint64_t taken(std::size_t kind) const { return taken_[kind]; }

  // The run leads to a state where steps of these kinds take effect.
  void keep(const PlainSteps& run, const Kinds& kinds);
  // A short run to a state of those whose kinds of steps were seldom come by.
  const PlainSteps& rare_run(rc::Random& random);

 private:
  static constexpr std::size_t kSeen = 1 << 18, kPlaces = 4096;
  // States where steps of the same kinds take effect.
  struct Place {
    Kinds kinds;
    std::uint64_t times = 0;
    PlainSteps run;
  };

  std::array<std::uint64_t, Kinds{}.size()> taken_{};  // by kind
  std::unordered_map<Kinds, std::size_t> known_;       // by kinds, where in places_
  std::vector<Place> places_;
  std::vector<std::uint64_t> seen_;
};

// One sequence: which kinds of steps it does without where it can, and which it takes rarely, so
// that what ends things, such as a device that fails, ends them early, late or not at all.
class Drawer {
 public:
  // Both machines are of the same scope; the second tries steps out.
  Drawer(JudgedMachine& machine, JudgedMachine& other, const Profile& k, Memory& memory,
         const rc::Random& random);

  // Where to begin, as steps from the initial state.
  const PlainSteps& start();
  // A step that takes effect where the machine is after the run; none if there is none.
  std::optional<PlainStep> draw(const PlainSteps& run);

 private:
  // The steps of one kind, in what is enabled.
  struct Kind {
    std::size_t first = 0, count = 0;
  };
  std::vector<Kind> kinds_of(const PlainSteps& enabled) const;
  // Any step but one of a kind that is rare.
  const PlainStep& any_of(const PlainSteps& enabled, const std::vector<Kind>& kinds);
  // One that was not taken from here before and leads to a state not seen before, if any of a few
  // does.
  const PlainStep& new_of(const PlainSteps& enabled, const std::vector<Kind>& kinds);

  JudgedMachine& machine_;
  JudgedMachine& other_;
  const Profile& k_;
  Memory& memory_;
  rc::Random random_;
  // Half of the kinds, of one draw however many there are.
  Kinds drawn();

  Kinds without_, rare_;
  std::vector<unsigned> taken_;  // by kind, how often in this sequence
};

}  // namespace hmm
