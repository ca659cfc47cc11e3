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
}

TEST_CASE("who needs the mmap lock waits for a held mprotect") {
  CHECK(report_of(kBeside + "A munmap 0-0 -> waits\nend\n").agreeing == 1);
  CHECK(only_divergence(report_of(kBeside + "A munmap 0-0 -> ok\nend\n")) ==
        "r.txt:7: A munmap 0-0: kernel ok, model waits");
}

// Nobody is looked at in between, so what these come to is all that is compared.
const std::string kMapped =
    "trace 1\n"
    "A mmap 0-0 rw anon -> ok\n"
    "= A -,sd - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n";
const std::string kStored =
    kMapped +
    "A store 0 1 -> ok\n"
    "= A f0,m1,x,sd - - - | d0 02 ff ff ff | d1 02 ff ff ff | d2 02 ff ff ff | d3 02 ff ff ff\n";

ConformReport report_of_calls(const std::string& text, const ConformOptions& o = options()) {
  ConformReport report;
  conform(parse_calls(text, "r.txt", Results::optional), o, report);
  return report;
}
std::string first_divergence(const ConformReport& r) {
  return r.divergences.empty() ? "" : print_divergence(r.divergences.front());
}

TEST_CASE("a migration is held at each of its stages, and a fault waits for its entry") {
  for (const char* place :
       {"after migrate_vma_collect_pmd", "at migrate_device_unmap", "at migrate_vma_pages",
        "after migrate_vma_pages", "at migrate_vma_finalize"}) {
    CAPTURE(place);
    const std::string text = kStored + "A migrate_to_dev d2 0-0 -> held " + place +
                             "\n"
                             "A load 0 -> waits\n"
                             "A munmap 0-0 -> waits\n"
                             "A migrate_to_dev d2 0-0 -> ok cpages=1 1\nend\n";
    const ConformReport r = report_of_calls(text);
    // The munmap may come before what was migrated is read back.
    CHECK(first_divergence(r) == "");
    CHECK((r.not_to_the_end == 1 && r.judged == 5));
  }
  const ConformReport r = report_of_calls(kStored +
                                          "A migrate_to_dev d2 0-0 -> held at migrate_vma_collect\n"
                                          "A load 0 -> 1\n"
                                          "A migrate_to_dev d2 0-0 -> ok cpages=1 1\nend\n");
  CHECK(first_divergence(r) == "");
  CHECK(r.agreeing == 1);
}

// A page that fills a hole is mapped before it is unlocked: until 7.3 a fault on it comes again and
// again.
TEST_CASE("a fault on a page that its migration still has locked waits for that") {
  for (const char* profile : {"6.12", "7.3"}) {
    ConformOptions o = options();
    o.profile = load_profile(profile);
    const ConformReport r =
        report_of_calls(kMapped +
                            "A migrate_to_dev d0 0-0 -> held at migrate_vma_finalize\n"
                            "A store 0 2 -> waits\n"
                            "A migrate_to_dev d0 0-0 -> ok cpages=1 0\n"
                            "A store 0 2 -> ok\nend\n",
                        o);
    CAPTURE(profile);
    CHECK(first_divergence(r) == "");
    CHECK(r.agreeing == 1);
  }
}

TEST_CASE("what a device read is held at is overtaken, and it looks again") {
  const std::string held =
      kStored + "A dread d0 0-0 -> held after hmm_range_fault\nA store 0 2 -> ok\n";
  CHECK(report_of_calls(held + "A dread d0 0-0 -> ok cpages=1 faults=1 2\nend\n").agreeing == 1);
  // Its lock is for reading.
  CHECK(report_of_calls(held + "A munmap 0-0 -> waits\nend\n").agreeing == 1);
  CHECK(report_of_calls(held + "A migrate_to_dev d1 0-0 -> ok cpages=1 2\n"
                               "A dread d0 0-0 -> ok cpages=1 faults=1 2\nend\n")
            .agreeing == 1);
  // One that never comes there is not held.
  CHECK(only_divergence(
            report_of_calls(kStored + "A dread d0 0-0 -> held at zap_pte_range\nend\n")) ==
        "r.txt:6: A dread d0 0-0: kernel held at zap_pte_range, model ok cpages=1 faults=1 1");
}

TEST_CASE("a reader that comes after a waiting writer waits behind it, and a race is not judged") {
  const std::string queue = kStored +
                            "A dread d0 0-0 -> held at hmm_range_fault\n"
                            "A mprotect 0-0 r -> waits\n"
                            "A dontneed 0-0 -> waits\n";
  CHECK(report_of_calls(queue + "end\n").agreeing == 1);
  const ConformReport r =
      report_of_calls(queue + "A dread d0 0-0 -> ok cpages=1 faults=1 1\nend\n");
  CHECK((r.divergences.empty() && r.not_to_the_end == 1));
  CHECK(r.unknown.begin()->first ==
        "calls that waited for the mmap lock together, one of them to write");
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
