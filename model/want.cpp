#include "model/want.h"

#include "model/sorts.h"

namespace hmm {

Wants wants_of(const Scope& s) {
  Wants wants;
  const auto put = [&](const Want& want) { wants.want.at(wants.count++) = want; };
  const auto add = [&](Retrier by, unsigned device, unsigned mms) {
    for (unsigned mm = 0; mm < mms; ++mm)
      for (unsigned vpn = 0; vpn < s.vpns; ++vpn)
        for (const bool write : {false, true})
          put({.by = by, .write = write, .device = device, .mm = mm, .vpn = vpn});
  };
  add(Retrier::cpu, 0, s.mms);
  if (s.device_faults != 0)
    for (unsigned d = 0; d < s.devices; ++d) add(Retrier::device, d, s.mirrored_mms);
  const Range frames = range_of(sort::device_pfn, s);
  if (s.evictions != 0)
    for (unsigned pfn = frames.first; pfn < frames.first + frames.count; ++pfn)
      put({.by = Retrier::eviction, .pfn = pfn});
  for (const Retrier by : {Retrier::hotplug, Retrier::hotunplug})
    for (unsigned r = 0; r < s.regions; ++r) put({.by = by, .region = r});
  const unsigned mapped = s.regions == 0 ? 0 : s.devices;
  for (unsigned d = 0; d < mapped; ++d) put({.by = Retrier::memremap, .device = d});
  // Who can empty no frame waits for the processes that use them.
  if (s.evictions != 0)
    for (unsigned d = 0; d < mapped; ++d) put({.by = Retrier::memunmap, .device = d});
  if (s.closings != 0)
    for (const Retrier by : {Retrier::subscribe, Retrier::unsubscribe})
      for (unsigned d = 0; d < s.devices; ++d)
        for (unsigned mm = 0; mm < s.mirrored_mms; ++mm) put({.by = by, .device = d, .mm = mm});
  return wants;
}

}  // namespace hmm
