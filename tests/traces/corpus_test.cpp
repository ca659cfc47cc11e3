// Every trace that the project carries, and a witness of every verdict of every step, does what it
// says, and every property holds along it, but for what it says that is violated. What is carried
// says why.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "tests/goldens/recompute.h"
#include "tools/runs/citations.h"
#include "tools/runs/failure.h"
#include "traces/replay.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> traces_below(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".trace") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// What the trace says that is violated in it.
PropertySet expected_bad(const TraceFile& trace) {
  PropertySet bad = 0;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::expect_violated) bad |= property_named(line.text);
  return bad;
}

// Replays the trace; its last verdict, with which step.
std::pair<std::size_t, Verdict> checked(const TraceFile& trace) {
  CAPTURE(trace.path);
  const Profile k = trace.kernel();
  const auto machine = machine_at(trace.scope);
  std::pair<std::size_t, Verdict> last{};
  // tests/tools/museum_test.cpp builds the edited rules.
  if (!trace.rules.empty()) return last;
  ReplayHooks hooks;
  hooks.after_step = [&](Verdict verdict, const TraceLine& line) {
    CHECK((machine->violated(k, kAllProperties) & ~expected_bad(trace)) == 0);
    last = {line.step.kind, verdict};
  };
  hooks.violates = [&](std::string_view property) {
    return machine->violated(k, property_named(property)) != 0;
  };
  hooks.denies_hang = [&](const std::vector<Want>& wants, const PlainSteps& cycle) {
    return why_no_hang(*machine, k, wants, cycle);
  };
  CHECK(replay(trace, k, *machine, hooks).divergence == "");
  return last;
}

// What a trace says of itself, as one text.
std::string story(const TraceFile& trace) {
  std::string text;
  for (const auto& comment : trace.comments) text += comment + " ";
  return text;
}

// What is wrong with what it says; empty if nothing is.
std::string story_problem(const TraceFile& trace) {
  // `do_swap_page: rejected: no vma`, as `explore --witnesses` writes.
  static const std::regex machine_made("([a-z_]+): .*");
  const std::string text = story(trace);
  std::smatch match;
  const std::string first = trace.comments.empty() ? "" : trace.comments.front();
  if (std::regex_match(first, match, machine_made))
    for (const StepInfo& step : step_infos())
      if (match[1] == std::string(step.name)) return "not a story: " + first;
  if (text.find(". ") == text.npos) return "no sentence";
  if (citations(text).empty()) return "no citation: Kernel: FILE FUNCTION()";
  return "";
}

// The scopes that are explored in seconds.
std::vector<std::string> quick_scopes() {
  std::vector<std::string> scopes;
  const auto all = goldens::load(HMM_SOURCE_DIR);
  for (const auto& s : kScopes) {
    const auto* const golden = goldens::find(all, std::string("explore ") + s.name);
    if (golden != nullptr && *golden->value("states") <= goldens::kQuick)
      scopes.emplace_back(s.name);
  }
  return scopes;
}

}  // namespace

TEST_CASE("every trace that is carried does what it says") {
  const auto files = traces_below(std::string(HMM_SOURCE_DIR) + "/traces");
  REQUIRE(files.size() > 30);
  for (const auto& file : files) {
    const TraceFile trace = load_trace(file, all_property_names());
    CHECK_FALSE(trace.comments.empty());
    checked(trace);
  }
}

TEST_CASE("every trace of the corpus says what it shows, and where the kernel does it") {
  for (const auto& file : traces_below(std::string(HMM_SOURCE_DIR) + "/traces/corpus")) {
    CAPTURE(file);
    CHECK(story_problem(load_trace(file, all_property_names())) == "");
  }
}

TEST_CASE("a trace without a story is found") {
  const auto problem = [](const std::string& comments) {
    return story_problem(
        parse_trace(comments + "hmmcheck-trace 1\nscope tiny\nprofile 6.12\n", "t.trace", {}));
  };
  CHECK(problem("# A page goes.\n# Kernel: mm/memory.c zap_pte_range()\n") == "");
  CHECK(problem("# A page goes.\n# Kernel: somewhere.\n") ==
        "no citation: Kernel: FILE FUNCTION()");
  CHECK(
      problem("# munmap: it takes effect\n# A page goes. Kernel: mm/memory.c zap_pte_range()\n") ==
      "not a story: munmap: it takes effect");
  CHECK(problem("") == "no sentence");
}

// They are left in the build folder, for whoever wants to read them.
TEST_CASE("a shortest run to every verdict of every step") {
  const fs::path folder = fs::path(HMM_HMMCHECK).parent_path() / "witnesses";
  fs::remove_all(folder);
  VerdictsSeen seen(step_infos().size());
  for (const auto& scope : quick_scopes()) {
    const std::string command = std::string(HMM_HMMCHECK) + " explore --scope " + scope +
                                " --witnesses '" + (folder / scope).string() + "' >'" +
                                folder.string() + ".log'";
    CAPTURE(command);
    REQUIRE(std::system(command.c_str()) == 0);
    for (const auto& file : traces_below(folder / scope)) {
      CAPTURE(file);
      const TraceFile trace = load_trace(file, {});
      CHECK(print_trace(trace) == read_input(file));
      const auto [step, verdict] = checked(trace);
      CHECK(fs::path(file).stem() == name_of(verdict));
      CHECK(fs::path(file).parent_path().filename() == step_infos()[step].name);
      seen[step] |= std::uint64_t{1} << static_cast<unsigned>(verdict);
    }
  }
  CHECK(joined(verdicts_never_reached(seen, load_profile("6.12"))) == "");
}

}  // namespace hmm
