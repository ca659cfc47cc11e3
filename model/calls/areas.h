#pragma once
#include <array>
#include <bitset>
#include <utility>

#include "model/domain/domain.h"
#include "model/profile.h"
#include "model/sorts.h"

// Where one vma ends and the next begins. The model's vma is per page; the ends matter to whoever
// acts on "the rest of the vma" (mm/hmm.c hmm_vma_fault()), to fork, which skips a vma that has no
// anon_vma, and to VM_SOFTDIRTY, which a whole vma has. The anon_vmas matter to whoever follows the
// one that a frame names.
namespace hmm {

inline constexpr unsigned kAnonVmas = 128;
using AnonVmaSet = std::bitset<kAnonVmas>;

template <class D>
class Areas {
  static_assert(!D::selects, "calls branch on what they see");
  struct Part {
    bool mapped = false;
    bool starts = false;  // a vma begins here
    bool read = false, write = false;
    bool account = false;  // VM_ACCOUNT
    bool locked = false;   // VM_LOCKED
    unsigned file = 0;     // vm_file; 0 is anonymous memory
    unsigned pgoff = 0;    // of this page, not of the vma's first
    unsigned anon_vma = 0;
    AnonVmaSet chain{};   // anon_vma_chain: its own, and those it came by in fork
    unsigned linked = 0;  // when the vma came into the interval trees of these, or of its file
    bool is_cloned() const { return chain.count() > 1; }  // !list_is_singular()
  };
  static constexpr unsigned n = D::scope.vpns;
  bool returns_account_, takes_either_;
  std::array<std::array<Part, n>, D::scope.mms> part_{};
  std::array<std::array<bool, n>, D::scope.mms> write_locked_{};
  std::array<std::array<unsigned, n>, D::scope.mms> readers_{};  // of the lock of the page's vma
  static constexpr unsigned kFrames = 1 + frames_of(D::scope);
  std::array<unsigned, kFrames> names_{};  // page->mapping
  unsigned links_ = 0;                     // so many times a vma was linked
  // Each frame names one, each vma is linked to its own and to that of its parent.
  static_assert(kFrames + 2 * D::scope.mms * n < kAnonVmas);

 public:
  explicit Areas(const Profile& k)
      : returns_account_(k.mprotect_returns_account),
        takes_either_(k.merge_takes_either_anon_vma) {}

  // Who lost its own flags to whom, when vmas became one.
  enum class Merged { no, into_previous, into_next };

  bool has_anon_vma(unsigned mm, unsigned vpn) const { return part_[mm][vpn].anon_vma != 0; }
  bool is_locked(unsigned mm, unsigned vpn) const { return part_[mm][vpn].locked; }
  unsigned first_of(unsigned mm, unsigned vpn) const {
    while (vpn > 0 && !part_[mm][vpn].starts) --vpn;
    return vpn;
  }
  unsigned last_of(unsigned mm, unsigned vpn) const {
    while (vpn + 1 < n && part_[mm][vpn + 1].mapped && !part_[mm][vpn + 1].starts) ++vpn;
    return vpn;
  }

  void unmap(unsigned mm, unsigned first, unsigned last) {
    const Ends before = ends(mm);
    split(mm, first, last);
    for (unsigned v = first; v <= last; ++v) part_[mm][v] = Part{};
    link_moved(mm, before);
  }

  // mm/mmap.c mmap_region(): a private writable mapping is accounted (accountable_mapping()).
  void map(unsigned mm, unsigned first, unsigned last, bool read, bool write, unsigned file) {
    unmap(mm, first, last);
    const Ends before = ends(mm);
    for (unsigned v = first; v <= last; ++v) {
      Part& p = part_[mm][v];
      p.mapped = true;
      p.starts = v == first;
      p.read = read;
      p.write = write;
      p.account = write && file == 0;
      p.file = file;
      p.pgoff = file == 0 ? v : v - first;
    }
    merge(mm, first, last);
    link_moved(mm, before);
  }

