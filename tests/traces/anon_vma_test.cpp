// Frames that nobody maps any more name an anon_vma that may be gone, and who follows it there.
#include "tests/traces/conform_text.h"

namespace hmm {
namespace {

// The first page is in the coherent memory of device 2, and held.
struct HeldPage : OneProcess {
  HeldPage() {
    mmap_anon(caller, 0, 0, 0, true, true);
    store(caller, 0, 0, 1);
    dmirror_migrate_to_device(caller, table, {2, 0}, 0, 0);
    CHECK(pin(caller, pipes, 0, 0).is(Outcome::ok));
  }
  bool eviction_walks_freed_anon_vma() {
    caller.walked_freed_anon_vma = false;
    dmirror_close(caller, 2);
    CHECK_FALSE(caller.is_stuck());
    return caller.walked_freed_anon_vma;
  }
};

}  // namespace

TEST_CASE("the anon_vma of a held page goes with the last vma that is linked to it") {
  HeldPage w;
  CHECK_FALSE(w.eviction_walks_freed_anon_vma());
  SECTION("its own") {
    munmap(w.caller, 0, 0, 0);
    CHECK(w.eviction_walks_freed_anon_vma());
    SECTION("and a new one there is another") {
      mmap_anon(w.caller, 0, 0, 0, true, true);
      store(w.caller, 0, 0, 2);
      CHECK(w.eviction_walks_freed_anon_vma());
    }
    SECTION("and with the page nobody names it") {
      unpin(w.caller, w.pipes, 0, 0);
      CHECK_FALSE(w.eviction_walks_freed_anon_vma());
    }
  }
  SECTION("a child's") {
    fork(w.caller, 0, 1);
    munmap(w.caller, 0, 0, 0);
    CHECK_FALSE(w.eviction_walks_freed_anon_vma());
    exit(w.caller, 1);
    CHECK(w.eviction_walks_freed_anon_vma());
  }
  SECTION("a neighbour's that borrowed it") {
    mmap_anon(w.caller, 0, 1, 1, true, false);
    mprotect(w.caller, {0, 1, 1, true, true});
    store(w.caller, 0, 1, 2);
    munmap(w.caller, 0, 0, 0);
    CHECK_FALSE(w.eviction_walks_freed_anon_vma());
    munmap(w.caller, 0, 1, 1);
    CHECK(w.eviction_walks_freed_anon_vma());
  }
  SECTION("one that it moved to") {
    mremap(w.caller, 0, 0, 2);
    CHECK_FALSE(w.eviction_walks_freed_anon_vma());
    munmap(w.caller, 0, 2, 2);
    CHECK(w.eviction_walks_freed_anon_vma());
  }
}

TEST_CASE("a page that a write makes a process's own names its own anon_vma") {
  const bool writes = GENERATE(true, false);
  HeldPage w;
  unpin(w.caller, w.pipes, 0, 0);
  dmirror_close(w.caller, 2);
  mmap_anon(w.caller, 0, 0, 1, true, true);
  store(w.caller, 0, 0, 1);
  fork(w.caller, 0, 1);
  munmap(w.caller, 0, 0, 0);
  if (writes) store(w.caller, 1, 0, 2);
  dmirror_migrate_to_device(w.caller, w.table, {2, 1}, 0, 0);
  CHECK(pin(w.caller, w.pipes, 1, 0).is(Outcome::ok));
  munmap(w.caller, 1, 0, 1);
  // The parent's second page keeps the anon_vma that the page named first.
  CHECK(w.eviction_walks_freed_anon_vma() == writes);
}

TEST_CASE("a kernel may die of a freed anon_vma, and of nothing else") {
  const std::string path =
      std::string(HMM_SOURCE_DIR) + "/traces/defects/restore_walks_freed_anon_vma.txt";
  std::string text = read_input(path);
  CHECK(report_of(text).agreeing == 1);
  text.replace(text.find("-> oops"), 7, "-> hangs");
  CHECK(report_of(text).agreeing == 1);
  ConformOptions mended = options();
  mended.profile.restore_walks_freed_anon_vma = false;
  CHECK(only_divergence(report_of(text, mended)).ends_with("B exit: kernel hangs, model ok"));
  // Without the pin the page is gone before it is evicted.
  std::string unpinned = text;
  const std::size_t at = unpinned.find("A pin 0");
  unpinned.replace(at, std::string("A pin 0").size(), "A load 0");
  unpinned.replace(unpinned.find("ok", at), 2, "0");
  CHECK(only_divergence(report_of(unpinned)).ends_with("B exit: kernel hangs, model ok"));
}

}  // namespace hmm
