#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// The frames of a device get struct pages, at the addresses that its driver gives: those that it
// requested, or those at which the platform has its coherent memory.
//
// Kernel: mm/memremap.c memremap_pages(), pagemap_range(), which refuses addresses of another
// struct dev_pagemap (-ENOMEM) and System RAM (-ENXIO). It does not find one that is dying; then
// mm/sparse.c fill_subsection_map() refuses (-EEXIST).
// Simplified: one step. Whoever is refused leaves everything as it was.
template <class D>
struct MemremapPages {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "memremap_pages";
  static constexpr Retrier retrier = Retrier::memremap;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::wrong_place,
                                       Verdict::region_taken};

  Num device{};
  Num region{};

  static constexpr auto fields() {
    return Fields{field("device", &MemremapPages::device, sort::mapped_device),
                  field("region", &MemremapPages::region, sort::region)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto p = s.pagemap.at(device);
    const Bool coherent = has_coherent_memory<D>(device);
    const Bool absent = is<D>(p.stage, PagemapStage::absent);
    const Bool requested = is<D>(p.stage, PagemapStage::requested);
    Bool conflict = false;
    for_each<D, sort::mapped_device>([&](unsigned d) {
      const auto& other = s.pagemap.slot[d];
      conflict =
          conflict || (device != Num(d) && has_struct_pages<D>(other) && other.region == region);
    });
    return Guards<D>(k, name)
        .end_if("stage", ite(coherent, !absent, !requested), Verdict::wrong_stage)
        .end_if("region", ite(coherent, !is_platform_region<D>(device, region), p.region != region),
                Verdict::wrong_place)
        .end_if("conflict", conflict, Verdict::region_taken)
        .end_if("ram", s.region.at(region).ram, Verdict::region_taken)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    Pagemap<D> p{};
    p.stage = num<D>(PagemapStage::live);
    p.region = region;
    if (does("add_pages")) s.pagemap.set(p, device);
  }
};

}  // namespace hmm
