#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "model/calls/world.h"
#include "traces/conform.h"

// Calls that are held in the kernel, or wait, while others are made.
namespace hmm {

// Makes calls in a world, several at a time where one is held on its way: at a function of the
// kernel, or after it. A call that is under way goes on when it is made again. It has a thread of
// its own, and only one of all runs at any time, so that the world is never in two hands.
class UnderWay {
 public:
  using D = RecordingDomain;
  explicit UnderWay(World<D>& world);
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay();

  // What the call comes to, or its result if it was under way and is through: `held`, at that
  // place, `at FUNCTION` or `after FUNCTION`; `waits`; or how it ends. No place: it is not to be
  // held. Calls that wait then go on as far as they can.
  CallResult call(unsigned mm, const Call& what, std::string_view place);
  bool any() const { return !lanes_.empty(); }
  // None is any more; what they did stays done.
  void cancel();

 private:
  class Lane;
  Lane* find(unsigned mm, const Call& what) const;
  std::unique_ptr<Lane> new_lane(unsigned mm, const Call& what);
  void settle();
  CallResult result_of(Lane& lane);
  static bool is_known(std::string_view place);
  // How many wait for a lock, and whether some do for the same, of which one is to write.
  std::size_t queue_length() const;
  bool is_a_race() const;

  World<D>& world_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // in the order in which they began
  bool races_ = false;                        // one of them came to a lock that others wait for
  std::size_t queued_ = 0;                    // so often one of them waited for a lock
};

}  // namespace hmm
