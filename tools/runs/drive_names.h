#pragma once
#include <optional>
#include <vector>

#include "traces/conform_run.h"
#include "traces/text.h"

namespace hmm {

// What is called otherwise in a trace and where its steps are taken by calls.
class DriveNames {
 public:
  explicit DriveNames(const Scope& scope);

  // The device of recordings that stands for one of the trace's; the first of its kind for the
  // first.
  unsigned device(unsigned of_trace) const { return devices_.at(of_trace); }
  const std::vector<unsigned>& devices() const { return devices_; }
  bool has_all_devices() const { return has_all_devices_; }

  // Whether a step that a call has taken is that of the trace, which is about to be taken in
  // `state`. What the trace names anew has the other's name from then on.
  bool is_same(const PlainStep& of_trace, const PlainStep& taken, std::size_t call,
               const StateText& text, const Leaves& state);
  // Something is in flight in the trace that is the call's.
  bool is_in_flight(std::size_t call, const StateText& text, const Leaves& state) const;

 private:
  struct Name {
    Noun noun;
    Size of;
    unsigned value;     // in the trace
    std::size_t other;  // a frame, or a call in whose lane the slot is
  };
  bool is_same_value(const FieldShape& field, unsigned value, std::size_t other,
                     const StateText& text, const Leaves& state);

  std::vector<unsigned> devices_;
  bool has_all_devices_ = true;
  std::vector<Name> names_;
};

}  // namespace hmm
