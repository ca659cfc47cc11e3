#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A fault on an empty pte of a shared mapping: the page cache's page, or a new one, is mapped.
//
// Kernel: mm/memory.c do_read_fault(), do_shared_fault(), finish_fault(), mm/shmem.c shmem_fault();
// mm/filemap.c filemap_map_pages() for the pages around. One step: the page is locked from the
// lookup until the pte is set, and the pte is tested and set under the pte lock.
template <class D>
struct ShmemFault {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "shmem_fault";
  static constexpr std::array verdicts{
      Verdict::ok,          Verdict::not_alive,     Verdict::mmap_lock_wait,
      Verdict::no_vma,      Verdict::no_permission, Verdict::pte_not_none,
      Verdict::page_locked, Verdict::no_free_page};

  Num file{};  // vma->vm_file
  Num mm{};
  Num vpn{};
  Bool write{};  // FAULT_FLAG_WRITE
  Num pfn{};     // the page the allocator gives, if one is needed

  static constexpr auto fields() {
    return Fields{field("file", &ShmemFault::file, sort::file),
                  field("mm", &ShmemFault::mm, sort::mm), field("vpn", &ShmemFault::vpn, sort::vpn),
                  field("write", &ShmemFault::write),
                  field("pfn", &ShmemFault::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const Num cached = cached_page<D>(s, vma).pfn;
    return Guards<D>()
        .end_if(vma.file != file + Num(1), Verdict::no_vma)
        .end_if(!s.mm.at(mm).alive, Verdict::not_alive)
        .end_if(fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if(!ite(write, vma.write, vma.read), Verdict::no_permission)
        .end_if(!is<D>(s.pte.at(mm, vpn).kind, PteKind::none), Verdict::pte_not_none)
        .end_if(s.page.at(cached).locked, Verdict::page_locked)
        .end_if(cached == Num(0) && !is_free<D>(s, pfn), Verdict::no_free_page)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const auto vma = s.vma.at(mm, vpn);
    when(cached_page<D>(s, vma).pfn == Num(0), s, [&](State<D>& t) {
      alloc_page<D>(t, pfn, Num(0));
      t.page.update([](Page<D>& p) { p.lru = true; }, pfn);
      t.cached.update([&](Cached<D>& c) { c.pfn = pfn; }, file, vma.pgoff);
    });
    const Num page = cached_page<D>(s, vma).pfn;
    Pte<D> pte = present_pte<D>(page, true, write || maps_writable<D>(vma));
    pte.dirty = dirty_bit<D>(write);
    pte.soft_dirty = pte.dirty;
    s.pte.set(pte, mm, vpn);
    get_page<D>(s, page);
    add_rmap<D>(s, page);
  }
};

}  // namespace hmm
