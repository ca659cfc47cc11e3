#include "tools/runs/patches.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "tools/runs/diff_ends.h"
#include "tools/runs/museum.h"
#include "tools/runs/rules_build.h"
#include "tools/runs/traces.h"
#include "traces/nearest.h"

namespace hmm {
namespace {

std::vector<std::string> names_of_broken(const std::vector<FoundBroken>& broken) {
  std::vector<std::string> names;
  for (const auto& one : broken) names.push_back(names_of_properties(one.promise).front());
  return names;
}

std::vector<std::string> names_of_differences(const KernelDiff& d) {
  std::vector<std::string> names;
  for (const auto& one : d.differences) names.push_back(name_of(one.what));
  return names;
}

std::vector<std::string> names_of_proved_only(const KernelDiff& d) {
  std::vector<std::string> names;
  for (const auto& one : d.proved_only) names.emplace_back(step_infos()[one.what.step].name);
  return names;
}

std::vector<std::string> names_of_may_break(const KernelDiff& d) {
  std::vector<std::string> names;
  for (const auto& one : d.proved_only)
    for (const auto& promise : names_of_properties(one.may_break.value_or(0)))
      names.push_back(fmt::format("{}: {}", step_infos()[one.what.step].name, promise));
  return names;
}

// What is kept and what is found, in any order; empty if they are the same.
std::string difference(const std::string& key, std::vector<std::string> kept,
                       std::vector<std::string> found) {
  std::sort(kept.begin(), kept.end());
  std::sort(found.begin(), found.end());
  if (kept == found) return "";
  const auto words = [](const auto& all) { return all.empty() ? "none" : joined(all); };
  return fmt::format("expected {} = {}, found {}", key, words(kept), words(found));
}

// What breaks, or is mended, and who no longer gets through in the end, or does again.
std::vector<std::string> promises(const std::vector<FoundBroken>& found, const EndsDiff& ends,
                                  bool in_b) {
  auto names = names_of_broken(found);
  for (const auto& one : ends.found)
    if (one.in_b == in_b) names.push_back(one.claim);
  return names;
}

struct Answered {
  KernelDiff d;
  EndsDiff ends;
  std::vector<std::string> broken, mended;
};

std::string difference(const PatchFile& patch, const Answered& a) {
  for (const auto& said :
       {difference("differ", patch.differ, names_of_differences(a.d)),
        difference("proved_only", patch.proved_only, names_of_proved_only(a.d)),
        difference("broken", patch.broken, a.broken), difference("mended", patch.mended, a.mended),
        difference("may_break", patch.may_break, names_of_may_break(a.d))})
    if (!said.empty()) return said;
  return "";
}

void judge(const PatchFile& patch, unsigned threads, const Stop& stop, ReportRow& row) {
  Profile before = patch.before, after = patch.after;
  if (!patch.keeps_defects) std::tie(before, after) = without_common_defects(before, after);
  if (!patch.rules.empty()) {
    load_rules(rules_of(patch), {patch.path});
    after.rules = rules_of(patch);
  }
  DiffOptions options;
  options.scopes = patch.scopes;
  options.prove = scope_of_proofs(before, after);
  options.prove_elsewhere = true;
  options.threads = threads;
  options.stop = stop.token();
  Answered answered{diff_kernels(before, after, options), {}, {}, {}};
  const KernelDiff& d = answered.d;
  answered.ends =
      diff_ends(before, after, scopes_of_ends(before, after, !d.is_same(), false), threads, stop);
  answered.broken = promises(d.newly_broken(), answered.ends, true);
  answered.mended = promises(d.mended(), answered.ends, false);
  row.seconds = d.seconds;
  row.facts["differ"] = names_of_differences(d);
  row.facts["broken"] = answered.broken;
  row.facts["mended"] = answered.mended;
  row.facts["proved_only"] = names_of_proved_only(d);
  row.facts["may_break"] = names_of_may_break(d);
  row.facts["same"] = d.steps(Answer::proved);
  row.facts["steps"] = d.proofs.size();
  row.facts["edges"] = d.edges;
  if (!d.is_complete || !answered.ends.not_to_the_end.empty()) {
    row.judgement = Judgement::undecided;
    row.detail = "not to the end: " + (d.is_complete ? "what ends" : d.rest());
  } else if (const auto said = difference(patch, answered); !said.empty()) {
    row.judgement = Judgement::violated;
    row.detail = patch.path + ": " + said;
  }
}

}  // namespace

std::string rules_of(const PatchFile& patch) { return "patch-" + patch.id; }

std::vector<PatchFile> load_patches_named(const std::string& folder,
                                          const std::vector<std::string>& ids) {
  auto patches = load_patches(folder, names_of_breakable());
  std::vector<std::string> names;
  for (const auto& patch : patches) names.push_back(patch.id);
  for (const auto& id : ids)
    if (std::find(names.begin(), names.end(), id) == names.end())
      reject({"ID"}, fmt::format("a patch of {}{}", folder, did_you_mean(id, names)), id);
  if (!ids.empty())
    std::erase_if(patches, [&](const PatchFile& patch) {
      return std::find(ids.begin(), ids.end(), patch.id) == ids.end();
    });
  return patches;
}

ReportRow judge_patch(const PatchFile& patch, unsigned threads, const Stop& stop) {
  ReportRow row;
  row.name = patch.id;
  row.facts = {{"id", patch.id},     {"title", patch.title},       {"cites", patch.cites},
               {"says", patch.says}, {"misleads", patch.misleads}, {"scopes", patch.scopes}};
  if (!patch.rules.empty())
    row.detail = load_kept_rules(
        rules_of(patch), patch.rules,
        fmt::format("--no-recordings {} pair", fmt::join(patch.scopes, " ")), {patch.path});
  if (!row.detail.empty()) {
    row.judgement = Judgement::skipped;
    row.is_wanting = true;
    return row;
  }
  decide(row, [&] { judge(patch, threads, stop, row); });
  return row;
}

}  // namespace hmm
