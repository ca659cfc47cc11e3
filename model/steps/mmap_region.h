#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mmap(MAP_PRIVATE | MAP_ANONYMOUS) of one page.
//
// Kernel: mm/mmap.c mmap_region(), under the mmap lock held for writing. No pte changes, so no
// notifier runs.
template <class D>
struct MmapRegion {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mmap_region";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::mmap_lock_wait,
                                       Verdict::vma_exists, Verdict::no_permission};

  typename D::Num mm{};
  typename D::Num vpn{};
  typename D::Bool read{};   // PROT_READ
  typename D::Bool write{};  // PROT_WRITE; implies read

  static constexpr auto fields() {
    return Fields{field("mm", &MmapRegion::mm, Kind::mm), field("vpn", &MmapRegion::vpn, Kind::vpn),
                  field("read", &MmapRegion::read), field("write", &MmapRegion::write)};
  }

  Num check([[maybe_unused]] const Profile& k, const State<D>& s) const {
    return Guards<D>()
        .end_if(!s.mm.at(mm).alive, Verdict::not_alive)
        .end_if(mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if(s.vma.at(mm, vpn).mapped, Verdict::vma_exists)
        .end_if(write && !read, Verdict::no_permission)
        .verdict();
  }

  void apply([[maybe_unused]] const Profile& k, [[maybe_unused]] State<D>& s,
             [[maybe_unused]] const Num& verdict) const {
    s.vma.update(
        [&](Vma<D>& v) {
          v.mapped = true;
          v.read = read;
          v.write = write;
          v.soft_dirty = dirty_bit<D>(true);
        },
        mm, vpn);
  }
};

}  // namespace hmm
