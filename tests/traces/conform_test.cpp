#include <catch2/catch.hpp>
#include <set>

#include "tests/traces/conform_text.h"
#include "tools/runs/recording_properties.h"

namespace hmm {
namespace {

// The first calls of trace 2 of recordings/linux-6.12.txt and what follows from them: a page goes
// to device 1, is shared by fork, and the child's load brings it home for both.
const std::string kSample =
    "trace 2\n"
    "A mmap 0-3 rw anon -> ok\n"
    "= A -,sd -,sd -,sd -,sd | d0 00 00 00 00 | d1 00 00 00 00 | d2 00 00 00 00 | d3 00 00 00 00\n"
    "A store 1 1 -> ok\n"
    "= A -,sd f0,m1,x,sd -,sd -,sd | d0 00 02 00 00 | d1 00 02 00 00 | d2 00 02 00 00 | d3 00 02 "
    "00 "
    "00\n"
    "A migrate_to_dev d1 1-1 -> ok cpages=1 1\n"
    "= A -,sd t27:f0,sd -,sd -,sd | d0 00 00 00 00 | d1 00 22 00 00 | d2 00 00 00 00 | d3 00 00 00 "
    "00\n"
    "A fork B -> ok\n"
    "= A -,sd t28:f0,sd -,sd -,sd | d0 00 00 00 00 | d1 00 21 00 00 | d2 00 00 00 00 | d3 00 00 00 "
    "00\n"
    "= B -,sd t28:f0,sd -,sd -,sd | d0 00 00 00 00 | d1 00 21 00 00 | d2 00 00 00 00 | d3 00 00 00 "
    "00\n"
    "B dread d1 1-1 -> ok cpages=1 faults=1 1\n"
    "= A -,sd t28:f0,sd -,sd -,sd | d0 00 00 00 00 | d1 00 21 00 00 | d2 00 00 00 00 | d3 00 00 00 "
    "00\n"
    "= B -,sd t28:f0,sd -,sd -,sd | d0 00 00 00 00 | d1 00 21 00 00 | d2 00 00 00 00 | d3 00 00 00 "
    "00\n"
    "B load 1 -> 1\n"
    "= A -,sd f0,m2,sd -,sd -,sd | d0 00 01 00 00 | d1 00 01 00 00 | d2 00 01 00 00 | d3 00 01 00 "
    "00\n"
    "= B -,sd f0,m2,sd -,sd -,sd | d0 00 01 00 00 | d1 00 01 00 00 | d2 00 01 00 00 | d3 00 01 00 "
    "00\n"
    "end\n";

// The report of the sample with the one place that reads `was` changed to `is`, from `after` on.
ConformReport tampered(const std::string& after, const std::string& was, const std::string& is) {
  std::string text = kSample;
  const std::size_t at = text.find(was, text.find(after));
  REQUIRE(at != text.npos);
  text.replace(at, was.size(), is);
  return report_of(text);
}

TEST_CASE("what the kernel did the model does") {
  const ConformReport r = report_of(kSample);
  for (const auto& d : r.divergences) UNSCOPED_INFO(print_divergence(d));
  CHECK(r.traces == 1);
  CHECK(r.agreeing == 1);
  CHECK(r.calls == 6);
  CHECK(r.agreeing_calls == 6);
  CHECK(r.divergences.empty());
  CHECK(r.unknown.empty());
}

TEST_CASE("frames are compared up to their names") {
  std::string text = kSample;
  for (std::size_t at = 0; (at = text.find("f0", at)) != text.npos;) text.replace(at, 2, "f7");
  CHECK(report_of(text).agreeing == 1);
}

TEST_CASE("one changed value diverges at its line") {
  CHECK(only_divergence(tampered("B load", "-> 1", "-> 2")) ==
        "r.txt:14: B load 1: kernel 2, model 1");
  CHECK(only_divergence(tampered("A migrate", "cpages=1 1", "cpages=1 2")) ==
        "r.txt:6: A migrate_to_dev d1 1-1: kernel ok cpages=1 2, model ok cpages=1 1");
  CHECK(only_divergence(tampered("B dread", "faults=1", "faults=0")) ==
        "r.txt:11: B dread d1 1-1: kernel ok cpages=1 faults=0 1, model ok cpages=1 faults=1 1");
}

TEST_CASE("one changed pte or snapshot diverges at its line") {
  CHECK(only_divergence(tampered("A migrate", "t27:f0", "t28:f0")) ==
        "r.txt:7: A migrate_to_dev d1 1-1: kernel A page 1 t28:f0,sd, model t27:f0,sd");
  CHECK(only_divergence(tampered("= B -,sd f0", "f0,m2", "f1,m2")) ==
        "r.txt:16: B load 1: kernel B page 1 f1,m2,sd, model f0,m2,sd");
  CHECK(only_divergence(tampered("A store", "f0,m1,x", "f0,m1")) ==
        "r.txt:5: A store 1 1: kernel A page 1 f0,m1,sd, model f0,m1,x,sd");
  CHECK(only_divergence(tampered("A migrate", "d1 00 22", "d1 00 21")) ==
        "r.txt:7: A migrate_to_dev d1 1-1: kernel A snapshot d1 page 1 21, model 22");
}

TEST_CASE("the kernel that recorded gives the numbers of the swap types") {
  const ConformReport r = report_of(kSample, options(SwapKernel::v6_1));
  CHECK(only_divergence(r) ==
        "r.txt:7: A migrate_to_dev d1 1-1: kernel A page 1 t27:f0,sd, model t26:f0,x,sd");
}

TEST_CASE("a call the model does not know ends the judgement and does not agree") {
  std::string text = kSample;
  text.replace(text.find("A store 1 1 -> ok"), 17, "A store 1 99 -> ok");
  const ConformReport r = report_of(text);
  CHECK(r.agreeing == 0);
  CHECK(r.not_to_the_end == 1);
  CHECK(r.judged == 1);
  CHECK(r.divergences.empty());
  CHECK(r.unknown.at("store of a value beyond the scope") == 1);
}

TEST_CASE("a bug put into the model diverges") {
  ConformOptions o = options();
  o.profile.fork_downgrades_private = false;
  CHECK(only_divergence(report_of(kSample, o)) ==
        "r.txt:9: A fork B: kernel A page 1 t28:f0,sd, model t27:f0,sd");
}

TEST_CASE("a divergence shows the state before and the model's steps") {
  const ConformReport r = tampered("A store", "f0,m1,x", "f0,m1");
  REQUIRE(r.divergences.size() == 1);
  CHECK(print_divergence_in_full(r.divergences[0]) ==
        "r.txt:5: A store 1 1: kernel A page 1 f0,m1,sd, model f0,m1,x,sd\n"
        "  before the call:\n"
        "    = A -,sd -,sd -,sd -,sd | d0 00 00 00 00 | d1 00 00 00 00 | d2 00 00 00 00 | d3 00 00 "
        "00 00\n"
        "  the model's steps:\n"
        "    do_anonymous_page mm=0 vpn=1 pfn=1 -> ok\n"
        "    cpu_store mm=0 vpn=1 value=1 -> ok");
}

TEST_CASE("a diverging trace shrinks to the calls that matter, and still diverges there") {
  const ConformReport r = tampered("B load", "-> 1", "-> 2");
  REQUIRE(r.divergences.size() == 1);
  const RecordedTrace shrunk = shrink_divergence(r.divergences[0].trace, options());
  std::vector<std::string> calls;
  for (const auto& step : shrunk.steps) calls.push_back(print_call(step.call));
  // The device read of the child changes nothing that its load depends on.
  CHECK(calls == std::vector<std::string>{"A mmap 0-3 rw anon", "A store 1 1",
                                          "A migrate_to_dev d1 1-1", "A fork B", "B load 1"});
  const ConformReport again = report_of(print_recording({"r.txt", {shrunk}}));
  REQUIRE(again.divergences.size() == 1);
  CHECK(again.divergences[0].call == "B load 1");
  CHECK(again.divergences[0].model == "1");
  CHECK(again.agreeing_calls == 4);
}

TEST_CASE("a call that a defect decides is counted under its name") {
  std::string text =
      "trace 1\n"
      "A mmap 0-0 rw anon -> ok\n"
      "= A -,sd - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A migrate_to_dev d0 0-0 -> ok cpages=1 0\n"
      "= A t27:f0,sd - - - | d0 22 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A mprotect 0-0 r -> ok\n"
      "= A t28:f0,sd - - - | d0 21 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A mprotect 0-0 rw -> ok\n"
      "= A t28:f0,sd - - - | d0 21 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A dwrite d0 0-0 1 -> EFAULT\n"
      "= A t28:f0,sd - - - | d0 21 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "end\n";
  const ConformReport r = report_of(text);
  for (const auto& d : r.divergences) UNSCOPED_INFO(print_divergence(d));
  CHECK(r.agreeing == 1);
  CHECK(r.decided.size() == 1);
  CHECK(r.decided.at("range_fault_ignores_write") == 1);
  ConformOptions mended = options();
  mended.profile.range_fault_ignores_write = false;
  CHECK(only_divergence(report_of(text, mended)) ==
        "r.txt:10: A dwrite d0 0-0 1: kernel EFAULT, model ok cpages=1 faults=1");
}

TEST_CASE("a violated property is a divergence") {
  ConformOptions o = options();
  o.violated = [](const Profile&, const State<RecordingDomain>& s) {
    return s.mm.slot[1].alive ? std::vector<std::string>{"no_child"} : std::vector<std::string>{};
  };
  CHECK(only_divergence(report_of(kSample, o)) ==
        "r.txt:8: A fork B: kernel ok, model no_child violated after "
        "mmu_notifier_invalidate_range_end");
}

struct WrittenWorld : OneProcess {
  WrittenWorld() {
    mmap_anon(caller, 0, 0, 3, true, true);
    for (unsigned v = 0; v < 4; ++v) store(caller, 0, v, v + 1);
  }
  std::string migrate_to_dev(unsigned device, unsigned first, unsigned last) {
    return print_result(dmirror_migrate_to_device(caller, table, {device, 0}, first, last));
  }
  std::string read(unsigned device, unsigned first, unsigned last) {
    return print_result(dmirror_read(caller, table, {device, 0}, first, last));
  }
};

TEST_CASE("a property that a defect breaks is reported under its name") {
  const std::string path =
      std::string(HMM_SOURCE_DIR) + "/traces/defects/restore_takes_exclusive.txt";
  ConformOptions o = options();
  o.violated = violated_names;
  const ConformReport report = report_of(read_input(path), o);
  for (const auto& d : report.divergences) UNSCOPED_INFO(print_divergence(d));
  CHECK(report.agreeing == 1);
  std::set<std::string> broken;
  for (const auto& [what, traces] : report.broken) {
    CHECK(what.first == "restore_takes_exclusive");
    CHECK(traces == 1);
    broken.insert(what.second);
  }
  CHECK(broken == std::set<std::string>{"exclusive_excludes", "mirror_matches_cpu",
                                        "refcount_is_accounted", "sequence_protocol"});
}

TEST_CASE("what a defect is known to break is a divergence where it has nothing to do with it") {
  ConformOptions o = options();
  o.violated = violated_names;
  o.profile.zap_drops_exclusive_ref = false;
  const ConformReport report = report_of(
      "trace 1\n"
      "A mmap 0-0 rw anon -> ok\n"
      "= A -,sd - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A exclusive d1 0-0 -> ok cpages=1 0\n"
      "= A t29:f0,sd - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A munmap 0-0 -> ok\n"
      "= A - - - - | d0 ff ff ff ff | d1 ff ff ff ff | d2 ff ff ff ff | d3 ff ff ff ff\n"
      "end\n",
      o);
  CHECK(only_divergence(report) ==
        "r.txt:6: A munmap 0-0: kernel ok, model refcount_is_accounted, no_leak violated after "
        "zap_pte_range");
}

// As 6.12 does, by `hmmcheck kernel record --calls`: do_anonymous_page() finds the pte taken.
TEST_CASE("a fault held before the pte lock finds the page that another mapped") {
  const ConformReport report = report_of(
      "trace 1\n"
      "A mmap 0-0 rw anon -> ok\n"
      "= A -,sd - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
      "A dwrite d2 0-0 6 -> held at do_anonymous_page\n"
      "A exclusive d0 0-0 -> ok cpages=1 0\n"
      "A dwrite d2 0-0 6 -> ok cpages=1 faults=1\n"
      "= A f0,m1,x,sd - - - | d0 02 ff ff ff | d1 02 ff ff ff | d2 02 ff ff ff | d3 02 ff ff ff\n"
      "end\n",
      options());
  CHECK(report.divergences.empty());
  CHECK(report.judged == 4);
}

TEST_CASE("the driver keeps what it maps through its own migrations") {
  WrittenWorld w;
  CHECK(w.read(0, 0, 3) == "ok cpages=4 faults=1 1 2 3 4");
  CHECK(pin(w.caller, w.pipes, 0, 1).is(Outcome::ok));
  // Page 1 is held and cannot move, but its entry is still there for device 0; device 1 has none.
  CHECK(w.migrate_to_dev(0, 0, 1) == "ok cpages=2 1 2");
  CHECK(w.migrate_to_dev(1, 1, 1) == "ENOENT");
  CHECK_FALSE(w.caller.is_stuck());
}

TEST_CASE("the driver forgets the page after each range it is told of") {
  WrittenWorld w;
  CHECK(w.migrate_to_dev(0, 1, 2) == "ok cpages=2 2 3");
  CHECK(w.read(0, 1, 1) == "ok cpages=1 faults=0 2");
  CHECK(madvise_dontneed(w.caller, 0, 0, 0).is(Outcome::ok));
  CHECK(w.read(0, 2, 2) == "ok cpages=1 faults=0 3");
  CHECK(w.read(0, 1, 1) == "ok cpages=1 faults=1 2");
  // The kernel tells of one range, hole and all, where the model unmaps vma by vma.
  CHECK(munmap(w.caller, 0, 0, 1).is(Outcome::ok));
  CHECK(w.read(0, 2, 2) == "ok cpages=1 faults=1 3");
}

TEST_CASE("a device fault faults the rest of the vma, and brings home what the device holds") {
  WrittenWorld w;
  CHECK(w.migrate_to_dev(0, 3, 3) == "ok cpages=1 4");
  CHECK(madvise_dontneed(w.caller, 0, 1, 1).is(Outcome::ok));
  CHECK(w.read(0, 0, 3) == "ok cpages=4 faults=1 1 0 3 4");
  CHECK(w.caller.has_pte(0, 3, PteKind::present));
}

TEST_CASE("a write by the device to its own page behind a readable entry fails") {
  WrittenWorld w;
  CHECK(w.migrate_to_dev(0, 0, 0) == "ok cpages=1 1");
  CHECK(mprotect(w.caller, {0, 0, 0, true, false}).is(Outcome::ok));
  CHECK(mprotect(w.caller, {0, 0, 0, true, true}).is(Outcome::ok));
  CHECK(dmirror_write(w.caller, w.table, {0, 0}, 0, 0, 9).is(Outcome::efault));
  CHECK_FALSE(w.caller.is_stuck());
}

TEST_CASE("vmas merge where the kernel merges them") {
  Areas<RecordingDomain> a(Profile{});
  a.map(0, 0, 1, true, true, 0);
  a.map(0, 2, 3, true, true, 0);
  CHECK(a.last_of(0, 0) == 3);
  a.protect(0, 1, 1, true, false);
  CHECK((a.last_of(0, 0) == 0 && a.last_of(0, 1) == 1 && a.last_of(0, 2) == 3));
  // A neighbour that differs in rights only lends its anon_vma, so that they can merge again; here
  // the middle gave back its account, being readable and without pages.
  a.prepare_anon(0, 0);
  a.protect(0, 1, 1, true, true);
  CHECK(a.last_of(0, 0) == 3);
  // What fork cloned does not merge with a new mapping.
  a.fork(0, 1);
  a.map(1, 3, 3, true, true, 0);
  CHECK(a.last_of(1, 0) == 2);
}

TEST_CASE("a file's name tells the kernel that recorded") {
  CHECK(kernel_of_recording("recordings/linux-6.12.txt") == SwapKernel::v6_12);
  CHECK(kernel_of_recording("linux-6.1.txt") == SwapKernel::v6_1);
  CHECK(!kernel_of_recording("linux-6.2.txt"));
  CHECK(!kernel_of_recording("mine.txt"));
}

}  // namespace
}  // namespace hmm
