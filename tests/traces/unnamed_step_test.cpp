// What stands beside the state follows steps by what they do: here are some that nothing else
// names.
#include "tests/traces/conform_text.h"

namespace hmm {
namespace {

using D = RecordingDomain;
using Num = D::Num;

constexpr Num kA(0), kB(1), kPage(1), kFrame(3);

// A process with one page mapped, and a frame that something holds, so that it outlives its vma.
struct HeldFrame : OneProcess {
  HeldFrame() {
    mmap_anon(caller, 0, 1, 1, true, true);
    caller.areas.prepare_anon(0, 1);
  }
  template <class Apply>
  struct Step {
    static constexpr const char* name = "none_of_the_model";
    Apply change;
    void apply(const Profile& k, State<D>& s, const Num&) const { change(k, s); }
  };
  // Takes a step of the test's own.
  template <class Apply>
  void take(Apply&& change) {
    caller.take_effect(Step<Apply>{change}, num<D>(Verdict::ok));
  }
  bool loses_frame_with(unsigned mm) {
    take([](const Profile&, State<D>& s) { get_page<D>(s, kFrame); });
    const bool had = caller.areas.names_freed_anon_vma(kFrame.v);
    munmap(caller, mm, 1, 1);
    CHECK_FALSE(caller.is_stuck());
    return !had && caller.areas.names_freed_anon_vma(kFrame.v);
  }
};

void map_anonymous_page(const Profile& k, State<D>& s) {
  alloc_page<D>(s, kFrame, Num(0));
  add_new_anon_rmap<D>(k, s, kFrame);
  add_lru<D>(s, kFrame);
  s.pte.set(pte_mkdirty<D>(present_pte<D>(kFrame, true, true)), kA, kPage);
}

}  // namespace

TEST_CASE("a frame names the anon_vma of the vma that it becomes anonymous memory in") {
  HeldFrame w;
  w.take(map_anonymous_page);
  CHECK(w.loses_frame_with(0));
}

TEST_CASE("a frame that is no anonymous memory names none") {
  HeldFrame w;
  w.take(map_anonymous_page);
  w.take([](const Profile&, State<D>& s) {
    s.page.update([](Page<D>& p) { p.anon = p.anon_exclusive = false; }, kFrame);
  });
  CHECK_FALSE(w.loses_frame_with(0));
}

TEST_CASE("a frame that a process gets to itself names that process's anon_vma") {
  const bool writes = GENERATE(true, false);
  HeldFrame w;
  w.take(map_anonymous_page);
  fork(w.caller, 0, 1);
  // The parent's vma stays, and with it the anon_vma that the frame names so far.
  w.take([](const Profile& k, State<D>& s) {
    s.pte.set(Pte<D>{}, kA, kPage);
    remove_rmap<D>(s, kFrame);
    put_page<D>(k, s, kFrame);
  });
  SECTION("by the right to write, or by the page's own flag") {
    w.take([&](const Profile&, State<D>& s) {
      if (writes)
        s.pte.update([](Pte<D>& p) { p.write = true; }, kB, kPage);
      else
        s.page.update([](Page<D>& p) { p.anon_exclusive = true; }, kFrame);
    });
    CHECK(w.loses_frame_with(1));
  }
  SECTION("and not by anything else") {
    w.take([](const Profile&, State<D>& s) { get_page<D>(s, kFrame); });
    CHECK_FALSE(w.loses_frame_with(1));
  }
}

TEST_CASE("a frame that takes another's place names what that named") {
  HeldFrame w;
  w.take(map_anonymous_page);
  const Num other(5);
  w.take([&](const Profile&, State<D>& s) {
    s.pte.set(Pte<D>{}, kA, kPage);
    s.page.set(s.page.at(kFrame), other);
    s.page.set(Page<D>{}, kFrame);
    s.migrate_entry.update(
        [&](MigrateEntry<D>& e) { e = {.src = kFrame, .dst = other, .has_dst = true}; }, Num(0),
        kPage);
  });
  CHECK_FALSE(w.caller.areas.names_freed_anon_vma(other.v));
  w.caller.areas.unmap(0, 1, 1);
  CHECK(w.caller.areas.names_freed_anon_vma(other.v));
  CHECK_FALSE(w.caller.areas.names_freed_anon_vma(kFrame.v));
  // It is followed there by whoever puts it where the other was.
  CHECK_FALSE(w.caller.walked_freed_anon_vma);
  w.take([&](const Profile& k, State<D>& s) { remove_migration_ptes<D>(k, s, kFrame, other); });
  CHECK(w.caller.walked_freed_anon_vma);
}

TEST_CASE("whoever removes the migration entries of a frame follows it to its anon_vma") {
  HeldFrame w;
  w.take(map_anonymous_page);
  const auto walk = [](const Profile& k, State<D>& s) {
    remove_migration_ptes<D>(k, s, kFrame, kFrame);
  };
  w.take(walk);
  CHECK_FALSE(w.caller.walked_freed_anon_vma);
  CHECK(w.loses_frame_with(0));
  w.take([](const Profile&, State<D>& s) { get_page<D>(s, kFrame); });
  CHECK_FALSE(w.caller.walked_freed_anon_vma);
  w.take(walk);
  CHECK(w.caller.walked_freed_anon_vma);
}

TEST_CASE("the driver hears of whatever a step tells its device of, and of no other") {
  HeldFrame w;
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    for (unsigned v = 0; v < kRecordedPages; ++v) w.table.at(d, 0, v).valid = true;
  w.profile.dmirror_update_end_inclusive = false;
  w.take([](const Profile& k, State<D>& s) {
    invalidate<D>(k, s, Num(2), kA, false, false, [](unsigned v) { return v == 1; });
  });
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    for (unsigned v = 0; v < kRecordedPages; ++v)
      CHECK(w.table.at(d, 0, v).valid == !(d == 2 && v == 1));
  // A migration of its own it does not listen to.
  w.take([](const Profile& k, State<D>& s) {
    invalidate<D>(k, s, Num(3), kA, true, false, [](unsigned) { return true; });
  });
  CHECK(w.table.at(3, 0, 1).valid);
}

}  // namespace hmm
