#include "traces/recording.h"

#include <catch2/catch.hpp>

namespace hmm {
namespace {

const std::string kQuiet = " | d0 00 00 00 00 | d1 00 00 00 00 | d2 00 00 00 00 | d3 00 00 00 00";
const std::string kEmpty = "= A -,sd -,sd -,sd -,sd" + kQuiet;

const std::string kSample =
    "trace 18446744073709551615\n"
    "A mmap 0-3 rw anon -> ok\n" +
    kEmpty +
    "\n"
    "A mmap 1-2 none shared -> ENOMEM\n" +
    kEmpty +
    "\n"
    "A load 0 -> 0\n"
    "= A zero f1,m2,x t27:f0,x,sd f2,m1,sh" +
    kQuiet +
    "\n"
    "A store 3 4294967295 -> SIGSEGV\n" +
    kEmpty +
    "\n"
    "A fork B -> ok\n" +
    kEmpty + "\n= B - - - -" + kQuiet +
    "\n"
    "B dread d3 1-2 -> ok cpages=2 faults=1 7 8\n" +
    kEmpty + "\n= B - - - -" + kQuiet +
    "\n"
    "B exit -> ok\n" +
    kEmpty +
    "\n"
    "A mremap 0 3 -> EFAULT\n" +
    kEmpty +
    "\n"
    "A migrate_to_sys d1 0-3 -> ok cpages=1\n" +
    kEmpty +
    "\n"
    "end\n";

std::string error_of(const std::string& text) {
  try {
    parse_recording(text, "r.txt");
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

// The error of a trace whose only call is this, or whose only observation is this.
std::string error_of_call(const std::string& call) {
  return error_of("trace 1\n" + call + "\n" + kEmpty + "\nend\n");
}
std::string error_of_page(const std::string& page) {
  return error_of("trace 1\nA load 0 -> 0\n= A " + page + " - - -" + kQuiet + "\nend\n");
}

TEST_CASE("a recording prints as it was") {
  const Recording r = parse_recording(kSample, "r.txt");
  REQUIRE(r.traces.size() == 1);
  CHECK(r.traces[0].steps.size() == 9);
  CHECK(print_recording(r) == kSample);
}

TEST_CASE("a recording keeps its line numbers and parts") {
  const Recording r = parse_recording(kSample, "r.txt");
  const auto& read = r.traces[0].steps[5];
  CHECK(read.call.line == 13);
  CHECK(read.call.what == Call(call::DeviceRead{.device = {3}, .pages = {1, 2}}));
  CHECK(read.call.actor == 1);
  CHECK(read.call.result.values[1] == 8);
  REQUIRE(read.seen.size() == 2);
  CHECK(read.seen[1].line == 15);
  const auto& page = r.traces[0].steps[2].seen[0].page;
  CHECK(page[0].kind == SeenPte::zero);
  CHECK((page[1].kind == SeenPte::present && page[1].frame == 1 && page[1].mapcount == 2));
  CHECK((page[2].kind == SeenPte::entry && page[2].swap_type == 27 && page[2].exclusive));
  CHECK(page[2].soft_dirty);
  CHECK(page[3].shared);
}

// Of the defect that makes a release wait for ever.
const std::string kHanging =
    "trace 1\n"
    "A mmap 0-0 rw anon -> ok\n"
    "= A - - - - | d0 00 ff ff ff | d1 00 ff ff ff | d2 00 ff ff ff | d3 00 ff ff ff\n"
    "A release d3 -> hangs\n";

TEST_CASE("nothing is seen after a call that hangs, and nothing called") {
  const Recording r = parse_recording(kHanging + "end\n", "r.txt");
  CHECK(r.traces[0].steps[1].call.result.is(Outcome::hangs));
  CHECK(r.traces[0].steps[1].seen.empty());
  CHECK(print_recording(r) == kHanging + "end\n");
  CHECK(error_of(kHanging + "A release d3 -> ok\nend\n") ==
        "r.txt:5: expected end, after a call that never returns, found A release d3");
  const std::string dying = "trace 1\nA release d3 -> oops\n";
  CHECK(print_recording(parse_recording(dying + "end\n", "r.txt")) == dying + "end\n");
  CHECK(error_of(dying + "A release d3 -> ok\nend\n") ==
        "r.txt:3: expected end, after a call that never returns, found A release d3");
  const std::string touched = "trace 1\nA load 0 -> hangs\nend\n";
  CHECK(print_recording(parse_recording(touched, "r.txt")) == touched);
}

const std::string kHeld =
    "trace 1\n"
    "A fork B -> ok\n" +
    kEmpty + "\n= B - - - -" + kQuiet +
    "\n"
    "A mprotect 0-1 r -> held at change_protection\n";
const std::string kBoth = kEmpty + "\n= B - - - -" + kQuiet + "\n";

TEST_CASE("calls overtake one that is held, and nothing is seen until all are through") {
  const std::string text = kHeld +
                           "A load 0 -> 7\n"
                           "A release d0 -> ok\n"
                           "B munmap 0-0 -> ok\n"
                           "A store 0 1 -> waits\n"
                           "B exit -> ok\n"
                           "A mprotect 0-1 r -> ok\n"
                           "A store 0 1 -> SIGSEGV\n" +
                           kEmpty + "\nend\n";
  const Recording r = parse_recording(text, "r.txt");
  REQUIRE(r.traces[0].steps.size() == 9);
  CHECK(r.traces[0].steps[1].call.result.is(Outcome::held));
  CHECK(r.traces[0].steps[4].call.result.is(Outcome::ok));
  CHECK(r.traces[0].steps[5].call.result.is(Outcome::waits));
  CHECK(r.traces[0].steps[7].seen.empty());
  CHECK(r.traces[0].steps[8].seen.size() == 1);
  CHECK(print_recording(r) == text);
}

TEST_CASE("a trace may end with a held call") {
  const std::string text = kHeld + "A load 0 -> waits\nend\n";
  CHECK(print_recording(parse_recording(text, "r.txt")) == text);
}

TEST_CASE("several calls are held at once, and one at several places, one after the other") {
  const std::string text = kHeld +
                           "B store 1 5 -> held after do_swap_page\n"
                           "A migrate_to_dev d0 0-3 -> waits\n"
                           "A munmap 0-0 -> waits\n"
                           "A mprotect 0-1 r -> held after change_protection\n"
                           "A mprotect 0-1 r -> ok\n"
                           "A munmap 0-0 -> ok\n"
                           "B store 1 5 -> ok\n"
                           "A migrate_to_dev d0 0-3 -> ok cpages=0 0 0 0 0\n" +
                           kBoth + "end\n";
  const Recording r = parse_recording(text, "r.txt");
  REQUIRE(r.traces[0].steps.size() == 10);
  CHECK(r.traces[0].steps[2].call.result.held_at == "after do_swap_page");
  CHECK(r.traces[0].steps[8].seen.empty());
  CHECK(print_recording(r) == text);
}

TEST_CASE("what cannot stand while a call is held, or before its result, is refused") {
  CHECK(error_of(kHeld + "B exit -> held at exit_mmap\n") ==
        "r.txt:6: expected a call that can be under way, found B exit");
  CHECK(error_of(kHeld + "B load 0 -> held at do_swap_page\nB exit -> ok\n") ==
        "r.txt:7: expected the result of B load 0, found B exit");
  std::string full = kHeld;
  for (const char* page : {"0", "1", "2"}) full += std::string("A load ") + page + " -> waits\n";
  CHECK(error_of(full + "A load 3 -> 0\n") ==
        "r.txt:9: expected the result of A mprotect 0-1 r, found A load 3");
  const std::string over = kHeld + "A load 0 -> waits\nA mprotect 0-1 r -> ok\n";
  CHECK(error_of(over + kBoth) == "r.txt:8: expected a process, A or B, found =");
  CHECK(error_of(over + "B load 0 -> 0\n") ==
        "r.txt:8: expected the result of A load 0, found B load 0");
  CHECK(error_of(over + "A load 0 -> waits\n") ==
        "r.txt:8: expected a call that does not wait, as none is held, found A load 0");
  CHECK(error_of(kHeld + "A mprotect 0-1 r -> waits\n") ==
        "r.txt:6: expected a call that does not wait, as none is held, found A mprotect 0-1 r");
  CHECK(error_of_call("A load 0 -> waits") ==
        "r.txt:2: expected a call that does not wait, as none is held, found A load 0");
  CHECK(error_of_call("A mprotect 0-0 r -> held") ==
        "r.txt:2: expected at or after, found the end of the line");
  CHECK(error_of_call("A mprotect 0-0 r -> held in change_protection") ==
        "r.txt:2: expected at or after, found in");
  CHECK(error_of_call("A mprotect 0-0 r -> held at ../lunch") ==
        "r.txt:2: expected a function of the kernel, found ../lunch");
}

TEST_CASE("an empty recording has no traces") { CHECK(parse_recording("", "r").traces.empty()); }

TEST_CASE("what is not a recording is refused with its place") {
  CHECK(error_of("hello\n") == "r.txt:1: expected trace, found hello");
  CHECK(error_of("trace\n") == "r.txt:1: expected a seed, found the end of the line");
  CHECK(error_of("trace -1\n") == "r.txt:1: expected a seed, found -1");
  CHECK(error_of("trace 1 2\n") == "r.txt:1: expected the end of the line, found 2");
  CHECK(error_of("trace 1\n") == "r.txt:2: expected a call or end, found the end of the file");
  CHECK(error_of("trace 1\nend") ==
        "r.txt:2: expected a newline at the end of the line, found the end of the file");
  CHECK(error_of(std::string("trace 1\n\0\n", 10)) ==
        "r.txt:2: expected UTF-8 text, found byte 0x00");
  CHECK(error_of("trace " + std::string(5000, '1') + "\n") ==
        "r.txt:1: expected a line of at most 4096 bytes, found 5006");
}

TEST_CASE("a call that is not one is refused") {
  CHECK(error_of_call("") == "r.txt:2: expected a process, A or B, found the end of the line");
  CHECK(error_of_call("C load 0 -> 0") == "r.txt:2: expected a process, A or B, found C");
  CHECK(error_of_call("A jump -> ok") == "r.txt:2: expected a call, found jump");
  CHECK(error_of_call("A load 4 -> 0") == "r.txt:2: expected a page from 0 to 3, found 4");
  CHECK(error_of_call("A store 0 4294967296 -> ok") ==
        "r.txt:2: expected a value, found 4294967296");
  CHECK(error_of_call("A munmap 2-1 -> ok") ==
        "r.txt:2: expected a range FIRST-LAST of pages 0 to 3, found 2-1");
  CHECK(error_of_call("A mmap 0-1 w anon -> ok") == "r.txt:2: expected none, r or rw, found w");
  CHECK(error_of_call("A mmap 0-1 r file -> ok") == "r.txt:2: expected anon or shared, found file");
  CHECK(error_of_call("A release d4 -> ok") ==
        "r.txt:2: expected a device from d0 to d3, found d4");
  CHECK(error_of_call("A load 0 0") == "r.txt:2: expected ->, found 0");
  CHECK(error_of_call("B load 0 -> 0") ==
        "r.txt:2: expected a call of A, as B is not alive, found B load 0");
  CHECK(error_of_call("A exit -> ok") == "r.txt:2: expected an exit of B, found A exit");
}

TEST_CASE("a result that the call cannot have is refused") {
  CHECK(error_of_call("A load 0 -> ok") == "r.txt:2: expected a value or a signal, found ok");
  CHECK(error_of_call("A load 0 -> EFAULT") ==
        "r.txt:2: expected a value or a signal, found EFAULT");
  CHECK(error_of_call("A munmap 0-0 -> SIGBUS") ==
        "r.txt:2: expected ok or an errno name, found SIGBUS");
  CHECK(error_of_call("A dread d0 0-1 -> ok cpages=2") ==
        "r.txt:2: expected faults=NUMBER, found the end of the line");
  CHECK(error_of_call("A dread d0 0-1 -> ok cpages=2 faults=0 1") ==
        "r.txt:2: expected a value, found the end of the line");
  CHECK(error_of_call("A munmap 0-0 -> ok 1") == "r.txt:2: expected the end of the line, found 1");
}

TEST_CASE("an observation that is missing, too much or malformed is refused") {
  CHECK(error_of("trace 1\nA load 0 -> 0\nend\n") ==
        "r.txt:3: expected an observation of A, found end");
  CHECK(error_of("trace 1\nA fork B -> ok\n" + kEmpty + "\nend\n") ==
        "r.txt:4: expected an observation of B, found end");
  CHECK(error_of("trace 1\nA load 0 -> 0\n" + kEmpty + "\n= B - - - -" + kQuiet + "\nend\n") ==
        "r.txt:4: expected a process, A or B, found =");
  CHECK(error_of("trace 1\nA load 0 -> 0\n= B - - - -" + kQuiet + "\nend\n") ==
        "r.txt:3: expected an observation of A, found B");
  const std::string page = "r.txt:3: expected a page such as -, zero, f0,m1 or t27:f0, found ";
  for (const char* bad : {"f0", "f0,", "m1", "t32:f0", "t27", "t27:f", "-,", "-,sd,x", "zero,x,x",
                          "f0,m1,y", "f,m1", "f0,m-1", "f10000,m1"})
    CHECK(error_of_page(bad) == page + bad);
  CHECK(error_of("trace 1\nA load 0 -> 0\n= A - - - - | d0 00 00 00 0g\nend\n") ==
        "r.txt:3: expected a snapshot of two hexadecimal digits, found 0g");
  CHECK(error_of("trace 1\nA load 0 -> 0\n= A - - - - | d1\nend\n") ==
        "r.txt:3: expected d0, found d1");
}

}  // namespace
}  // namespace hmm