  // mm/mprotect.c mprotect_fixup() of a part of one vma; Profile::mprotect_returns_account.
  void protect(unsigned mm, unsigned first, unsigned last, bool read, bool write) {
    const Ends before = ends(mm);
    split(mm, first, last);
    for (unsigned v = first; v <= last; ++v) {
      Part& p = part_[mm][v];
      p.account = p.file == 0 && (write || (p.account && (p.anon_vma != 0 || !returns_account_)));
      p.read = read;
      p.write = write;
    }
    merge(mm, first, last);
    link_moved(mm, before);
  }

  // The pages of the vmas that a change of first .. last changes, splits or merges with:
  // vma_start_write() in mm/vma.c __split_vma() and vma_merge_existing_range().
  using Pages = std::array<bool, n>;
  template <class Change>
  Pages touched_by(unsigned mm, unsigned first, unsigned last, const Change& change) const {
    Areas then = *this;
    change(then);
    Pages pages{};
    for (const Areas* areas : {this, static_cast<const Areas*>(&then)})
      for (unsigned v = first; v <= last; ++v)
        if (areas->part_[mm][v].mapped)
          for (unsigned of = areas->first_of(mm, v); of <= areas->last_of(mm, v); ++of)
            pages[of] = true;
    return pages;
  }
  // These are locked from here on.
  void write_lock(unsigned mm, const Pages& pages) {
    for (unsigned v = 0; v < n; ++v) write_locked_[mm][v] = write_locked_[mm][v] || pages[v];
  }
  // include/linux/mmap_lock.h vma_end_write_all(): with the mmap lock.
  void write_unlock(unsigned mm) { write_locked_[mm] = {}; }
  bool is_write_locked(unsigned mm, unsigned vpn) const { return write_locked_[mm][vpn]; }

  // 6.12 include/linux/mm.h vma_start_read() and vma_end_read() of the vma that has the page. It
  // stays as it is until then.
  void read_lock(unsigned mm, unsigned vpn) {
    for (unsigned v = first_of(mm, vpn); v <= last_of(mm, vpn); ++v) ++readers_[mm][v];
  }
  void read_unlock(unsigned mm, unsigned vpn) {
    for (unsigned v = first_of(mm, vpn); v <= last_of(mm, vpn); ++v) --readers_[mm][v];
  }
  bool is_read_locked(unsigned mm, unsigned vpn) const { return readers_[mm][vpn] != 0; }
  bool is_read_locked(unsigned mm, const Pages& pages) const {
    for (unsigned v = 0; v < n; ++v)
      if (pages[v] && readers_[mm][v] != 0) return true;
    return false;
  }

  // mm/mlock.c mlock_fixup() of a part of one vma.
  void lock(unsigned mm, unsigned first, unsigned last, bool locked) {
    const Ends before = ends(mm);
    split(mm, first, last);
    for (unsigned v = first; v <= last; ++v) part_[mm][v].locked = locked;
    merge(mm, first, last);
    link_moved(mm, before);
  }

  // mm/mmap.c copy_vma() of one page: a vma that was never faulted gets the offset of its new
  // place.
  Merged move(unsigned mm, unsigned from, unsigned to) {
    const Ends before = ends(mm);
    Part& p = part_[mm][to];
    p = part_[mm][from];
    p.starts = true;
    if (p.file == 0 && p.anon_vma == 0) p.pgoff = to;
    const Merged merged = merge(mm, to, to);
    link_moved(mm, before);
    unmap(mm, from, from);
    return merged;
  }

