#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// madvise(MADV_DONTNEED) opens its range: MMU_NOTIFY_CLEAR, with the mmap lock held for reading, so
// faults and migrations go on beside it.
//
// Kernel: mm/madvise.c madvise_dontneed_single_vma(), mm/memory.c zap_page_range_single().
template <class D>
struct MadviseDontneed {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "madvise_dontneed";
  static constexpr std::array verdicts{
      Verdict::ok,        Verdict::slot_busy,      Verdict::bad_range,
      Verdict::not_alive, Verdict::mmap_lock_wait, Verdict::no_vma};

  typename D::Num slot{};
  typename D::Num mm{};
  typename D::Num first{};
  typename D::Num last{};

  static constexpr auto fields() {
    return Fields{field("slot", &MadviseDontneed::slot, Kind::invalidation),
                  field("mm", &MadviseDontneed::mm, Kind::mm),
                  field("first", &MadviseDontneed::first, Kind::vpn),
                  field("last", &MadviseDontneed::last, Kind::vpn)};
  }

  Num check([[maybe_unused]] const Profile& k, const State<D>& s) const {
    return Guards<D>()
        .end_if(!slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if(last < first, Verdict::bad_range)
        .end_if(!s.mm.at(mm).alive, Verdict::not_alive)
        .end_if(mmap_write_locked<D>(s, mm), Verdict::mmap_lock_wait)
        .end_if(!range_is_mapped<D>(s, mm, first, last), Verdict::no_vma)
        .verdict();
  }

  void apply([[maybe_unused]] const Profile& k, [[maybe_unused]] State<D>& s,
             [[maybe_unused]] const Num& verdict) const {
    open_range<D>(s, slot, RangeOp::dontneed, mm, first, last);
  }
};

}  // namespace hmm
