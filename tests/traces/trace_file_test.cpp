#include "traces/trace_file.h"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/plain.h"
#include "model/rules.h"
#include "properties/engines/judged_machine.h"

namespace hmm {
namespace {

constexpr std::array<std::string_view, 2> kNames{"cpu_coherence", "no_leak"};
const std::string kHead = "hmmcheck-trace 1\nscope default\nprofile 6.12\n";

TraceFile parse(const std::string& text) { return parse_trace(text, "t.trace", kNames); }

std::string error_of(const std::string& text) {
  try {
    parse(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string scope_names() {
  std::vector<std::string> names;
  for (const auto& s : kScopes) names.emplace_back(s.name);
  return joined(names);
}

TEST_CASE("a trace is read and printed") {
  const std::string text =
      "# The story.\n"
      "#\n"
      "# Kernel: mm/memory.c do_anonymous_page()\n"
      "hmmcheck-trace 1\n"
      "scope default\n"
      "profile 6.12\n"
      "set commit_checks_seq=0\n"
      "drop zap_pte_range.put_page\n"
      "drop munmap.mmap_lock\n"
      "given mm mm=0 alive=1\n"
      "given vma mm=0 vpn=0 mapped=1 read=1 write=1\n"
      "# The first touch.\n"
      "do_anonymous_page mm=0 vpn=0 pfn=1  -> ok\n"
      "cpu_load mm=0 vpn=0                 -> ok\n"
      "expect pte mm=0 vpn=0 kind=present pfn=1\n"
      "cpu_load mm=1 vpn=0\n"
      "expect violated cpu_coherence\n";
  const TraceFile trace = parse(text);
  CHECK(print_trace(trace) == text);
  CHECK(trace.comments.size() == 3);
  CHECK(trace.scope == "default");
  CHECK(trace.sizes() == kDefault);
  CHECK_FALSE(trace.kernel().commit_checks_seq);
  CHECK(trace.kernel().drops.has({"zap_pte_range", "put_page"}));
  CHECK(trace.kernel().drops.has({"munmap", "mmap_lock"}));
  REQUIRE(trace.lines.size() == 8);
  CHECK(trace.lines[3].number == 13);
  CHECK(trace.lines[3].verdict == Verdict::ok);
  CHECK_FALSE(trace.lines[6].verdict.has_value());
  CHECK(steps_of(trace).size() == 3);
  const auto machine = machine_at("default");
  start(*machine, trace);
  const auto s = state_of<kDefault>(machine->leaves());
  CHECK(s.vma.slot[0].write);
  CHECK(s.mm.slot[0].alive);
}

TEST_CASE("spaces, line ends and comments are as the writer likes") {
  const TraceFile trace = parse(
      "\r\n \t\nhmmcheck-trace  1 # version\r\n\tprofile 6.1\nscope\ttiny\n"
      "cpu_load vpn=0 mm=0->ok\t# a comment\n");
  CHECK(trace.profile == "6.1");
  CHECK(trace.lines.size() == 1);
}

TEST_CASE("a trace without given lines starts in the initial state") {
  const TraceFile trace = parse(kHead);
  const auto machine = machine_at("default");
  start(*machine, trace);
  CHECK(machine->leaves() == leaves_of<kDefault>(initial_state<Concrete<kDefault>>()));
  CHECK(steps_of(trace).empty());
}

TEST_CASE("what is not a trace is refused with the place") {
  CHECK(error_of("") == "t.trace:1: expected hmmcheck-trace 1, found the end of the file");
  CHECK(error_of("# only a story\n") ==
        "t.trace:2: expected hmmcheck-trace 1, found the end of the file");
  CHECK(error_of("scope tiny\n") == "t.trace:1: expected hmmcheck-trace 1, found scope tiny");
  CHECK(error_of("hmmcheck-trace 2\n") ==
        "t.trace:1: expected hmmcheck-trace 1, found hmmcheck-trace 2");
  CHECK(error_of("hmmcheck-trace\n") ==
        "t.trace:1: expected hmmcheck-trace 1, found hmmcheck-trace");
  CHECK(error_of("hmmcheck-trace 1\n") == "t.trace:2: expected scope, found the end of the file");
  CHECK(error_of("hmmcheck-trace 1\nscope tiny\n") ==
        "t.trace:3: expected profile, found the end of the file");
  CHECK(error_of("hmmcheck-trace 1\nscope tiny\ncpu_load mm=0 vpn=0\n") ==
        "t.trace:3: expected profile, found cpu_load");
  CHECK(error_of("hmmcheck-trace 1\nscope huge\n") ==
        "t.trace:2: expected a scope (" + scope_names() + "), found huge");
  CHECK(error_of("hmmcheck-trace 1\nscope\n") ==
        "t.trace:2: expected a scope (" + scope_names() + "), found none");
  CHECK(error_of("hmmcheck-trace 1\nscope tiny\nscope tiny\n") ==
        "t.trace:3: expected scope once, found it twice");
  CHECK(error_of("hmmcheck-trace 1\nprofile 7\n") == "t.trace:2: expected a profile (" +
                                                         joined(profile_names()) +
                                                         ") or a file ending in .toml, found 7");
  CHECK(error_of("hmmcheck-trace 1\nprofile\n") == "t.trace:2: expected a profile, found none");
  CHECK(error_of(kHead + "set colour=1\n") ==
        "t.trace:4: expected a switch of hmmcheck list, found colour");
  CHECK(error_of(kHead + "set owner_filter=0\nset owner_filter=1\n") ==
        "t.trace:5: expected owner_filter once, found it twice");
  CHECK(error_of(kHead + "cpu_load mm=0 vpn=0\nset owner_filter=0\n") ==
        "t.trace:5: expected scope, profile, set, drop, mutate and rules before given and steps, "
        "found set");
  CHECK(error_of(kHead + "drop\n").starts_with("t.trace:4: expected a rule of"));
  CHECK(error_of(kHead + "drop do_wp_page.put_page\n")
            .starts_with("t.trace:4: expected a rule of `hmmcheck list steps`, such as "
                         "do_wp_page."));
  CHECK(error_of(kHead + "drop do_wp_page.write\ndrop do_wp_page.write\n") ==
        "t.trace:5: expected do_wp_page.write once, found it twice");
  CHECK(error_of(kHead + "cpu_load mm=0 vpn=0\ndrop do_wp_page.write\n") ==
        "t.trace:5: expected scope, profile, set, drop, mutate and rules before given and steps, "
        "found "
        "drop");
}

TEST_CASE("a wrong line is refused with the place") {
  CHECK(error_of(kHead + "frobnicate mm=0\n") ==
        "t.trace:4: expected a step of hmmcheck list, found frobnicate");
  CHECK(error_of(kHead + "-> ok\n") == "t.trace:4: expected a step, found nothing");
  CHECK(error_of(kHead + "cpu_load mm=2 vpn=0\n") == "t.trace:4: expected mm=0..1, found mm=2");
  CHECK(error_of(kHead + "cpu_load mm=0 vpn=0 -> fine\n") ==
        "t.trace:4: expected a verdict of cpu_load (ok, not_alive, needs_fault), found fine");
  CHECK(error_of(kHead + "cpu_load mm=0 vpn=0 ->\n") ==
        "t.trace:4: expected a verdict of cpu_load (ok, not_alive, needs_fault), found none");
  CHECK(error_of(kHead + "given pte mm=0 vpn=0 kind=odd\n") ==
        "t.trace:4: expected kind=none|present|device_private|migration, found "
        "kind=odd");
  CHECK(error_of(kHead + "cpu_load mm=0 vpn=0\ngiven mm mm=0 alive=1\n") ==
        "t.trace:5: expected given before the first step, found given");
  CHECK(error_of(kHead + "expect violated no_lark\n") ==
        "t.trace:4: expected a property of hmmcheck list (did you mean no_leak?), found no_lark");
  CHECK(error_of(kHead + "expect violated\n") ==
        "t.trace:4: expected a property of hmmcheck list, found none");
  CHECK(error_of(kHead + "expect oops bad_ref=2\n") ==
        "t.trace:4: expected bad_ref=0..1, found bad_ref=2");
}

TEST_CASE("what is not text is refused") {
  CHECK(error_of(kHead + std::string("cpu_load\0mm=0\n", 14)) ==
        "t.trace:4: expected UTF-8 text, found byte 0x00");
  CHECK(error_of("\x7f"
                 "ELF\n") == "t.trace:1: expected UTF-8 text, found byte 0x7f");
  for (const char* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
    CHECK_THROWS_AS(parse("# " + std::string(bad) + "\n" + kHead), InputError);
  CHECK(error_of("# caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7\n" + kHead) == "no error");
  CHECK(error_of(kHead + "cpu_load mm=0 vpn=0") ==
        "t.trace:4: expected a newline at the end of the line, found the end of the file");
  CHECK(error_of("#" + std::string(4095, 'x') + "\n" + kHead) == "no error");
  CHECK(error_of("#" + std::string(4096, 'x') + "\n" + kHead) ==
        "t.trace:1: expected a line of at most 4096 bytes, found 4097");
  const auto load_error = [](const std::string& path) -> std::string {
    try {
      load_trace(path, kNames);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  };
  CHECK(load_error("/dev/zero") == "/dev/zero: expected at most 16 MiB, found more");
  CHECK(load_error("/") == "/: expected a file to read, found Is a directory");
  CHECK(load_error("no-such-file") ==
        "no-such-file: expected a file to read, found No such file or directory");
}

TEST_CASE("a trace that is made comes back from its text") {
  rc::prop("for any steps on any kernel, from any start", [] {
    Profile k = load_profile("6.12");
    for (const auto& s : kSwitches) k.*s.at = *rc::gen::arbitrary<bool>();
    for (int n = *rc::gen::inRange(0, 4); n > 0; --n)
      k.drops.add(rules()[*rc::gen::inRange<std::size_t>(0, rules().size())].id);
    PlainSteps steps;
    for (int n = *rc::gen::inRange(0, 8); n > 0; --n) {
      PlainStep step{*rc::gen::inRange<std::size_t>(0, kSteps), {}};
      for (const auto& f : step_shapes()[step.kind].fields) {
        const Range range = range_of(f.sort, kDefault);
        step.values.push_back(*rc::gen::inRange(range.first, range.first + range.count));
      }
      steps.push_back(std::move(step));
    }
    auto s = initial_state<Concrete<kDefault>>();
    s.mm.slot[0].alive = *rc::gen::arbitrary<bool>();
    s.device.slot[0].failed = *rc::gen::arbitrary<bool>();
    const Leaves from = leaves_of<kDefault>(s);
    const auto machine = machine_at("default");
    const TraceFile made = make_trace("default", k, *machine, steps, &from);
    TraceFile read = parse(print_trace(made));
    // A defect that changes nothing in this run is not mentioned.
    for (const auto& defect : kDefects) {
      const auto at = switch_named(defect.name)->at;
      k.*at = read.kernel().*at;
    }
    RC_ASSERT(read.kernel() == k);
    start(*machine, read);
    RC_ASSERT(machine->leaves() == from);
    for (auto& line : read.lines) line.number = 0;
    RC_ASSERT(read.lines == made.lines);
    RC_ASSERT(print_trace(read) == print_trace(made));
  });
  SECTION("a profile that is a file becomes the nearest one that is shipped") {
    Profile k = load_profile("6.1");
    k.name = "mine";
    k.commit_checks_seq = false;
    const TraceFile trace = trace_header("tiny", k);
    CHECK(trace.profile == "6.1");
    CHECK(trace.overrides ==
          std::vector<std::pair<std::string, bool>>{{"commit_checks_seq", false}});
  }
}

}  // namespace
}  // namespace hmm
