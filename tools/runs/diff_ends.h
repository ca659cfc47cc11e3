#pragma once
#include <string>
#include <vector>

#include "model/profile.h"
#include "tools/runs/stop.h"

// What ends in one kernel and hangs in another (properties/engines/engines.h liveness()).
namespace hmm {

struct EndsDifference {
  std::string scope, claim;  // the first scope at which it was found
  std::string detail;        // after how many steps, and who waits for ever
  std::string trace;         // of the kernel that hangs
  bool in_b = false;         // the second one does
};

struct EndsDiff {
  std::vector<std::string> scopes;  // at which it was asked
  std::vector<EndsDifference> found;
  std::vector<std::string> not_to_the_end;  // scopes
};

// The scopes at which it is asked. Steps that are the same end alike, unless what drivers and who
// holds pages are taken to do differs (SwitchGroup::policy), of which scopes are asked that take
// seconds; else those that take no time. Or `all`, of which one takes half a minute.
std::vector<std::string> scopes_of_ends(const Profile& a, const Profile& b, bool steps_differ,
                                        bool all);
EndsDiff diff_ends(const Profile& a, const Profile& b, const std::vector<std::string>& scopes,
                   unsigned threads, const Stop& stop);

}  // namespace hmm
