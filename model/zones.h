#pragma once
#include <array>

#include "model/scope.h"

// Physical memory: which frames are which memory. Frames are numbered zone by zone, from 1; 0 is no
// frame, or the zero page. Every predicate, allocator and printer asks this list.
namespace hmm {

// include/linux/memremap.h enum memory_type, and what has no struct dev_pagemap.
enum class Memory { system, device_private, device_coherent };

// include/linux/mmzone.h is_zone_device_page().
constexpr bool is_zone_device(Memory m) {
  switch (m) {
    case Memory::system:
      return false;
    case Memory::device_private:
    case Memory::device_coherent:
      return true;
  }
  return false;
}
// The CPU can load from it and store to it.
constexpr bool is_cpu_addressable(Memory m) {
  switch (m) {
    case Memory::device_private:
      return false;
    case Memory::system:
    case Memory::device_coherent:
      return true;
  }
  return false;
}
// Its pages are on an LRU list while they are in use: mm/swap.c folio_add_lru().
constexpr bool has_lru(Memory m) {
  switch (m) {
    case Memory::system:
      return true;
    case Memory::device_private:
    case Memory::device_coherent:
      return false;
  }
  return false;
}

struct Zone {
  Memory memory = Memory::system;
  unsigned owner = 0;  // the device whose memory it is; meaningless for system memory
  Range pfns{0, 0};
  constexpr bool is_owned() const { return is_zone_device(memory); }
};

inline constexpr unsigned kMaxZones = 9;
struct Zones {
  std::array<Zone, kMaxZones> zone{};
  unsigned count = 0;
  constexpr const Zone* begin() const { return zone.data(); }
  constexpr const Zone* end() const { return zone.data() + count; }
  constexpr unsigned last_pfn() const { return count == 0 ? 0 : zone[count - 1].pfns.last(); }
  // So many frames more, behind the last.
  constexpr void add(Memory memory, unsigned owner, unsigned frames) {
    zone[count] = {memory, owner, {last_pfn() + 1, frames}};
    ++count;
  }
};

// The zones of a scope, in the order of their frames: system memory, then each device's. A scope of
// more zones than kMaxZones does not compile.
constexpr Zones zones_of(const Scope& s) {
  Zones zones;
  zones.add(Memory::system, 0, s.system_pages);
  for (unsigned d = 0; d < s.devices; ++d)
    zones.add(d < s.devices - s.coherent_devices ? Memory::device_private : Memory::device_coherent,
              d, s.device_pages);
  return zones;
}

// How many frames there are.
constexpr unsigned frames_of(const Scope& s) { return zones_of(s).last_pfn(); }

// The zone of a frame; null for 0.
constexpr const Zone* zone_of(const Zones& zones, unsigned pfn) {
  for (const Zone& zone : zones)
    if (zone.pfns.has(pfn)) return &zone;
  return nullptr;
}

// Frames of neighbouring zones for which `is` holds, as few ranges as there can be.
struct PfnRuns {
  std::array<Range, kMaxZones> run{};
  unsigned count = 0;
};
template <class Is>
constexpr PfnRuns runs_of(const Zones& zones, Is is) {
  PfnRuns runs;
  bool open = false;
  for (const Zone& zone : zones) {
    const bool in = is(zone) && zone.pfns.count != 0;
    if (in && open)
      runs.run[runs.count - 1].count += zone.pfns.count;
    else if (in)
      runs.run[runs.count++] = zone.pfns;
    open = in;
  }
  return runs;
}
// The same where there is one run at most, as numbers in a field are; more do not compile.
template <class Is>
constexpr Range pfns_where(const Scope& s, Is is) {
  const PfnRuns runs = runs_of(zones_of(s), is);
  if (runs.count > 1) throw "these zones are not next to one another";
  return runs.count == 0 ? Range{1, 0} : runs.run[0];
}

}  // namespace hmm
