// What may be called by another name is, wherever it stands: "one bug, one text".
#include <catch2/catch.hpp>

#include "model/scopes.h"
#include "traces/shrink.h"
#include "traces/text.h"

namespace hmm {
namespace {

// Every step takes effect and changes nothing, so that only names count.
class AnythingGoes : public Machine {
 public:
  const Scope& scope() const override { return scope_; }
  void restart(const Leaves*) override {}
  Leaves leaves() const override { return {}; }
  Verdict take(const Profile&, const PlainStep&) override { return Verdict::ok; }

 private:
  Scope scope_ = kLarge;
};

// Shrunk for as long as the two steps stay, with the same number in their first fields.
std::string shrunk(std::string_view first, std::string_view second) {
  const PlainSteps steps{parse_step(kLarge, first, {}), parse_step(kLarge, second, {})};
  const auto fails = [&](const PlainSteps& candidate) {
    return candidate.size() == 2 && candidate[0].kind == steps[0].kind &&
           candidate[1].kind == steps[1].kind && candidate[0].values[0] == candidate[1].values[0];
  };
  AnythingGoes machine;
  std::string text;
  for (const auto& step : shrink(machine, Profile{}, steps, fails)) text += print_step(step) + "\n";
  return text;
}

}  // namespace

TEST_CASE("the slots of a table have one name, whoever may use them") {
  CHECK(shrunk("mmu_interval_read_begin slot=1 device=0 mm=0 vpn=0 write=0",
               "page_make_device_exclusive_one slot=1") ==
        "mmu_interval_read_begin slot=0 device=0 mm=0 vpn=0 write=0\n"
        "page_make_device_exclusive_one slot=0\n");
  CHECK(shrunk("migrate_device_range slot=1 pfn=5", "migrate_vma_end slot=1") ==
        "migrate_device_range slot=0 pfn=5\nmigrate_vma_end slot=0\n");
  CHECK(shrunk("clear_refs_write slot=1 mm=0", "mn_itree_invalidate slot=1 device=0") ==
        "clear_refs_write slot=0 mm=0\nmn_itree_invalidate slot=0 device=0\n");
  CHECK(shrunk("shmem_zero_setup file=1 mm=0 first=0 last=0 read=0 write=0",
               "shmem_fault file=1 mm=0 vpn=0 write=0 pfn=1") ==
        "shmem_zero_setup file=0 mm=0 first=0 last=0 read=0 write=0\n"
        "shmem_fault file=0 mm=0 vpn=0 write=0 pfn=1\n");
}

// A slot sort that nobody renames would stay at 1 here.
TEST_CASE("whatever names one of several is renamed in every step") {
  for (std::size_t kind = 0; kind < step_shapes().size(); ++kind) {
    const StepShape& shape = step_shapes()[kind];
    PlainStep step{kind, {}};
    for (const auto& field : shape.fields)
      step.values.push_back(range_of(field.sort, kLarge).first);
    for (std::size_t f = 0; f < shape.fields.size(); ++f) {
      const Sort& sort = shape.fields[f].sort;
      if (sort.noun != Noun::slot || range_of(sort, kLarge).count < 2) continue;
      CAPTURE(shape.name, shape.fields[f].name);
      PlainStep other = step;
      other.values[f] += 1;
      // Twice, so that no single value can be lowered: only both at once, by a name.
      const auto fails = [&](const PlainSteps& candidate) {
        return candidate.size() == 2 && candidate[0].kind == kind && candidate[0] == candidate[1];
      };
      AnythingGoes machine;
      CHECK(shrink(machine, Profile{}, {other, other}, fails) == PlainSteps{step, step});
    }
  }
}

}  // namespace hmm