  // mm/rmap.c __anon_vma_prepare(), mm/mmap.c find_mergeable_anon_vma(): a neighbour that differs
  // in its rights only lends its own, the next before the previous.
  void prepare_anon(unsigned mm, unsigned vpn) {
    if (has_anon_vma(mm, vpn)) return;
    const unsigned first = first_of(mm, vpn), last = last_of(mm, vpn);
    unsigned anon_vma = 0;
    const auto borrow = [&](const Part& from, unsigned pgoff) {
      const Part& self = part_[mm][vpn];
      if (anon_vma == 0 && from.mapped && from.anon_vma != 0 && !from.is_cloned() &&
          from.account == self.account && from.locked == self.locked && from.file == 0 &&
          from.pgoff == pgoff)
        anon_vma = from.anon_vma;
    };
    if (last + 1 < n) borrow(part_[mm][last + 1], part_[mm][last].pgoff + 1);
    if (first > 0) borrow(part_[mm][first - 1], part_[mm][first].pgoff - 1);
    if (anon_vma == 0) anon_vma = free_anon_vma();
    set_anon(mm, first, last, anon_vma, AnonVmaSet{}.set(anon_vma));
    link(mm, first);
  }

  // mm/rmap.c anon_vma_fork(): each vma of the child is linked to the parent's anon_vmas and has
  // one of its own; none is locked (kernel/fork.c dup_mmap()). A parent that was not forked itself
  // has none that could be taken over (anon_vma_clone()).
  void fork(unsigned mm, unsigned child) {
    part_[child] = part_[mm];
    for (unsigned v = 0; v < n; ++v) {
      Part& p = part_[child][v];
      p.locked = false;
      if (p.starts) link(child, v);
      if (!p.starts || p.anon_vma == 0) continue;
      const unsigned own = free_anon_vma();
      set_anon(child, v, last_of(child, v), own, AnonVmaSet(p.chain).set(own));
    }
  }

  // The frame is the vma's own from now on: mm/rmap.c __page_set_anon_rmap(),
  // page_move_anon_rmap().
  void name(unsigned pfn, unsigned mm, unsigned vpn) { names_[pfn] = part_[mm][vpn].anon_vma; }
  // mm/migrate.c folio_migrate_mapping().
  void name_as(unsigned pfn, unsigned other) { names_[pfn] = names_[other]; }
  void forget(unsigned pfn) { names_[pfn] = 0; }
  // An anon_vma goes with the last vma that is linked to it: mm/rmap.c unlink_anon_vmas(). A root
  // stays for its descendants, but who is linked to one of these is linked to the root.
  bool names_freed_anon_vma(unsigned pfn) const {
    return names_[pfn] != 0 && !linked().test(names_[pfn]);
  }

  // Calls visit(mm, vpn) for each page where the frame may be mapped that is mapped here: in vmas
  // linked to the anon_vma that the frame names, or of the same file, at the same offset, in the
  // order of mm/interval_tree.c: by their first offsets, and those that begin alike as they were
  // linked.
  template <class Visit>
  void for_each_linked(unsigned pfn, unsigned mm, unsigned vpn, Visit&& visit) const {
    const Part& here = part_[mm][vpn];
    struct Page {
      unsigned mm, vpn;
      std::pair<unsigned, unsigned> key;
    };
    std::array<Page, D::scope.mms * n> found{};
    std::size_t count = 0;
    for (unsigned m = 0; m < D::scope.mms; ++m)
      for (unsigned v = 0; v < n; ++v) {
        const Part& p = part_[m][v];
        const bool linked = here.file != 0 ? p.file == here.file : p.chain.test(names_[pfn]);
        if (!p.mapped || !linked || p.pgoff != here.pgoff) continue;
        const Page page{m, v, {part_[m][first_of(m, v)].pgoff, p.linked}};
        std::size_t at = count++;
        for (; at > 0 && page.key < found[at - 1].key; --at) found[at] = found[at - 1];
        found[at] = page;
      }
    for (std::size_t i = 0; i < count; ++i) visit(found[i].mm, found[i].vpn);
  }

