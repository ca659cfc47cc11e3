#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// madvise(MADV_FREE) opens its range: MMU_NOTIFY_CLEAR, with the lock that MADV_DONTNEED takes.
//
// Kernel: mm/madvise.c madvise_free_single_vma().
template <class D>
struct MadviseFree {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "madvise_free";
  static constexpr std::array verdicts{
      Verdict::ok,        Verdict::slot_busy,      Verdict::bad_range,
      Verdict::not_alive, Verdict::mmap_lock_wait, Verdict::no_vma};

  Num slot{};
  Num mm{};
  Num first{};
  Num last{};

  static constexpr Gate gate{&Scope::lazyfrees};
  static constexpr auto fields() {
    return Fields{field("slot", &MadviseFree::slot, sort::invalidation),
                  field("mm", &MadviseFree::mm, sort::mm),
                  field("first", &MadviseFree::first, sort::vpn),
                  field("last", &MadviseFree::last, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool shared = false;
    for_each<D, sort::vpn>([&](unsigned v) {
      shared =
          shared || (is_in_range<D>(Num(v), first, last) && is_shared<D>(s.vma.at(mm, Num(v))));
    });
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("bad_range", last < first, Verdict::bad_range)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", madvise_waits<D>(k, s, mm, first, last), Verdict::mmap_lock_wait)
        .end_if("no_vma", !range_is_mapped<D>(s, mm, first, last), Verdict::no_vma)
        .end_if("not_anonymous", shared, Verdict::bad_range)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    open_range<D>(does, s, slot, RangeOp::free, mm, first, last);
  }
};

}  // namespace hmm
