#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// The driver of a device asks for addresses at which its private memory can be.
//
// Kernel: kernel/resource.c get_free_mem_region(): one step, under resource_lock. It takes the
// highest free ones that memory can have at all, gfr_start(); v16's cover letter means to take some
// that real memory cannot have.
template <class D>
struct RequestFreeMemRegion {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "request_free_mem_region";
  static constexpr Retrier retrier = Retrier::memremap;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::wrong_place,
                                       Verdict::region_taken};

  Num device{};
  Num region{};

  static constexpr auto fields() {
    return Fields{field("device", &RequestFreeMemRegion::device, sort::mapped_device),
                  field("region", &RequestFreeMemRegion::region, sort::region)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const Bool above = is_above_limit<D>(region);
    Bool higher = false;  // addresses are free that the search comes by before
    for_each<D, sort::region>([&](unsigned r) {
      higher =
          higher || (region < Num(r) && !is_above_limit<D>(Num(r)) && is_free_region<D>(s, Num(r)));
    });
    Guards<D> guards(k, name);
    guards.end_if("coherent", has_coherent_memory<D>(device), Verdict::wrong_place)
        .end_if("requested", !is<D>(s.pagemap.at(device).stage, PagemapStage::absent),
                Verdict::wrong_stage)
        .end_if("free", !is_free_region<D>(s, region), Verdict::region_taken)
        .end_if("place", k.free_region_within_limit ? above : !above, Verdict::wrong_place);
    if (k.free_region_within_limit) guards.end_if("highest", higher, Verdict::wrong_place);
    return guards.verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    Pagemap<D> p{};
    p.stage = num<D>(PagemapStage::requested);
    p.region = region;
    if (does("request")) s.pagemap.set(p, device);
  }
};

}  // namespace hmm
