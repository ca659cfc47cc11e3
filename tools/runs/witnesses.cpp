#include "tools/runs/witnesses.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "tools/runs/files.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

// What the file says, if it is a trace.
std::optional<TraceFile> trace_at(const std::string& path) {
  try {
    return load_trace(path, all_property_names());
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool is_of_same_kernel(const TraceFile& a, const TraceFile& b) {
  return a.scope == b.scope && a.profile == b.profile && a.overrides == b.overrides;
}

// The steps and their verdicts; not what it expects of the state.
std::vector<std::pair<PlainStep, std::optional<Verdict>>> run_of(const TraceFile& trace) {
  std::vector<std::pair<PlainStep, std::optional<Verdict>>> run;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::step) run.emplace_back(line.step, line.verdict);
  return run;
}

}  // namespace

void Witnesses::add(const std::string& scope, const Profile& k, const PlainSteps& run,
                    Verdict verdict) {
  const std::string step(step_infos()[run.back().kind].name);
  const auto path =
      std::filesystem::path(folder_) / step / (std::string(name_of(verdict)) + ".trace");
  TraceFile trace = make_trace(scope, k, *machine_at(scope), run);
  const std::string says = step + ": " + sentence_of(verdict);
  trace.comments.push_back(says);
  const bool there = std::filesystem::exists(path);
  const auto old = there ? trace_at(path.string()) : std::nullopt;
  bool has_story = false;
  if (old) {
    if (!is_of_same_kernel(*old, trace)) {
      ++others_;
      return;
    }
    if (run_of(*old) == run_of(trace)) {
      ++same_;
      return;
    }
    has_story = !old->comments.empty() && old->comments.front() != says;
    if (has_story) trace.comments = old->comments;
  }
  std::filesystem::create_directories(path.parent_path());
  write_file(path.string(), print_trace(trace));
  if (there)
    rewritten_.push_back(fmt::format("{}: rewritten{}", path.string(),
                                     has_story ? ", below the story of another run" : ""));
  else
    ++written_;
}

std::string Witnesses::summary() const {
  return fmt::format(
      "witnesses: {} written, {} rewritten, {} as they were, {} of another scope or kernel",
      written_, rewritten_.size(), same_, others_);
}

}  // namespace hmm
