#pragma once
#include "model/migrate.h"

// Who holds frames: every place in a state that can name one, and what it has of it. What a frame's
// counters and flags must be, and whether anybody names a frame that is free, follow from this.
namespace hmm {

// A row of a state that names the frame `pfn`, and what it has of it. get_user_pages() has no place
// of its own: a frame counts those references itself (Page::gets, Page::pins).
template <class D>
struct Hold {
  Holder by;
  std::array<unsigned, 3> at{};        // the row's index in the table of `by`
  typename D::Num pfn;                 // 0 if it names none
  typename D::Bool reference = false;  // counted by Page::refcount
  typename D::Bool mapping = false;    // counted by Page::mapcount
  typename D::Bool lock = false;       // has the page lock
  typename D::Bool isolated = false;   // the frame is off its LRU list for it
};

// What a CPU fault in flight has.
template <class D>
[[gnu::always_inline]] inline Hold<D> hold_of_fault(const Profile& k, const CpuFault<D>& f,
                                                    unsigned slot) {
  const auto waiting = is<D>(f.stage, CpuFaultStage::waiting);
  const auto looked_up = !is<D>(f.stage, CpuFaultStage::idle) && !waiting;
  return {.by = Holder::cpu_fault,
          .at = {slot},
          .pfn = f.pfn,
          .reference = waiting || (looked_up && typename D::Bool(k.fault_takes_page_ref)),
          .lock = looked_up && typename D::Bool(k.fault_locks_page)};
}

// Calls visit(hold) for each place.
template <class D, class Visit>
[[gnu::always_inline]] inline void for_each_hold(const Profile& k, const State<D>& s,
                                                 Visit&& visit) {
  using Num = typename D::Num;
  for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
    const auto mapping = is_mapping<D>(k, pte, pte.pfn);
    visit(Hold<D>{.by = Holder::pte,
                  .at = {mm, vpn},
                  .pfn = pte.pfn,
                  .reference = mapping || excludes<D>(pte, pte.pfn),
                  .mapping = mapping});
  });
  for_each_row(s.cached, [&](const auto& c, unsigned file, unsigned vpn) {
    visit(Hold<D>{.by = Holder::page_cache, .at = {file, vpn}, .pfn = c.pfn, .reference = true});
  });
  for_each_row(s.swap_slot, [&](const auto& swap, unsigned slot) {
    visit(Hold<D>{.by = Holder::swap_cache, .at = {slot}, .pfn = swap.pfn, .reference = true});
  });
  for_each_row(s.mirror, [&](const auto& m, unsigned device, unsigned mm, unsigned vpn) {
    visit(Hold<D>{.by = Holder::mirror, .at = {device, mm, vpn}, .pfn = m.pfn});
  });
  for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
    visit(Hold<D>{.by = Holder::device_fault,
                  .at = {slot},
                  .pfn = ite(is_excluding<D>(f), f.pfn, Num(0)),
                  .reference = true,
                  .lock = true});
  });
  for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned vpn) {
    const auto has_src = !is<D>(e.stage, EntryStage::none);
    const auto of_fault = is_locked_by_fault<D>(k, s, s.migration.at(slot), e.src);
    visit(Hold<D>{.by = Holder::migration_src,
                  .at = {slot, vpn},
                  .pfn = e.src,
                  .reference = has_src,
                  .lock = has_src && !of_fault,
                  .isolated = has_src && !is<D>(e.stage, EntryStage::collected)});
    visit(Hold<D>{.by = Holder::migration_dst,
                  .at = {slot, vpn},
                  .pfn = e.dst,
                  .reference = e.has_dst,
                  .lock = e.has_dst,
                  .isolated = e.has_dst});
  });
  for_each_row(s.cpu_fault,
               [&](const auto& f, unsigned slot) { visit(hold_of_fault<D>(k, f, slot)); });
  for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
    visit(Hold<D>{.by = Holder::old_page,
                  .at = {slot},
                  .pfn = inv.old_pfn,
                  .reference = true,
                  .lock = is_op<D>(inv, RangeOp::restore)});
    visit(Hold<D>{.by = Holder::new_page,
                  .at = {slot},
                  .pfn = inv.new_pfn,
                  .reference = true,
                  .isolated = true});
  });
}

// What all of them together have of a frame.
template <class D>
struct Held {
  typename D::Num references{0}, mappings{0}, locks{0};
  typename D::Bool isolated = false;

  // One more has it, where `here` holds.
  [[gnu::always_inline]] void add(const Hold<D>& hold, const typename D::Bool& here) {
    references = references + to_num(here && hold.reference);
    mappings = mappings + to_num(here && hold.mapping);
    locks = locks + to_num(here && hold.lock);
    isolated = isolated || (here && hold.isolated);
  }
};
// By frame. One look at each place is enough where it is known which frame it names.
template <class D>
[[gnu::always_inline]] inline auto held_frames(const Profile& k, const State<D>& s) {
  using Num = typename D::Num;
  Grid<D, Held<D>, sort::pfn> all;
  for_each_hold<D>(
      k, s, [&](const Hold<D>& hold) __attribute__((always_inline)) {
        if constexpr (D::selects)
          for (std::size_t i = 0; i < all.size; ++i)
            all.slot[i].add(hold, hold.pfn == Num(all.index_of(i, 0)));
        else
          all.update([&](Held<D>& held) { held.add(hold, true); }, hold.pfn);
      });
  for (std::size_t i = 0; i < all.size; ++i) {
    auto& references = all.slot[i].references;
    references = references + s.page.slot[i].gets + s.page.slot[i].pins;
  }
  return all;
}

}  // namespace hmm
