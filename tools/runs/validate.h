#pragma once
#include <map>
#include <string>
#include <vector>

#include "tools/runs/campaign.h"

// Whether a patched kernel does what its rules say, and nothing else.
namespace hmm {

struct ValidateOptions {
  // Of the kernel before the patch, and of the one with it: as those of a campaign are.
  CampaignOptions::Drive drive_base, drive_one_base, drive_patched, drive_one_patched;
  ConformOptions base, patched;  // what the rules say of each, by which calls are drawn
  std::stop_token stop;
  std::uint64_t seed = 1;
  std::size_t traces = 200;
  unsigned length = 20;
  std::function<void(const std::string& kernel, const CampaignResult&)> progress;
};

// A call that the patched kernel answers otherwise, in the first trace in which it does so.
struct ChangedCall {
  std::string name;             // `dwrite: EFAULT -> ok`
  RecordedTrace base, patched;  // both up to that call
  std::size_t times = 0;        // traces that part in such a call
  std::size_t as_ruled = 0;     // of those, traces in which the rules say both answers
};

struct ValidateResult {
  CampaignResult base, patched;                // beside the rules of each
  std::map<std::string, ChangedCall> changed;  // by name
  std::size_t parted = 0;                      // traces that come out differently
  // Findings of the patched kernel that are none of the one before it.
  std::vector<Finding> introduced() const;
  // Findings of the kernel before the patch: what its rules do not say to begin with.
  bool base_is_as_ruled() const { return base.findings.empty(); }
};

ValidateResult validate(const ValidateOptions& options);

}  // namespace hmm
