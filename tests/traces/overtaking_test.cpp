// Calls that overtake an mprotect held in the kernel.
#include <fmt/format.h>

#include "tests/traces/conform_text.h"

namespace hmm {
namespace {

// While the mprotect is held, 6.12 restores a writable pte and the store goes through; 6.1 looks at
// the vma's rights, and the store waits for the mmap lock.
const std::string kHeld =
    "trace 1\n"
    "A mmap 0-0 rw anon -> ok\n"
    "= A -,sd - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
    "A store 0 1 -> ok\n"
    "= A f0,m1,x,sd - - - | d0 02 ff ff ff | d1 02 ff ff ff | d2 02 ff ff ff | d3 02 ff ff ff\n"
    "A migrate_to_dev d2 0-0 -> ok cpages=1 1\n"
    "= A f0,m0,x,sd - - - | d0 52 ff ff ff | d1 52 ff ff ff | d2 42 ff ff ff | d3 52 ff ff ff\n"
    "A load 0 -> 1\n"
    "= A f0,m0,x,sd - - - | d0 52 ff ff ff | d1 52 ff ff ff | d2 42 ff ff ff | d3 52 ff ff ff\n"
    "A mprotect 0-0 r -> held at change_protection\n"
    "A release d2 -> ok\n"
    "A store 0 2 -> ok\n"
    "A mprotect 0-0 r -> ok\n"
    "= A f0,m1,x,sd - - - | d0 01 ff ff ff | d1 01 ff ff ff | d2 01 ff ff ff | d3 01 ff ff ff\n"
    "A load 0 -> 2\n"
    "= A f0,m1,x,sd - - - | d0 01 ff ff ff | d1 01 ff ff ff | d2 01 ff ff ff | d3 01 ff ff ff\n"
    "end\n";

TEST_CASE("calls overtake a held mprotect as they do in the kernel that recorded") {
  const ConformReport r = report_of(kHeld);
  for (const auto& d : r.divergences) UNSCOPED_INFO(print_divergence(d));
  CHECK(r.agreeing == 1);
  CHECK(r.agreeing_calls == 9);
  ConformOptions other = options();
  other.profile.restore_checks_vm_write = true;
  CHECK(only_divergence(report_of(kHeld, other)) ==
        "r.txt:12: A store 0 2: kernel ok, model waits");
  std::string waits = kHeld;
  waits.replace(waits.find("2 -> ok\nA mprotect 0-0 r -> ok\n"), 31,
                "2 -> waits\nA mprotect 0-0 r -> ok\nA store 0 2 -> SIGSEGV\n");
  waits.replace(waits.find("A load 0 -> 2"), 13, "A load 0 -> 1");
  CHECK(report_of(waits, other).agreeing == 1);
  CHECK(only_divergence(report_of(waits)) == "r.txt:12: A store 0 2: kernel waits, model ok");
}

TEST_CASE("an mprotect that changes nothing is not held") {
  std::string text = kHeld;
  for (std::size_t at = 0; (at = text.find("mprotect 0-0 r ", at)) != text.npos;)
    text.replace(at, 15, "mprotect 0-0 rw ");
  CHECK(only_divergence(report_of(text)) ==
        "r.txt:10: A mprotect 0-0 rw: kernel held at change_protection, model ok");
}

// Two vmas: the second page is only readable.
const std::string kBeside =
    "trace 1\n"
    "A mmap 0-2 rw anon -> ok\n"
    "= A -,sd -,sd -,sd - | d0 00 00 00 ff | d1 00 00 00 ff | d2 00 00 00 ff | d3 00 00 00 ff\n"
    "A mprotect 1-1 r -> ok\n"
    "= A -,sd -,sd -,sd - | d0 00 00 00 ff | d1 00 00 00 ff | d2 00 00 00 ff | d3 00 00 00 ff\n"
    "A mprotect 0-0 none -> held at change_protection\n";

TEST_CASE(
    "a fault beside a held mprotect waits for the lock of its vma only, where there are such") {
  ConformOptions other = options();
  other.profile.fault_locks_vma = false;
  // Nothing there yet: a zero page needs no lock but the vma's, a new page an anon_vma, and so the
  // mmap lock; a page without a vma has only the mmap lock to ask.
  for (const auto& [call, found] : {std::pair{"A load 2", "0"},
                                    {"A load 1", "0"},
                                    {"A store 1 1", "SIGSEGV"},
                                    {"A store 2 1", "waits"},
                                    {"A load 0", "waits"},
                                    {"A load 3", "waits"}}) {
    const std::string text = kBeside + call + " -> SIGBUS\nend\n";
    const std::string expected = fmt::format("r.txt:7: {}: kernel SIGBUS, model ", call);
    CHECK(only_divergence(report_of(text)) == expected + found);
    CHECK(only_divergence(report_of(text, other)) == expected + "waits");
  }
}

// A trace is judged up to what the model can hold, and no further.
TEST_CASE("what the model cannot hold is no difference") {
  for (const char* call :
       {"A load 0 -> held at do_swap_page\n", "A mprotect 0-0 r -> held after mprotect_fixup\n"}) {
    const ConformReport r = report_of(std::string("trace 1\n") + call + "end\n");
    CHECK(r.divergences.empty());
    CHECK((r.not_to_the_end == 1 && r.judged == 0));
  }
  for (const char* call : {"A munmap 0-0 -> waits\n", "A munmap 0-0 -> ok\n",
                           "A mprotect 2-2 r -> held at change_protection\n"}) {
    const ConformReport r = report_of(kBeside + call + "end\n");
    CHECK(r.divergences.empty());
    CHECK((r.not_to_the_end == 1 && r.judged == 3));
  }
}

TEST_CASE("a trace with a held call shrinks to one that can be read again") {
  ConformOptions o = options();
  o.profile.restore_checks_vm_write = true;
  const ConformReport r = report_of(kHeld, o);
  REQUIRE(r.divergences.size() == 1);
  const RecordedTrace shrunk = shrink_divergence(r.divergences[0].trace, o);
  std::vector<std::string> calls;
  for (const auto& step : shrunk.steps) calls.push_back(print_call(step.call));
  CHECK(calls == std::vector<std::string>{"A mmap 0-0 rw anon", "A migrate_to_dev d2 0-0",
                                          "A mprotect 0-0 r", "A release d2", "A store 0 2"});
  CHECK(only_divergence(report_of(print_recording({"r.txt", {shrunk}}), o))
            .ends_with("A store 0 2: kernel ok, model waits"));
}

}  // namespace
}  // namespace hmm
