#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "properties/engines/engines.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"
#include "traces/bug_file.h"
#include "traces/trace_file.h"

// Bugs that Linux had, put back one at a time: whether they are found, and what finds them.
namespace hmm {

// A bug and the run beside it.
struct Exhibit {
  BugFile bug;
  TraceFile trace;
};

// What a bug may break: promises, and claims of liveness.
std::vector<std::string_view> names_of_breakable();

// Those below the folder, or of them only those of these names. Throws InputError.
std::vector<Exhibit> load_exhibits(const std::string& folder, const std::vector<std::string>& ids);

// What random walks of several seeds came to.
struct Seeds {
  std::string scope;
  unsigned walked = 0, found = 0;
  std::uint64_t median_steps = 0;  // until it was found
  double seconds = 0;              // of the walks, which are shrunk after that
  std::set<std::string> texts;     // different ones, once shrunk
};

class Museum {
 public:
  Museum(unsigned threads, const Stop& stop) : threads_(threads), stop_(stop) {}

  // The explorer's threads are its default: which of the shortest runs it comes by depends on them.
  // Holds if a search of its scope comes to the run that is kept, no shorter one breaks a promise,
  // that run replays, and the kernel without the bug keeps every promise there.
  ReportRow judge(const Exhibit& exhibit);
  // Walks of the seeds from 1 on.
  Seeds walk_seeds(const BugFile& bug, unsigned seeds) const;

 private:
  ReportRow judge_hang(const Exhibit& exhibit, ReportRow row) const;
  // Why the kernel without the bug does not hold at the bug's scope; empty if it does.
  const std::string& failure_of_fixed(const BugFile& bug);

  unsigned threads_;  // of walks
  const Stop& stop_;
  std::map<std::pair<std::string, std::string>, std::string> fixed_;  // by profile and scope
};

}  // namespace hmm
