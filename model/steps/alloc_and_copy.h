#pragma once
#include "model/buffer.h"
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// The driver allocates and locks a destination page and copies the source to it.
//
// Kernel: the driver's code between migrate_vma_setup() and migrate_vma_pages(), as in
// lib/test_hmm.c dmirror_migrate_alloc_and_copy(). The source is locked and unmapped, so its
// contents are stable.
template <class D>
struct AllocAndCopy {
  using Num = typename D::Num;
  static constexpr const char* name = "alloc_and_copy";
  static constexpr std::array verdicts{
      Verdict::ok,         Verdict::wrong_stage, Verdict::device_failed,
      Verdict::wrong_zone, Verdict::no_memory,   Verdict::no_free_page};

  Num slot{};
  Num vpn{};
  Num pfn{};  // the page the allocator gives

  static constexpr auto fields() {
    return Fields{field("slot", &AllocAndCopy::slot, sort::migration),
                  field("vpn", &AllocAndCopy::vpn, sort::vpn),
                  field("pfn", &AllocAndCopy::pfn, sort::pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto m = s.migration.at(slot);
    const Num src = s.migrate_entry.at(slot, vpn).src;
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is_ready_to_copy<D>(s, slot, vpn), Verdict::wrong_stage)
        .end_if("device_failed", s.device.at(m.device).failed, Verdict::device_failed)
        .end_if("dst_zone",
                ite(m.to_device, !is_memory_of<D>(pfn, m.device), !is_system_page<D>(pfn)),
                Verdict::wrong_zone)
        .end_if("src_zone",
                ite(m.to_device, is_zone_device_page<D>(src), !is_memory_of<D>(src, m.device)),
                Verdict::wrong_zone)
        // lib/test_hmm.c dmirror_remove_free_pages(): none of what is to go.
        .end_if("no_memory", m.to_device && !is_live<D>(s, m.device), Verdict::no_memory)
        .end_if("no_free_page", !is_free<D>(s, pfn), Verdict::no_free_page)
        // lib/test_hmm.c dmirror_devmem_alloc_page(): none that is not on its list.
        .end_if("listed", has_buffer<D>(k, s, pfn), Verdict::no_free_page)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto src = s.page.at(s.migrate_entry.at(slot, vpn).src);
    // A device that has failed reads nothing.
    const Num read = ite(s.device.at(s.migration.at(slot).device).failed, Num(0), src.contents);
    if (does("alloc_page")) alloc_page<D>(s, pfn, does("copy") ? read : Num(0));
    if (k.pages_hold_pagemap && does("get_pagemap")) get_pagemap_of<D>(s, pfn);
    if (does("lock_page")) lock_page<D>(s, pfn);
    if (D::scope.buffers != 0)
      take_buffer<D>(does, k, s, slot, pfn, s.migrate_entry.at(slot, vpn).src == Num(0));
    s.migrate_entry.update(
        [&](MigrateEntry<D>& e) {
          if (does("stage")) e.stage = num<D>(EntryStage::copied);
          if (does("dst")) {
            e.dst = pfn;
            e.has_dst = true;
          }
        },
        slot, vpn);
  }
};

}  // namespace hmm
