#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mprotect() changes the vmas and opens its range: MMU_NOTIFY_PROTECTION_VMA, with the mmap lock
// held for writing to the end. The ptes follow one by one.
//
// Kernel: mm/mprotect.c mprotect_fixup(), change_protection().
// Simplified: the range is opened even if nothing in it is populated.
template <class D>
struct MprotectFixup {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mprotect_fixup";
  static constexpr std::array verdicts{
      Verdict::ok,           Verdict::slot_busy,      Verdict::bad_range,
      Verdict::not_alive,    Verdict::mmap_lock_wait, Verdict::no_vma,
      Verdict::no_permission};

  Num slot{};
  Num mm{};
  Num first{};
  Num last{};
  Bool read{};
  Bool write{};  // implies read

  static constexpr auto fields() {
    return Fields{field("slot", &MprotectFixup::slot, sort::invalidation),
                  field("mm", &MprotectFixup::mm, sort::mm),
                  field("first", &MprotectFixup::first, sort::vpn),
                  field("last", &MprotectFixup::last, sort::vpn),
                  field("read", &MprotectFixup::read),
                  field("write", &MprotectFixup::write)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("bad_range", last < first, Verdict::bad_range)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_lock", vma_read_locked<D>(k, s, mm, first, last), Verdict::mmap_lock_wait)
        .end_if("no_vma", !range_is_mapped<D>(s, mm, first, last), Verdict::no_vma)
        .end_if("no_permission", write && !read, Verdict::no_permission)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    open_range<D>(does, s, slot, RangeOp::mprotect, mm, first, last);
    const auto inv = s.invalidation.at(slot);
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      s.vma.update(
          [&](Vma<D>& vma) {
            when(inv.covers.slot[v], vma, [&](Vma<D>& x) {
              if (does("read")) x.read = read;
              if (does("write")) x.write = write;
            });
          },
          mm, Num(v));
  }
};

}  // namespace hmm
