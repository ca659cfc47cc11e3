#pragma once
#include "model/page.h"

// What drivers keep behind the frames of their devices.
namespace hmm {

// The buffer of the frame is there: the driver has not got it back, or somebody works on it who
// holds it, or the device clears it.
template <class D>
typename D::Bool has_buffer(const Profile& k, const State<D>& s, const typename D::Num& pfn) {
  const auto buffer = s.buffer.at(pfn);
  auto has = buffer.in_use || buffer.clearing;
  if (k.driver_holds_buffer)
    for (const auto& m : s.migration.slot) has = has || m.fills.at(pfn);
  return has;
}

// A driver takes a frame of its list, for the migration in the slot. Nothing is copied to the frame
// of a hole, which the device clears. The effects are the caller's.
template <class D>
void take_buffer(const Effects<D>& does, const Profile& k, State<D>& s, const typename D::Num& slot,
                 const typename D::Num& pfn, const typename D::Bool& hole) {
  s.oops.bad_buffer = s.oops.bad_buffer || s.buffer.at(pfn).in_use;
  s.buffer.update(
      [&](Buffer<D>& b) {
        if (does("take_buffer")) b.in_use = true;
        if (!k.driver_waits_for_clear) b.clearing = b.clearing || hole;
      },
      pfn);
  if (does("fill_buffer"))
    s.migration.update(
        [&](Migration<D>& m) { m.fills.update([](typename D::Bool& f) { f = true; }, pfn); }, slot);
}

// Nothing moved to the frame: a driver whose buffers only their pages hold takes this one back.
template <class D>
void take_back_buffer(const Profile& k, State<D>& s, const typename D::Num& slot,
                      const typename D::Num& pfn) {
  if (k.driver_holds_buffer) return;
  s.migration.update(
      [&](Migration<D>& m) { m.fills.update([](typename D::Bool& f) { f = false; }, pfn); }, slot);
}

// The driver of the migration is done with its buffers, unlocks them and lets go of them.
template <class D>
void leave_buffers(const Profile& k, State<D>& s, const Migration<D>& m) {
  if (k.driver_holds_buffer) return;
  for_each<D, sort::buffered_pfn>([&](unsigned p) {
    s.oops.bad_buffer = s.oops.bad_buffer || (m.fills.at(p) && !s.buffer.at(p).in_use);
  });
}

}  // namespace hmm
