#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// Memory is plugged in, or soft-reserved memory is made that of the system. It fails where a device
// has its memory.
//
// Kernel: mm/memory_hotplug.c register_memory_resource(): -EEXIST, or -E2BIG where no memory can be
// (mhp_range_allowed()); of a coherent device, whose driver has requested nothing, mm/sparse.c
// fill_subsection_map().
template <class D>
struct AddMemory {
  using Num = typename D::Num;
  static constexpr const char* name = "add_memory";
  static constexpr Retrier retrier = Retrier::hotplug;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_place, Verdict::region_taken};

  Num region{};

  static constexpr auto fields() {
    return Fields{field("region", &AddMemory::region, sort::region)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("limit", is_above_limit<D>(region), Verdict::wrong_place)
        .end_if("device", is_range_of_device<D>(s, region), Verdict::region_taken)
        .end_if("ram", s.region.at(region).ram, Verdict::region_taken)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("add_ram")) s.region.update([](Region<D>& r) { r.ram = true; }, region);
  }
};

}  // namespace hmm
