#pragma once
#include "model/notifier.h"

// Who holds frames: every place in a state that can name one, and what it has of it. What a frame's
// counters and flags must be, and whether anybody names a frame that is free, follow from this.
namespace hmm {

// One place that names the frame `pfn`, if its pfn is that, and what it has of it then.
// get_user_pages has no place of its own: a frame counts its references itself (Page::gets,
// Page::pins).
template <class D>
struct Hold {
  Holder by;
  typename D::Num pfn;
  typename D::Bool reference = false;  // counted by Page::refcount
  typename D::Bool mapping = false;    // counted by Page::mapcount
  typename D::Bool lock = false;       // has the page lock
  typename D::Bool isolated = false;   // the frame is off its LRU list for it
};

// Calls visit(hold) for each place. What does not name a frame names 0, or has nothing of it.
template <class D, class Visit>
void for_each_hold(const Profile& k, const State<D>& s, Visit&& visit) {
  using Num = typename D::Num;
  for (const auto& pte : s.pte.slot) {
    const auto maps_it = maps<D>(pte, pte.pfn);
    visit(Hold<D>{.by = Holder::pte,
                  .pfn = pte.pfn,
                  .reference = maps_it || excludes<D>(pte, pte.pfn),
                  .mapping = maps_it});
  }
  for (const auto& m : s.mirror.slot) visit(Hold<D>{.by = Holder::mirror, .pfn = m.pfn});
  for (const auto& c : s.cached.slot)
    visit(Hold<D>{.by = Holder::page_cache, .pfn = c.pfn, .reference = true});
  for (const auto& f : s.device_fault.slot)
    visit(Hold<D>{.by = Holder::device_fault,
                  .pfn = ite(is_excluding<D>(f), f.pfn, Num(0)),
                  .reference = true,
                  .lock = true});
  for (const auto& e : s.migrate_entry.slot) {
    const auto collected = !is<D>(e.stage, EntryStage::none);
    visit(Hold<D>{.by = Holder::migration_src,
                  .pfn = e.src,
                  .reference = collected,
                  .lock = collected,
                  .isolated = collected && !is<D>(e.stage, EntryStage::collected)});
    visit(Hold<D>{.by = Holder::migration_dst,
                  .pfn = e.dst,
                  .reference = e.has_dst,
                  .lock = e.has_dst,
                  .isolated = e.has_dst});
  }
  for (const auto& f : s.cpu_fault.slot)
    visit(Hold<D>{.by = Holder::cpu_fault,
                  .pfn = f.pfn,
                  .reference = typename D::Bool(k.fault_takes_page_ref) &&
                               !is<D>(f.stage, CpuFaultStage::idle)});
  for (const auto& inv : s.invalidation.slot) {
    visit(Hold<D>{.by = Holder::old_page,
                  .pfn = inv.old_pfn,
                  .reference = true,
                  .lock = is_op<D>(inv, RangeOp::restore)});
    visit(Hold<D>{.by = Holder::new_page, .pfn = inv.new_pfn, .reference = true, .isolated = true});
  }
}

}  // namespace hmm
