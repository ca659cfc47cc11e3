#include "model/want.h"

#include "model/sorts.h"

namespace hmm {

std::vector<Want> wants_of(const Scope& s) {
  std::vector<Want> wants;
  const auto add = [&](Retrier by, unsigned device, unsigned mms) {
    for (unsigned mm = 0; mm < mms; ++mm)
      for (unsigned vpn = 0; vpn < s.vpns; ++vpn)
        for (const bool write : {false, true})
          wants.push_back({.by = by, .write = write, .device = device, .mm = mm, .vpn = vpn});
  };
  add(Retrier::cpu, 0, s.mms);
  if (s.device_faults != 0)
    for (unsigned d = 0; d < s.devices; ++d) add(Retrier::device, d, s.mirrored_mms);
  const Range frames = range_of(sort::device_pfn, s);
  if (s.evictions != 0)
    for (unsigned pfn = frames.first; pfn < frames.first + frames.count; ++pfn)
      wants.push_back({.by = Retrier::eviction, .pfn = pfn});
  return wants;
}

}  // namespace hmm
