#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The vma of a page becomes part of a neighbour's with the same rights, and takes its VM_SOFTDIRTY,
// the one flag that does not keep them apart.
//
// Kernel: mm/vma.c vma_merge_existing_range(), vma_merge_new_range(), is_mergeable_vma(), under the
// mmap lock held for writing. Which vmas merge is a choice here.
template <class D>
struct VmaMerge {
  using Num = typename D::Num;
  static constexpr const char* name = "vma_merge";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::mmap_lock_wait,
                                       Verdict::no_vma, Verdict::no_permission};

  Num mm{};
  Num from{};
  Num to{};

  // A scope without dirty bits has nothing to lose by merging.
  static constexpr Gate gate{&Scope::soft_dirty_bits};
  static constexpr auto fields() {
    return Fields{field("mm", &VmaMerge::mm, sort::mm), field("from", &VmaMerge::from, sort::vpn),
                  field("to", &VmaMerge::to, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto a = s.vma.at(mm, from);
    const auto b = s.vma.at(mm, to);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_lock",
                vma_read_locked<D>(k, s, mm, from, from) || vma_read_locked<D>(k, s, mm, to, to),
                Verdict::mmap_lock_wait)
        .end_if("no_vma", !a.mapped || !b.mapped, Verdict::no_vma)
        .end_if("vm_read", a.read != b.read, Verdict::no_permission)
        .end_if("vm_write", a.write != b.write, Verdict::no_permission)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    auto dirty = s.vma.at(mm, from).soft_dirty;
    if (!k.merge_drops_soft_dirty) dirty = dirty || s.vma.at(mm, to).soft_dirty;
    if (does("soft_dirty")) s.vma.update([&](Vma<D>& v) { v.soft_dirty = dirty; }, mm, to);
  }
};

}  // namespace hmm
