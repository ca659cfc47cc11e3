#include "tools/runs/validate.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/call_text.h"

namespace hmm {
namespace {

RecordedTrace up_to(const RecordedTrace& trace, std::size_t step) {
  RecordedTrace out = trace;
  out.steps.resize(std::min(out.steps.size(), step + 1));
  return out;
}

bool agrees(const RecordedTrace& trace, const ConformOptions& rules) {
  ConformReport report;
  conform({"the kernel", {trace}, {}}, rules, report);
  return report.agreeing == 1;
}

// The first call in which two kernels part; how many they have in common if they do not. A trace
// that a kernel cut short ends in a call that differs.
std::size_t parting(const RecordedTrace& a, const RecordedTrace& b) {
  const std::size_t both = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < both; ++i)
    if (print_result(a.steps[i].call.result) != print_result(b.steps[i].call.result) ||
        a.steps[i].seen != b.steps[i].seen)
      return i;
  return both;
}

std::string name_of_parting(const RecordedCall& a, const RecordedCall& b) {
  const std::string was = print_result(a.result), is = print_result(b.result);
  const auto first_word = [](const std::string& s) { return s.substr(0, s.find(' ')); };
  if (was == is) return fmt::format("{}: seen after it", row_of(a.what).name);
  if (first_word(was) == first_word(is))
    return fmt::format("{}: {}, with other numbers", row_of(a.what).name, first_word(is));
  return fmt::format("{}: {} -> {}", row_of(a.what).name, first_word(was), first_word(is));
}

class Validation {
 public:
  explicit Validation(const ValidateOptions& options) : options_(options) {}

  ValidateResult run() {
    std::vector<RecordedTrace> base;
    out_.base = drive("the kernel before the patch", options_.drive_base, options_.drive_one_base,
                      options_.base, [&](const DrivenTrace& one) { base.push_back(one.trace); });
    std::size_t next = 0;
    out_.patched = drive("the patched kernel", options_.drive_patched, options_.drive_one_patched,
                         options_.patched, [&](const DrivenTrace& one) {
                           if (next < base.size()) compare(base[next++], one.trace);
                         });
    return std::move(out_);
  }

 private:
  CampaignResult drive(const std::string& kernel, const CampaignOptions::Drive& all,
                       const CampaignOptions::Drive& one, const ConformOptions& rules,
                       std::function<void(const DrivenTrace&)> came_back) const {
    CampaignOptions c;
    c.drive = all;
    c.drive_one = one;
    c.stop = options_.stop;
    c.model = rules;
    c.alone_only = true;
    c.drawn_by = {options_.base.profile, options_.patched.profile};
    c.seed = options_.seed;
    c.traces = options_.traces;
    c.length = options_.length;
    c.came_back = std::move(came_back);
    if (options_.progress)
      c.progress = [&](const CampaignResult& r) { options_.progress(kernel, r); };
    return campaign(c);
  }

  void compare(const RecordedTrace& base, const RecordedTrace& patched) {
    const std::size_t at = parting(base, patched);
    if (at >= base.steps.size() || at >= patched.steps.size()) return;
    ++out_.parted;
    ChangedCall parted;
    parted.name = name_of_parting(base.steps[at].call, patched.steps[at].call);
    parted.base = up_to(base, at);
    parted.patched = up_to(patched, at);
    auto [known, is_new] = out_.changed.try_emplace(parted.name, parted);
    ++known->second.times;
    if (agrees(parted.base, options_.base) && agrees(parted.patched, options_.patched))
      ++known->second.as_ruled;
  }

  const ValidateOptions& options_;
  ValidateResult out_;
};

}  // namespace

std::vector<Finding> ValidateResult::introduced() const {
  std::vector<Finding> out;
  for (const auto& [name, finding] : patched.findings)
    if (!base.findings.contains(name)) out.push_back(finding);
  return out;
}

ValidateResult validate(const ValidateOptions& options) { return Validation(options).run(); }

}  // namespace hmm
