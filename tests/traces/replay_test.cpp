#include "traces/replay.h"

#include <catch2/catch.hpp>

#include "model/plain.h"
#include "model/scopes.h"
#include "properties/engines/judged_machine.h"

namespace hmm {
namespace {

std::vector<std::string_view> property_names() {
  std::vector<std::string_view> names;
  for (const auto& p : property_infos()) names.push_back(p.name);
  return names;
}

struct Run {
  ReplayReport report;
  std::unique_ptr<JudgedMachine> machine = machine_at("default");
};

Run run(const std::string& lines, bool judged = true) {
  const auto trace = parse_trace("hmmcheck-trace 1\nscope default\nprofile 6.12\n" + lines,
                                 "t.trace", property_names());
  const Profile k = trace.kernel();
  Run out;
  ReplayHooks hooks;
  if (judged)
    hooks.violates = [&](std::string_view name) {
      return out.machine->violated(k, property_named(name)) != 0;
    };
  out.report = replay(trace, k, *out.machine, hooks);
  return out;
}

const std::string kTouch =
    "mmap_region mm=0 vpn=0 read=1 write=1 -> ok\n"
    "do_anonymous_page mm=0 vpn=0 pfn=1 -> ok\n";

TEST_CASE("a trace that says what happens agrees") {
  const auto result = run(kTouch +
                          "expect pte mm=0 vpn=0 kind=present pfn=1\n"
                          "cpu_store mm=0 vpn=0 value=1 -> ok\n"
                          "cpu_load mm=1 vpn=0 -> not_alive\n"
                          "cpu_load mm=0 vpn=0\n"
                          "expect page pfn=1 contents=1 refcount=1\n");
  CHECK(result.report.agrees());
  CHECK(result.report.expectations == 2);
  CHECK(result.report.steps.size() == 5);
  CHECK(state_of<kDefault>(result.machine->leaves()).page.at(Small(1)).contents == Small(1));
  CHECK(print_replay(result.report) ==
        "mmap_region mm=0 vpn=0 read=1 write=1  -> ok\n"
        "    vma mm=0 vpn=0: mapped 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "do_anonymous_page mm=0 vpn=0 pfn=1  -> ok\n"
        "    pte mm=0 vpn=0: kind none -> present, pfn 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "    page pfn=1:     refcount 0 -> 1, mapcount 0 -> 1, lru 0 -> 1, anon 0 -> 1, "
        "anon_exclusive 0 -> 1\n"
        "cpu_store mm=0 vpn=0 value=1  -> ok\n"
        "    ghost mm=0 vpn=0: value 0 -> 1\n"
        "    page pfn=1:       contents 0 -> 1\n"
        "cpu_load mm=1 vpn=0  -> not_alive\n"
        "cpu_load mm=0 vpn=0  -> ok\n");
}

TEST_CASE("a trace that does not says where, and stops") {
  SECTION("another verdict") {
    const auto result = run(kTouch + "cpu_load mm=1 vpn=0 -> ok\ncpu_load mm=0 vpn=0\n");
    CHECK(result.report.divergence == "t.trace:6: expected -> ok, found not_alive");
    CHECK(result.report.steps.size() == 3);
  }
  SECTION("another state") {
    const auto result = run(kTouch + "expect pte mm=0 vpn=0 kind=present pfn=2\n");
    CHECK(result.report.divergence ==
          "t.trace:6: expected pte mm=0 vpn=0 kind=present pfn=2, found pte mm=0 vpn=0 "
          "kind=present pfn=1");
  }
  SECTION("a property that holds") {
    const auto result = run(kTouch + "expect violated cpu_coherence\n");
    CHECK(result.report.divergence ==
          "t.trace:6: expected violated cpu_coherence, found that it holds");
  }
  SECTION("a property that nobody judges is not taken for violated") {
    const auto result = run("expect violated cpu_coherence\n", false);
    CHECK(result.report.divergence ==
          "t.trace:4: expected violated cpu_coherence, found nobody to judge it");
  }
}

TEST_CASE("a trace starts from the state it gives") {
  const auto result =
      run("given pte mm=0 vpn=0 kind=present pfn=1 read=1\n"
          "given ghost mm=0 vpn=0 value=1\n"
          "given vma mm=0 vpn=0 mapped=1 read=1\n"
          "expect violated cpu_coherence\n"
          "expect mm mm=0 alive=0\n"
          "cpu_load mm=0 vpn=0 -> not_alive\n");
  CHECK(result.report.divergence.empty());
  CHECK(result.report.expectations == 2);
}

TEST_CASE("whoever asks is told of each step") {
  const auto trace =
      parse_trace("hmmcheck-trace 1\nscope default\nprofile 6.12\n" + kTouch, "t.trace", {});
  std::vector<unsigned> lines;
  const auto machine = machine_at("default");
  ReplayHooks hooks;
  hooks.after_step = [&](Verdict verdict, const TraceLine& line) {
    CHECK(verdict == Verdict::ok);
    CHECK(state_of<kDefault>(machine->leaves()).vma.slot[0].mapped);
    lines.push_back(line.number);
  };
  replay(trace, trace.kernel(), *machine, hooks);
  CHECK(lines == std::vector<unsigned>{4, 5});
}

}  // namespace
}  // namespace hmm
