#pragma once
#include <map>
#include <string>

#include "tools/runs/guest_reduce.h"
#include "traces/conform.h"

// A real kernel beside the model, call by call, until something differs.
namespace hmm {

// A way in which the kernel fails, or is not as the model says, once for each.
struct Finding {
  std::string name;  // `hangs-release`, `differs-dwrite-EFAULT`
  std::string says;  // the difference in words, or what the console said
  Reduced reduced;
  std::uint64_t seed = 0;  // of the first trace in which it showed
  std::size_t times = 0;
};

struct CampaignResult {
  std::size_t traces = 0, calls = 0;
  std::map<std::string, Finding> findings;  // by name
};

struct CampaignOptions {
  using Drive = std::function<std::vector<DrivenTrace>(const std::vector<RecordedTrace>&)>;
  Drive drive;      // all of them, with as many kernels as that takes
  Drive drive_one;  // with one, which ends with the first that it does not come through
  std::stop_token stop;
  ConformOptions model;  // whose answers the kernel's are compared with
  // Of these rules calls are drawn by turns, since what fails is seldom drawn; none: the model's.
  std::vector<Profile> drawn_by;
  std::uint64_t seed = 1;
  std::size_t traces = 1000;
  unsigned length = 20;
  std::size_t batch = 50;  // traces that one kernel is given
  // What a fresh kernel does not do in the trace alone, those before it left behind, and is none.
  bool alone_only = false;
  CampaignResult before;  // that has been done already: a number of whole batches
  // Told when a batch is through, with what was found in it.
  std::function<void(const CampaignResult&)> batch_is_done;
  // Told what has been done so far, and each finding when it has been reduced.
  std::function<void(const CampaignResult&)> progress;
  // Given each trace as it came back.
  std::function<void(const DrivenTrace&)> came_back;
  std::function<void(const Finding&)> found;
};

CampaignResult campaign(const CampaignOptions& options);

}  // namespace hmm
