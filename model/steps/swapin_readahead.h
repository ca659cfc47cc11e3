#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// A CPU fault finds a swap entry: the page is read, if the swap cache has none, and mapped. It
// stays in the swap cache, so that it need not be written again as long as nobody writes to it.
//
// Kernel: mm/memory.c do_swap_page(), should_try_to_free_swap(), mm/swap_state.c
// swapin_readahead(). The page is locked from before it is read until it is mapped, and the pte is
// tested and set under the pte lock. Simplified: a write fault of a page that is not exclusive maps
// it read-only, and do_wp_page() goes on from there, as in 7.3.
template <class D>
struct SwapinReadahead {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "swapin_readahead";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,          Verdict::not_alive,     Verdict::mmap_lock_wait,
      Verdict::no_vma,      Verdict::no_permission, Verdict::not_swap_entry,
      Verdict::page_locked, Verdict::no_free_page};

  Num mm{};
  Num vpn{};
  Bool write{};  // FAULT_FLAG_WRITE
  Num pfn{};     // the page the allocator gives, if one is needed

  static constexpr Gate gate{&Scope::swaps};
  static constexpr auto fields() {
    return Fields{field("mm", &SwapinReadahead::mm, sort::mm),
                  field("vpn", &SwapinReadahead::vpn, sort::vpn),
                  field("write", &SwapinReadahead::write),
                  field("pfn", &SwapinReadahead::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const Num cached = swap_slot_of<D>(s).pfn;
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("no_permission", !ite(write, vma.write, vma.read), Verdict::no_permission)
        .end_if("not_swap_entry", !is_swap_entry<D>(s.pte.at(mm, vpn)), Verdict::not_swap_entry)
        .end_if("page_locked", s.page.at(cached).locked, Verdict::page_locked)
        .end_if("no_free_page", cached == Num(0) && !is_free<D>(s, pfn), Verdict::no_free_page)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    const auto entry = s.pte.at(mm, vpn);
    const auto vma = s.vma.at(mm, vpn);
    when(swap_slot_of<D>(s).pfn == Num(0), s, [&](State<D>& t) { read(does, t); });
    const Num page = swap_slot_of<D>(s).pfn;
    swap_free<D>(k, s);
    Bool writable = write;
    if (k.swapin_maps_writable)
      writable = writable || !(Bool(checks("soft_dirty_wp")) && needs_soft_dirty_wp<D>(vma, entry));
    Pte<D> pte = made_present<D>(entry, page, vma.read, entry.exclusive && vma.write && writable);
    if (!does("keep_soft_dirty")) pte.soft_dirty = false;
    if (does("dirty")) when(pte.write && write, pte, [](Pte<D>& p) { p = pte_mkdirty<D>(p); });
    if (does("set_pte")) s.pte.set(pte, mm, vpn);
    if (does("get_page")) get_page<D>(s, page);
    if (does("add_rmap")) add_rmap<D>(s, page);
    s.page.update(
        [&](Page<D>& p) {
          if (does("mapping")) p.anon = true;
          if (does("anon_exclusive")) p.anon_exclusive = entry.exclusive;
        },
        page);
    when(write && entry.exclusive, s, [&](State<D>& t) { free_swap<D>(k, t, page); });
  }

 private:
  void read(const Effects<D>& does, State<D>& s) const {
    const Num contents = swap_slot_of<D>(s).contents;
    if (does("alloc_page")) alloc_page<D>(s, pfn, does("copy") ? contents : Num(0));
    if (does("add_lru")) add_lru<D>(s, pfn);
    if (does("add_cached"))
      for (auto& swap : s.swap_slot.slot) swap.pfn = pfn;
  }
};

}  // namespace hmm
