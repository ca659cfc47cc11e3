#pragma once
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "properties/engines/engines.h"

// RapidCheck as an engine: sequences of steps that it draws among those that take effect, each
// followed by the properties.
namespace hmm {

struct RapidOptions {
  std::uint64_t seed = 1;
  std::uint64_t sequences = 500;  // at most
  unsigned length = 250;          // draws in one
  std::uint64_t draws = ~0ull;    // at most, in all sequences
  double seconds = 1e9;
  PropertySet properties = kAllProperties;
  std::vector<Override> overrides;
  std::stop_token stop;
  std::function<void(std::uint64_t sequences)> progress;
};

struct RapidResult {
  std::uint64_t sequences = 0;
  std::uint64_t draws = 0;
  std::uint64_t effective = 0;       // draws that took a step
  std::uint64_t fewest = ~0ull;      // of them in any one sequence that is whole
  std::vector<std::uint64_t> taken;  // by kind of step: how often it was
  double seconds = 0;
  // As of WalkResult; the counterexample is as small as RapidCheck's own tree leads to.
  PropertySet bad = 0;
  PlainSteps counterexample;
  std::uint64_t found_in = 0;  // the number of its sequence, from 1
  Violation weak;
  // Overrides that changed no step that was taken or that took effect.
  std::vector<std::string> undecided;
  PlainSteps way_out;  // a run whose last step leaves the ranges of the scope
};

// The same for the same options, but for the seconds. Throws std::invalid_argument if this build
// has no scope of that name.
RapidResult rapid(std::string_view scope, const Profile& k, const RapidOptions& options = {});

}  // namespace hmm
