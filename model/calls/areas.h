#pragma once
#include "model/domain/domain.h"

// Where one vma ends and the next begins. The model's vma is per page; the ends matter to whoever
// acts on "the rest of the vma" (mm/hmm.c hmm_vma_fault()) and to fork, which skips a vma that has
// no anon_vma.
namespace hmm {

template <class D>
class Areas {
  static_assert(!D::symbolic, "calls branch on what they see");
  struct Part {
    bool mapped = false;
    bool starts = false;  // a vma begins here
    bool read = false, write = false;
    bool account = false;  // VM_ACCOUNT
    unsigned anon_vma = 0;
    bool cloned = false;  // its anon_vma_chain has the parent's too: !list_is_singular()
  };
  static constexpr unsigned n = D::scope.vpns;
  std::array<std::array<Part, n>, D::scope.mms> part_{};
  unsigned anon_vmas_ = 0;

 public:
  bool has_anon_vma(unsigned mm, unsigned vpn) const { return part_[mm][vpn].anon_vma != 0; }
  unsigned first_of(unsigned mm, unsigned vpn) const {
    while (vpn > 0 && !part_[mm][vpn].starts) --vpn;
    return vpn;
  }
  unsigned last_of(unsigned mm, unsigned vpn) const {
    while (vpn + 1 < n && part_[mm][vpn + 1].mapped && !part_[mm][vpn + 1].starts) ++vpn;
    return vpn;
  }

  void unmap(unsigned mm, unsigned first, unsigned last) {
    split(mm, first, last);
    for (unsigned v = first; v <= last; ++v) part_[mm][v] = Part{};
  }

  // mm/mmap.c mmap_region(): a writable mapping is accounted (accountable_mapping()).
  void map(unsigned mm, unsigned first, unsigned last, bool read, bool write) {
    unmap(mm, first, last);
    for (unsigned v = first; v <= last; ++v)
      part_[mm][v] = Part{true, v == first, read, write, write, 0, false};
    merge(mm, first, last);
  }

  // mm/mprotect.c mprotect_fixup() of a part of one vma.
  void protect(unsigned mm, unsigned first, unsigned last, bool read, bool write) {
    split(mm, first, last);
    for (unsigned v = first; v <= last; ++v) {
      Part& p = part_[mm][v];
      // 6.1 never gives the account back, which can only keep apart what 6.12 would merge.
      p.account = write || (p.account && p.anon_vma != 0);
      p.read = read;
      p.write = write;
    }
    merge(mm, first, last);
  }

  // mm/rmap.c __anon_vma_prepare(), mm/mmap.c find_mergeable_anon_vma(): a neighbour that differs
  // in its rights only lends its own, the next before the previous.
  void prepare_anon(unsigned mm, unsigned vpn) {
    if (has_anon_vma(mm, vpn)) return;
    const unsigned first = first_of(mm, vpn), last = last_of(mm, vpn);
    unsigned anon_vma = 0;
    const auto borrow = [&](const Part& from) {
      if (anon_vma == 0 && from.mapped && from.anon_vma != 0 && !from.cloned &&
          from.account == part_[mm][vpn].account)
        anon_vma = from.anon_vma;
    };
    if (last + 1 < n) borrow(part_[mm][last + 1]);
    if (first > 0) borrow(part_[mm][first - 1]);
    if (anon_vma == 0) anon_vma = ++anon_vmas_;
    set_anon(mm, first, last, anon_vma, false);
  }

  // mm/rmap.c anon_vma_fork(): each vma of the child has one of its own beside the parent's.
  void fork(unsigned mm, unsigned child) {
    part_[child] = part_[mm];
    for (unsigned v = 0; v < n; ++v)
      if (part_[child][v].starts && part_[child][v].anon_vma != 0)
        set_anon(child, v, last_of(child, v), ++anon_vmas_, true);
  }

 private:
  void set_anon(unsigned mm, unsigned first, unsigned last, unsigned anon_vma, bool cloned) {
    for (unsigned v = first; v <= last; ++v) {
      part_[mm][v].anon_vma = anon_vma;
      part_[mm][v].cloned = cloned;
    }
  }
  void split(unsigned mm, unsigned first, unsigned last) {
    part_[mm][first].starts = part_[mm][first].mapped;
    if (last + 1 < n) part_[mm][last + 1].starts = part_[mm][last + 1].mapped;
  }
  // mm/vma.c is_mergeable_anon_vma(): `with` is the neighbour that would grow.
  static bool anon_vmas_merge(unsigned anon_vma, const Part& with) {
    const bool singular = with.anon_vma != 0 && !with.cloned;
    if ((anon_vma == 0 || with.anon_vma == 0) && singular) return true;
    return anon_vma == with.anon_vma;
  }
  static bool may_merge(const Part& a, const Part& with) {
    return a.mapped && with.mapped && a.read == with.read && a.write == with.write &&
           a.account == with.account && anon_vmas_merge(a.anon_vma, with);
  }
  // mm/vma.c vma_merge_new_range(), vma_merge_existing_range(): first .. last is one vma.
  void merge(unsigned mm, unsigned first, unsigned last) {
    auto& p = part_[mm];
    const Part self = p[first];
    const bool before = first > 0 && may_merge(self, p[first - 1]);
    bool after = last + 1 < n && may_merge(self, p[last + 1]);
    if (before && after) {
      const unsigned a = p[first - 1].anon_vma, b = p[last + 1].anon_vma;
      after = a == 0 || b == 0 || a == b;
    }
    if (before) p[first].starts = false;
    if (after) p[last + 1].starts = false;
    Part owner = self;
    if (owner.anon_vma == 0 && before) owner = p[first - 1];
    if (owner.anon_vma == 0 && after) owner = p[last + 1];
    if (before || after)
      set_anon(mm, first_of(mm, first), last_of(mm, last), owner.anon_vma, owner.cloned);
  }
};

}  // namespace hmm
