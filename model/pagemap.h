#pragma once
#include "model/state.h"
#include "model/words.h"

// mm/memremap.c and kernel/resource.c: where the memory of a device lies, and whether its frames
// have struct pages. In a scope without ranges of addresses they always have.
namespace hmm {

// The device's memory is MEMORY_DEVICE_COHERENT.
constexpr bool is_coherent_device(const Scope& s, unsigned device) {
  return device >= s.devices - s.coherent_devices;
}
// Where the platform has the memory of a coherent device, which its driver is told: the lowest
// addresses.
constexpr unsigned platform_region(const Scope& s, unsigned device) {
  return device - (s.devices - s.coherent_devices);
}
// No memory that the CPU reaches can be there: it is behind what mm/memory_hotplug.c
// mhp_get_pluggable_range() allows.
constexpr unsigned region_above_limit(const Scope& s) { return s.regions - 1; }

template <class D>
typename D::Bool is_above_limit(const typename D::Num& region) {
  return region == typename D::Num(region_above_limit(D::scope));
}

// The devices with coherent memory.
template <class D>
typename D::Bool has_coherent_memory(const typename D::Num& device) {
  typename D::Bool is = false;
  for_each<D, sort::mapped_device>([&](unsigned d) {
    if (is_coherent_device(D::scope, d)) is = is || device == typename D::Num(d);
  });
  return is;
}
// The coherent device's memory is there.
template <class D>
typename D::Bool is_platform_region(const typename D::Num& device, const typename D::Num& region) {
  typename D::Bool is = false;
  for_each<D, sort::mapped_device>([&](unsigned d) {
    if (is_coherent_device(D::scope, d))
      is = is || (device == typename D::Num(d) &&
                  region == typename D::Num(platform_region(D::scope, d)));
  });
  return is;
}

// Its frames have struct pages.
template <class D>
typename D::Bool has_struct_pages(const Pagemap<D>& p) {
  return is<D>(p.stage, PagemapStage::live) || is<D>(p.stage, PagemapStage::dying);
}
// The device's driver may hand frames out: percpu_ref_kill() has not been there.
template <class D>
typename D::Bool is_live(const State<D>& s, const typename D::Num& device) {
  if (D::scope.regions == 0) return typename D::Bool(true);
  return is<D>(s.pagemap.at(device).stage, PagemapStage::live);
}

// Some device has the range of addresses, with struct pages or without.
template <class D>
typename D::Bool is_range_of_device(const State<D>& s, const typename D::Num& region) {
  typename D::Bool any = false;
  for (const auto& p : s.pagemap.slot)
    any = any || (!is<D>(p.stage, PagemapStage::absent) && p.region == region);
  return any;
}
// kernel/resource.c region_intersects(): nothing is in iomem_resource there, nor will be a coherent
// device's memory, which is "Soft Reserved".
template <class D>
typename D::Bool is_free_region(const State<D>& s, const typename D::Num& region) {
  typename D::Bool reserved = false;
  for_each<D, sort::mapped_device>([&](unsigned d) {
    reserved = reserved || is_platform_region<D>(typename D::Num(d), region);
  });
  return !s.region.at(region).ram && !is_range_of_device<D>(s, region) && !reserved;
}

// include/linux/percpu-refcount.h percpu_ref_tryget_live().
template <class D>
void tryget_pagemap(State<D>& s, const typename D::Num& device) {
  s.pagemap.update(
      [](Pagemap<D>& p) { p.refs = p.refs + to_num(is<D>(p.stage, PagemapStage::live)); }, device);
}
// include/linux/memremap.h put_dev_pagemap().
template <class D>
void put_pagemap(State<D>& s, unsigned device, const typename D::Bool& puts) {
  using Num = typename D::Num;
  auto& p = s.pagemap.slot[device];
  const auto held = has_struct_pages<D>(p) && p.refs != Num(0);
  s.oops.dead_pagemap = s.oops.dead_pagemap || (puts && !held);
  p.refs = ite(puts && p.refs != Num(0), p.refs - Num(1), p.refs);
}

}  // namespace hmm
