#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// Memory that was plugged in is taken out.
//
// Kernel: mm/memory_hotplug.c try_remove_memory().
// Simplified: it is offline already; what was in it is not modelled.
template <class D>
struct TryRemoveMemory {
  using Num = typename D::Num;
  static constexpr const char* name = "try_remove_memory";
  static constexpr Retrier retrier = Retrier::hotunplug;
  static constexpr std::array verdicts{Verdict::ok, Verdict::no_memory};

  Num region{};

  static constexpr auto fields() {
    return Fields{field("region", &TryRemoveMemory::region, sort::region)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name).end_if("ram", !s.region.at(region).ram, Verdict::no_memory).verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("remove_ram")) s.region.update([](Region<D>& r) { r.ram = false; }, region);
  }
};

}  // namespace hmm
