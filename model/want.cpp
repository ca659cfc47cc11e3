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
  return wants;
}

}  // namespace hmm
