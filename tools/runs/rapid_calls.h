#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "model/profile.h"
#include "properties/engines/property_set.h"
#include "traces/recording.h"

// Sequences of user calls, those of recordings, that RapidCheck draws and runs through the model at
// the scope of recordings: the properties are judged after every step of every call.
namespace hmm {

struct RapidCallsOptions {
  std::uint64_t seed = 1;
  std::uint64_t sequences = 100;  // at most
  unsigned length = 25;           // calls in one
  std::uint64_t calls = ~0ull;    // at most, in all sequences
  bool may_hold = true;           // whether calls are held on their way
  PropertySet properties = kAllProperties;
  std::stop_token stop;
  std::function<void(std::uint64_t sequences)> progress;
};

struct RapidCallsResult {
  std::uint64_t sequences = 0;
  std::uint64_t calls = 0;      // that came back with an answer that recordings have
  std::uint64_t succeeded = 0;  // of them, without an error or a signal
  // By place, `at FUNCTION` or `after FUNCTION`: how many of them were held there.
  std::map<std::string, std::uint64_t> held_at;
  std::uint64_t steps = 0;           // that these took
  std::vector<std::uint64_t> times;  // by kind of call: how often it succeeded
  // Sequences that ended in a call that needed a step which the model refused, and what it said of
  // the first.
  std::uint64_t refused = 0;
  std::string refusal;
  // What the last call of `trace` violates, and after which step. Empty if nothing does.
  std::string failure;
  // Of what is violated or, if nothing is, of what was refused first: as small as RapidCheck's own
  // tree leads to, with the model's answers.
  RecordedTrace trace;
  std::uint64_t found_in = 0;  // the number of its sequence, from 1
};

RapidCallsResult rapid_calls(const Profile& k, const RapidCallsOptions& options = {});

// Sequences of the same kind, none of whose calls is held, with what the model has to say to each:
// of the seeds from `seed` on, each a trace that depends on its own seed alone.
std::vector<RecordedTrace> draw_traces(const Profile& k, std::uint64_t seed, std::size_t traces,
                                       unsigned length);

}  // namespace hmm
