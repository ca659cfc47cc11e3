#include <stdexcept>

#include "traces/conform_run.h"

namespace hmm {
namespace {

std::map<std::string, ConformDoor, std::less<>>& loaded() {
  static std::map<std::string, ConformDoor, std::less<>> builds;
  return builds;
}

ConformDoor door_of(const Profile& k) {
  if (k.rules.empty()) return {.conform = &conform_own, .shrink = &shrink_own};
  const auto found = loaded().find(k.rules);
  if (found == loaded().end())
    throw std::invalid_argument("rules:" + k.rules + " are not built for recordings");
  return found->second;
}

}  // namespace

void add_conform(const std::string& rules, const ConformDoor& door) {
  if (door.state_size != sizeof(State<RecordingDomain>))
    throw std::invalid_argument("rules:" + rules + ": built for another state");
  loaded()[rules] = door;
}

bool has_conform(std::string_view rules) { return loaded().find(rules) != loaded().end(); }

void conform(const Recording& recording, const ConformOptions& options, ConformReport& report) {
  door_of(options.profile).conform(recording, options, report);
}

RecordedTrace shrink_divergence(const RecordedTrace& trace, const ConformOptions& options) {
  return door_of(options.profile).shrink(trace, options);
}

}  // namespace hmm
