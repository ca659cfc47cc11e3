#include "tools/runs/patches.h"

#include <fmt/format.h>

#include <memory>

#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options {
  std::vector<std::string> ids;
  std::string folder = "traces/patches";
  unsigned threads = 2;
  std::optional<double> seconds;
};

std::string words_of(const Json& names) {
  std::vector<std::string> words;
  for (const auto& name : names) words.push_back(name);
  return words.empty() ? "none" : joined(words);
}

// `do_swap_page, zap_pte_range` of the ways in which they go otherwise.
std::string steps_of(const Json& differences) {
  std::vector<std::string> steps;
  for (const std::string name : differences) {
    const std::string step = name.substr(0, name.find(':'));
    if (std::find(steps.begin(), steps.end(), step) == steps.end()) steps.push_back(step);
  }
  return steps.empty() ? "none" : joined(steps);
}

std::string line_of(const ReportRow& row) {
  if (!row.facts.contains("differ")) return fmt::format("{:<26} {}", row.name, row.detail);
  std::string promises;
  if (!row.facts["broken"].empty()) promises += "breaks " + words_of(row.facts["broken"]) + " ";
  if (!row.facts["mended"].empty()) promises += "mends " + words_of(row.facts["mended"]) + " ";
  if (!row.facts["may_break"].empty())
    promises += "may break " + words_of(row.facts["may_break"]) + " ";
  return fmt::format("{:<26} {:>5.1f} s  {:>2}/{} same; changes {}; {}", row.name, row.seconds,
                     row.facts["same"].get<unsigned>(), row.facts["steps"].get<unsigned>(),
                     steps_of(row.facts["differ"]),
                     promises.empty() ? "no promise" : promises.substr(0, promises.size() - 1));
}

// The story, for who asks for a patch by name.
std::string story_of(const PatchFile& patch, const ReportRow& row) {
  std::string text = fmt::format("{}: {}\n{}\n", patch.id, patch.title, patch.says);
  for (const auto& cite : patch.cites) text += "patch: " + cite + "\n";
  if (row.facts.contains("differ"))
    for (const std::string way : row.facts["differ"]) text += "step " + way + "\n";
  if (!patch.misleads.empty()) text += "beware: " + patch.misleads + "\n";
  return text;
}

void run(const Options& o, Report& report) {
  const auto patches = load_patches_named(o.folder, o.ids);
  report.expect(patches.size());
  const Stop stop(o.seconds);
  for (const auto& patch : patches) {
    if (stop.is_asked()) break;
    ReportRow row = judge_patch(patch, o.threads, stop);
    row.text = line_of(row);
    if (row.judgement != Judgement::holds) row.text += "\n" + verdict_text(row, "");
    if (!o.ids.empty()) row.text = story_of(patch, row) + row.text;
    report.add(std::move(row));
  }
  report.interrupt(stop.signal());
  const std::size_t kept = report.count(Judgement::holds);
  report.object({{"patches", patches.size()}, {"as_kept", kept}});
  const std::size_t skipped = report.count(Judgement::skipped);
  report.say(fmt::format("patches: {} patches, {} answers as they are kept{}", patches.size(), kept,
                         skipped == 0 ? "" : fmt::format(", {} skipped", skipped)));
}

}  // namespace

void add_patches(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(app, exit_code, "patches",
                                "Patches of the kernel's history, and what diff says of each",
                                [o](Report& report) { run(*o, report); });
  verb->add_option("ID", o->ids, "only these, with their stories; default: all");
  verb->add_option("--folder", o->folder, "a folder with a patch.toml for each, by name")
      ->capture_default_str();
  verb->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  verb->add_option("--threads", o->threads, "")->check(count_from(1, 64))->capture_default_str();
}

}  // namespace hmm
