// What a page table entry has stays with the page, wherever fork, mremap, mprotect, a migration or
// exclusive access take it; what may change is named here. A field that entries get later is asked
// for as well, by its own line in Pte::fields().
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "model/run.h"
#include "model/scopes.h"

namespace hmm {
namespace {

using D = Concrete<kPair>;
using Num = Small;

const Profile kProfile{};
constexpr unsigned kFrame = 1;

// A process with one anonymous page, and an open range over it.
State<D> one_page(RangeOp op) {
  State<D> s = initial_state<D>();
  s.vma.set({.mapped = true, .read = true, .write = true}, Num(0), Num(0));
  s.pte.set(present_pte<D>(Num(kFrame), true, true), Num(0), Num(0));
  s.page.set({.refcount = 1, .mapcount = 1, .lru = true, .anon = true}, Num(kFrame));
  open_range<D>(Effects<D>(kProfile, "kept_test"), s, Num(0), op, Num(0), Num(0), Num(0));
  for (auto& pending : s.invalidation.slot[0].pending.slot) pending = false;
  return s;
}

struct Transition {
  const char* what;
  RangeOp op;
  void (*take)(State<D>&);
  unsigned mm, vpn;  // where the entry is then
  std::set<std::string> changes;
};

template <class S>
void take_effect(State<D>& s, const S& step) {
  REQUIRE(takes_effect(take<D>(kProfile, s, step)));
}

const Transition kTransitions[] = {
    {"mremap",
     RangeOp::mremap,
     [](State<D>& s) {
       s.invalidation.slot[0].to = 1;
       take_effect(s, MovePtes<D>{.slot = 0, .vpn = 0});
     },
     0,
     1,
     {"soft_dirty"}},
    {"fork, in the child",
     RangeOp::fork,
     [](State<D>& s) {
       s.invalidation.slot[0].child = 1;
       take_effect(s, CopyPteRange<D>{.slot = 0, .vpn = 0});
     },
     1,
     0,
     {"write", "exclusive"}},
    {"fork, in the parent",
     RangeOp::fork,
     [](State<D>& s) {
       s.invalidation.slot[0].child = 1;
       take_effect(s, CopyPteRange<D>{.slot = 0, .vpn = 0});
     },
     0,
     0,
     {"write", "exclusive"}},
    {"mprotect",
     RangeOp::mprotect,
     [](State<D>& s) { take_effect(s, ChangePteRange<D>{.slot = 0, .vpn = 0}); },
     0,
     0,
     {"read", "write"}},
    {"collect",
     RangeOp::migrate,
     [](State<D>& s) {
       s.migration.slot[0] = {.stage = num<D>(MigrationStage::setup), .to_device = true};
       take_effect(s, MigrateVmaCollect<D>{.slot = 0});
     },
     0,
     0,
     {"kind", "read", "exclusive", "dirty"}},
    {"collect, and back",
     RangeOp::migrate,
     [](State<D>& s) {
       s.migration.slot[0] = {.stage = num<D>(MigrationStage::setup), .to_device = true};
       take_effect(s, MigrateVmaCollect<D>{.slot = 0});
       remove_migration_ptes<D>(kProfile, s, Num(kFrame), Num(kFrame));
     },
     0,
     0,
     {"exclusive", "dirty"}},
    {"exclusive access",
     RangeOp::exclusive,
     [](State<D>& s) {
       s.device_fault.slot[0] = {.stage = num<D>(DeviceFaultStage::excluding), .pfn = kFrame};
       take_effect(s, PageMakeDeviceExclusiveOne<D>{.slot = 0});
     },
     0,
     0,
     {"kind", "read", "dirty"}},
    {"exclusive access, and back",
     RangeOp::exclusive,
     [](State<D>& s) {
       s.device_fault.slot[0] = {.stage = num<D>(DeviceFaultStage::excluding), .pfn = kFrame};
       take_effect(s, PageMakeDeviceExclusiveOne<D>{.slot = 0});
       restore_exclusive_pte<D>(kProfile, s, Num(0), Num(0));
     },
     0,
     0,
     {"exclusive", "dirty", "soft_dirty"}},
};

}  // namespace

TEST_CASE("an entry keeps what nothing says to change") {
  for (const Transition& t : kTransitions) {
    CAPTURE(t.what);
    std::size_t kept = 0;
    for_each_field<Pte<D>>([&](const auto& set) {
      State<D> s = one_page(t.op);
      auto& pte = s.pte.slot[0];
      // The rights and the frame are as they are; everything else is set, one by one.
      if (leaf_value(pte.*set.at) == 0) set_leaf(pte.*set.at, 1);
      const Pte<D> before = pte;
      t.take(s);
      const Pte<D> after = s.pte.at(Num(t.mm), Num(t.vpn));
      for_each_field<Pte<D>>([&](const auto& f) {
        if (t.changes.contains(f.name)) return;
        CAPTURE(set.name, f.name);
        CHECK(leaf_value(after.*f.at) == leaf_value(before.*f.at));
        kept += leaf_value(before.*f.at) != 0 ? 1 : 0;
      });
    });
    CHECK(kept > 0);
  }
}

// What fork and mremap copy of a vma is all of it.
TEST_CASE("a vma is copied whole") {
  for_each_field<Vma<D>>([&](const auto& set) {
    CAPTURE(set.name);
    State<D> s = initial_state<D>();
    Vma<D> vma{.mapped = true, .read = true};
    set_leaf(vma.*set.at, 1);
    s.vma.set(vma, Num(0), Num(0));
    State<D> moved = s;
    take_effect(s, DupMmap<D>{.slot = 0, .mm = 0, .child = 1});
    CHECK(same(s.vma.at(Num(1), Num(0)), vma));
    take_effect(moved, MoveVma<D>{.slot = 0, .mm = 0, .from = 0, .to = 1});
    CHECK(same(moved.vma.at(Num(0), Num(1)), vma));
  });
}

}  // namespace hmm
