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

  Num mm{};
  Num vpn{};
  Bool read{};   // PROT_READ
  Bool write{};  // PROT_WRITE; implies read

  static constexpr auto fields() {
    return Fields{field("mm", &MmapRegion::mm, sort::mm), field("vpn", &MmapRegion::vpn, sort::vpn),
                  field("read", &MmapRegion::read), field("write", &MmapRegion::write)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_exists", s.vma.at(mm, vpn).mapped, Verdict::vma_exists)
        .end_if("no_permission", write && !read, Verdict::no_permission)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    s.vma.update(
        [&](Vma<D>& v) {
          if (does("map")) v.mapped = true;
          if (does("read")) v.read = read;
          if (does("write")) v.write = write;
          if (does("soft_dirty")) v.soft_dirty = soft_dirty_bit<D>(true);
        },
        mm, vpn);
  }
};

}  // namespace hmm