 private:
  // The first and the last page of the vma of each page; a hole's are none.
  using Ends = std::array<std::pair<unsigned, unsigned>, n>;
  Ends ends(unsigned mm) const {
    Ends all;
    for (unsigned v = 0; v < n; ++v)
      all[v] = part_[mm][v].mapped ? std::pair(first_of(mm, v), last_of(mm, v)) : std::pair(n, n);
    return all;
  }
  // A vma whose ends change leaves the trees and comes in anew: mm/vma.c vma_prepare(),
  // vma_complete().
  void link_moved(unsigned mm, const Ends& before) {
    const Ends now = ends(mm);
    for (unsigned v = 0; v < n; ++v)
      if (now[v].first == v && now[v] != before[v]) link(mm, v);
  }
  void link(unsigned mm, unsigned first) {
    ++links_;
    for (unsigned v = first; v <= last_of(mm, first); ++v) part_[mm][v].linked = links_;
  }
  void set_anon(unsigned mm, unsigned first, unsigned last, unsigned anon_vma,
                const AnonVmaSet& chain) {
    for (unsigned v = first; v <= last; ++v) {
      part_[mm][v].anon_vma = anon_vma;
      part_[mm][v].chain = chain;
    }
  }
  AnonVmaSet linked() const {
    AnonVmaSet all;
    for (const auto& parts : part_)
      for (const Part& p : parts) all |= p.chain;
    return all;
  }
  unsigned free_anon_vma() const {
    AnonVmaSet in_use = linked().set(0);
    for (const unsigned id : names_) in_use.set(id);
    unsigned id = 0;
    while (id + 1 < kAnonVmas && in_use.test(id)) ++id;
    return id;
  }
  void split(unsigned mm, unsigned first, unsigned last) {
    part_[mm][first].starts = part_[mm][first].mapped;
    if (last + 1 < n) part_[mm][last + 1].starts = part_[mm][last + 1].mapped;
  }
  // mm/vma.c is_mergeable_anon_vma(): `with` is the neighbour that would grow.
  bool anon_vmas_merge(const Part& self, const Part& with) const {
    if (self.anon_vma == 0 && with.anon_vma != 0) return !with.is_cloned();
    if (takes_either_ && self.anon_vma != 0 && with.anon_vma == 0) return !self.is_cloned();
    return self.anon_vma == with.anon_vma;
  }
  // mm/vma.c is_mergeable_vma(), can_vma_merge_before(), can_vma_merge_after().
  bool may_merge(const Part& a, const Part& with, unsigned pgoff) const {
    return a.mapped && with.mapped && a.read == with.read && a.write == with.write &&
           a.account == with.account && a.locked == with.locked && a.file == with.file &&
           with.pgoff == pgoff && anon_vmas_merge(a, with);
  }
  // mm/vma.c vma_merge_new_range(), vma_merge_existing_range(): first .. last is one vma.
  Merged merge(unsigned mm, unsigned first, unsigned last) {
    auto& p = part_[mm];
    const Part self = p[first];
    const bool before = first > 0 && may_merge(self, p[first - 1], self.pgoff - 1);
    bool after = last + 1 < n && may_merge(self, p[last + 1], p[last].pgoff + 1);
    if (before && after) {
      const unsigned a = p[first - 1].anon_vma, b = p[last + 1].anon_vma;
      after = a == 0 || b == 0 || a == b;
    }
    if (before) p[first].starts = false;
    if (after) p[last + 1].starts = false;
    // The vma that grows, or where it has none whichever has: dup_anon_vma().
    Part owner = before ? p[first - 1] : after ? p[last + 1] : self;
    if (owner.anon_vma == 0) owner = self;
    if (owner.anon_vma == 0 && after) owner = p[last + 1];
    if (before || after)
      set_anon(mm, first_of(mm, first), last_of(mm, last), owner.anon_vma, owner.chain);
    return before ? Merged::into_previous : after ? Merged::into_next : Merged::no;
  }
};

}  // namespace hmm
