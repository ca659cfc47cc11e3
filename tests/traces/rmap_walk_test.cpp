// Whom a walk of the reverse mappings tells beside those that map the page: vmas that may, as long
// as somebody does who has not been come by.
#include <vector>

#include "tests/traces/conform_text.h"

namespace hmm {
namespace {

using Place = std::pair<unsigned, unsigned>;  // mm, vpn
using Places = std::vector<Place>;

struct Walked : OneProcess, StepListener<RecordingDomain> {
  Places places;
  Walked() {
    caller.observer = this;
    mmap_anon(caller, 0, 0, 3, true, true);
    store(caller, 0, 1, 1);
  }
  void after(const Profile&, const State<D>&, const Step<D>& step, Verdict) override {
    if (const auto* walk = std::get_if<RmapWalk<D>>(&step))
      places.emplace_back(walk->mm.v, walk->vpn.v);
  }
  Places migrate(unsigned mm, unsigned vpn) {
    dmirror_migrate_to_device(caller, table, {2, mm}, vpn, vpn);
    return told();
  }
  Places exclude(unsigned mm, unsigned vpn) {
    CHECK(dmirror_exclusive(caller, table, {2, mm}, vpn, vpn).is(Outcome::ok));
    return told();
  }
  Places evict() {
    dmirror_close(caller, 2);
    return told();
  }

 private:
  Places told() {
    CHECK_FALSE(caller.is_stuck());
    return std::exchange(places, {});
  }
};

// The walk comes by the child's vma before the parent's from here on.
void link_anew(Walked& w) { mprotect(w.caller, {0, 2, 3, true, false}); }

}  // namespace

TEST_CASE("nobody is told of a page that one process maps and migrates") {
  Walked w;
  CHECK(w.migrate(0, 1).empty());
  CHECK(w.evict().empty());
}

TEST_CASE("a walk tells the vma that it unmapped already, if that comes before the other") {
  Walked w;
  fork(w.caller, 0, 1);
  SECTION("the parent's comes first") {
    CHECK(w.migrate(0, 1) == Places{{0, 1}});
    w.evict();
    CHECK(w.migrate(1, 1).empty());
  }
  SECTION("and last when it was split since") {
    link_anew(w);
    CHECK(w.migrate(0, 1).empty());
    w.evict();
    CHECK(w.migrate(1, 1) == Places{{1, 1}});
  }
  SECTION("or when it begins later") {
    munmap(w.caller, 0, 0, 0);
    munmap(w.caller, 1, 3, 3);
    CHECK(w.migrate(0, 1).empty());
    w.evict();
    CHECK(w.migrate(1, 1) == Places{{1, 1}});
  }
}

TEST_CASE("a walk goes through the vmas of a file as through those of an anon_vma") {
  Walked w;
  mmap_shared(w.caller, 0, 2, 3, true, true);
  store(w.caller, 0, 2, 2);
  fork(w.caller, 0, 1);
  load(w.caller, 1, 2);
  CHECK(w.migrate(0, 2) == Places{{0, 2}});
  CHECK(w.migrate(1, 2).empty());
}

TEST_CASE("a walk tells a vma that has lost the page, or never had it") {
  Walked w;
  w.migrate(0, 1);
  SECTION("the parent's, of what is the child's by now") {
    fork(w.caller, 0, 1);
    madvise_dontneed(w.caller, 0, 1, 1);
    CHECK(w.evict() == Places{{0, 1}});
  }
  SECTION("not the parent's, of what the child wrote") {
    w.evict();
    fork(w.caller, 0, 1);
    store(w.caller, 1, 1, 2);
    w.migrate(1, 1);
    CHECK(w.evict().empty());
  }
  SECTION("the same process's, where the page lay before it moved") {
    mremap(w.caller, 0, 1, 3);
    CHECK(w.evict().empty());
    w.migrate(0, 3);
    store(w.caller, 0, 0, 2);
    mmap_anon(w.caller, 0, 1, 1, true, true);
    CHECK(w.evict() == Places{{0, 1}});
  }
}

TEST_CASE("exclusive access walks as a migration does") {
  Walked w;
  fork(w.caller, 0, 1);
  SECTION("to the parent's vma first") { CHECK(w.exclude(0, 1).empty()); }
  SECTION("to the child's first, that is linked longer") {
    link_anew(w);
    CHECK(w.exclude(0, 1) == Places{{1, 1}});
  }
  SECTION("and to the child's alone, of what the child wrote") {
    link_anew(w);
    CHECK(w.exclude(1, 1).empty());
  }
}

}  // namespace hmm
