#pragma once
#include "model/calls/caller.h"

// mm/memory.c handle_mm_fault(): what a CPU access, get_user_pages() and a device's walk have in
// common. The caller has checked the vma's rights.
namespace hmm {

// However often a fault comes back to the same access, it must end; a real one that does not hangs.
inline constexpr unsigned kMaxFaults = 8;

// Tries of one thing. Those that came to wait for another call are not counted; and who comes to
// nothing however often it tries does so as long as another call keeps it from it.
template <class D>
class Tries {
 public:
  explicit Tries(Caller<D>& c) : c_(c), waits_(c.waits()) {}
  bool again() {
    if (c_.waits() == waits_) ++tries_;
    if (tries_ > kMaxFaults && c_.wait()) tries_ = 1;
    waits_ = c_.waits();
    return tries_ <= kMaxFaults && !c_.is_stuck();
  }

 private:
  Caller<D>& c_;
  std::size_t waits_;
  unsigned tries_ = 0;
};

// mm/rmap.c rmap_walk(): the vmas that it comes by before nobody maps the frame any more, and that
// do not map it themselves.
template <class D>
void rmap_walk(Caller<D>& c, typename D::Num pfn) {
  using Num = typename D::Num;
  unsigned mapped = c.state.page.at(pfn).mapcount.v;
  c.for_each_linked(pfn, [&](unsigned mm, unsigned vpn) {
    if (mapped == 0) return;
    if (is_mapping<D>(c.profile, c.pte(mm, vpn), pfn))
      --mapped;
    else
      c.must(RmapWalk<D>{.pfn = pfn, .mm = Num(mm), .vpn = Num(vpn)});
  });
}

namespace detail {

// The pages of the migration that are at a stage, one after the other.
template <class D, class Take>
void each_page(Caller<D>& c, EntryStage at, Take&& take) {
  using Num = typename D::Num;
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    if (!c.is_stuck() && is<D>(c.state.migrate_entry.at(c.slot(), Num(v)).stage, at)) take(Num(v));
}

// mm/migrate_device.c migrate_vma_pages(): how many pages moved. What filled holes is put in place
// under a notifier range of its own.
template <class D>
unsigned migrate_vma_pages(Caller<D>& c) {
  using Num = typename D::Num;
  const Num slot = c.slot();
  unsigned moved = 0, holes = 0;
  each_page(c, EntryStage::copied, [&](Num v) {
    if (waits_for_insert<D>(c.state.migrate_entry.at(slot, v)))
      ++holes;
    else
      moved += c.must(MigrateVmaPages<D>{.slot = slot, .vpn = v}) == Verdict::ok ? 1 : 0;
  });
  if (holes == 0) return moved;
  const Num mm = c.state.migration.at(slot).mm;
  c.must(MigrateDevicePages<D>{.slot = slot, .invalidation = slot});
  c.call_back();
  each_page(c, EntryStage::copied, [&](Num v) {
    c.areas.prepare_anon(mm.v, v.v);
    moved += c.must(MigrateVmaInsertPage<D>{.slot = slot, .vpn = v}) == Verdict::ok ? 1 : 0;
  });
  c.must(MmuNotifierInvalidateRangeEnd<D>{.slot = slot});
  return moved;
}

}  // namespace detail

// What migrate_vma_*() does between a driver's setup, the step that begins it, and its return.
// Gives the number of pages that moved.
template <class D, class Setup>
unsigned migrate(Caller<D>& c, const Setup& setup) {
  using Num = typename D::Num;
  const Num slot = c.slot();
  Verdict begun = Verdict::ok;
  c.inside("migrate_vma_collect", [&] {
    begun = c.must(setup);
    if (begun != Verdict::ok) return;
    c.call_back();
    // Else it is migrate_vma_collect_hole() for the whole range.
    const bool has_table = c.has_page_table(c.state.migration.at(slot).mm.v);
    c.inside(has_table ? "migrate_vma_collect_pmd" : "",
             [&] { c.must(MigrateVmaCollect<D>{.slot = slot}); });
    c.must(MmuNotifierInvalidateRangeEnd<D>{.slot = slot});
  });
  if (begun != Verdict::ok) return 0;
  const auto m = c.state.migration.at(slot);
  c.inside("migrate_device_unmap", [&] {
    detail::each_page(c, EntryStage::collected, [&](Num v) {
      rmap_walk(c, c.state.migrate_entry.at(slot, v).src);
      c.must(MigrateDeviceUnmap<D>{.slot = slot, .vpn = v});
    });
  });
  detail::each_page(c, EntryStage::unmapped, [&](Num v) {
    c.must(AllocAndCopy<D>{.slot = slot,
                           .vpn = v,
                           .pfn = m.to_device ? c.free_page_of(m.device.v) : c.free_system_page()});
  });
  unsigned moved = 0;
  c.inside("migrate_vma_pages", [&] { moved = detail::migrate_vma_pages(c); });
  if (c.driver != nullptr) c.driver->moved(c.profile, c.state, slot);
  c.inside("migrate_vma_finalize", [&] {
    detail::each_page(c, EntryStage::moved,
                      [&](Num v) { c.must(MigrateDeviceFinalize<D>{.slot = slot, .vpn = v}); });
    c.must(MigrateVmaEnd<D>{.slot = slot});
  });
  return moved;
}

// migrate_device_range() of one frame, and what follows it in a driver that empties its memory. One
// that is free or locked is passed over.
template <class D>
void evict(Caller<D>& c, unsigned pfn) {
  using Num = typename D::Num;
  const Num slot = c.slot(), page(0);
  if (c.run(MigrateDeviceRange<D>{.slot = slot, .pfn = Num(pfn)}) != Verdict::ok) return;
  Verdict unmapped = Verdict::ok;
  c.inside("migrate_device_unmap", [&] {
    rmap_walk(c, Num(pfn));
    unmapped = c.must(MigrateDeviceUnmap<D>{.slot = slot, .vpn = page});
  });
  const bool moves = unmapped == Verdict::ok;
  if (moves) c.must(AllocAndCopy<D>{.slot = slot, .vpn = page, .pfn = c.free_system_page()});
  c.inside("migrate_device_pages", [&] {
    if (moves) c.must(MigrateVmaPages<D>{.slot = slot, .vpn = page});
  });
  c.inside("migrate_device_finalize", [&] {
    if (moves) c.must(MigrateDeviceFinalize<D>{.slot = slot, .vpn = page});
    c.must(MigrateVmaEnd<D>{.slot = slot});
  });
}

namespace fault {

// mm/memory.c do_swap_page() of a device private entry.
template <class D>
Outcome swap_page(Caller<D>& c, unsigned mm, unsigned vpn) {
  using Num = typename D::Num;
  const Num slot = c.slot();
  const typename Caller<D>::MmapReadLock lock(c, mm);
  // Before the lock was there the page may have gone.
  if (!c.has_pte(mm, vpn, PteKind::device_private)) return Outcome::ok;
  if (c.must(DoSwapPage<D>{.slot = slot, .mm = Num(mm), .vpn = Num(vpn)}) != Verdict::ok)
    return Outcome::ok;
  c.inside("dmirror_devmem_fault",
           [&] { migrate(c, MigrateToRam<D>{.fault = slot, .slot = slot, .invalidation = slot}); });
  return c.must(DoSwapPageEnd<D>{.slot = slot}) == Verdict::sigbus ? Outcome::sigbus : Outcome::ok;
}

// mm/memory.c do_wp_page().
template <class D>
void wp_page(Caller<D>& c, unsigned mm, unsigned vpn) {
  using Num = typename D::Num;
  if (takes_effect(c.run(DoWpPage<D>{.mm = Num(mm), .vpn = Num(vpn)}))) return;
  c.areas.prepare_anon(mm, vpn);
  if (c.must(WpPageCopy<D>{
          .mm = Num(mm), .vpn = Num(vpn), .pfn = c.free_system_page(), .slot = c.slot()}) !=
      Verdict::ok)
    return;
  c.change_range("", [&](Num v) { c.must(WpPageCopyInstall<D>{.slot = c.slot(), .vpn = v}); });
}

// mm/memory.c do_read_fault(), do_shared_fault(). A read fault maps what the page cache has of the
// rest of the vma as well: do_fault_around(), filemap_map_pages().
template <class D>
void shared_page(Caller<D>& c, unsigned mm, unsigned vpn, bool write) {
  using Num = typename D::Num;
  const auto map = [&](unsigned v) {
    c.must(ShmemFault<D>{.file = c.vma(mm, v).file - Num(1),
                         .mm = Num(mm),
                         .vpn = Num(v),
                         .write = write,
                         .pfn = c.free_system_page()});
  };
  for (unsigned v = c.areas.first_of(mm, vpn); !write && v <= c.areas.last_of(mm, vpn); ++v)
    if (c.has_pte(mm, v, PteKind::none) && cached_page<D>(c.state, c.vma(mm, v)).pfn != Num(0))
      map(v);
  if (c.has_pte(mm, vpn, PteKind::none)) map(vpn);
}

}  // namespace fault

// One turn of it: the pte may still not allow the access when it returns ok.
template <class D>
Outcome handle_mm_fault(Caller<D>& c, unsigned mm, unsigned vpn, bool write) {
  using Num = typename D::Num;
  const auto pte = c.pte(mm, vpn);
  if (is<D>(pte.kind, PteKind::none) && c.is_shared_mapping(mm, vpn)) {
    fault::shared_page(c, mm, vpn, write);
  } else if (is<D>(pte.kind, PteKind::none)) {
    c.inside("do_anonymous_page", [&] {
      if (write) c.areas.prepare_anon(mm, vpn);
      // Who came to the pte lock first may have mapped a page.
      if (!c.has_pte(mm, vpn, PteKind::none)) return;
      if (write)
        c.must(DoAnonymousPage<D>{.mm = Num(mm), .vpn = Num(vpn), .pfn = c.free_system_page()});
      else
        c.must(DoAnonymousZeroPage<D>{.mm = Num(mm), .vpn = Num(vpn)});
    });
  } else if (is<D>(pte.kind, PteKind::device_private)) {
    return fault::swap_page(c, mm, vpn);
  } else if (is<D>(pte.kind, PteKind::device_exclusive)) {
    if (c.must(RemoveDeviceExclusiveEntry<D>{.slot = c.slot(), .mm = Num(mm), .vpn = Num(vpn)}) ==
        Verdict::ok)
      c.change_range("",
                     [&](Num v) { c.must(RestoreExclusivePte<D>{.slot = c.slot(), .vpn = v}); });
  } else if (is<D>(pte.kind, PteKind::present)) {
    if (write && !pte.write)
      fault::wp_page(c, mm, vpn);
    else if (write)
      c.must(HandlePteFault<D>{.mm = Num(mm), .vpn = Num(vpn)});
  } else if (!c.wait()) {
    c.get_stuck("handle_mm_fault", Verdict::migration_entry_wait);
  }
  return Outcome::ok;
}

// mm/gup.c __get_user_pages() of one page: it faults until the pte allows the access. False where
// it gives up: -EFAULT.
template <class D>
bool get_user_page(Caller<D>& c, unsigned mm, unsigned vpn, bool write) {
  for (Tries<D> tries(c); tries.again();) {
    const auto vma = c.vma(mm, vpn);
    if (!vma.mapped || !vma.read || (write && !vma.write)) return false;
    if (c.has_pte(mm, vpn, PteKind::present) && (!write || c.pte(mm, vpn).write)) return true;
    if (handle_mm_fault(c, mm, vpn, write) != Outcome::ok) return false;
  }
  c.get_stuck("get_user_pages", Verdict::needs_fault);
  return false;
}

}  // namespace hmm
