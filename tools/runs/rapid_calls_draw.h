#pragma once
#include <rapidcheck/Random.h>

#include <array>
#include <cstdint>
#include <vector>

#include "traces/recording.h"

// Calls with arguments, drawn and made smaller, whether or not the model can make them.
namespace hmm {

// The calls of one sequence, which is about some of the pages and devices and does without some
// kinds of calls.
class CallDraws {
 public:
  explicit CallDraws(const rc::Random& random);
  // Any call of any process; one that can be held may ask for it, by its result.
  RecordedCall draw();
  // That call was made: its kind is drawn less often from here on.
  void took(const RecordedCall& call) { ++times_[call.what.index()]; }
  const RecordedCall& one_of(const std::vector<RecordedCall>& calls) {
    return calls[below(static_cast<unsigned>(calls.size()))];
  }
  // Whether what comes to pass once in `count` times does.
  bool once_in(unsigned count) { return below(count) == 0; }

 private:
  unsigned below(unsigned count) { return static_cast<unsigned>(random_.next() % count); }
  std::size_t below_kinds();
  void draw(call::Page& to) { to.vpn = below(pages_); }
  void draw(call::Pages& to);
  void draw(call::Value& to) { to.v = 1 + below(9); }
  void draw(call::Device& to) { to.number = devices_[below(2)]; }
  void draw(call::Child&) {}
  void draw(call::Rights& to);
  void draw(call::Memory& to);

  rc::Random random_;
  rc::Random holds_;           // which calls are held, and where
  std::uint64_t without_ = 0;  // a bit for each kind of call
  std::array<unsigned, kCalls> times_{};
  unsigned pages_ = 1;  // that it is about, from the first
  std::array<unsigned, 2> devices_{};
};

// The calls that differ from this one by an argument, or by who makes it, that is simpler.
std::vector<RecordedCall> smaller_calls(const RecordedCall& call);

}  // namespace hmm
