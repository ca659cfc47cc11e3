#include "properties/engines/rapid_draw.h"

#include <cassert>

#include "model/step_infos.h"

namespace hmm {
namespace {

std::uint64_t mixed(std::uint64_t h, std::uint64_t more) {
  h = (h ^ more) * 0x9e3779b97f4a7c15u;
  return h ^ h >> 29;
}
std::uint64_t hash_of(const Leaves& leaves) {
  std::uint64_t h = leaves.size(), word = 0;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    word = word << 8 | leaves[i];
    if (i % 8 == 7) h = mixed(h, word);
  }
  return mixed(h, word);
}
// Of a step that is taken from the state of that hash.
std::uint64_t hash_of(std::uint64_t from, const PlainStep& step) {
  std::uint64_t h = mixed(from, step.kind + 1);
  for (const unsigned v : step.values) h = mixed(h, v);
  return h;
}

const PlainSteps kNoSteps;

}  // namespace

void Memory::keep(const PlainSteps& run, const Kinds& kinds) {
  if (const auto known = known_.find(kinds); known != known_.end()) {
    Place& place = places_[known->second];
    ++place.times;
    if (run.size() < place.run.size()) place.run = run;
    return;
  }
  // Where there is no room, in the place of any other.
  std::size_t at = places_.size();
  if (at == kPlaces) {
    at = mixed(std::hash<Kinds>{}(kinds), at) % kPlaces;
    known_.erase(places_[at].kinds);
  } else {
    places_.emplace_back();
  }
  places_[at] = {kinds, 1, run};
  known_.emplace(kinds, at);
}

const PlainSteps& Memory::rare_run(rc::Random& random) {
  constexpr unsigned kOf = 4;
  if (places_.empty()) return kNoSteps;
  const auto any = [&]() -> Place& { return places_[random.next() % places_.size()]; };
  Place* rarest = &any();
  for (unsigned i = 1; i < kOf; ++i)
    if (Place& other = any(); other.times < rarest->times) rarest = &other;
  // Not the same over and over, if it is the end of the matter.
  ++rarest->times;
  return rarest->run;
}

Drawer::Drawer(JudgedMachine& machine, JudgedMachine& other, const Profile& k, Memory& memory,
               const rc::Random& random)
    : machine_(machine), other_(other), k_(k), memory_(memory), random_(random) {
  assert(step_infos().size() <= Kinds{}.size());
  taken_.resize(step_infos().size());
  const auto quarter = [&] { return drawn() & drawn(); };
  // None, an eighth or a quarter of the kinds.
  const unsigned swarm = random_.next() % 4;
  if (swarm >= 2) without_ = quarter();
  if (swarm == 2) without_ &= drawn();
  rare_ = quarter();
}

Kinds Drawer::drawn() {
  const std::uint64_t bits = random_.next();
  return Kinds(bits) | Kinds(mixed(bits, 1)) << 64;
}

const PlainSteps& Drawer::start() {
  constexpr unsigned kFromTheBeginning = 8;  // once in so many
  return random_.next() % kFromTheBeginning == 0 ? kNoSteps : memory_.rare_run(random_);
}

std::vector<Drawer::Kind> Drawer::kinds_of(const PlainSteps& enabled) const {
  std::vector<Kind> all, kinds;
  for (std::size_t i = 0; i < enabled.size(); ++i) {
    if (i == 0 || enabled[i].kind != enabled[i - 1].kind) all.push_back({i, 0});
    ++all.back().count;
  }
  // One that was never taken goes before all others.
  for (const Kind& one : all)
    if (memory_.taken(enabled[one.first].kind) == 0) kinds.push_back(one);
  if (!kinds.empty()) return kinds;
  for (const Kind& one : all)
    if (!without_[enabled[one.first].kind]) kinds.push_back(one);
  return kinds.empty() ? all : kinds;
}

const PlainStep& Drawer::any_of(const PlainSteps& enabled, const std::vector<Kind>& kinds) {
  constexpr unsigned kDraws = 24, kRare = 32;
  for (unsigned i = 1;; ++i) {
    const std::uint64_t bits = random_.next();
    // Of two kinds the one that this sequence has taken less often.
    const Kind &a = kinds[(bits & 0xffff) % kinds.size()],
               &b = kinds[(bits >> 16 & 0xffff) % kinds.size()];
    const bool less = taken_[enabled[a.first].kind] <= taken_[enabled[b.first].kind];
    const Kind& kind = less ? a : b;
    const PlainStep& step = enabled[kind.first + (bits >> 32 & 0xffff) % kind.count];
    if (!rare_[step.kind] || (bits >> 48) % kRare == 0 || i == kDraws) return step;
  }
}

const PlainStep& Drawer::new_of(const PlainSteps& enabled, const std::vector<Kind>& kinds) {
  constexpr unsigned kTries = 4;
  const Leaves leaves = machine_.leaves();
  const std::uint64_t from = hash_of(leaves);
  const PlainStep* best = nullptr;
  unsigned most = 0;
  for (unsigned i = 0; i < kTries && most != 3; ++i) {
    const PlainStep& step = any_of(enabled, kinds);
    other_.restart(&leaves);
    other_.take(k_, step);
    const unsigned is_new = (memory_.has(hash_of(other_.leaves())) ? 0u : 2u) +
                            (memory_.has(hash_of(from, step)) ? 0u : 1u);
    if (best != nullptr && is_new <= most) continue;
    best = &step;
    most = is_new;
  }
  memory_.note(from);
  memory_.note(hash_of(from, *best));
  return *best;
}

std::optional<PlainStep> Drawer::draw(const PlainSteps& run) {
  constexpr unsigned kAnyway = 8;  // once in so many, whether it is new or not
  const PlainSteps enabled = machine_.enabled(k_);
  if (enabled.empty()) return std::nullopt;
  Kinds kinds_enabled;
  for (const auto& step : enabled) kinds_enabled.set(step.kind);
  memory_.keep(run, kinds_enabled);
  const std::vector<Kind> kinds = kinds_of(enabled);
  const bool anyway = random_.next() % kAnyway == 0;
  const PlainStep& step = anyway ? any_of(enabled, kinds) : new_of(enabled, kinds);
  ++taken_[step.kind];
  memory_.took(step.kind);
  return step;
}

}  // namespace hmm
